import { type Dialect, FAILED } from '../dialect.ts';

/** Gemini CLI: span name and operation are one of its own words; Google's accounting, thoughts beside the output. */
export const geminiCli: Dialect = {
  name: 'gemini-cli',
  source: 'https://github.com/google-gemini/gemini-cli/tree/main/packages/core/src/telemetry',
  detect: [
    { resource: { key: 'service.name', is: /^gemini-cli$/ } },
    { name: /^gemini_cli\./ },
    { value: { key: 'gen_ai.agent.name', is: ['gemini-cli'] } },
    {
      value: {
        key: 'gen_ai.operation.name',
        is: ['llm_call', 'tool_call', 'agent_call', 'user_prompt', 'system_prompt', 'schedule_tool_calls'],
      },
    },
  ],
  kinds: [
    { strength: 'name', name: /^gemini_cli\.session$/, kind: 'agent', own: true },
    { strength: 'name', name: /^gemini_cli\.prompt$/, kind: 'step', own: true },
    { strength: 'name', name: /^gemini_cli\.api_response$/, kind: 'llm', own: true },
    { strength: 'name', name: /^gemini_cli\.tool_call$/, kind: 'tool', own: true },
    { strength: 'name', name: /^llm_call$/, kind: 'llm', own: true },
    { strength: 'name', name: /^tool_call$/, kind: 'tool', own: true },
    { strength: 'name', name: /^agent_call$/, kind: 'agent', own: true },
    {
      strength: 'name',
      name: /^(?:user_prompt|system_prompt|schedule_tool_calls)$/,
      kind: 'step',
      own: true,
    },
  ],
  fields: {
    requestModel: ['gen_ai.request.model', { key: 'model', own: true }],
    tool: ['gen_ai.tool.name', { key: 'function_name', own: true }],
    connector: [{ key: 'mcp_server_name', own: true }],
    errorType: ['error.type', { key: 'error_type', own: true }],
    errorMessage: ['error.message', { key: 'error', own: true }],
  },
  usage: [
    {
      name: 'gemini-cli',
      own: true,
      counts: {
        input: ['gen_ai.usage.input_tokens', 'input_token_count'],
        output: ['gen_ai.usage.output_tokens', 'output_token_count'],
        total: ['gen_ai.usage.total_tokens', 'total_token_count'],
        cacheRead: ['gen_ai.usage.cache_read.input_tokens', 'cached_content_token_count'],
        reasoning: ['gen_ai.usage.reasoning.output_tokens', 'thoughts_token_count'],
      },
      certain: true,
      cached: 'inclusive',
      reasoning: 'exclusive',
      totals: 'provider',
    },
  ],
  failure: [{ key: 'success', is: FAILED, own: true }],
  events: {
    groups: [
      { keys: ['session.id'], span: 'gemini_cli.session' },
      { keys: ['prompt_id'], span: 'gemini_cli.prompt' },
    ],
    rules: [
      { event: 'gemini_cli.user_prompt', opens: 'gemini_cli.prompt' },
      {
        event: 'gemini_cli.api_response',
        span: 'gemini_cli.api_response',
        duration: [{ key: 'duration_ms', unit: 'ms' }],
      },
      {
        event: 'gemini_cli.api_error',
        span: 'gemini_cli.api_response',
        duration: [{ key: 'duration_ms', unit: 'ms' }],
        failed: true,
      },
      {
        event: 'gemini_cli.tool_call',
        span: 'gemini_cli.tool_call',
        duration: [{ key: 'duration_ms', unit: 'ms' }],
      },
      {
        // Written beside each of the events above, in the words of OpenTelemetry's conventions.
        event: 'gen_ai.client.inference.operation.details',
        from: [{ scope: /^gemini-cli$/ }, { keys: ['installation.id'] }],
        repeats: true,
      },
    ],
  },
  toolResult: { sizes: ['content_length'] },
  toolArguments: ['function_args'],
  prompt: ['request_text'],
  content: ['prompt', 'function_args', 'request_text', 'response_text'],
};
