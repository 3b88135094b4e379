import type { Dialect } from '../dialect.ts';

/** Gemini CLI: span name and operation are one of its own words; Google's accounting, thoughts beside the output. */
export const geminiCli: Dialect = {
  name: 'gemini-cli',
  source: 'https://github.com/google-gemini/gemini-cli/tree/main/packages/core/src/telemetry',
  detect: [
    { resource: { key: 'service.name', is: /^gemini-cli$/ } },
    { value: { key: 'gen_ai.agent.name', is: ['gemini-cli'] } },
    {
      value: {
        key: 'gen_ai.operation.name',
        is: ['llm_call', 'tool_call', 'agent_call', 'user_prompt', 'system_prompt', 'schedule_tool_calls'],
      },
    },
  ],
  kinds: [
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
      cached: 'inclusive',
      reasoning: 'exclusive',
      totals: 'provider',
    },
  ],
};
