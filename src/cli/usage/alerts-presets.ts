import { METRIC_OPTIONS } from '../options.ts';
import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: '[NAME]',
  options: METRIC_OPTIONS.filter(({ flags }) => /^--(profile|metric-prefix)/.test(flags)),
  more: 'With NAME it prints the rule file, in the names of the profile.',
  examples: [
    'agentobs alerts presets',
    'agentobs alerts presets valuecanvas --profile genxai -o rules.yml',
    'agentobs alerts check --preset valuecanvas traces/',
  ],
  load: () => import('../commands/alerts-presets.ts'),
};
