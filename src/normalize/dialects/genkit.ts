import type { Dialect } from '../dialect.ts';

/** Genkit: no GenAI keys at all; usage stands inside the JSON text of a model's output. */
export const genkit: Dialect = {
  name: 'genkit',
  source: 'https://github.com/genkit-ai/genkit/blob/main/js/core/src/tracing/instrumentation.ts',
  detect: [{ scope: /^genkit-tracer$/ }, { keys: ['genkit:type', 'genkit:path'] }],
  kinds: [
    {
      strength: 'declared',
      key: 'genkit:metadata:subtype',
      values: {
        model: 'llm',
        'background-model': 'llm',
        embedder: 'embedding',
        tool: 'tool',
        'tool.v2': 'tool',
        retriever: 'retrieval',
        indexer: 'retrieval',
        reranker: 'retrieval',
        evaluator: 'evaluator',
        flow: 'workflow',
        agent: 'agent',
        prompt: 'step',
        'executable-prompt': 'step',
        resource: 'connector',
        util: 'step',
      },
    },
    {
      strength: 'declared',
      key: 'genkit:type',
      values: { flowstep: 'step', action: 'step', util: 'step', flow: 'workflow' },
    },
  ],
  fields: {
    requestModel: [
      {
        key: 'genkit:name',
        when: { key: 'genkit:metadata:subtype', is: ['model', 'background-model', 'embedder'] },
      },
    ],
    responseModel: [{ key: 'genkit:output', path: 'custom.model', kinds: ['llm'] }],
    session: ['genkit:sessionId'],
    workflow: [
      'genkit:metadata:flow:name',
      { key: 'genkit:name', when: { key: 'genkit:metadata:subtype', is: ['flow'] } },
    ],
    agent: [{ key: 'genkit:name', when: { key: 'genkit:metadata:subtype', is: ['agent'] } }],
    tool: [{ key: 'genkit:name', when: { key: 'genkit:metadata:subtype', is: ['tool', 'tool.v2'] } }],
    responseId: [{ key: 'genkit:output', path: 'raw.id', kinds: ['llm'] }],
  },
  usage: [
    {
      name: 'genkit',
      json: { key: 'genkit:output', under: 'usage' },
      // Outputs of flows and tools are the user's own: a `usage` in there means something else.
      when: [
        {
          key: 'genkit:metadata:subtype',
          is: ['model', 'background-model', 'embedder', 'executable-prompt'],
        },
        { key: 'genkit:type', is: ['util'] },
      ],
      counts: {
        input: ['inputTokens'],
        output: ['outputTokens'],
        total: ['totalTokens'],
        reasoning: ['thoughtsTokens'],
        cacheRead: ['cachedContentTokens'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
      totals: 'provider',
    },
  ],
  failure: [{ key: 'genkit:state', is: ['error'] }],
  toolResult: { texts: ['genkit:output'] },
  toolArguments: ['genkit:input'],
  prompt: ['genkit:input'],
  content: ['genkit:input', 'genkit:output'],
};
