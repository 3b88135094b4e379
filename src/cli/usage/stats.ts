import type { Usage } from './index.ts';

export const usage: Usage = {
  options: [
    { flags: '--by <keys>', help: 'a row for each, e.g. tool; default agent', repeatable: true },
    { flags: '--sort <key>', help: 'calls (default), key, or a column such as p95' },
    { flags: '--limit <n>', help: 'the first n rows only' },
    { flags: '--fail-on <what>', help: 'exit 1 if a target is missed: any, or its name', repeatable: true },
  ],
  more: `Targets: success > 95%, errors < 2%, p95 < 3s, p99 < 5s, llm_p95 < 2s,
confidence > 0.7, hallucination < 10%, cache_hits > 60%, accuracy > 85%.
agentobs.yaml changes them under targets:. Exit code 3: the data cannot tell.`,
  examples: ['agentobs stats --by tool traces/', 'agentobs stats --by model --fail-on llm_p95 traces/'],
  load: () => import('../commands/stats.ts'),
};
