import type { Usage } from './index.ts';

export const usage: Usage = {
  options: [
    { flags: '--sort <key>', help: 'start (default), duration, cost, errors or tokens' },
    { flags: '--limit <n>', help: 'the first n runs only' },
    { flags: '--pick <which>', help: 'the ten slowest or costliest' },
  ],
  examples: ['agentobs trace list traces/', 'agentobs trace list --sort cost --limit 10 run.jsonl'],
  load: () => import('../commands/trace-list.ts'),
};
