import { describe, expect, it } from 'vitest';
import { type AttributeValue, instant, type Span, SpanTable } from '../../src/model/index.ts';
import { createNormalizer } from '../../src/normalize/index.ts';
import { assemble, bill } from '../../src/trace/index.ts';
import { ORIGIN, spanId, traceId } from './table.ts';

// Parents that repeat their children, and calls that two programs report, as real SDKs write them: the naive sum is never
// the bill. One case a row of what is known about them.

type Sketch = {
  readonly id: string;
  readonly parent?: string;
  readonly name: string;
  readonly scope?: string;
  readonly service?: string;
  readonly from?: number;
  readonly to?: number;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** The rule that must decide. */
  readonly is: string;
};

function judged(sketches: readonly Sketch[]) {
  const normalizer = createNormalizer();
  const table = new SpanTable();
  for (const sketch of sketches) table.push(normalizer.normalize(spanOf(sketch)));
  const forest = assemble(table);
  const result = bill(
    forest,
    { priceOf: () => ({ status: 'unpriced', reason: 'unknown_model', hint: undefined }) },
    'auto',
  );
  const rules: Record<string, string> = {};
  let [input, output, total, calls] = [0, 0, 0, 0];
  for (let p = 0; p < forest.length; p++) {
    const row = forest.row[p]!;
    rules[table.spanIdOf(row).replace(/^0+/, '')] = result.rule(p);
    if (!result.isCall(p)) continue;
    calls++;
    input += table.usageOf(row, 'reportedInput');
    output += table.usageOf(row, 'reportedOutput');
    total += table.usageOf(row, 'totalOnly');
  }
  return { rules, calls, input, output, total };
}

function spanOf({ id, parent, name, scope, service, from = 0, to = 10, attributes = {} }: Sketch): Span {
  return {
    traceId: traceId('f'),
    spanId: spanId(id),
    parentSpanId: parent === undefined ? undefined : spanId(parent),
    name,
    kind: undefined,
    start: instant(ORIGIN + BigInt(from) * 1_000_000n),
    end: instant(ORIGIN + BigInt(to) * 1_000_000n),
    status: 'unset',
    statusMessage: undefined,
    attributes: new Map(Object.entries(attributes)),
    events: [],
    links: [],
    resource: { attributes: new Map(service === undefined ? [] : [['service.name', service]]) },
    scope: scope === undefined ? undefined : { name: scope, version: undefined },
  };
}

const genAi = (operation: string, input: number, output: number, more: Sketch['attributes'] = {}) => ({
  'gen_ai.operation.name': operation,
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
  ...more,
});
const chat = (input: number, output: number, more: Sketch['attributes'] = {}) =>
  genAi('chat', input, output, { 'gen_ai.request.model': 'gpt-4o', ...more });
const aiV5 = (operation: string, input: number, output: number) => ({
  'ai.operationId': operation,
  'ai.model.id': 'gpt-4o',
  'ai.usage.promptTokens': input,
  'ai.usage.completionTokens': output,
});
const openInference = (kind: string, input?: number, output?: number) => ({
  'openinference.span.kind': kind,
  ...(input === undefined ? {} : { 'llm.token_count.prompt': input }),
  ...(output === undefined ? {} : { 'llm.token_count.completion': output }),
});

/** Name, the spans, and what is counted: calls, input, output, and tokens of which only a sum is told. */
type Case = readonly [string, readonly Sketch[], readonly [number, number, number, number?]];

