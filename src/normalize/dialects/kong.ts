import type { Dialect } from '../dialect.ts';

/** Kong's AI Gateway: GenAI conventions on its own spans, the consumer and the workspace under its own keys. */
export const kong: Dialect = {
  name: 'kong',
  source: 'https://developer.konghq.com/ai-gateway/llm-open-telemetry/',
  detect: [{ name: /^kong(?:\.|$)/ }, { keys: ['kong.gen_ai.cache.status', 'kong.gen_ai.request.mode'] }],
  fields: {
    userFallback: ['kong.auth.consumer.name'],
    workspace: ['kong.workspace.name'],
  },
  cost: { notBilled: [{ key: 'kong.gen_ai.cache.status', is: ['hit'] }] },
  observations: { numbers: { cacheHit: ['kong.gen_ai.cache.status'] } },
};
