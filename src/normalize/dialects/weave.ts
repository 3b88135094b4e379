import type { Dialect } from '../dialect.ts';
import { GEN_AI_COUNTS, GEN_AI_OPERATIONS } from './otel-genai.ts';

/** Weave's agent tracing: every GenAI key once more under `weave.`, which wins where both are written. */
export const weave: Dialect = {
  name: 'weave',
  source: 'https://github.com/wandb/weave/tree/master/weave/trace_server/agents',
  detect: [
    {
      keys: [
        'weave.operation.name',
        'weave.conversation.id',
        'weave.request.model',
        'weave.agent.name',
        'weave.tool.name',
      ],
    },
  ],
  kinds: [{ strength: 'operation', key: 'weave.operation.name', values: GEN_AI_OPERATIONS }],
  fields: {
    operation: ['weave.operation.name'],
    requestModel: ['weave.request.model'],
    responseModel: ['weave.response.model'],
    provider: ['weave.provider.name', 'weave.system'],
    session: ['weave.conversation.id'],
    agent: ['weave.agent.name'],
    agentId: ['weave.agent.id'],
    tool: ['weave.tool.name'],
    responseId: ['weave.response.id'],
    errorType: ['weave.error.type'],
  },
  usage: [
    {
      name: 'weave',
      counts: {
        input: ['weave.usage.input_tokens'],
        output: ['weave.usage.output_tokens'],
        cacheRead: ['weave.usage.cache_read.input_tokens', ...GEN_AI_COUNTS.cacheRead],
        cacheWrite: ['weave.usage.cache_creation.input_tokens', ...GEN_AI_COUNTS.cacheWrite],
        reasoning: ['weave.usage.reasoning_tokens', ...GEN_AI_COUNTS.reasoning],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
  ],
  toolResult: { texts: ['weave.tool.call.result'] },
  toolArguments: ['weave.tool.call.arguments'],
  prompt: ['weave.system_instructions', 'weave.tool.definitions', 'weave.input.messages'],
  content: [
    'weave.input.messages',
    'weave.output.messages',
    'weave.system_instructions',
    'weave.prompt',
    'weave.completion',
    'weave.tool.definitions',
    'weave.tool.call.arguments',
    'weave.tool.call.result',
    'weave.retrieval.query.text',
    'weave.reasoning_content',
    'weave.compaction.summary',
  ],
};
