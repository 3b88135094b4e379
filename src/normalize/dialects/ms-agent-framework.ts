import type { Dialect } from '../dialect.ts';
import { GEN_AI_COUNTS } from './otel-genai.ts';

/** Microsoft Agent Framework: GenAI conventions, workflows of executors, and extra counts under the provider's name. */
export const msAgentFramework: Dialect = {
  name: 'ms-agent-framework',
  source:
    'https://github.com/microsoft/agent-framework/blob/main/python/packages/core/agent_framework/observability.py',
  detect: [
    { scope: /^(?:agent_framework|Microsoft\.Agents\.AI|Experimental\.Microsoft\.Agents)/ },
    { value: { key: 'gen_ai.provider.name', is: ['microsoft.agent_framework'] } },
    { value: { key: 'gen_ai.system', is: ['microsoft.agent_framework', 'agent_framework'] } },
    { name: /^(?:executor\.process|edge_group\.process|message\.send)/ },
    { keys: ['executor.id'] },
  ],
  kinds: [
    { strength: 'name', name: /^workflow\.(?:run|build)$/, kind: 'workflow', own: true },
    { strength: 'name', name: /^(?:executor\.process|edge_group\.process|message\.send)/, kind: 'step' },
  ],
  fields: { node: ['executor.id'] },
  usage: [
    {
      name: 'ms-agent-framework',
      own: true,
      counts: {
        ...GEN_AI_COUNTS,
        cacheRead: [
          ...GEN_AI_COUNTS.cacheRead,
          'anthropic.cache_read_input_tokens',
          'openai.cached_input_tokens',
        ],
        cacheWrite: [...GEN_AI_COUNTS.cacheWrite, 'anthropic.cache_creation_input_tokens'],
        reasoning: [...GEN_AI_COUNTS.reasoning, 'openai.reasoning_tokens'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
      // Anthropic's own counts under its own name: its adapter passes input_tokens on as they are.
      emitters: [
        {
          name: 'anthropic',
          has: ['anthropic.cache_read_input_tokens', 'anthropic.cache_creation_input_tokens'],
          cached: 'exclusive',
        },
      ],
    },
  ],
  observations: { texts: { nodeType: ['executor.type'] } },
};
