import { type Dialect, FAILED } from '../dialect.ts';
import { BARE } from './judgements.ts';

/** SOS, in-house: workflows of nodes, connectors and agents. Agents and RAG report sums of the `llm.generate` spans below. */
export const sos: Dialect = {
  name: 'sos',
  source: 'in-house',
  detect: [
    { resource: { key: 'service.name', is: /^sos(?:[-_.]|$)/i } },
    {
      keys: [
        'workflow.execution_id',
        'workflow.step_mode',
        'node.attempts',
        'agent.tokens_used',
        'agent.iterations',
        'rag.vector_store_provider',
        'rag.tokens_used',
      ],
    },
    { name: /^(?:connector\.execute|rag\.execute|node\.execute(?:\..*)?)$/s },
    {
      name: /^(?:workflow\.execute|agent\.execute|llm\.generate)$/,
      keys: [
        'organization.id',
        'workspace.id',
        'workflow.node_count',
        'workflow.edge_count',
        'workflow.status',
        'workflow.latency_ms',
        'agent.framework',
        'agent.type',
        'agent.provider',
        'agent.model',
        'agent.cost',
        'llm.input_tokens',
        'llm.output_tokens',
        'llm.total_tokens',
        'llm.cost_usd',
        'llm.latency_ms',
      ],
    },
  ],
  kinds: [
    { strength: 'name', name: /^workflow\.execute$/, kind: 'workflow' },
    { strength: 'name', name: /^agent\.execute$/, kind: 'agent' },
    { strength: 'name', name: /^llm\.generate$/, kind: 'llm' },
    { strength: 'name', name: /^connector\.execute$/, kind: 'connector' },
    { strength: 'name', name: /^rag\.execute$/, kind: 'retrieval' },
    // Also `node.execute.llm`: the call is the `llm.generate` below it.
    { strength: 'name', name: /^node\.execute(?:\.|$)/, kind: 'step' },
    { strength: 'presence', anyKey: ['connector.action'], kind: 'connector', own: true },
    {
      strength: 'presence',
      anyKey: ['rag.sources_found', 'rag.vector_store_provider'],
      kind: 'retrieval',
      own: true,
    },
    { strength: 'presence', anyKey: ['llm.output_tokens', 'llm.model'], kind: 'llm' },
    { strength: 'presence', anyKey: ['agent.tokens_used'], kind: 'agent' },
  ],
  fields: {
    requestModel: ['llm.model', 'agent.model', 'rag.llm_model'],
    provider: ['llm.provider', 'agent.provider', 'rag.llm_provider'],
    user: ['user.id'],
    organization: ['organization.id'],
    workspace: ['workspace.id'],
    workflowId: ['workflow.id'],
    agentId: ['agent.id'],
    node: ['node.id'],
    connector: ['connector.id', 'connector.name', 'connector.type'],
    errorType: ['node.error_code', 'connector.error_code'],
    errorMessage: ['node.error', 'connector.error', 'agent.error', 'workflow.error'],
  },
  attempt: [
    { key: 'node.attempts', from: 1 },
    { key: 'attempt', from: 1, own: true },
  ],
  usage: [
    {
      name: 'sos',
      counts: { input: ['llm.input_tokens'], output: ['llm.output_tokens'], total: ['llm.total_tokens'] },
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
    {
      name: 'sos-composite',
      counts: { total: ['agent.tokens_used', 'rag.tokens_used'] },
      cached: 'inclusive',
      reasoning: 'inclusive',
      aggregate: true,
    },
  ],
  cost: { totals: ['llm.cost_usd', { key: 'agent.cost', aggregate: true }] },
  failure: [
    { key: 'workflow.status', is: FAILED },
    { key: 'node.status', is: FAILED },
    { key: 'connector.status', is: FAILED },
  ],
  observations: {
    numbers: {
      ...BARE,
      sourcesFound: ['rag.sources_found'],
      steps: ['workflow.node_count'],
      iterations: ['agent.iterations'],
    },
    texts: {
      vectorStore: ['rag.vector_store_provider', 'rag.vector_store'],
      connectorAction: ['connector.action'],
      connectorProvider: ['connector.provider'],
      connectorRouting: ['connector.routing_provider', 'connector.routing'],
      nodeType: ['node.type', { name: /^node\.execute\.(.+)$/s, kinds: ['step'] }],
      stepMode: ['workflow.step_mode'],
      outcome: ['workflow.status', 'node.status', 'connector.status'],
    },
  },
};
