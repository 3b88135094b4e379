import type { Usage } from './index.ts';
import { GATE_OPTIONS, REPLAY_OPTIONS, RULE_OPTIONS } from './rule-options.ts';

export const usage: Usage = {
  options: [...RULE_OPTIONS, ...GATE_OPTIONS, ...REPLAY_OPTIONS],
  more: `The data is replayed as if Prometheus had scraped the application all the while.
Exit codes: 0 nothing fires, 1 something does, 2 a rule or file is faulty, 3 the
data cannot tell. Where several are true, 2 wins over 1, and 1 over 3.
Formats for CI besides the usual ones: junit, and github.`,
  examples: [
    'agentobs alerts check --rules rules.yml traces/',
    'agentobs alerts check --rules rules.yml --fail-on critical -f junit run.jsonl',
  ],
  load: () => import('../commands/alerts-check.ts'),
};
