import type { Dialect } from '../dialect.ts';

/** Langtrace: names the instrumented library as a service, and the kind of it. */
export const langtrace: Dialect = {
  name: 'langtrace',
  source: 'https://github.com/Scale3-Labs/langtrace-trace-attributes',
  detect: [{ keys: ['langtrace.service.name', 'langtrace.service.type', 'langtrace.sdk.name'] }],
  kinds: [
    {
      strength: 'operation',
      own: true,
      key: 'gen_ai.operation.name',
      values: {
        embed: 'embedding',
        images_generate: 'llm',
        images_edit: 'llm',
        create_embedding: 'embedding',
      },
    },
    { strength: 'name', name: /(?:^|\.)embed(?:dings?)?(?:\.|$)/, kind: 'embedding', own: true },
    {
      strength: 'presence',
      key: 'langtrace.service.type',
      values: { llm: 'llm', vectordb: 'retrieval', framework: 'step' },
    },
  ],
  fields: {
    provider: [
      'gen_ai.provider.name',
      'gen_ai.system',
      { key: 'langtrace.service.name', when: { key: 'langtrace.service.type', is: ['llm'] } },
    ],
    responseId: ['gen_ai.response.id', 'gen_ai.response_id'],
  },
  content: [
    'langchain.inputs',
    'langchain.outputs',
    'llamaindex.inputs',
    'llamaindex.outputs',
    'gen_ai.request.documents',
    'gen_ai.request.embedding_inputs',
    'gen_ai.cohere.rerank.query',
    'gen_ai.cohere.rerank.results',
  ],
};
