import type { Usage } from './index.ts';

export const usage: Usage = {
  options: [
    { flags: '--pick <which>', help: 'slowest, costliest, latest, errors or all' },
    { flags: '--depth <n>', help: 'levels below the top' },
    { flags: '--min-share <percent>', help: 'no spans below this share of the run, e.g. 2%' },
    { flags: '--only <what>', help: 'critical, errors, llm or tools, and what is above' },
    { flags: '--attributes [glob]', help: "all attributes, or such as 'gen_ai.*'" },
    { flags: '--content', help: 'prompts, completions, arguments and results too' },
    { flags: '--logs', help: 'log records that belong to a span' },
    { flags: '--no-fold', help: 'repeated steps one by one' },
    { flags: '--fix-skew', help: 'put clocks of hosts right, and say how far' },
  ],
  examples: ['agentobs trace show run.jsonl', 'agentobs trace show --pick slowest --only critical traces/'],
  load: () => import('../commands/trace-show.ts'),
};
