import { type Dialect, FAILED } from '../dialect.ts';

/** OpenAI's Codex CLI. In its events `tool_token_count` is the total. */
export const codex: Dialect = {
  name: 'codex',
  source: 'https://github.com/openai/codex/tree/main/codex-rs/otel/src',
  detect: [
    { resource: { key: 'service.name', is: /^codex(?:$|[_-](?:cli|exec|tui|mcp|app|vscode|sdk))/ } },
    { keys: ['codex.usage.total_tokens', 'codex.usage.reasoning_output_tokens'] },
  ],
  kinds: [
    { strength: 'name', name: /^codex\.tool_result$/, kind: 'tool', own: true },
    {
      strength: 'presence',
      anyKey: ['codex.usage.total_tokens'],
      kind: 'llm',
    },
  ],
  fields: {
    requestModel: ['gen_ai.request.model', { key: 'model', own: true }],
    user: ['user.account_id'],
    session: ['conversation.id'],
    tool: ['gen_ai.tool.name', { key: 'tool_name', own: true }],
  },
  attempt: [{ key: 'attempt', from: 1, own: true }],
  usage: [
    {
      name: 'codex',
      own: true,
      counts: {
        input: ['gen_ai.usage.input_tokens', 'input_token_count'],
        output: ['gen_ai.usage.output_tokens', 'output_token_count'],
        total: ['codex.usage.total_tokens', 'tool_token_count'],
        cacheRead: ['gen_ai.usage.cache_read.input_tokens', 'cached_token_count'],
        reasoning: ['codex.usage.reasoning_output_tokens', 'reasoning_token_count'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
  ],
  failure: [{ key: 'success', is: FAILED, own: true }],
};
