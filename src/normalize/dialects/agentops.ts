import type { Dialect } from '../dialect.ts';
import { GEN_AI_COUNTS } from './otel-genai.ts';

/** AgentOps: decorated entities with a kind of their own, and instrumentations that copy the provider's numbers. */
export const agentops: Dialect = {
  name: 'agentops',
  source: 'https://github.com/AgentOps-AI/agentops/tree/main/agentops/semconv',
  detect: [{ keys: ['agentops.span.kind', 'agentops.entity.name'] }, { scope: /^agentops/ }],
  kinds: [
    {
      strength: 'declared',
      key: 'agentops.span.kind',
      values: {
        session: 'workflow',
        workflow: 'workflow',
        team: 'workflow',
        agent: 'agent',
        tool: 'tool',
        llm: 'llm',
        'llm.call': 'llm',
        guardrail: 'guardrail',
        task: 'step',
        operation: 'step',
        chain: 'step',
        'workflow.step': 'step',
        'agent.action': 'step',
        'agent.thinking': 'step',
        'agent.decision': 'step',
      },
    },
  ],
  fields: {
    workflow: [
      'workflow.name',
      { key: 'agentops.entity.name', when: { key: 'agentops.span.kind', is: ['workflow', 'session'] } },
    ],
    agent: [
      'agent.name',
      { key: 'agentops.entity.name', when: { key: 'agentops.span.kind', is: ['agent'] } },
    ],
    tool: [
      'tool.name',
      'gen_ai.tool.name',
      { key: 'agentops.entity.name', when: { key: 'agentops.span.kind', is: ['tool'] } },
      { name: /^(.+)\.tool$/s, kinds: ['tool'], own: true },
    ],
  },
  usage: [
    {
      name: 'agentops',
      own: true,
      counts: GEN_AI_COUNTS,
      cached: 'inclusive',
      reasoning: 'inclusive',
      emitters: [{ name: 'anthropic', provider: /^(?:anthropic|aws\.bedrock)$/, cached: 'exclusive' }],
    },
  ],
  cost: { totals: [{ key: 'tool.cost', own: true }] },
  toolResult: { texts: ['tool.result', 'agentops.entity.output'] },
  toolArguments: ['agentops.entity.input'],
  content: ['agentops.entity.input', 'agentops.entity.output', 'tool.result'],
};
