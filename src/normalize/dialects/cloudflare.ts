import type { Dialect } from '../dialect.ts';

/** Cloudflare's AI Gateway: GenAI conventions, a cost of its own reckoning, and the caller's metadata as bare keys. */
export const cloudflare: Dialect = {
  name: 'cloudflare',
  source: 'https://developers.cloudflare.com/ai-gateway/observability/otel-integration/',
  detect: [
    { keys: ['gen_ai.model.provider', 'gen_ai.prompt_json', 'gen_ai.completion_json', 'cf-aig-request-id'] },
  ],
  fields: {
    provider: ['gen_ai.provider.name', 'gen_ai.model.provider'],
    user: [
      { key: 'user', own: true },
      { key: 'user_id', own: true },
      { key: 'userId', own: true },
    ],
    session: [
      { key: 'session_id', own: true },
      { key: 'sessionId', own: true },
    ],
  },
  prompt: ['gen_ai.prompt_json'],
  content: ['gen_ai.prompt_json', 'gen_ai.completion_json'],
};
