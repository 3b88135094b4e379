import type { Dialect } from '../dialect.ts';

/** Logfire's own model instrumentation: older releases keep usage inside the answer's JSON text only. */
export const logfire: Dialect = {
  name: 'logfire',
  source: 'https://github.com/pydantic/logfire/tree/main/logfire/_internal/integrations/llm_providers',
  detect: [{ scope: /^logfire(?:\.|$)/ }, { keys: ['logfire.span_type'] }],
  kinds: [
    // A second record of a streamed call, written when the stream ends.
    { strength: 'declared', name: /^streaming response from /, kind: 'step', own: true },
    { strength: 'declared', name: /^Embedding Creation with /, kind: 'embedding', own: true },
    {
      strength: 'presence',
      anyKey: ['response_data', 'request_data'],
      noKey: ['gen_ai.tool.name'],
      kind: 'llm',
      own: true,
    },
  ],
  fields: {
    requestModel: ['gen_ai.request.model', { key: 'request_data', path: 'model', own: true }],
    user: [
      { key: 'metadata', path: 'user_id' },
      { key: 'metadata', path: 'userId' },
    ],
  },
  usage: [
    {
      name: 'logfire',
      own: true,
      json: { key: 'response_data', under: 'usage' },
      counts: {
        input: ['input_tokens', 'prompt_tokens'],
        output: ['output_tokens', 'completion_tokens'],
        total: ['total_tokens'],
        cacheRead: [
          'cache_read_input_tokens',
          'prompt_tokens_details.cached_tokens',
          'input_tokens_details.cached_tokens',
        ],
        cacheWrite: ['cache_creation_input_tokens'],
        cacheWrite5m: ['cache_creation.ephemeral_5m_input_tokens'],
        cacheWrite1h: ['cache_creation.ephemeral_1h_input_tokens'],
        webSearches: ['server_tool_use.web_search_requests'],
        reasoning: ['completion_tokens_details.reasoning_tokens', 'output_tokens_details.reasoning_tokens'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
      emitters: [
        {
          name: 'anthropic',
          has: ['cache_read_input_tokens', 'cache_creation_input_tokens'],
          cached: 'exclusive',
        },
      ],
    },
  ],
  cost: { totals: ['operation.cost'] },
  startReports: {
    when: { key: 'logfire.span_type', is: ['pending_span'] },
    parent: 'logfire.pending_parent_id',
  },
  prompt: ['request_data'],
  content: ['request_data', 'response_data'],
};
