import type { CountKeys, Dialect } from '../dialect.ts';

const KINDS = {
  llm: 'llm',
  tool: 'tool',
  function: 'tool',
  task: 'step',
  score: 'evaluator',
  eval: 'evaluator',
  classifier: 'evaluator',
  retriever: 'retrieval',
} as const;

/** The token metrics of https://github.com/braintrustdata/braintrust-sdk/blob/main/py/src/braintrust/metrics.py. */
const METRICS = {
  input: ['prompt_tokens'],
  output: ['completion_tokens'],
  total: ['tokens'],
  cacheRead: ['prompt_cached_tokens'],
  cacheWrite: ['prompt_cache_creation_tokens'],
  reasoning: ['completion_reasoning_tokens'],
  audioInput: ['prompt_audio_tokens'],
  audioOutput: ['completion_audio_tokens'],
} as const satisfies CountKeys;

/** Braintrust: type, model and metrics as JSON texts, or flattened one key deeper. */
export const braintrust: Dialect = {
  name: 'braintrust',
  source: 'https://www.braintrust.dev/docs/integrations/sdk-integrations/opentelemetry',
  detect: [
    {
      keys: ['braintrust.span_attributes', 'braintrust.span_attributes.type', 'braintrust.metrics'],
    },
  ],
  kinds: [
    { strength: 'declared', key: 'braintrust.span_attributes', path: 'type', values: KINDS },
    { strength: 'declared', key: 'braintrust.span_attributes.type', values: KINDS },
  ],
  fields: {
    requestModel: [
      'gen_ai.request.model',
      { key: 'braintrust.metadata', path: 'model' },
      'braintrust.metadata.model',
    ],
    provider: [
      'gen_ai.provider.name',
      { key: 'braintrust.metadata', path: 'provider' },
      'braintrust.metadata.provider',
    ],
    user: [
      { key: 'braintrust.metadata', path: 'user_id' },
      { key: 'braintrust.metadata', path: 'userId' },
      'braintrust.metadata.user_id',
    ],
    session: [
      { key: 'braintrust.metadata', path: 'session_id' },
      { key: 'braintrust.metadata', path: 'sessionId' },
      'braintrust.metadata.session_id',
    ],
    tool: [
      'gen_ai.tool.name',
      { key: 'braintrust.span_attributes', path: 'name', kinds: ['tool'] },
      { name: /^(.+)$/s, kinds: ['tool'], own: true },
    ],
  },
  usage: [
    {
      name: 'braintrust',
      json: { key: 'braintrust.metrics' },
      counts: METRICS,
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
    {
      name: 'braintrust-flat',
      counts: prefixed(METRICS),
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
  ],
  cost: {
    totals: [{ key: 'braintrust.metrics', path: 'estimated_cost' }, 'braintrust.metrics.estimated_cost'],
  },
  toolResult: { texts: ['braintrust.output_json', 'braintrust.output'] },
  toolArguments: ['braintrust.input_json', 'braintrust.input'],
  prompt: ['braintrust.input_json', 'braintrust.input'],
  content: [
    'braintrust.input',
    'braintrust.output',
    'braintrust.input_json',
    'braintrust.output_json',
    'braintrust.expected',
  ],
  observations: {
    numbers: {
      hallucination: ['Hallucination', 'hallucination'].flatMap((path) => [
        { key: 'braintrust.scores', path },
        `braintrust.scores.${path}`,
      ]),
      timeToFirstToken: [
        { key: 'braintrust.metrics', path: 'time_to_first_token', unit: 's' },
        { key: 'braintrust.metrics.time_to_first_token', unit: 's' },
      ],
    },
  },
};

function prefixed(counts: CountKeys): CountKeys {
  return Object.fromEntries(
    Object.entries(counts).map(([count, keys]) => [count, keys.map((key) => `braintrust.metrics.${key}`)]),
  );
}
