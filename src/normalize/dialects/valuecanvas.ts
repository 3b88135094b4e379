import { type Dialect, FAILED } from '../dialect.ts';

/** ValueCanvas, in-house: judged agents (success, response time, confidence, hallucination); model calls as metrics only. */
export const valuecanvas: Dialect = {
  name: 'valuecanvas',
  source: 'in-house',
  detect: [
    { resource: { key: 'service.name', is: /^value-?canvas/i } },
    { keys: ['agent.confidence', 'agent.hallucination', 'agent.success'] },
  ],
  kinds: [
    {
      strength: 'presence',
      anyKey: ['agent.confidence', 'agent.hallucination', 'agent.success'],
      kind: 'agent',
    },
  ],
  failure: [
    { key: 'agent.success', is: FAILED },
    { key: 'success', is: FAILED, own: true },
  ],
};
