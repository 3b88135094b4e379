import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: 'MODEL',
  options: [{ flags: '--at <date>', help: 'then; default today' }],
  examples: ['agentobs prices show claude-sonnet-4', 'agentobs prices show azure/gpt-4o --at 2026-07-01'],
  load: () => import('../commands/prices-show.ts'),
};
