import { type Dialect, FAILED } from '../dialect.ts';

/** OpenAI's Codex CLI. In its events `tool_token_count` is the total. */
export const codex: Dialect = {
  name: 'codex',
  source: 'https://github.com/openai/codex/tree/main/codex-rs/otel/src',
  detect: [
    { resource: { key: 'service.name', is: /^codex(?:$|[_-](?:cli|exec|tui|mcp|app|vscode|sdk))/ } },
    { keys: ['codex.usage.total_tokens', 'codex.usage.reasoning_output_tokens'] },
    { name: /^codex\./ },
  ],
  kinds: [
    { strength: 'name', name: /^codex\.conversation$/, kind: 'agent', own: true },
    { strength: 'name', name: /^codex\.response$/, kind: 'llm', own: true },
    { strength: 'name', name: /^codex\.api_request$/, kind: 'http', own: true },
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
      certain: true,
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
  ],
  failure: [{ key: 'success', is: FAILED, own: true }],
  events: {
    groups: [{ keys: ['conversation.id'], span: 'codex.conversation' }],
    rules: [
      {
        // Every answer completes twice: as a piece of the stream, and once more with its counts.
        event: 'codex.sse_event',
        when: [{ key: 'event.kind', is: ['response.completed'] }],
        has: [['input_token_count', 'output_token_count']],
        span: 'codex.response',
      },
      {
        event: 'codex.sse_event',
        when: [{ key: 'error.message' }],
        span: 'codex.response',
        duration: [{ key: 'duration_ms', unit: 'ms' }],
        failed: true,
      },
      {
        event: 'codex.api_request',
        span: 'codex.api_request',
        duration: [{ key: 'duration_ms', unit: 'ms' }],
        failed: ['error.message'],
      },
      {
        event: 'codex.tool_result',
        span: 'codex.tool_result',
        duration: [{ key: 'duration_ms', unit: 'ms' }],
        id: ['call_id'],
      },
    ],
  },
  toolResult: { sizes: ['output_length'], texts: ['output'] },
  toolArguments: ['arguments'],
  content: ['prompt', 'arguments', 'output'],
  observations: { texts: { callId: [{ key: 'call_id', own: true }] } },
};
