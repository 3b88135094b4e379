import type { Dialect } from '../dialect.ts';
import { confidence, madeUp } from './judgements.ts';

/** The first judgements of a span, under both names they have had. */
const SCORES = [0, 1, 2, 3, 4].flatMap((index) =>
  ['annotation', 'evaluation'].map((word) => ({
    name: `${word}s.${index}.${word}.name`,
    score: `${word}s.${index}.${word}.score`,
    label: `${word}s.${index}.${word}.label`,
  })),
);

/** OpenInference (Arize Phoenix): `openinference.span.kind` and the `llm.*` keys of its instrumentations. */
export const openinference: Dialect = {
  name: 'openinference',
  source: 'https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md',
  detect: [{ scope: /^(?:openinference\.|@arizeai\/openinference)/ }, { keys: ['openinference.span.kind'] }],
  kinds: [
    {
      strength: 'declared',
      key: 'openinference.span.kind',
      values: {
        llm: 'llm',
        embedding: 'embedding',
        chain: 'step',
        retriever: 'retrieval',
        reranker: 'retrieval',
        tool: 'tool',
        agent: 'agent',
        guardrail: 'guardrail',
        evaluator: 'evaluator',
        prompt: 'step',
      },
    },
    { strength: 'presence', anyKey: ['embedding.model_name'], kind: 'embedding' },
    {
      strength: 'presence',
      anyKey: ['retrieval.documents.0.document.id', 'retrieval.documents.0.document.content'],
      kind: 'retrieval',
    },
    { strength: 'presence', anyKey: ['llm.token_count.completion', 'llm.model_name'], kind: 'llm' },
  ],
  fields: {
    requestModel: [
      'llm.request.model_name',
      { key: 'llm.invocation_parameters', path: 'model' },
      'llm.model_name',
      'embedding.model_name',
      'reranker.model_name',
    ],
    // `llm.model_name` is the answer's where the instrumentation knows it.
    responseModel: [
      'llm.response.model_name',
      'llm.model_name',
      'embedding.model_name',
      'reranker.model_name',
    ],
    provider: ['llm.provider', 'llm.system'],
    serviceTier: [{ key: 'llm.invocation_parameters', path: 'service_tier' }],
    user: [
      'user.id',
      { key: 'metadata', path: 'user_id' },
      { key: 'metadata', path: 'userId' },
      { key: 'metadata', path: 'user.id' },
    ],
    session: ['session.id'],
    agent: [
      'agent.name',
      { key: 'metadata', path: 'lc_agent_name' },
      { key: 'graph.node.name', kinds: ['agent'] },
      { key: 'graph.node.id', kinds: ['agent'] },
      { name: /^agent_run \[(.+)\]$/s, kinds: ['agent'], own: true },
      { name: /^invoke_agent (.+)$/s, kinds: ['agent'], own: true },
      // Names of what happens, not of who does it: BeeAI's events, CrewAI's method, the SDK's word for any run.
      {
        name: /^(?!agent\.\S+-\d+$|Task\._execute|Agent (?:workflow|trace)$)(.+?)(?:\._execute_core|\.run)?$/s,
        kinds: ['agent'],
        own: true,
      },
    ],
    tool: [
      'tool.name',
      { name: /^tool\.(.+)\.\w+-\d+$/s, kinds: ['tool'], own: true },
      { name: /^(?:execute_tool )?(.+)$/s, kinds: ['tool'], own: true },
    ],
    node: ['graph.node.id', { key: 'metadata', path: 'langgraph_node' }],
  },
  usage: [
    {
      name: 'openinference',
      counts: {
        input: ['llm.token_count.prompt'],
        output: ['llm.token_count.completion'],
        total: ['llm.token_count.total'],
        cacheRead: [
          'llm.token_count.prompt_details.cache_read',
          // The name before reads and writes were told apart.
          'llm.token_count.prompt_details.cache_input',
        ],
        cacheWrite: ['llm.token_count.prompt_details.cache_write'],
        reasoning: ['llm.token_count.completion_details.reasoning'],
        audioInput: ['llm.token_count.prompt_details.audio'],
        audioOutput: ['llm.token_count.completion_details.audio'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
      emitters: [
        // Summed up from 0.2 on (https://github.com/Arize-ai/openinference/pull/3734).
        {
          name: 'js-anthropic',
          scope: /^@arizeai\/openinference-instrumentation-anthropic$/,
          version: /^0\.[01]\./,
          cached: 'exclusive',
        },
        { name: 'claude_agent_sdk', scope: /claude_agent_sdk/, cached: 'exclusive' },
        // The agent object's counters, which grow from run to run.
        { name: 'smolagents', scope: /smolagents/, kinds: ['agent'], aggregate: true, cumulative: true },
      ],
    },
  ],
  cost: { totals: ['llm.cost.total'], parts: [['llm.cost.prompt', 'llm.cost.completion']] },
  toolResult: { texts: ['output.value'] },
  toolArguments: ['input.value'],
  prompt: ['llm.tools', 'llm.input_messages'],
  content: [
    'llm.input_messages',
    'llm.output_messages',
    'llm.prompts',
    'llm.completions',
    'llm.choices',
    'llm.prompt_template',
    'input.value',
    'output.value',
    'retrieval.documents',
    'reranker.query',
    'reranker.input_documents',
    'reranker.output_documents',
    'embedding.text',
    'embedding.embeddings',
    'tool.parameters',
  ],
  observations: {
    numbers: {
      confidence: SCORES.flatMap(confidence),
      hallucination: SCORES.flatMap(madeUp),
      timeToFirstToken: [{ event: 'First Token Stream Event', as: 'moment' }],
      sourcesFound: [{ items: 'retrieval.documents', members: ['document.id', 'document.content'] }],
    },
    texts: { callId: ['tool.id', 'tool_call.id'] },
  },
};
