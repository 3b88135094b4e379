import { type Dialect, FAILED } from '../dialect.ts';
import { BARE } from './judgements.ts';

/** FilAgent, in-house: hierarchical planning, tools named in the span, users as SHA-256 digests, no model spans. */
export const filagent: Dialect = {
  name: 'filagent',
  source: 'in-house',
  detect: [
    { resource: { key: 'service.name', is: /^filagent/i } },
    { name: /^agent\.(?:run_simple$|run_with_htn$|htn\.)/ },
    { name: /^tool\.execute\../s },
    { name: /^POST \/chat$/, keys: ['conversation_id', 'task_id', 'execution_mode'] },
  ],
  kinds: [
    { strength: 'name', name: /^agent\.(?:run_simple|run_with_htn)$/, kind: 'agent' },
    { strength: 'name', name: /^agent\.htn\.verification$/, kind: 'evaluator' },
    { strength: 'name', name: /^agent\.htn\./, kind: 'step' },
    { strength: 'name', name: /^tool\.execute\../s, kind: 'tool' },
  ],
  fields: {
    user: ['user.id', 'user.hash', { key: 'user_id', own: true }, { key: 'user_id_hash', own: true }],
    session: ['session.id', { key: 'conversation_id', own: true }],
    tool: ['tool.name', { name: /^tool\.execute\.(.+)$/s, kinds: ['tool'] }],
    errorMessage: ['tool.error', { key: 'error', own: true }],
  },
  attempt: [{ key: 'attempt', from: 1, own: true }],
  failure: [
    { key: 'tool.execution.success', is: FAILED },
    // A call that was refused before it ran failed too.
    { key: 'tool.validation.success', is: FAILED },
    { key: 'success', is: FAILED, own: true },
  ],
  observations: {
    numbers: {
      ...BARE,
      steps: [{ key: 'completed_tasks', own: true }],
    },
    texts: { stepMode: [{ key: 'execution_mode', own: true }] },
  },
};
