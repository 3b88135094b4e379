import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AUTHORITIES,
  Entries,
  FLAG,
  hash64,
  Interner,
  NumberColumn,
  ROW,
  ROW_WORDS,
  SPAN_TEXTS,
  SpanTable,
  USAGE_FIELDS,
} from '../../src/model/index.ts';
import { assemble, attribute, bill } from '../../src/trace/index.ts';
import { agentSpan, type Sketch, spanId, traceId } from '../trace/table.ts';

const NOBODY = { user: [], organization: [], workspace: [], session: [], workflow: [] };
const FREE = { priceOf: () => ({ status: 'free', match: MATCH }) as const };
const MATCH = { layer: 'preset', row: 'test/free', kind: 'exact', assumptions: [] } as const;

const sketches: fc.Arbitrary<Sketch[]> = fc.array(
  fc.record(
    {
      id: fc.constantFrom('1', '2', 'a', 'span one', 'Wörter 語'),
      trace: fc.constantFrom('f', 'e', 'run 7'),
      parent: fc.constantFrom('1', 'a', 'gone'),
      name: fc.string(),
      kind: fc.constantFrom('llm', 'agent', 'tool'),
      from: fc.nat(1e6),
      to: fc.nat(1e9),
      status: fc.constantFrom('ok', 'error'),
      half: fc.constantFrom('owner', 'shared'),
      dialect: fc.constantFrom('one', 'two'),
      text: fc.record(
        { user: fc.string(), session: fc.string({ unit: 'binary' }), model: fc.string(), tool: fc.string() },
        { requiredKeys: [] },
      ),
      usage: fc.record(
        { reportedInput: fc.maxSafeNat(), output: fc.nat(70_000), cacheRead: fc.nat(9) },
        { requiredKeys: [] },
      ),
      recorded: fc.double({ min: 0, max: 2000, noNaN: true }),
      authority: fc.constantFrom(...AUTHORITIES),
      answer: fc.string(),
      failed: fc.boolean(),
      fromEvent: fc.boolean(),
    },
    { requiredKeys: ['id'] },
  ),
  { maxLength: 12 },
);

describe('the span table', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(sketches, (given) => {
        const table = tableOf(given);
        expect(rowsOf(table)).toEqual(given.map(wordsOf));
      }),
    );
  });

  it('forgets the last rows as if they had never been', () => {
    fc.assert(
      fc.property(sketches, sketches, sketches, (kept, undone, next) => {
        const table = tableOf([...kept, ...undone]);
        table.truncate(kept.length);
        expect(rowsOf(table)).toEqual(rowsOf(tableOf(kept)));
        const known = new Set(kept.map(traceOf));
        for (const sketch of undone)
          expect(table.traces.has(traceOf(sketch))).toBe(known.has(traceOf(sketch)));
        for (const sketch of next) table.push(agentSpan(sketch));
        expect(rowsOf(table)).toEqual(rowsOf(tableOf([...kept, ...next])));
      }),
    );
  });

  it('needs less than 70 bytes a span, and less than 90 with trees, users and bills', () => {
    const spans = 100_000;
    const before = used();
    const table = ofCalls(spans);
    const read = used();
    const forest = assemble(table);
    const linked = used();
    const attribution = attribute(forest, NOBODY);
    const billed = bill(forest, FREE, 'auto');
    for (let p = 0; p < forest.length; p++) attribution.user(p);
    const done = used();
    expect((read.buffers - before.buffers) / spans).toBeLessThan(70);
    expect((done.buffers - before.buffers) / spans).toBeLessThan(90);
    // Objects do not grow with the spans; what code and its feedback take does not count.
    expect((linked.heap - read.heap) / spans).toBeLessThan(8);
    expect((done.heap - linked.heap) / spans).toBeLessThan(8);
    expect([table.length, billed.isCall(1)]).toEqual([spans, true]);
  });
});

const collect = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

function used(): { readonly buffers: number; readonly heap: number } {
  collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return { buffers: arrayBuffers, heap: heapUsed };
}

/** Traces of ten, as rows of a reader: the root names its user, every other span is a call with tokens, a cost and an answer. */
function ofCalls(spans: number): SpanTable {
  const table = new SpanTable();
  const common = {
    status: 'ok',
    spanKind: 'client',
    dialect: 'otel-genai',
    resource: { attributes: new Map() },
    half: undefined,
    attempt: undefined,
  } as const;
  const root = table.profile({ ...common, name: 'run', kind: 'agent', text: {} });
  const call = table.profile({ ...common, name: 'chat', kind: 'llm', text: { model: 'gpt-4o' } });
  const words = new Uint32Array(ROW_WORDS);
  const doubles = new Float64Array(words.buffer);
  for (let i = 0; i < spans; i++) {
    const isRoot = i % 10 === 0;
    words.set([i / 10, 7, 7, 7], ROW.traceId);
    words.set([9, i + 1], ROW.spanId);
    words.set(isRoot ? [0, 0] : [9, i - (i % 10) + 1], ROW.parentId);
    words.set([1_790_000_000 + i, i], ROW.startSecond);
    const flags = FLAG.hasStart | FLAG.hasEnd | (isRoot ? 0 : FLAG.hasParent);
    doubles[ROW.duration / 2] = 5e9 + i;
    const profile = isRoot ? root : call;
    const row = table.pushRows({ words, doubles }, 0, Uint32Array.of(profile), Uint32Array.of(flags), 1);
    if (isRoot) table.setText('user', row, table.strings.id(`user ${i % 70}`));
    else if (i % 2 === 1) table.setCall(row, usageOf(i), 0, 1e9 + i, 1, i, 5);
  }
  return table;
}

