import type { Dialect } from '../dialect.ts';

/** LangSmith's OpenTelemetry export of LangChain runs. Its `session` is a project, never a conversation. */
export const langsmith: Dialect = {
  name: 'langsmith',
  source: 'https://github.com/langchain-ai/langsmith-sdk/tree/main/js/src/experimental/otel',
  detect: [
    { scope: /^langsmith/ },
    { keys: ['langsmith.span.kind', 'langsmith.trace.name', 'langsmith.span.id'] },
  ],
  kinds: [
    {
      strength: 'declared',
      key: 'langsmith.span.kind',
      values: {
        llm: 'llm',
        chain: 'step',
        tool: 'tool',
        retriever: 'retrieval',
        embedding: 'embedding',
        prompt: 'step',
        parser: 'step',
      },
    },
  ],
  fields: {
    requestModel: ['gen_ai.request.model', 'langsmith.metadata.ls_model_name'],
    provider: ['gen_ai.provider.name', 'gen_ai.system', 'langsmith.metadata.ls_provider'],
    user: ['langsmith.metadata.user_id'],
    organization: ['langsmith.metadata.organization_id'],
    workspace: ['langsmith.trace.session_id', 'langsmith.trace.session_name'],
    session: [
      'langsmith.metadata.session_id',
      'langsmith.metadata.thread_id',
      'langsmith.metadata.conversation_id',
    ],
    workflow: [{ key: 'langsmith.trace.name', root: true }],
    tool: ['gen_ai.tool.name', { name: /^(.+)$/s, kinds: ['tool'], own: true }],
    node: ['langsmith.metadata.langgraph_node'],
  },
  usage: [
    {
      name: 'langsmith',
      own: true,
      counts: {
        input: ['gen_ai.usage.input_tokens'],
        output: ['gen_ai.usage.output_tokens'],
        total: ['gen_ai.usage.total_tokens'],
      },
      details: [
        {
          key: 'langsmith.usage_metadata',
          counts: {
            input: ['input_tokens'],
            output: ['output_tokens'],
            total: ['total_tokens'],
            cacheRead: ['input_token_details.cache_read'],
            cacheWrite: ['input_token_details.cache_creation'],
            cacheWrite5m: ['input_token_details.ephemeral_5m_input_tokens'],
            cacheWrite1h: ['input_token_details.ephemeral_1h_input_tokens'],
            audioInput: ['input_token_details.audio'],
            reasoning: ['output_token_details.reasoning'],
            audioOutput: ['output_token_details.audio'],
          },
        },
        {
          key: 'gen_ai.usage.input_token_details',
          counts: { cacheRead: ['cache_read'], cacheWrite: ['cache_creation'], audioInput: ['audio'] },
        },
        {
          key: 'gen_ai.usage.output_token_details',
          counts: { reasoning: ['reasoning'], audioOutput: ['audio'] },
        },
      ],
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
    {
      // Exported runs hold what the provider's SDK returned: inclusive as OpenAI has it, unless the keys are Anthropic's.
      name: 'langsmith-raw',
      json: { key: 'langsmith.usage' },
      counts: {
        input: ['input_tokens', 'prompt_tokens', 'promptTokens'],
        output: ['output_tokens', 'completion_tokens', 'completionTokens'],
        total: ['total_tokens', 'totalTokens'],
        cacheRead: [
          'cache_read_input_tokens',
          'prompt_tokens_details.cached_tokens',
          'input_tokens_details.cached_tokens',
        ],
        cacheWrite: ['cache_creation_input_tokens'],
        cacheWrite5m: ['cache_creation.ephemeral_5m_input_tokens'],
        cacheWrite1h: ['cache_creation.ephemeral_1h_input_tokens'],
        reasoning: ['completion_tokens_details.reasoning_tokens', 'output_tokens_details.reasoning_tokens'],
        audioInput: ['prompt_tokens_details.audio_tokens'],
        audioOutput: ['completion_tokens_details.audio_tokens'],
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
  cost: {
    totals: ['langsmith.total_cost', { key: 'langsmith.usage_metadata', path: 'total_cost' }],
    parts: [['langsmith.prompt_cost', 'langsmith.completion_cost']],
  },
};
