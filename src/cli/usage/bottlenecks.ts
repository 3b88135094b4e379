import type { Usage } from './index.ts';

export const usage: Usage = {
  options: [
    { flags: '--by <key>', help: 'step (default), path, tool or agent' },
    { flags: '--limit <n>', help: 'the first n rows only; default 20, for programs 1000' },
    { flags: '--waste', help: 'loops, retry storms, failed branches, missed caches' },
    { flags: '--fail-on <expr>', help: "exit 1 if it holds: 'waste > 10%'", repeatable: true },
    { flags: '--fix-skew', help: 'put clocks of hosts right, and say how far' },
  ],
  more: `An expression is about the step that decides most: critical, critical_share,
removable, p50, p95, slow_runs; or with --waste about that: waste, findings, …`,
  examples: [
    'agentobs bottlenecks traces/',
    "agentobs bottlenecks --fail-on 'critical_share > 40%' traces/",
    "agentobs bottlenecks --waste --fail-on 'waste > 10%' traces/",
  ],
  load: () => import('../commands/bottlenecks.ts'),
};
