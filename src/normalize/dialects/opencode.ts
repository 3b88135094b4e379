import type { Dialect } from '../dialect.ts';

/** OpenCode: GenAI conventions with a cost of its own reckoning, 0 where it knows no price. */
export const opencode: Dialect = {
  name: 'opencode',
  source: 'https://github.com/anomalyco/opencode',
  detect: [
    { keys: ['opencode.llm.cost.total', 'opencode.llm.retry_count', 'opencode.provider.id'] },
    { resource: { key: 'service.name', is: /^opencode(?:$|[-_.])/ } },
  ],
  fields: { provider: ['gen_ai.provider.name', 'opencode.provider.id'] },
  attempt: [{ key: 'opencode.llm.retry_count', from: 0 }],
  cost: { totals: ['opencode.llm.cost.total'] },
};