const usageOf = (i: number) => ({
  ...NO_USAGE,
  reportedInput: i,
  uncachedInput: i,
  reportedOutput: 70,
  output: 70,
});

const NO_USAGE = Object.fromEntries(USAGE_FIELDS.map((field) => [field, 0])) as Record<
  (typeof USAGE_FIELDS)[number],
  number
>;

const traceOf = ({ trace }: Sketch): string => traceId(trace ?? 'f');

function tableOf(given: readonly Sketch[]): SpanTable {
  const table = new SpanTable();
  for (const sketch of given) table.push(agentSpan(sketch));
  return table;
}

/** All that the table says of its rows. */
function rowsOf(table: SpanTable): unknown[] {
  return Array.from({ length: table.length }, (_, row) => ({
    trace: table.traceIdOf(row),
    id: table.spanIdOf(row),
    parent: table.parentIdOf(row),
    name: table.nameOf(row),
    kind: table.kindOf(row),
    status: table.statusOf(row),
    half: table.halfOf(row),
    dialect: table.dialectOf(row),
    start: table.startOf(row),
    duration: table.durationOf(row),
    texts: SPAN_TEXTS.map((field) => table.textOf(field, row)),
    model: table.textOf('model', row),
    tool: table.textOf('tool', row),
    usage: table.hasUsage(row) ? table.usageAt(row) : undefined,
    cost: table.recordedCostOf(row),
    answer: table.answerOf(row),
    failed: table.has(row, FLAG.failed),
    fromEvent: table.has(row, FLAG.fromEvent),
  }));
}

/** The same of a sketch. */
function wordsOf(sketch: Sketch): unknown {
  const { span, usage, text, recordedCost, responseId, kind, failed, dialect } = agentSpan(sketch);
  const isOpen = span.end === undefined || span.start === undefined;
  const [high, low] = responseId === undefined ? [0, 0] : hash64(responseId);
  return {
    trace: span.traceId,
    id: spanId(sketch.id),
    parent: span.parentSpanId,
    name: span.name,
    kind,
    status: span.status,
    half: span.half,
    dialect,
    start: span.start,
    duration: isOpen ? undefined : span.end < span.start ? 0 : Number(span.end - span.start),
    texts: SPAN_TEXTS.map((field) => text[field]),
    model: text.model,
    tool: text.tool,
    usage,
    cost: recordedCost,
    answer: responseId === undefined ? undefined : (BigInt(high) << 32n) | BigInt(low),
    failed,
    fromEvent: span.fromEvent === true,
  };
}

describe('columns', () => {
  it('hold every number they are given, however wide', () => {
    const numbers = fc.oneof(fc.nat(9), fc.nat(70_000), fc.maxSafeNat(), fc.double({ noNaN: true, min: 0 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20_000), numbers)), fc.nat(20_000), (written, from) => {
        const column = new NumberColumn();
        const expected = new Map<number, number>();
        for (const [at, value] of written) {
          column.set(at, value);
          expected.set(at, value);
        }
        for (const [at, value] of expected) expect(column.get(at)).toBe(value);
        column.clear(from);
        for (const [at, value] of expected) expect(column.get(at)).toBe(at < from ? value : 0);
      }),
    );
  });

  it('hold numbers that are added one behind the other', () => {
    const numbers = fc.oneof(fc.nat(9), fc.nat(70_000), fc.maxSafeNat(), fc.double({ noNaN: true, min: 0 }));
    const run = fc.oneof(
      fc.array(fc.oneof(fc.constant(0), numbers), { maxLength: 90 }),
      fc.tuple(fc.nat(5000), numbers).map(([length, value]) => Array<number>(length).fill(value)),
    );
    fc.assert(
      fc.property(fc.array(run, { maxLength: 8 }), fc.nat(90), (runs, before) => {
        const column = new NumberColumn();
        let length = 0;
        for (const values of runs) {
          const padded = Float64Array.of(...Array<number>(before).fill(7), ...values, 7);
          column.append(length, padded, before, values.length);
          length += values.length;
        }
        const all = runs.flat();
        expect(Array.from({ length: length + 1 }, (_, at) => column.get(at))).toEqual([...all, 0]);
      }),
    );
  });

  it('number the places that have an entry', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(9000)), fc.nat(9000), (some, from) => {
        const places = some.sort((a, b) => a - b);
        const entries = new Entries();
        expect(places.map((place) => entries.add(place))).toEqual(places.map((_, i) => i));
        expect(places.map((place) => entries.of(place))).toEqual(places.map((_, i) => i));
        expect(entries.of(9001)).toBe(-1);
        entries.truncate(from);
        const kept = places.filter((place) => place < from);
        expect(entries.length).toBe(kept.length);
        expect(places.map((place) => entries.of(place))).toEqual(places.map((p, i) => (p < from ? i : -1)));
      }),
    );
  });
});

describe('interned texts', () => {
  it('come back as they were, and equal ones are one', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'é', '語', '\ud800', 'x'.repeat(70_000), '語'.repeat(40_000)),
    );
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 300 }), (given) => {
        const strings = new Interner();
        const ids = given.map((text) => strings.id(text));
        expect(ids.map((id) => strings.text(id))).toEqual(given);
        expect(given.map((text) => strings.find(text))).toEqual(ids);
        expect(strings.size).toBe(new Set(given).size + 1);
        expect([strings.id(undefined), strings.text(0), strings.find('never seen')]).toEqual([
          0,
          undefined,
          -1,
        ]);
      }),
    );
  });
});
