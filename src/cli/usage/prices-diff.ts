import type { Usage } from './index.ts';

export const usage: Usage = {
  options: [
    { flags: '--against <file>', help: 'another price list; default the shipped prices' },
    { flags: '--as <format>', help: 'its format; found from its content otherwise' },
    { flags: '--at <date>', help: 'then; default today' },
  ],
  examples: [
    'agentobs prices diff --against model_prices_and_context_window.json',
    'agentobs prices diff --against api.json traces/',
  ],
  load: () => import('../commands/prices-diff.ts'),
};
