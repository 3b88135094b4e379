import { METRIC_OPTIONS } from '../options.ts';
import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: 'EXPR [inputs...]',
  options: [
    { flags: '--at <time>', help: 'then; default the end of the data' },
    { flags: '--range', help: 'all along the data, or from --start to --end' },
    { flags: '--start <time>', help: 'the first point: ISO 8601, or 1h before the end' },
    { flags: '--end <time>', help: 'the last point' },
    { flags: '--step <time>', help: 'between two points; default 15s' },
    { flags: '--prometheus <version>', help: '3 (default) or 2: whose answers these are' },
    { flags: '--scrape-interval <time>', help: 'between two samples of a series; default 15s' },
    ...METRIC_OPTIONS,
  ],
  more: `The data is replayed as if Prometheus had scraped the application every 15 s, it
had exported zeros before the first span, and stayed up after the last one.`,
  examples: [
    "agentobs metrics query 'sum by (model) (llm_cost_total)' traces/",
    "agentobs metrics query --range 'rate(llm_requests_total[5m])' run.jsonl",
  ],
  load: () => import('../commands/metrics-query.ts'),
};
