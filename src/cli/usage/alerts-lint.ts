import { METRIC_OPTIONS } from '../options.ts';
import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: 'FILE... [inputs...]',
  options: [
    {
      flags: '--rules <file>',
      help: 'a rule file, whatever its name ends in',
      repeatable: true,
    },
    { flags: '--preset <name>', help: 'rules that come with agentobs', repeatable: true },
    { flags: '--fail-on <severity>', help: 'error, warning (default), info or never: exit 1' },
    { flags: '--prometheus <version>', help: '3 (default) or 2: who reads the rules' },
    { flags: '--scrape-interval <time>', help: 'between two samples of a series; default 15s' },
    ...METRIC_OPTIONS.filter(({ flags }) => !flags.startsWith('--max-series')),
  ],
  more: `FILE is a rule file of Prometheus. With inputs it also says which rules find
nothing in them. Each finding tells the expression to write instead.`,
  examples: ['agentobs alerts lint rules.yml', 'agentobs alerts lint rules.yml traces/ -f github'],
  load: () => import('../commands/alerts-lint.ts'),
};
