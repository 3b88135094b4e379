import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: '',
  options: [],
  examples: ['agentobs formats', 'agentobs formats --format markdown'],
  load: () => import('../commands/formats.ts'),
};
