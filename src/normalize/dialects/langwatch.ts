import type { Dialect } from '../dialect.ts';

/** LangWatch: span types and identity keys of its own; metrics as a JSON text, wrapped in `{ type, value }` by its TypeScript SDK. */
export const langwatch: Dialect = {
  name: 'langwatch',
  source: 'https://docs.langwatch.ai/integration/opentelemetry/guide',
  detect: [
    { keys: ['langwatch.span.type', 'langwatch.metrics', 'langwatch.thread.id', 'langwatch.user.id'] },
    { scope: /^langwatch/ },
  ],
  kinds: [
    {
      strength: 'declared',
      key: 'langwatch.span.type',
      values: {
        llm: 'llm',
        chain: 'step',
        tool: 'tool',
        agent: 'agent',
        rag: 'retrieval',
        guardrail: 'guardrail',
        evaluation: 'evaluator',
        workflow: 'workflow',
        component: 'step',
        module: 'step',
        task: 'step',
        prompt: 'step',
        server: 'http',
        client: 'http',
      },
    },
    { strength: 'transport', key: 'langwatch.span.type', values: { span: 'step' } },
  ],
  fields: {
    requestModel: ['gen_ai.request.model', 'langwatch.request.model'],
    user: ['langwatch.user.id', 'langwatch.user_id'],
    organization: ['langwatch.customer.id', 'langwatch.customer_id'],
    session: [
      'langwatch.thread.id',
      'langwatch.thread_id',
      'langwatch.session.id',
      'langwatch.langgraph.thread_id',
    ],
    agent: ['gen_ai.agent.name', { name: /^(.+)$/s, kinds: ['agent'], own: true }],
    tool: ['gen_ai.tool.name', { name: /^(.+)$/s, kinds: ['tool'], own: true }],
    node: ['langwatch.langgraph.langgraph_node'],
  },
  usage: [
    {
      name: 'langwatch',
      json: { key: 'langwatch.metrics' },
      counts: {
        input: ['prompt_tokens', 'promptTokens', 'value.prompt_tokens', 'value.promptTokens'],
        output: [
          'completion_tokens',
          'completionTokens',
          'value.completion_tokens',
          'value.completionTokens',
        ],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
  ],
  cost: {
    totals: [
      'langwatch.span.cost',
      { key: 'langwatch.metrics', path: 'cost' },
      { key: 'langwatch.metrics', path: 'value.cost' },
    ],
  },
  toolResult: { texts: ['langwatch.output'] },
  toolArguments: ['langwatch.input'],
  prompt: ['langwatch.input'],
  content: [
    'langwatch.input',
    'langwatch.output',
    'langwatch.rag.contexts',
    'langwatch.rag_contexts',
    'langwatch.contexts',
  ],
};
