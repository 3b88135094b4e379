import type { Dialect } from '../dialect.ts';

/** OpenLIT: GenAI conventions with cost and identity keys of its own. */
export const openlit: Dialect = {
  name: 'openlit',
  source: 'https://github.com/openlit/openlit/tree/main/sdk/python/src/openlit/semcov',
  detect: [
    { scope: /^openlit/ },
    { resource: { key: 'telemetry.sdk.name', is: /^openlit$/ } },
    { keys: ['gen_ai.application_name'] },
  ],
  fields: {
    provider: ['gen_ai.provider.name', 'gen_ai.system', 'gen_ai.llm.provider'],
    customer: ['gen_ai.request.user'],
    session: ['gen_ai.conversation.id', 'gen_ai.agent.session_id'],
    agent: ['gen_ai.agent.name', 'gen_ai.agent.role'],
    tool: ['gen_ai.tool.name', 'mcp.tool.name'],
    environment: ['gen_ai.environment'],
  },
  cost: { totals: ['gen_ai.token.cost.total'] },
};
