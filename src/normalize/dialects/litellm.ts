import type { Dialect } from '../dialect.ts';

/** LiteLLM's SDK and proxy, both generations. An answer from its own cache still carries the full cost. */
export const litellm: Dialect = {
  name: 'litellm',
  source: 'https://github.com/BerriAI/litellm/tree/main/litellm/integrations/otel',
  detect: [
    { scope: /^litellm/ },
    { keys: ['litellm.call_id', 'litellm.call_type', 'hidden_params', 'metadata.user_api_key_hash'] },
  ],
  kinds: [
    {
      strength: 'operation',
      key: 'gen_ai.operation.name',
      values: {
        'litellm.moderation': 'guardrail',
        'litellm.vector_store_management': 'retrieval',
        'litellm.vector_store_file_management': 'retrieval',
        'litellm.responses_management': 'other',
      },
    },
    { strength: 'operation', anyKey: ['litellm.guardrail.name'], kind: 'guardrail' },
    { strength: 'name', name: /^litellm_request$/, kind: 'llm' },
    // A child of litellm_request with the provider's raw fields: the same call told again.
    { strength: 'declared', name: /^raw_gen_ai_request$/, kind: 'step' },
    // Carries the call's own attributes since 1.81, where there is no litellm_request span below it.
    { strength: 'transport', name: /^Received Proxy Server Request$/, kind: 'http' },
  ],
  fields: {
    // The first generation shows the proxy's alias as the answer's model; what was asked for is the deployment.
    responseModel: [
      {
        key: 'gen_ai.request.model',
        when: { key: 'hidden_params' },
        within: 'gen_ai.response.model',
        own: true,
      },
    ],
    requestModel: ['gen_ai.request.model', 'litellm.provider.model'],
    user: ['litellm.metadata.user_api_key_user_id', 'metadata.user_api_key_user_id'],
    customer: [
      'litellm.end_user.id',
      'litellm.metadata.user_api_key_end_user_id',
      'metadata.user_api_key_end_user_id',
    ],
    organization: ['litellm.metadata.user_api_key_org_id', 'metadata.user_api_key_org_id'],
    workspace: ['litellm.team.id', 'metadata.user_api_key_team_id'],
    connector: [{ key: 'litellm.mcp.server.name', kinds: ['connector', 'tool'] }],
    errorType: ['error.type', 'litellm.provider.error.code'],
    errorMessage: [{ key: 'error', own: true }],
  },
  cost: {
    totals: [
      // A guardrail that is billed beside the call it guards; else its fee is part of that call's total.
      { key: 'litellm.cost.guardrail', when: { key: 'litellm.guardrail.cost_in_spend', is: ['false'] } },
      'litellm.cost.total',
      'gen_ai.cost.total_cost',
      { key: 'hidden_params', path: 'response_cost' },
    ],
    parts: [['gen_ai.cost.input_cost', 'gen_ai.cost.output_cost']],
    notBilled: [
      { key: 'hidden_params', path: 'cache_key' },
      { key: 'litellm.cache_hit', is: ['true'] },
    ],
  },
  observations: {
    numbers: {
      confidence: ['litellm.guardrail.confidence_score'],
      cacheHit: ['litellm.cache_hit', { key: 'hidden_params', path: 'cache_key', means: 1 }],
    },
    texts: {
      guardrail: ['litellm.guardrail.name'],
      guardrailOutcome: ['litellm.guardrail.action', 'litellm.guardrail.status'],
    },
  },
};