const CASES: readonly Case[] = [
  [
    'AI SDK 4 to 6: the operation and its steps',
    [
      {
        id: 'a',
        name: 'ai.generateText',
        attributes: aiV5('ai.generateText', 300, 30),
        is: 'rollup_of_reports',
      },
      {
        id: '1',
        parent: 'a',
        name: 'ai.generateText.doGenerate',
        attributes: aiV5('ai.generateText.doGenerate', 100, 10),
        is: 'call',
      },
      {
        id: '2',
        parent: 'a',
        name: 'ai.generateText.doGenerate',
        from: 5,
        attributes: aiV5('ai.generateText.doGenerate', 200, 20),
        is: 'call',
      },
    ],
    [2, 300, 30],
  ],
  [
    'AI SDK 4 to 6: the operation alone, its steps sampled out',
    [
      {
        id: 'a',
        name: 'ai.generateText',
        attributes: aiV5('ai.generateText', 300, 30),
        is: 'aggregate_only',
      },
    ],
    [1, 300, 30],
  ],
  [
    'AI SDK 4 to 6: embed and doEmbed',
    [
      {
        id: 'a',
        name: 'ai.embed',
        attributes: { 'ai.operationId': 'ai.embed', 'ai.usage.tokens': 20 },
        is: 'rollup_of_reports',
      },
      {
        id: '1',
        parent: 'a',
        name: 'ai.embed.doEmbed',
        attributes: { 'ai.operationId': 'ai.embed.doEmbed', 'ai.usage.tokens': 20 },
        is: 'call',
      },
    ],
    [1, 20, 0],
  ],
  [
    'AI SDK 7: invoke_agent, step, chat',
    [
      {
        id: 'a',
        name: 'invoke_agent x',
        scope: 'gen_ai',
        attributes: genAi('invoke_agent', 300, 30),
        is: 'rollup_of_reports',
      },
      { id: 'b', parent: 'a', name: 'step 1', scope: 'gen_ai', is: 'none' },
      { id: '1', parent: 'b', name: 'chat gpt-4o', scope: 'gen_ai', attributes: chat(100, 10), is: 'call' },
      { id: 'c', parent: 'a', name: 'step 2', scope: 'gen_ai', is: 'none' },
      {
        id: '2',
        parent: 'c',
        name: 'chat gpt-4o',
        scope: 'gen_ai',
        from: 5,
        attributes: chat(200, 20),
        is: 'call',
      },
    ],
    [2, 300, 30],
  ],
  [
    'PydanticAI: an agent in a tool, summed up again at every level',
    [
      {
        id: 'a',
        name: 'agent run',
        scope: 'pydantic-ai',
        attributes: genAi('invoke_agent', 600, 60),
        is: 'rollup_of_reports',
      },
      {
        id: '1',
        parent: 'a',
        name: 'chat gpt-4o',
        scope: 'pydantic-ai',
        attributes: chat(100, 10),
        is: 'call',
      },
      { id: 'b', parent: 'a', name: 'running tool: ask', scope: 'pydantic-ai', is: 'none' },
      {
        id: 'c',
        parent: 'b',
        name: 'agent run',
        scope: 'pydantic-ai',
        attributes: genAi('invoke_agent', 300, 30),
        is: 'rollup_of_reports',
      },
      {
        id: '2',
        parent: 'c',
        name: 'chat gpt-4o',
        scope: 'pydantic-ai',
        attributes: chat(300, 30),
        is: 'call',
      },
      {
        id: '3',
        parent: 'a',
        name: 'chat gpt-4o',
        scope: 'pydantic-ai',
        from: 6,
        attributes: chat(200, 20),
        is: 'call',
      },
    ],
    [3, 600, 60],
  ],
  [
    'Strands: agent and cycle repeat the chat spans',
    [
      {
        id: 'a',
        name: 'invoke_agent x',
        scope: 'strands.telemetry.tracer',
        attributes: genAi('invoke_agent', 300, 30),
        is: 'rollup_of_reports',
      },
      {
        id: 'b',
        parent: 'a',
        name: 'execute_event_loop_cycle',
        scope: 'strands.telemetry.tracer',
        is: 'none',
      },
      {
        id: '1',
        parent: 'b',
        name: 'chat',
        scope: 'strands.telemetry.tracer',
        attributes: chat(100, 10),
        is: 'call',
      },
      {
        id: '2',
        parent: 'b',
        name: 'chat',
        scope: 'strands.telemetry.tracer',
        from: 4,
        attributes: chat(200, 20),
        is: 'call',
      },
    ],
    [2, 300, 30],
  ],
  [
    'smolagents: counters that grow from run to run, beside calls that report their own',
    [
      {
        id: 'a',
        name: 'CodeAgent.run',
        scope: 'openinference.instrumentation.smolagents',
        attributes: openInference('AGENT', 900, 90),
        is: 'rollup_of_reports',
      },
      {
        id: '1',
        parent: 'a',
        name: 'OpenAIModel.generate',
        scope: 'openinference.instrumentation.smolagents',
        attributes: openInference('LLM', 100, 10),
        is: 'call',
      },
    ],
    [1, 100, 10],
  ],
  [
    'smolagents: counters alone count what they grew by',
    [
      {
        id: 'a',
        name: 'CodeAgent.run',
        scope: 'openinference.instrumentation.smolagents',
        to: 5,
        attributes: openInference('AGENT', 100, 10),
        is: 'aggregate_only',
      },
      {
        id: 'b',
        name: 'CodeAgent.run',
        scope: 'openinference.instrumentation.smolagents',
        from: 6,
        attributes: openInference('AGENT', 300, 40),
        is: 'aggregate_increase',
      },
      {
        id: 'c',
        name: 'Other.run',
        scope: 'openinference.instrumentation.smolagents',
        from: 7,
        attributes: openInference('AGENT', 50, 5),
        is: 'aggregate_only',
      },
      {
        id: 'd',
        name: 'CodeAgent.run',
        scope: 'openinference.instrumentation.smolagents',
        from: 8,
        to: 20,
        attributes: openInference('AGENT', 20, 2),
        is: 'aggregate_only',
      },
    ],
    [4, 370, 47],
  ],
  [
    'OpenLLMetry CrewAI: the counters of an agent',
    [
      {
        id: 'a',
        name: 'writer.agent',
        scope: 'opentelemetry.instrumentation.crewai',
        to: 5,
        attributes: genAi('invoke_agent', 100, 10, {
          'traceloop.span.kind': 'agent',
          'gen_ai.agent.name': 'writer',
        }),
        is: 'aggregate_only',
      },
      {
        id: 'b',
        name: 'writer.agent',
        scope: 'opentelemetry.instrumentation.crewai',
        from: 6,
        attributes: genAi('invoke_agent', 150, 30, {
          'traceloop.span.kind': 'agent',
          'gen_ai.agent.name': 'writer',
        }),
        is: 'aggregate_increase',
      },
    ],
    [2, 150, 30],
  ],
  [
    'OpenInference Claude Agent SDK: totals on the agent alone, beside an embedding in a tool',
    [
      {
        id: 'a',
        name: 'ClaudeAgent',
        scope: 'openinference.instrumentation.claude_agent_sdk',
        attributes: { ...openInference('AGENT', 5000, 500), 'llm.model_name': 'claude-sonnet-4' },
        is: 'aggregate_only',
      },
      { id: 'b', parent: 'a', name: 'Search', attributes: openInference('TOOL'), is: 'none' },
      { id: '1', parent: 'b', name: 'embed', attributes: openInference('EMBEDDING', 40), is: 'call' },
    ],
    [2, 5040, 500],
  ],
  [
    'SOS: agent and RAG over generated answers',
    [
      {
        id: 'a',
        name: 'agent.execute',
        service: 'sos',
        attributes: { 'agent.tokens_used': 330, 'agent.cost': 0.5 },
        is: 'rollup_of_reports',
      },
      {
        id: 'b',
        parent: 'a',
        name: 'rag.execute',
        service: 'sos',
        attributes: { 'rag.tokens_used': 110 },
        is: 'rollup_of_reports',
      },
      {
        id: '1',
        parent: 'b',
        name: 'llm.generate',
        service: 'sos',
        attributes: { 'llm.input_tokens': 100, 'llm.output_tokens': 10 },
        is: 'call',
      },
      {
        id: '2',
        parent: 'a',
        name: 'llm.generate',
        service: 'sos',
        attributes: { 'llm.input_tokens': 200, 'llm.output_tokens': 20 },
        is: 'call',
      },
    ],
    [2, 300, 30],
  ],
  [
    'SOS: an agent whose calls are not in the trace',
    [
      {
        id: 'a',
        name: 'agent.execute',
        service: 'sos',
        attributes: { 'agent.tokens_used': 330 },
        is: 'aggregate_only',
      },
    ],
    [1, 0, 0, 330],
  ],
  [
    'LiteLLM proxy behind an application: two programs, one call, by the id of the answer',
    [
      {
        id: '1',
        name: 'chat prod',
        service: 'app',
        attributes: chat(100, 10, { 'gen_ai.request.model': 'prod', 'gen_ai.response.id': 'r1' }),
        is: 'duplicate_response_id',
      },
      { id: 'b', parent: '1', name: 'POST', service: 'app', from: 1, to: 9, is: 'none' },
      {
        id: 'c',
        parent: 'b',
        name: 'Received Proxy Server Request',
        scope: 'litellm',
        service: 'proxy',
        from: 1,
        to: 9,
        is: 'none',
      },
      {
        id: '2',
        parent: 'c',
        name: 'litellm_request',
        scope: 'litellm',
        service: 'proxy',
        from: 2,
        to: 8,
        attributes: chat(100, 10, { 'gen_ai.response.id': 'r1' }),
        is: 'call',
      },
    ],
    [1, 100, 10],
  ],
  [
    'LiteLLM proxy behind an application: without ids, by the tokens',
    [
      {
        id: '1',
        name: 'chat prod',
        service: 'app',
        attributes: chat(100, 10, { 'gen_ai.request.model': 'prod' }),
        is: 'duplicate_layer',
      },
      {
        id: '2',
        parent: '1',
        name: 'litellm_request',
        scope: 'litellm',
        service: 'proxy',
        from: 2,
        to: 8,
        attributes: chat(100, 10),
        is: 'call',
      },
    ],
    [1, 100, 10],
  ],
  [
    'ADK: call_llm around generate_content',
    [
      { id: 'a', name: 'invocation', scope: 'gcp.vertex.agent', is: 'none' },
      {
        id: '1',
        parent: 'a',
        name: 'call_llm',
        scope: 'gcp.vertex.agent',
        attributes: {
          'gen_ai.request.model': 'gemini-2.5-flash',
          'gen_ai.usage.input_tokens': 100,
          'gen_ai.usage.output_tokens': 10,
        },
        is: 'duplicate_layer',
      },
      {
        id: '2',
        parent: '1',
        name: 'generate_content gemini-2.5-flash',
        from: 1,
        to: 9,
        attributes: genAi('generate_content', 100, 10, { 'gen_ai.request.model': 'gemini-2.5-flash' }),
        is: 'call',
      },
    ],
    [1, 100, 10],
  ],
  [
    'Logfire: a span announced when it starts is a first report of it',
    [
      {
        id: 'p',
        parent: '1',
        name: 'chat',
        scope: 'pydantic-ai',
        to: 0,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'logfire.span_type': 'pending_span',
          'logfire.pending_parent_id': '000000000000000a',
        },
        is: '',
      },
      { id: 'a', name: 'agent run', scope: 'pydantic-ai', is: 'none' },
      {
        id: '1',
        parent: 'a',
        name: 'chat',
        scope: 'pydantic-ai',
        attributes: chat(100, 10, { 'logfire.span_type': 'span' }),
        is: 'call',
      },
      {
        id: 'e',
        parent: '2',
        name: 'chat',
        scope: 'pydantic-ai',
        to: 0,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'logfire.span_type': 'pending_span',
          'logfire.pending_parent_id': '000000000000000a',
        },
        is: '',
      },
    ],
    [2, 100, 10],
  ],
  [
    'two patches of one SDK beside each other',
    [
      { id: 'a', name: 'run', is: 'none' },
      {
        id: '1',
        parent: 'a',
        name: 'ChatCompletion',
        attributes: { ...openInference('LLM', 100, 10), 'llm.model_name': 'gpt-4o-2024-08-06' },
        is: 'call',
      },
      { id: '2', parent: 'a', name: 'chat gpt-4o', attributes: chat(100, 10), is: 'duplicate_overlap' },
    ],
    [1, 100, 10],
  ],
  [
    'an OpenInference span around a GenAI client span',
    [
      {
        id: '1',
        name: 'ChatOpenAI',
        attributes: { ...openInference('LLM', 100, 10), 'llm.model_name': 'gpt-4o' },
        is: 'duplicate_layer',
      },
      { id: '2', parent: '1', name: 'chat gpt-4o', from: 1, to: 9, attributes: chat(100, 10), is: 'call' },
    ],
    [1, 100, 10],
  ],
  [
    'retries that used as many tokens, one after the other',
    [
      { id: 'a', name: 'run', is: 'none' },
      {
        id: '1',
        parent: 'a',
        name: 'ChatCompletion',
        to: 4,
        attributes: { ...openInference('LLM', 100, 10), 'llm.model_name': 'gpt-4o' },
        is: 'call',
      },
      { id: '2', parent: 'a', name: 'chat gpt-4o', from: 5, attributes: chat(100, 10), is: 'call' },
    ],
    [2, 200, 20],
  ],
  [
    'equal calls beside each other',
    [
      { id: 'a', name: 'run', is: 'none' },
      { id: '1', parent: 'a', name: 'chat gpt-4o', attributes: chat(100, 10), is: 'call' },
      { id: '2', parent: 'a', name: 'chat gpt-4o', attributes: chat(100, 10), is: 'call' },
    ],
    [2, 200, 20],
  ],
  [
    'a call whose tool asks another model for as much',
    [
      { id: '1', name: 'chat gpt-4o', attributes: chat(100, 10), is: 'call' },
      {
        id: 'b',
        parent: '1',
        name: 'execute_tool ask',
        attributes: { 'gen_ai.operation.name': 'execute_tool' },
        is: 'none',
      },
      { id: '2', parent: 'b', name: 'chat gpt-4o', attributes: chat(100, 10), is: 'call' },
    ],
    [2, 200, 20],
  ],
  [
    'MLflow: what the trace adds up to is on no call',
    [
      {
        id: 'a',
        name: 'predict',
        attributes: {
          'mlflow.spanType': '"CHAIN"',
          'mlflow.trace.tokenUsage': '{"input_tokens":300,"output_tokens":30,"total_tokens":330}',
        },
        is: 'none',
      },
      { id: '1', parent: 'a', name: 'chat gpt-4o', attributes: chat(100, 10), is: 'call' },
    ],
    [1, 100, 10],
  ],
];

describe('what repeats', () => {
  it.each(CASES)('%s', (_, sketches, [calls, input, output, total = 0]) => {
    const found = judged(sketches);
    for (const { id, is } of sketches) if (is !== '') expect(found.rules[id], id).toBe(is);
    expect([found.calls, found.input, found.output, found.total]).toEqual([calls, input, output, total]);
  });

  it('leaves an announced span that never ended as an open one, under its own parent', () => {
    const { rules } = judged(CASES.find(([name]) => name.startsWith('Logfire'))![1]);
    expect(rules).toEqual({ a: 'none', 1: 'call', 2: 'call' });
  });
});
