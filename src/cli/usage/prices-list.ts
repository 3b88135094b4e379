import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: '[MODEL...]',
  options: [{ flags: '--at <date>', help: 'only the prices that hold then' }],
  more: `A model is a name, a provider, or a glob: anthropic, 'openai/gpt-5*'.`,
  examples: ['agentobs prices list anthropic', "agentobs prices list 'openai/gpt-4o*' --at 2026-07-01"],
  load: () => import('../commands/prices-list.ts'),
};
