import type { Usage } from './index.ts';
import { REPLAY_OPTIONS, RULE_OPTIONS } from './rule-options.ts';

export const usage: Usage = {
  options: [...RULE_OPTIONS, ...REPLAY_OPTIONS],
  more: 'Every file is a run of its own.',
  examples: ["agentobs alerts backtest --rules rules.yml 'nightly/*.jsonl'"],
  load: () => import('../commands/alerts-backtest.ts'),
};
