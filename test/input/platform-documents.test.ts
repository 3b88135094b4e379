import { describe, expect, it } from 'vitest';
import { Splitter } from '../../src/input/split.ts';
import { plainSpan } from './collect.ts';
import { read } from './reading.ts';

// Exports of platforms are one document each. Above a limit they are read part by part; what every part needs to know of
// its trace stands elsewhere in the document. The answer is the same.

const TRACE = '7d1f3c5b9a2e4f60817263544a5b6c7d';
/** Every span holds so much text that several parts come of a dozen. */
const TEXT = 'x'.repeat(150_000);
const COUNT = 12;
const numbers = Array.from({ length: COUNT }, (_, i) => i);
const time = (i: number): string => `2026-03-02T10:00:${String(i).padStart(2, '0')}.000Z`;
const id = (i: number): string => `a${i.toString(16).padStart(15, '0')}`;

const observations = numbers.map((i) => ({
  id: id(i),
  traceId: TRACE,
  type: 'GENERATION',
  name: `call ${i}`,
  startTime: time(i),
  endTime: time(i + 1),
  parentObservationId: i === 0 ? null : id(0),
  level: 'DEFAULT',
  model: 'gpt-4o',
  usageDetails: { input: 10, output: 5, total: 15 },
  input: TEXT,
}));
const trace = {
  id: TRACE,
  name: 'chat',
  timestamp: time(0),
  userId: 'ana',
  sessionId: 's-1',
  release: null,
  public: false,
  tags: ['t'],
};
const run = (i: number) => ({
  id: `r-${i}`,
  trace_id: 'r-0',
  name: `run ${i}`,
  run_type: 'llm',
  parent_run_id: i === 0 ? null : 'r-0',
  start_time: time(i),
});
const mlflowSpan = (i: number) => ({
  trace_id: TRACE,
  span_id: id(i),
  parent_span_id: i === 0 ? null : id(0),
  name: `call ${i}`,
  start_time_unix_nano: `${1_790_000_000 + i}000000000`,
  end_time_unix_nano: `${1_790_000_001 + i}000000000`,
  status: { code: 'STATUS_CODE_OK', message: '' },
  attributes: { 'mlflow.spanType': '"LLM"', 'mlflow.spanInputs': JSON.stringify(TEXT) },
});
const info = {
  trace_id: `tr-${TRACE}`,
  state: 'OK',
  execution_duration: '1s',
  trace_metadata: { 'mlflow.trace.user': 'ana' },
};
const phoenixSpan = (i: number) => ({
  id: String(i),
  name: `call ${i}`,
  context: { trace_id: TRACE, span_id: id(i) },
  span_kind: 'LLM',
  parent_id: i === 0 ? null : id(0),
  start_time: time(i),
  end_time: time(i + 1),
  status_code: 'OK',
  attributes: { 'llm.model_name': 'gpt-4o', 'input.value': TEXT },
});
const agentsSpan = (i: number) => ({
  object: 'trace.span',
  id: `span_${i}`,
  trace_id: 'trace_1',
  parent_id: i === 0 ? null : 'span_0',
  started_at: time(i),
  ended_at: time(i + 1),
  span_data: {
    type: 'generation',
    model: 'gpt-4o',
    input: TEXT,
    usage: { input_tokens: 1, output_tokens: 1 },
  },
  error: null,
});
const agentsTrace = { object: 'trace', id: 'trace_1', workflow_name: 'Support', group_id: 'g-1' };

