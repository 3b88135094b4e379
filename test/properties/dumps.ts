import fc from 'fast-check';

/** One span of a made-up dump, as OTLP JSON has it. */
export type DumpSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code?: number; readonly message?: string };
};

const START = 1_770_000_000_000_000_000n;
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-20250514', 'no-such-model', '__proto__'];
const USERS = ['ana', 'ben', 'constructor', '漢字'];

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } });

const usage = fc.record({
  input: fc.integer({ min: 0, max: 5000 }),
  cached: fc.integer({ min: 0, max: 5000 }),
  output: fc.integer({ min: 0, max: 900 }),
  cost: fc.option(fc.integer({ min: 0, max: 1000 })),
});

/** What one span is and where it hangs, before it has ids. `parent` points at an earlier span, or out of the trace. */
const shape = fc.record({
  role: fc.constantFrom('llm', 'llm', 'llm', 'tool', 'agent', 'embedding', 'step'),
  parent: fc.integer({ min: -2, max: 30 }),
  start: fc.integer({ min: 0, max: 40 }),
  length: fc.integer({ min: -1, max: 20 }),
  failed: fc.boolean(),
  model: fc.constantFrom(...MODELS),
  user: fc.option(fc.constantFrom(...USERS)),
  reports: fc.option(usage),
  answerId: fc.option(fc.constantFrom('answer-1', 'answer-2'), { freq: 6 }),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** Some traces: trees with several roots, orphans, open spans, roll-ups, answers reported twice, users here and there. */
export const dumps: fc.Arbitrary<readonly DumpSpan[]> = fc
  .array(fc.array(shape, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 4 })
  .map((traces) => traces.flatMap((shapes, trace) => shapes.map((one, i) => spanOf(trace, i, one))));

/** One request a line, as a collector's file exporter writes. */
export function otlpLines(spans: readonly DumpSpan[]): string {
  return spans.map((span) => `${JSON.stringify(request([span]))}\n`).join('');
}

const request = (spans: readonly DumpSpan[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [text('service.name', 'made-up')] },
      scopeSpans: [{ scope: { name: 'properties' }, spans }],
    },
  ],
});

function spanOf(trace: number, index: number, one: Shape): DumpSpan {
  const start = START + BigInt(trace) * 1_000_000_000n + BigInt(one.start) * 1_000_000n;
  return {
    traceId: (trace + 1).toString(16).padStart(32, '0'),
    spanId: spanId(trace, index),
    parentSpanId: parentOf(trace, index, one.parent),
    name: `${one.role} ${index}`,
    kind: 1,
    startTimeUnixNano: String(start),
    endTimeUnixNano: one.length < 0 ? '0' : String(start + BigInt(one.length) * 1_000_000n),
    attributes: attributesOf(one),
    status: one.failed ? { code: 2, message: 'it failed' } : {},
  };
}

const spanId = (trace: number, index: number) => (trace * 1000 + index + 1).toString(16).padStart(16, '0');

function parentOf(trace: number, index: number, parent: number): string {
  if (index === 0 || parent === -1) return '';
  return parent === -2 ? 'ffffffffffffffff' : spanId(trace, parent % index);
}

function attributesOf(one: Shape): DumpSpan['attributes'] {
  const { role, model, user, reports, answerId } = one;
  const operation = { llm: 'chat', embedding: 'embeddings', tool: 'execute_tool', agent: 'invoke_agent' };
  const attributes =
    role === 'step' ? [] : [text('gen_ai.operation.name', operation[role as keyof typeof operation])];
  if (role === 'llm' || role === 'embedding') attributes.push(text('gen_ai.request.model', model));
  if (role === 'tool') attributes.push(text('gen_ai.tool.name', 'search'));
  if (role === 'agent') attributes.push(text('gen_ai.agent.name', 'planner'));
  if (user !== null) attributes.push(text('user.id', user));
  if (answerId !== null && role === 'llm') attributes.push(text('gen_ai.response.id', answerId));
  if (reports === null || role === 'tool' || role === 'step') return attributes;
  return [
    ...attributes,
    whole('gen_ai.usage.input_tokens', reports.input),
    whole('gen_ai.usage.output_tokens', reports.output),
    ...(reports.cached <= reports.input
      ? [whole('gen_ai.usage.cache_read.input_tokens', reports.cached)]
      : []),
    ...(reports.cost === null
      ? []
      : [{ key: 'gen_ai.usage.cost', value: { doubleValue: reports.cost / 1_000_000 } }]),
  ];
}
