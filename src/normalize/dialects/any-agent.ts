import type { Dialect } from '../dialect.ts';

/** any-agent: GenAI keys on every framework it drives, with its own operation for a model call. */
export const anyAgent: Dialect = {
  name: 'any-agent',
  source: 'https://github.com/mozilla-ai/any-agent/tree/main/src/any_agent/tracing',
  detect: [{ keys: ['any_agent.version'] }, { value: { key: 'gen_ai.operation.name', is: ['call_llm'] } }],
  kinds: [{ strength: 'operation', key: 'gen_ai.operation.name', values: { call_llm: 'llm' } }],
  toolResult: { texts: ['gen_ai.output'] },
  toolArguments: ['gen_ai.tool.args'],
};
