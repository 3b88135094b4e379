import type { Dialect } from '../dialect.ts';

/**
 * Amazon Bedrock AgentCore: what its services report of themselves. Agents that run in it are instrumented by something
 * else; their session arrives as `session.id`.
 */
export const agentcore: Dialect = {
  name: 'agentcore',
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-service-provided.html',
  detect: [
    { value: { key: 'aws.operation.name', is: ['invokeagentruntime'] } },
    { name: /^AgentCore\./ },
    { keys: ['aws.agent.id'] },
    { keys: ['memory.id'], value: { key: 'actor.id' } },
  ],
  kinds: [
    {
      strength: 'operation',
      key: 'aws.operation.name',
      values: { invokeagentruntime: 'workflow' },
    },
    { strength: 'presence', anyKey: ['memory.id'], kind: 'memory', own: true },
  ],
  fields: {
    user: ['user.id', { key: 'actor.id', own: true }],
    session: ['session.id'],
    agentId: [{ key: 'aws.agent.id', own: true }],
    errorType: [{ key: 'error_type', own: true }],
  },
  failure: [
    { key: 'throttled', is: ['true'], own: true },
    { key: 'fault', is: ['true'], own: true },
  ],
};
