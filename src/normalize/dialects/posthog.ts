import type { Dialect } from '../dialect.ts';

/** PostHog's LLM analytics: `$ai_*` properties, and a flag that says whether the input holds the cache. */
export const posthog: Dialect = {
  name: 'posthog',
  source: 'https://posthog.com/docs/llm-analytics/generations',
  detect: [{ keys: ['$ai_trace_id', '$ai_span_id', '$ai_generation_id'] }, { name: /^\$ai_/ }],
  kinds: [
    {
      // An exported event says what it is; its span is called as the application called it.
      strength: 'declared',
      key: 'posthog.event',
      values: {
        $ai_generation: 'llm',
        $ai_embedding: 'embedding',
        $ai_trace: 'workflow',
        $ai_span: 'step',
      },
    },
    { strength: 'declared', name: /^\$ai_generation$/, kind: 'llm' },
    { strength: 'declared', name: /^\$ai_embedding$/, kind: 'embedding' },
    { strength: 'declared', name: /^\$ai_trace$/, kind: 'workflow' },
    { strength: 'declared', name: /^\$ai_span$/, kind: 'step' },
    { strength: 'presence', anyKey: ['$ai_output_tokens', '$ai_model'], kind: 'llm' },
  ],
  fields: {
    requestModel: ['$ai_model'],
    provider: ['$ai_provider'],
    user: ['posthog.distinct_id', { key: 'distinct_id', own: true }],
    session: ['$ai_session_id'],
    workflow: [{ key: '$ai_span_name', kinds: ['workflow'] }],
    responseId: ['$ai_response_id'],
    errorType: [{ key: '$ai_http_status', when: { key: '$ai_http_status', atLeast: 400 } }],
    errorMessage: ['$ai_error'],
  },
  usage: [
    {
      name: 'posthog',
      counts: {
        input: ['$ai_input_tokens'],
        output: ['$ai_output_tokens'],
        total: ['$ai_total_tokens'],
        cacheRead: ['$ai_cache_read_input_tokens'],
        cacheWrite: ['$ai_cache_creation_input_tokens'],
        reasoning: ['$ai_reasoning_tokens'],
        webSearches: ['$ai_web_search_count'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
      emitters: [
        {
          name: 'flag',
          when: { key: '$ai_cache_reporting_exclusive', is: ['true', '1'] },
          cached: 'exclusive',
          stated: true,
        },
        {
          name: 'flag',
          when: { key: '$ai_cache_reporting_exclusive', is: ['false', '0'] },
          cached: 'inclusive',
          stated: true,
        },
        { name: 'anthropic', provider: /^anthropic$/, cached: 'exclusive' },
      ],
    },
  ],
  cost: {
    totals: ['$ai_total_cost_usd'],
    parts: [['$ai_input_cost_usd', '$ai_output_cost_usd', '$ai_request_cost_usd', '$ai_web_search_cost_usd']],
  },
  failure: [{ key: '$ai_is_error', is: ['true', '1'] }],
  toolResult: { texts: ['$ai_output_state'] },
  toolArguments: ['$ai_input_state'],
  prompt: ['$ai_tools', '$ai_input'],
  content: ['$ai_input', '$ai_output', '$ai_output_choices', '$ai_input_state', '$ai_output_state'],
  observations: { numbers: { timeToFirstToken: [{ key: '$ai_time_to_first_token', unit: 's' }] } },
};
