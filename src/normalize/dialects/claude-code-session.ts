import type { Dialect } from '../dialect.ts';

/** What the reader of Claude Code's session files writes: the usage of Anthropic's messages as the lines have it. */
export const claudeCodeSession: Dialect = {
  name: 'claude-code-session',
  source: 'https://docs.claude.com/en/api/messages',
  detect: [{ scope: /^claude-code-session$/ }],
  kinds: [
    {
      strength: 'declared',
      own: true,
      key: 'span.type',
      values: {
        session: 'agent',
        turn: 'step',
        agent: 'agent',
        llm_request: 'llm',
        tool: 'tool',
        api_error: 'step',
      },
    },
  ],
  fields: {
    requestModel: [{ key: 'model', own: true }],
    operation: [{ key: 'operation', own: true }],
    workspace: [{ key: 'workspace', own: true }],
    session: ['session.id'],
    agent: [{ key: 'agent_type', own: true }],
    tool: ['gen_ai.tool.name'],
    connector: ['anthropic.mcp.server.name'],
    serviceTier: [
      { key: 'speed', when: { key: 'speed', is: ['fast'] }, own: true },
      { key: 'service_tier', own: true },
    ],
    // Proxies repeat the ids of messages; those of requests are unique.
    responseId: [{ key: 'request_id', own: true }, 'gen_ai.response.id'],
    errorType: ['error.type'],
    errorMessage: [{ key: 'error', own: true }],
  },
  usage: [
    {
      name: 'claude-code-session',
      own: true,
      counts: {
        input: ['input_tokens'],
        output: ['output_tokens'],
        cacheRead: ['cache_read_input_tokens'],
        cacheWrite: ['cache_creation_input_tokens'],
        cacheWrite5m: ['ephemeral_5m_input_tokens'],
        cacheWrite1h: ['ephemeral_1h_input_tokens'],
        reasoning: ['thinking_tokens'],
        webSearches: ['web_search_requests'],
      },
      cached: 'exclusive',
      reasoning: 'inclusive',
    },
  ],
  cost: { totals: [{ key: 'cost_usd', own: true }] },
};
