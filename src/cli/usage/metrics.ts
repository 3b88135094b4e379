import { METRIC_OPTIONS } from '../options.ts';
import type { Usage } from './index.ts';

export const usage: Usage = {
  options: [
    ...METRIC_OPTIONS,
    { flags: '--timestamps', help: 'samples over time, for promtool to make blocks' },
    { flags: '--scrape-interval <time>', help: 'of these samples; default 15s' },
    { flags: '--push <url>', help: 'to a Pushgateway, in place of what was there' },
    { flags: '--serve <port>', help: 'on 127.0.0.1 at /metrics, until Ctrl-C' },
  ],
  more: `Profiles: default, genxai, opencell, valuecanvas, otel, none, or a YAML file.
Formats besides the usual ones: prometheus (default), and openmetrics, which
has exemplars: the trace and span behind a figure. Metrics of your own stand
in agentobs.yaml under metrics:.`,
  examples: [
    'agentobs metrics traces/ -o /var/lib/node_exporter/agents.prom',
    'agentobs metrics --timestamps -o runs.om traces/',
    'agentobs metrics --push http://127.0.0.1:9091 --label job=nightly traces/',
  ],
  load: () => import('../commands/metrics.ts'),
};
