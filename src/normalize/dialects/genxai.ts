import { type Dialect, FAILED } from '../dialect.ts';
import { BARE } from './judgements.ts';

/** GenXAI, in-house: `node.{id}` steps, agents with a role. `llm.prompt_length` counts characters, never tokens. */
export const genxai: Dialect = {
  name: 'genxai',
  source: 'in-house',
  detect: [
    { scope: /^genxai/i },
    { resource: { key: 'service.name', is: /^genxai/i } },
    {
      keys: [
        'llm.tokens.prompt',
        'llm.tokens.completion',
        'llm.tokens.total',
        'llm.prompt_length',
        'tool.result_size',
      ],
    },
    { name: /^agent\.execute$/, keys: ['agent.role', 'agent.id', 'task'] },
    { name: /^tool\.execute$/, keys: ['tool.parameters'] },
    { name: /^workflow\.execute$/, keys: ['workflow.id'] },
    { name: /^node\.(?!execute)/, keys: ['node.id', 'node.type'] },
  ],
  kinds: [
    { strength: 'name', name: /^workflow\.execute$/, kind: 'workflow' },
    { strength: 'name', name: /^agent\.execute$/, kind: 'agent' },
    { strength: 'name', name: /^llm\.generate$/, kind: 'llm' },
    { strength: 'name', name: /^tool\.execute$/, kind: 'tool' },
    { strength: 'name', name: /^node\.(?!execute)/, kind: 'step' },
    { strength: 'name', name: /^memory\.\w+$/, kind: 'memory', own: true },
    { strength: 'presence', anyKey: ['llm.tokens.completion'], kind: 'llm' },
  ],
  fields: {
    requestModel: ['llm.model'],
    provider: ['llm.provider'],
    workflowId: ['workflow.id'],
    agent: ['agent.role'],
    agentId: ['agent.id'],
    tool: ['tool.name'],
    node: ['node.id', { name: /^node\.(?!execute)(.+)$/s, kinds: ['step'], own: true }],
  },
  usage: [
    {
      name: 'genxai',
      counts: {
        input: ['llm.tokens.prompt'],
        output: ['llm.tokens.completion'],
        total: ['llm.tokens.total'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
  ],
  attempt: [{ key: 'attempt', from: 1, own: true }],
  failure: [{ key: 'status', is: FAILED, own: true }],
  toolResult: { sizes: ['tool.result_size'] },
  // OpenInference describes the tool under this key.
  toolArguments: [{ key: 'tool.parameters', own: true }],
  observations: {
    numbers: BARE,
    texts: {
      memoryOperation: [{ name: /^memory\.(\w+)$/, kinds: ['memory'] }],
      nodeType: ['node.type'],
      outcome: [{ key: 'status', kinds: ['workflow', 'agent', 'step', 'tool', 'memory'], own: true }],
    },
  },
};
