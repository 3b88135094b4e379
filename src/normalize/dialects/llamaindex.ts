import type { Dialect } from '../dialect.ts';

/**
 * LlamaIndex's own OpenTelemetry package: spans named after the method that ran, with an id behind it. What a call used
 * stands on the GenAI spans below, where those are switched on.
 */
export const llamaindex: Dialect = {
  name: 'llamaindex',
  source:
    'https://github.com/run-llama/llama_index/tree/main/llama-index-integrations/observability/llama-index-observability-otel',
  detect: [{ scope: /^llama_?index\./ }],
  kinds: [
    {
      strength: 'name',
      name: /^\w*(?:Agent|AgentWorkflow)\.a?(?:run|chat|stream_chat)\b/,
      kind: 'agent',
      own: true,
    },
    { strength: 'name', name: /^\w*Workflow\.run\b/, kind: 'workflow', own: true },
    { strength: 'name', name: /^\w*Retriever\._?a?retrieve\b/, kind: 'retrieval', own: true },
    { strength: 'name', name: /^(?=\w*\.)\w*?Rerank/, kind: 'retrieval', own: true },
    {
      strength: 'name',
      name: /^\w+\._?a?get_(?:query|text|text_batch|agg)_?embeddings?(?:_batch)?\b/,
      kind: 'embedding',
      own: true,
    },
    { strength: 'name', name: /^\w*Tool\.a?call\b/, kind: 'tool', own: true },
    // Engines answer questions; the model they ask has a span of its own.
    { strength: 'name', name: /^\w*(?:Engine|Synthesizer|Worker|Runner|Parser)\./, kind: 'step', own: true },
    { strength: 'name', name: /^\w+\.a?(?:stream_)?(?:chat|complete)\b/, kind: 'llm', own: true },
    { strength: 'name', name: /^\w+\.\w+/, kind: 'step', own: true },
  ],
  fields: {
    agent: ['gen_ai.agent.name', { name: /^(\w*(?:Agent|AgentWorkflow))\./s, kinds: ['agent'], own: true }],
    tool: ['gen_ai.tool.name', { name: /^(\w*Tool)\./s, kinds: ['tool'], own: true }],
  },
};
