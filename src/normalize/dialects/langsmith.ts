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
  ],
};
