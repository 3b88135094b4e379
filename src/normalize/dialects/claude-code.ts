import { type Dialect, FAILED } from '../dialect.ts';

/** Claude Code's own spans and log events: bare keys with Anthropic's accounting, which leaves the cache out of the input. */
export const claudeCode: Dialect = {
  name: 'claude-code',
  source: 'https://docs.claude.com/en/docs/claude-code/monitoring-usage',
  detect: [{ scope: /^com\.anthropic\.claude_code/ }, { name: /^claude_code\./ }],
  kinds: [
    {
      strength: 'declared',
      own: true,
      key: 'span.type',
      values: {
        interaction: 'agent',
        llm_request: 'llm',
        tool: 'tool',
        'tool.execution': 'step',
        'tool.blocked_on_user': 'step',
        hook: 'step',
        'subagent.spawn': 'step',
        compaction: 'memory',
        'mcp.rpc': 'connector',
      },
    },
    { strength: 'name', name: /^claude_code\.session$/, kind: 'agent' },
    { strength: 'name', name: /^claude_code\.interaction$/, kind: 'agent' },
    { strength: 'name', name: /^claude_code\.llm_request$/, kind: 'llm' },
    { strength: 'name', name: /^claude_code\.tool$/, kind: 'tool' },
    { strength: 'name', name: /^claude_code\.compaction$/, kind: 'memory' },
    { strength: 'name', name: /^claude_code\.mcp\.rpc$/, kind: 'connector' },
    { strength: 'name', name: /^claude_code\./, kind: 'step' },
  ],
  fields: {
    requestModel: ['gen_ai.request.model', { key: 'model', own: true }],
    user: ['user.id', 'user.account_uuid', 'user.account_id'],
    organization: ['organization.id'],
    session: ['session.id', 'gen_ai.conversation.id'],
    agent: [{ key: 'agent_type', own: true }],
    agentId: [{ key: 'agent_id', own: true }],
    tool: ['gen_ai.tool.name', { key: 'tool_name', own: true }],
    connector: ['anthropic.mcp.server.name'],
    // Log events know the request only, so it has to speak for the span too.
    responseId: [{ key: 'request_id', own: true }, 'gen_ai.response.id'],
    errorType: ['error.type', { key: 'error_class', own: true }, { key: 'status_code', own: true }],
    errorMessage: [{ key: 'error', own: true }],
  },
  attempt: [
    { key: 'attempt', from: 1, own: true },
    { key: 'attempt', from: 1, event: 'gen_ai.request.attempt' },
  ],
  usage: [
    {
      name: 'claude-code',
      own: true,
      counts: {
        input: ['input_tokens'],
        output: ['output_tokens'],
        cacheRead: ['cache_read_tokens'],
        cacheWrite: ['cache_creation_tokens'],
        cacheWrite5m: ['cache_creation_5m_tokens'],
        cacheWrite1h: ['cache_creation_1h_tokens'],
      },
      certain: true,
      cached: 'exclusive',
      reasoning: 'inclusive',
    },
  ],
  cost: {
    totals: [
      { key: 'cost_usd', own: true },
      { key: 'cost_usd_micros', unit: 'micro_usd', own: true },
    ],
  },
  failure: [{ key: 'success', is: FAILED, own: true }],
  events: {
    prefix: {
      text: 'claude_code.',
      from: [
        { scope: /^com\.anthropic\.claude_code/ },
        { resource: { key: 'service.name', is: /^claude-code/ } },
      ],
    },
    groups: [
      { keys: ['session.id'], span: 'claude_code.session' },
      { keys: ['prompt.id'], span: 'claude_code.interaction' },
    ],
    rules: [
      { event: 'claude_code.user_prompt', opens: 'claude_code.interaction' },
      {
        event: 'claude_code.api_request',
        span: 'claude_code.llm_request',
        duration: [{ key: 'duration_ms', unit: 'ms' }],
        id: ['request_id'],
      },
      {
        event: 'claude_code.api_error',
        span: 'claude_code.llm_request',
        duration: [{ key: 'duration_ms', unit: 'ms' }],
        failed: true,
      },
      {
        event: 'claude_code.tool_result',
        span: 'claude_code.tool',
        duration: [{ key: 'duration_ms', unit: 'ms' }],
        id: ['tool_use_id'],
      },
    ],
  },
  toolResult: { sizes: ['result_tokens', 'tool_result_size_bytes'] },
  toolArguments: ['tool_input', 'tool_parameters'],
  content: ['user_prompt', 'response.model_output', 'tool_parameters', 'tool_input'],
  observations: {
    numbers: {
      timeToFirstToken: [
        { key: 'ttft_ms', unit: 'ms', own: true },
        { key: 'first_content_ms', unit: 'ms', own: true },
      ],
    },
    texts: { callId: [{ key: 'tool_use_id', own: true }] },
  },
};
