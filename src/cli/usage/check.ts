import type { Usage } from './index.ts';

export const usage: Usage = {
  options: [
    { flags: '--budget <usd>', help: 'the most that all runs together may cost' },
    {
      flags: '--budget-per <dim=usd>',
      help: 'the most for each, e.g. user=2.50,trace=1',
      repeatable: true,
    },
    { flags: '--max-duration <time>', help: 'the longest that a run may take: 90s' },
    { flags: '--max-errors <n>', help: 'the most failed spans' },
    { flags: '--max-tokens <n>', help: 'the most tokens, in and out' },
    { flags: '--max-waste <percent>', help: 'the largest wasted share of the cost' },
    { flags: '--max-unpriced <n>', help: 'the most calls without a price' },
    { flags: '--baseline <file>', help: 'compare with it' },
    { flags: '--save-baseline <file>', help: 'write what a later check compares with' },
    {
      flags: '--max-increase <what=percent>',
      help: 'most by which it may grow: cost=10%',
      repeatable: true,
    },
    {
      flags: '--min-change <what=amount>',
      help: 'less than that is no change: cost=0.001',
      repeatable: true,
    },
    { flags: '--pair-by <key>', help: 'compare runs alike in it: attr:eval.case' },
    { flags: '--shape <file>', help: 'the runs have this shape' },
    { flags: '--save-shape <file>', help: 'write the shape of the runs' },
    { flags: '--seed <n>', help: 'of the resampling; default 1' },
  ],
  more: `Exit codes: 0 all gates hold, 1 one does not, 3 the data cannot tell.
Gates may stand in agentobs.yaml under gates:. Formats for CI besides the usual
ones: junit, and github for annotations and a step summary.`,
  examples: [
    'agentobs check --budget 2.50 --max-errors 0 traces/',
    'agentobs check --baseline base.json --max-increase cost=10% traces/',
  ],
  load: () => import('../commands/check.ts'),
};
