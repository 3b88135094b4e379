import type { Dialect } from '../dialect.ts';

/** Spans of the Claude SDKs (client) and of the Claude API itself (server); both may report one call. */
export const claudePlatform: Dialect = {
  name: 'claude-platform',
  source: 'https://platform.claude.com/docs',
  detect: [{ scope: /^com\.anthropic\.(?:sdk\.|claude-platform)/ }],
  kinds: [
    { strength: 'name', name: /^anthropic\.(?:messages|completions)\.(?:create|stream)$/, kind: 'llm' },
    { strength: 'name', name: /^anthropic\.tool_use /, kind: 'tool' },
  ],
  fields: {
    organization: ['anthropic.organization.id'],
    workspace: ['anthropic.workspace.id'],
    tool: [{ name: /^anthropic\.tool_use (.+)$/s, kinds: ['tool'] }],
    responseId: ['gen_ai.response.id', 'anthropic.request.id'],
  },
};
