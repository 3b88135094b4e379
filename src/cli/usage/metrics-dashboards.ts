import { METRIC_OPTIONS } from '../options.ts';
import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: '',
  options: [
    { flags: '--to <folder>', help: 'where they are written; made if need be' },
    ...METRIC_OPTIONS.filter(({ flags }) => /^--(profile|metric-prefix)/.test(flags)),
  ],
  more: 'Files of the same names that are there already are replaced.',
  examples: [
    'agentobs metrics dashboards --to grafana/',
    'agentobs metrics dashboards --to grafana/ --profile genxai',
  ],
  load: () => import('../commands/metrics-dashboards.ts'),
};
