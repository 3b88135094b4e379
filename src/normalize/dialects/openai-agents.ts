import type { Dialect } from '../dialect.ts';

/**
 * Traces of the OpenAI Agents SDK, their `span_data` flattened. Turns and tasks repeat the usage of the calls in them; the
 * JavaScript SDK tells it nowhere else, and writes both as custom spans.
 */
export const openaiAgents: Dialect = {
  name: 'openai-agents',
  source: 'https://github.com/openai/openai-agents-js/blob/main/packages/agents-core/src/tracing/spans.ts',
  detect: [{ keys: ['span_data.type'] }],
  kinds: [
    {
      strength: 'declared',
      key: 'span_data.data.sdk_span_type',
      values: { turn: 'step', task: 'workflow' },
    },
    {
      strength: 'declared',
      key: 'span_data.type',
      values: {
        agent: 'agent',
        task: 'workflow',
        turn: 'step',
        function: 'tool',
        generation: 'llm',
        response: 'llm',
        transcription: 'llm',
        speech: 'llm',
        speech_group: 'step',
        handoff: 'step',
        guardrail: 'guardrail',
        mcp_tools: 'connector',
        custom: 'step',
      },
    },
  ],
  fields: {
    responseModel: [{ key: 'span_data.model', own: true }],
    requestModel: [{ key: 'span_data.model', own: true }],
    serviceTier: ['span_data.service_tier'],
    user: [
      { key: 'trace.metadata.user_id', own: true },
      { key: 'trace.metadata.userId', own: true },
      { key: 'trace.metadata.user', own: true },
    ],
    session: ['trace.group_id'],
    workflow: ['trace.workflow_name'],
    agent: [{ key: 'span_data.name', kinds: ['agent'], own: true }, 'span_data.data.agent_name'],
    tool: [{ key: 'span_data.name', kinds: ['tool'], own: true }],
    connector: [{ key: 'span_data.server', kinds: ['connector'], own: true }],
    responseId: [{ key: 'span_data.response_id', kinds: ['llm'], own: true }],
  },
  usage: [
    {
      name: 'openai-agents',
      json: { key: 'span_data.usage' },
      counts: {
        input: ['input_tokens', 'prompt_tokens', 'inputTokens'],
        output: ['output_tokens', 'completion_tokens', 'outputTokens'],
        total: ['total_tokens', 'totalTokens'],
        cacheRead: [
          'cached_input_tokens',
          'input_tokens_details.cached_tokens',
          'prompt_tokens_details.cached_tokens',
          'details.cached_tokens',
          'cache_read_input_tokens',
        ],
        cacheWrite: ['cache_write_input_tokens', 'cache_creation_input_tokens'],
        reasoning: [
          'output_tokens_details.reasoning_tokens',
          'completion_tokens_details.reasoning_tokens',
          'details.reasoning_tokens',
          'reasoning_output_tokens',
        ],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
      emitters: [
        { name: 'sums', kinds: ['step', 'workflow', 'agent'], aggregate: true },
        // Custom models may hand on what Anthropic's API says.
        {
          name: 'anthropic',
          has: ['cache_read_input_tokens', 'cache_creation_input_tokens'],
          cached: 'exclusive',
        },
      ],
    },
  ],
  toolResult: { texts: ['span_data.output'] },
  toolArguments: ['span_data.input'],
  prompt: ['span_data.input'],
  content: ['span_data.input', 'span_data.output', 'span_data.data.input', 'span_data.data.output'],
  observations: {
    texts: {
      guardrail: [{ key: 'span_data.name', kinds: ['guardrail'], own: true }],
      guardrailOutcome: [
        {
          key: 'span_data.triggered',
          when: { key: 'span_data.triggered', is: ['true'] },
          means: 'triggered',
        },
        { key: 'span_data.triggered', when: { key: 'span_data.triggered', is: ['false'] }, means: 'passed' },
      ],
    },
  },
};
