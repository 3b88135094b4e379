import type { Dialect } from '../dialect.ts';

/** Laminar (lmnr): span types of its own around the keys of OpenLLMetry, which its instrumentations come from. */
export const laminar: Dialect = {
  name: 'laminar',
  source: 'https://github.com/lmnr-ai/lmnr/blob/main/app-server/src/traces/span_attributes.rs',
  detect: [
    { keys: ['lmnr.span.type', 'lmnr.span.path', 'lmnr.span.ids_path'] },
    { scope: /^(?:lmnr|@lmnr-ai\/)/ },
  ],
  kinds: [
    {
      strength: 'declared',
      key: 'lmnr.span.type',
      // `DEFAULT` says nothing: what the span holds decides.
      values: {
        llm: 'llm',
        tool: 'tool',
        // An answer replayed from the debugger's cache.
        cached: 'llm',
        executor: 'step',
        pipeline: 'workflow',
        evaluator: 'evaluator',
        human_evaluator: 'evaluator',
        evaluation: 'evaluator',
      },
    },
    { strength: 'transport', key: 'lmnr.span.type', values: { default: 'step' } },
  ],
  fields: {
    user: ['lmnr.association.properties.user_id', 'lmnr.association.properties.userId'],
    session: ['lmnr.association.properties.session_id', 'lmnr.association.properties.sessionId'],
    tool: ['gen_ai.tool.name', { name: /^(.+)$/s, kinds: ['tool'], own: true }],
  },
  cost: { notBilled: [{ key: 'lmnr.span.type', is: ['cached'] }] },
  toolResult: { texts: ['lmnr.span.output'] },
  toolArguments: ['lmnr.span.input'],
  prompt: ['lmnr.span.input'],
  content: ['lmnr.span.input', 'lmnr.span.output'],
  observations: {
    numbers: {
      cacheHit: [{ key: 'lmnr.span.type', when: { key: 'lmnr.span.type', is: ['cached'] }, means: 1 }],
    },
  },
};
