import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: 'FILE...',
  options: [{ flags: '--prometheus <version>', help: 'as Prometheus 3 (default) or 2 counts' }],
  more: `FILE is a unit test file of promtool (promtool test rules), or a glob in quotes.
Exit codes: 0 all cases pass, 1 one does not, 2 a file is faulty.
Formats for CI besides the usual ones: junit, and github for annotations.`,
  examples: [
    'agentobs alerts test rules-test.yml',
    "agentobs alerts test --prometheus 2 -f junit 'tests/*.yml'",
  ],
  load: () => import('../commands/alerts-test.ts'),
};
