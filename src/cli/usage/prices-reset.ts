import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: '',
  options: [],
  examples: ['agentobs prices reset'],
  load: () => import('../commands/prices-reset.ts'),
};
