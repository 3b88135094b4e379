import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: '--from FILE',
  options: [
    { flags: '--from <file>', help: 'a price list: JSON, or YAML as --prices takes it' },
    { flags: '--as <format>', help: 'auto (default), genai, litellm, models.dev, agentobs' },
    { flags: '--as-of <date>', help: 'the day from which the prices hold; default today' },
    { flags: '--force', help: 'even if most known prices would double or halve' },
    { flags: '--dry-run', help: 'say what would change, and write nothing' },
  ],
  examples: [
    'agentobs prices import --from model_prices_and_context_window.json',
    'agentobs prices import --from prices.yaml --as-of 2026-07-01',
  ],
  load: () => import('../commands/prices-import.ts'),
};
