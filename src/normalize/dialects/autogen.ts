import type { Dialect } from '../dialect.ts';

/** AutoGen: declares and invokes agents by GenAI operations; its runtime's spans move messages between them. */
export const autogen: Dialect = {
  name: 'autogen',
  source:
    'https://github.com/microsoft/autogen/tree/main/python/packages/autogen-core/src/autogen_core/_telemetry',
  detect: [
    { scope: /^autogen/ },
    { value: { key: 'gen_ai.system', is: ['autogen'] } },
    { name: /^autogen (?:create|send|publish|receive|process|intercept|ack) / },
  ],
  kinds: [
    {
      strength: 'name',
      name: /^autogen (?:create|send|publish|receive|process|intercept|ack) /,
      kind: 'step',
    },
  ],
};
