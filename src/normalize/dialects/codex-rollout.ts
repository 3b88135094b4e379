import type { Dialect } from '../dialect.ts';

/** What the reader of Codex's rollouts writes: usage as the running totals grew. */
export const codexRollout: Dialect = {
  name: 'codex-rollout',
  source: 'https://github.com/openai/codex/blob/main/codex-rs/protocol/src/protocol.rs',
  detect: [{ scope: /^codex-rollout$/ }],
  kinds: [
    {
      strength: 'declared',
      own: true,
      key: 'span.type',
      values: {
        session: 'agent',
        agent: 'agent',
        turn: 'step',
        history: 'step',
        response: 'llm',
        tool: 'tool',
      },
    },
  ],
  fields: {
    requestModel: [{ key: 'model', own: true }],
    workspace: [{ key: 'workspace', own: true }],
    session: ['session.id'],
    agent: [{ key: 'agent_type', own: true }],
    tool: ['gen_ai.tool.name'],
    connector: ['mcp.server.name'],
    serviceTier: [{ key: 'service_tier', own: true }],
    // Most versions do not tell the answer's id, and copies lose it. The running totals behind it are as good as one.
    responseId: [{ key: 'total_token_usage', own: true }, 'gen_ai.response.id'],
    errorType: ['error.type'],
    errorMessage: [{ key: 'error', own: true }],
  },
  usage: [
    {
      name: 'codex-rollout',
      own: true,
      counts: {
        input: ['input_tokens'],
        output: ['output_tokens'],
        total: ['total_tokens'],
        cacheRead: ['cached_input_tokens'],
        cacheWrite: ['cache_write_input_tokens'],
        reasoning: ['reasoning_output_tokens'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
      totals: 'provider',
    },
  ],
};
