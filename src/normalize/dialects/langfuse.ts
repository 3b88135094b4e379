import type { Dialect } from '../dialect.ts';

/** Langfuse's own SDKs: observation types, and usage and cost as JSON texts. Failures are a level, not a status. */
export const langfuse: Dialect = {
  name: 'langfuse',
  source: 'https://langfuse.com/integrations/native/opentelemetry',
  detect: [{ scope: /^langfuse-sdk$/ }, { keys: ['langfuse.observation.type'] }],
  kinds: [
    {
      strength: 'declared',
      key: 'langfuse.observation.type',
      // `span` says nothing: what it holds decides (the Python SDK up to 3.3.0 marks generations as spans).
      values: {
        generation: 'llm',
        embedding: 'embedding',
        agent: 'agent',
        tool: 'tool',
        chain: 'step',
        retriever: 'retrieval',
        guardrail: 'guardrail',
        evaluator: 'evaluator',
        event: 'other',
      },
    },
    {
      strength: 'presence',
      anyKey: ['langfuse.observation.model.name', 'langfuse.observation.usage_details'],
      kind: 'llm',
    },
  ],
  fields: {
    requestModel: ['langfuse.observation.model.name'],
    serviceTier: [{ key: 'langfuse.observation.model.parameters', path: 'service_tier' }],
    user: [
      'user.id',
      'langfuse.user.id',
      'langfuse.trace.metadata.langfuse_user_id',
      'langfuse.observation.metadata.langfuse_user_id',
    ],
    session: ['session.id', 'langfuse.session.id'],
    workflow: ['langfuse.trace.name'],
    agent: [{ name: /^(.+)$/s, kinds: ['agent'], own: true }],
    tool: [{ name: /^(.+)$/s, kinds: ['tool'], own: true }],
    environment: ['langfuse.environment'],
    errorMessage: ['langfuse.observation.status_message'],
  },
  usage: [
    {
      // What came by OpenTelemetry keeps the accounting of its emitter: only the prefixes of the keys are gone.
      name: 'langfuse-otel',
      json: { key: 'langfuse.observation.usage_details' },
      when: [
        { key: 'langfuse.observation.usage_details', path: 'prompt_details.cache_read' },
        { key: 'langfuse.observation.usage_details', path: 'prompt_details.cache_write' },
        { key: 'langfuse.observation.usage_details', path: 'cache_read.input_tokens' },
        { key: 'langfuse.observation.usage_details', path: 'cache_creation.input_tokens' },
        { key: 'langfuse.observation.usage_details', path: 'completion_details.reasoning' },
        { key: 'langfuse.observation.usage_details', path: 'reasoning.output_tokens' },
      ],
      counts: {
        input: ['input'],
        output: ['output'],
        total: ['total'],
        cacheRead: ['prompt_details.cache_read', 'cache_read.input_tokens'],
        cacheWrite: ['prompt_details.cache_write', 'cache_creation.input_tokens', 'cache_write.input_tokens'],
        reasoning: ['completion_details.reasoning', 'reasoning.output_tokens'],
        audioInput: ['prompt_details.audio'],
        audioOutput: ['completion_details.audio'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
    {
      // The native keys are disjoint buckets: the SDK takes every detail out of `input` and `output`.
      name: 'langfuse',
      json: { key: 'langfuse.observation.usage_details' },
      counts: {
        input: ['input'],
        output: ['output'],
        total: ['total'],
        cacheRead: ['input_cached_tokens', 'cache_read_input_tokens', 'input_cache_read'],
        cacheWrite: ['input_cache_creation', 'cache_creation_input_tokens', 'input_cache_write'],
        cacheWrite5m: ['input_cache_creation_5m'],
        cacheWrite1h: ['input_cache_creation_1h'],
        reasoning: ['output_reasoning_tokens', 'output_reasoning'],
        audioInput: ['input_audio_tokens', 'input_audio'],
        audioOutput: ['output_audio_tokens', 'output_audio'],
      },
      certain: true,
      cached: 'exclusive',
      reasoning: 'exclusive',
      audio: 'exclusive',
    },
    {
      // What users pass through from a provider: inclusive as OpenAI has it, unless the keys are Anthropic's.
      name: 'langfuse-raw',
      json: { key: 'langfuse.observation.usage_details' },
      counts: {
        input: ['input_tokens', 'prompt_tokens', 'promptTokens'],
        output: ['output_tokens', 'completion_tokens', 'completionTokens'],
        total: ['total_tokens', 'totalTokens', 'total'],
        cacheRead: [
          'cache_read_input_tokens',
          'prompt_tokens_details.cached_tokens',
          'input_tokens_details.cached_tokens',
          'input_token_details.cache_read',
        ],
        cacheWrite: ['cache_creation_input_tokens', 'input_token_details.cache_creation'],
        reasoning: [
          'completion_tokens_details.reasoning_tokens',
          'output_tokens_details.reasoning_tokens',
          'output_token_details.reasoning',
          'reasoning_tokens',
        ],
      },
      certain: true,
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
  cost: {
    totals: [{ key: 'langfuse.observation.cost_details', path: 'total' }],
    parts: [[{ key: 'langfuse.observation.cost_details', each: true }]],
  },
  failure: [{ key: 'langfuse.observation.level', is: ['error'] }],
  toolResult: { texts: ['langfuse.observation.output'] },
  toolArguments: ['langfuse.observation.input'],
  prompt: ['langfuse.observation.input'],
  content: [
    'langfuse.observation.input',
    'langfuse.observation.output',
    'langfuse.trace.input',
    'langfuse.trace.output',
  ],
  observations: {
    numbers: { timeToFirstToken: [{ key: 'langfuse.observation.completion_start_time', as: 'moment' }] },
  },
};