const DOCUMENTS: Readonly<Record<string, unknown>> = {
  'Langfuse, observations beside their trace': { trace, observations },
  'Langfuse, observations in their trace and beside it': { trace: { ...trace, observations }, observations },
  'Langfuse, the trace behind its observations': { observations, trace: { ...trace, observations } },
  'Langfuse, a trace that is large by itself': { trace: { ...trace, input: TEXT }, observations },
  'Langfuse, observations in their trace': { ...trace, observations },
  'Langfuse, traces in a list': { data: [{ ...trace, observations }], meta: { page: 1 } },
  'LangSmith, posted and patched': {
    post: numbers.map((i) => ({ ...run(i), inputs: { prompt: TEXT } })),
    patch: numbers.map((i) => ({ id: `r-${i}`, trace_id: 'r-0', dotted_order: '', end_time: time(i + 1) })),
  },
  'LangSmith, runs of the API': {
    runs: numbers.map((i) => ({ ...run(i), end_time: time(i + 1), inputs: { TEXT } })),
  },
  'MLflow, one trace': { info, data: { spans: numbers.map(mlflowSpan) } },
  'MLflow, traces in an array': [{ info, data: { spans: numbers.map(mlflowSpan) } }],
  'MLflow, traces of a search': { traces: [{ info, data: { spans: numbers.map(mlflowSpan) } }] },
  'Phoenix, an answer of the API': { data: numbers.map(phoenixSpan), next_cursor: null },
  'OpenAI Agents, a body for ingestion': { data: [...numbers.map(agentsSpan), agentsTrace] },
  'OpenAI Agents, traces with spans': { traces: [{ ...agentsTrace, spans: numbers.map(agentsSpan) }] },
};

function piecesOf(text: string): number {
  let pieces = 0;
  const splitter = new Splitter({ line: 1, emit: () => pieces++ });
  for (let at = 0; at < text.length; at += 1 << 16)
    splitter.push(Buffer.from(text.slice(at, at + (1 << 16))));
  splitter.end();
  return pieces;
}

describe('documents of platforms', () => {
  it.each(Object.entries(DOCUMENTS))('%s: the same in parts', async (_, document) => {
    const text = JSON.stringify(document);
    expect(piecesOf(text)).toBeGreaterThan(3);
    const whole = await read(text);
    const parts = await read(text, { limits: { split: 64 * 1024, hold: 128 * 1024 * 1024 } });
    expect(whole.spans).toHaveLength(COUNT);
    expect(parts.spans.map(plainSpan)).toEqual(whole.spans.map(plainSpan));
    expect([parts.skipped, parts.formats]).toEqual([whole.skipped, whole.formats]);
  });
});

/** Each more than the limit by itself, with a list that a document of many records might have. */
const RECORDS: Readonly<Record<string, readonly [record: unknown, spans: number, events: number]>> = {
  'LangSmith, a run with events and child runs': [
    {
      ...run(0),
      end_time: time(9),
      events: [{ name: 'start', time: time(0) }],
      inputs: { TEXT },
      child_runs: numbers.slice(1).map((i) => ({ ...run(i), end_time: time(i), inputs: { TEXT } })),
    },
    COUNT,
    1,
  ],
  'Phoenix, a span with events': [
    { ...phoenixSpan(0), events: [{ name: 'retry', timestamp: time(0) }] },
    1,
    1,
  ],
  'Phoenix, events before everything else': [{ events: [{ name: 'retry' }], ...phoenixSpan(0) }, 1, 0],
  'OpenTelemetry Python, a span with events': [
    {
      name: 'call',
      context: { trace_id: `0x${TRACE}`, span_id: `0x${id(1)}`, trace_state: '[]' },
      kind: 'SpanKind.CLIENT',
      parent_id: null,
      start_time: time(0),
      end_time: time(1),
      status: { status_code: 'UNSET' },
      attributes: { 'input.value': TEXT },
      events: [{ name: 'retry', timestamp: time(0), attributes: {} }],
      links: [],
      resource: { attributes: {}, schema_url: '' },
    },
    1,
    1,
  ],
};

describe('single records', () => {
  it.each(Object.entries(RECORDS))('%s: read however large', async (_, [record, spans, events]) => {
    const limits = { split: 64 * 1024, hold: 128 * 1024 * 1024 };
    for (const text of [JSON.stringify(record), JSON.stringify(record, null, 2)]) {
      const found = await read(text, { limits });
      expect(found.spans).toHaveLength(spans);
      expect(found.spans.flatMap((span) => span.events)).toHaveLength(events);
    }
  });
});
