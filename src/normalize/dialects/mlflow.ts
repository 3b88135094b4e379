import type { CountKeys, Dialect } from '../dialect.ts';

const TOKEN_USAGE = {
  input: ['input_tokens'],
  output: ['output_tokens'],
  total: ['total_tokens'],
  cacheRead: ['cache_read_input_tokens'],
  cacheWrite: ['cache_creation_input_tokens'],
} as const satisfies CountKeys;

/** MLflow Tracing. By OpenTelemetry every value is a JSON text, `"LLM"` with its quotes. */
export const mlflow: Dialect = {
  name: 'mlflow',
  source: 'https://github.com/mlflow/mlflow/blob/master/mlflow/tracing/constant.py',
  detect: [{ keys: ['mlflow.spanType', 'mlflow.traceRequestId'] }],
  kinds: [
    {
      strength: 'declared',
      key: 'mlflow.spanType',
      // `UNKNOWN` says nothing: what the span holds decides.
      values: {
        llm: 'llm',
        chat_model: 'llm',
        embedding: 'embedding',
        agent: 'agent',
        tool: 'tool',
        chain: 'step',
        parser: 'step',
        task: 'step',
        workflow: 'workflow',
        retriever: 'retrieval',
        reranker: 'retrieval',
        memory: 'memory',
        guardrail: 'guardrail',
        evaluator: 'evaluator',
      },
    },
    { strength: 'presence', anyKey: ['mlflow.chat.tokenUsage', 'mlflow.llm.model'], kind: 'llm' },
  ],
  fields: {
    requestModel: ['mlflow.llm.model'],
    provider: ['mlflow.llm.provider'],
    user: ['mlflow.trace.user', { key: 'user.id', own: true }],
    session: ['mlflow.trace.session', { key: 'session.id', own: true }],
    workflow: ['mlflow.traceName'],
    agent: [{ name: /^(.+)$/s, kinds: ['agent'], own: true }],
    tool: [{ name: /^(.+)$/s, kinds: ['tool'], own: true }],
  },
  usage: [
    {
      // LangChain counts the cache inside the input, whoever's model it calls.
      name: 'mlflow-langchain',
      json: { key: 'mlflow.chat.tokenUsage' },
      when: [{ key: 'mlflow.message.format', is: ['langchain'] }],
      counts: TOKEN_USAGE,
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
    {
      name: 'mlflow',
      json: { key: 'mlflow.chat.tokenUsage' },
      counts: TOKEN_USAGE,
      cached: 'inclusive',
      reasoning: 'inclusive',
      // What the provider's API says is handed on.
      emitters: [
        { name: 'anthropic', provider: /^(?:anthropic|aws\.bedrock)$/, cached: 'exclusive' },
        { name: 'google', provider: /^gcp\./, cached: 'inclusive', reasoning: 'exclusive' },
      ],
    },
  ],
  cost: { totals: [{ key: 'mlflow.llm.cost', path: 'total_cost' }] },
  toolResult: { texts: ['mlflow.spanOutputs'] },
  toolArguments: ['mlflow.spanInputs'],
  prompt: ['mlflow.chat.messages', 'mlflow.spanInputs'],
  content: ['mlflow.spanInputs', 'mlflow.spanOutputs', 'mlflow.chat.messages'],
};
