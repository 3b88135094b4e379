import type { Dialect } from '../dialect.ts';

/** PydanticAI. Run spans repeat their calls: as `gen_ai.usage.*` in 1.x, as `gen_ai.aggregated_usage.*` since 2.x. */
export const pydanticAi: Dialect = {
  name: 'pydantic-ai',
  source: 'https://github.com/pydantic/pydantic-ai/blob/main/docs/logfire.md',
  detect: [{ scope: /^pydantic-ai$/ }],
  kinds: [
    { strength: 'name', name: /^running tools?$/, kind: 'step', own: true },
    { strength: 'name', name: /^running tool: /, kind: 'tool', own: true },
    { strength: 'name', name: /(?:^agent| )run$/, kind: 'agent', own: true },
  ],
  fields: {
    requestModel: ['gen_ai.request.model', { key: 'model_name', own: true }],
    user: [
      { key: 'metadata', path: 'user_id' },
      { key: 'metadata', path: 'userId' },
    ],
    agent: ['gen_ai.agent.name', 'agent_name'],
    tool: ['gen_ai.tool.name', { name: /^running tool: (.+)$/s, kinds: ['tool'], own: true }],
  },
  usage: [
    {
      name: 'pydantic-aggregate',
      counts: {
        input: ['gen_ai.aggregated_usage.input_tokens'],
        output: ['gen_ai.aggregated_usage.output_tokens'],
        cacheRead: ['gen_ai.aggregated_usage.cache_read.input_tokens'],
        cacheWrite: ['gen_ai.aggregated_usage.cache_creation.input_tokens'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
      aggregate: true,
    },
  ],
  cost: { totals: ['operation.cost'] },
  toolResult: { texts: ['tool_response'] },
  toolArguments: ['tool_arguments'],
  prompt: ['pydantic_ai.all_messages', 'all_messages_events'],
  content: [
    'pydantic_ai.all_messages',
    'all_messages_events',
    'final_result',
    'tool_arguments',
    'tool_response',
  ],
};
