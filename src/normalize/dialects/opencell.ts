import { type Dialect, FAILED } from '../dialect.ts';
import { BARE } from './judgements.ts';

/** OpenCell, in-house: `agent.run` and `tool.execute`, camel-case keys, tokens and cost as metrics only. */
export const opencell: Dialect = {
  name: 'opencell',
  source: 'in-house',
  detect: [
    { scope: /^opencell/i },
    { resource: { key: 'service.name', is: /^opencell/i } },
    {
      name: /^(?:agent\.run|tool\.execute)$/,
      keys: [
        'message.length',
        'history.length',
        'execution.id',
        'tool.success',
        'tool.name',
        'toolName',
        'userId',
      ],
    },
  ],
  kinds: [
    { strength: 'name', name: /^agent\.run$/, kind: 'agent' },
    { strength: 'name', name: /^tool\.execute$/, kind: 'tool' },
    { strength: 'name', name: /^workflow\..+\.step\./s, kind: 'step', own: true },
    { strength: 'name', name: /^workflow\.\S/, kind: 'workflow', own: true },
    { strength: 'name', name: /^tool\.\S/, kind: 'tool', own: true },
  ],
  fields: {
    requestModel: [{ key: 'model', own: true }],
    user: ['user.id', { key: 'userId', own: true }],
    workflow: [{ key: 'workflow_name', own: true }],
    tool: ['tool.name', { key: 'toolName', own: true }],
    errorMessage: [{ key: 'error', own: true }],
  },
  attempt: [
    { key: 'attempt', from: 1, own: true },
    { key: 'tool.attempt', from: 1 },
    { key: 'tool.retry_count', from: 0 },
  ],
  failure: [
    { key: 'tool.success', is: FAILED },
    { key: 'success', is: FAILED, own: true },
  ],
  observations: {
    numbers: { ...BARE, steps: ['workflow.steps'] },
    texts: {
      callId: [
        { key: 'execution.id', own: true },
        { key: 'executionId', own: true },
      ],
    },
  },
};
