import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: 'A B [inputs...]',
  options: [
    { flags: '--tolerance <percent>', help: 'smaller changes are none; default 20%, and 1 ms' },
    { flags: '--limit <n>', help: 'the n steps that changed most' },
    { flags: '--all', help: 'unchanged steps, too' },
  ],
  more: `A is before, B is after: files, folders or globs in quotes, or two traces of the
inputs behind them, by their ids or the beginnings of them. Steps are matched by
their place in the tree, never by id. The cost difference is told in terms that
add up to it exactly.`,
  examples: [
    'agentobs trace diff before.jsonl after.jsonl',
    'agentobs trace diff 4bf92f35 a3ce929d run.jsonl',
  ],
  load: () => import('../commands/trace-diff.ts'),
};
