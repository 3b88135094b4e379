import { describe, expect, it } from 'vitest';
import { pythonInput } from '../../fuzz/python.ts';
import { Random } from '../../fuzz/random.ts';
import { askedPlan, checkWhole, repeated } from '../../fuzz/whole.ts';
import type { JsonObject, JsonValue } from '../../src/input/format.ts';
import { FORMATS } from '../../src/input/formats/index.ts';
import { createWasmScanner } from '../../src/input/wasm-scanner.ts';
import { ROW, ROW_WORDS, type RowPlan } from '../../src/model/index.ts';

const ATTRIBUTES = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.usage.input_tokens': 12,
  'user.id': 'u',
};
let spans = 0;
const id = () => `0x${(++spans).toString(16).padStart(16, '0')}`;
const span = (changes: JsonObject = {}): JsonObject => ({
  name: 'chat gpt-4o',
  context: { trace_id: '0x0af7651916cd43dd8448eb211c80319c', span_id: id(), trace_state: '[]' },
  kind: 'SpanKind.CLIENT',
  parent_id: null,
  start_time: '2026-09-21T14:13:20.000001Z',
  end_time: '2026-09-21T14:13:21.000003Z',
  status: { status_code: 'UNSET' },
  attributes: ATTRIBUTES,
  events: [],
  links: [],
  resource: { attributes: { 'service.name': 'shop' }, schema_url: '' },
  ...changes,
});
const printed = (changes?: JsonObject) => JSON.stringify(span(changes), null, 4);
const PLAN: RowPlan = {
  keys: [
    { key: 'gen_ai.operation.name', use: 'constant' },
    { key: 'gen_ai.usage.input_tokens', use: 'count' },
    { key: 'user.id', use: 'text' },
  ],
  blanks: ['', 'null'],
  events: new Set(['exception']),
};

/** Rows of these texts, each on lines of its own, and whether all of them were read. */
function scanned(...texts: readonly string[]) {
  const scanner = createWasmScanner(PLAN);
  const bytes = Buffer.from(texts.join('\n'));
  bytes.copy(scanner.window(bytes.length));
  scanner.begin(1);
  const { why, broken } = scanner.scan(0, bytes.length, 0, true);
  const { count, words, doubles } = scanner.rows();
  const rows = Array.from({ length: count }, (_, row) => row * ROW_WORDS);
  return {
    why,
    broken,
    patterns: rows.map((at) => words[at + ROW.pattern]!),
    lines: rows.map((at) => words[at + ROW.line]!),
    starts: rows.map((at) => words[at + ROW.startSecond]! * 1e9 + words[at + ROW.startNano]!),
    durations: rows.map((at) => doubles[(at + ROW.duration) / 2]!),
  };
}

describe('spans printed by Python as rows', () => {
  it('have the same pattern where they mean the same, wherever they stand', () => {
    const attributes = { ...ATTRIBUTES, 'user.id': 'v', 'gen_ai.usage.input_tokens': 99 };
    const { why, broken, patterns, lines } = scanned(
      printed(),
      printed({ attributes }),
      JSON.stringify(span()),
      printed(),
    );
    expect({ why, broken, patterns }).toEqual({ why: 'more', broken: false, patterns: [1, 1, 1, 1] });
    const length = printed().split('\n').length;
    expect(lines).toEqual([1, length + 1, 2 * length + 1, 2 * length + 2]);
  });

  it.each([
    ['2026-09-21T14:13:20.000001Z', '2026-09-21T14:13:21.000003Z'],
    ['1970-01-01T00:00:00.000001Z', '1970-01-01T00:00:00.000001Z'],
    ['2000-02-29T23:59:59.999999Z', '2000-03-01T00:00:00.000000Z'],
    ['2026-02-30T00:00:00Z', '2026-03-02T00:00:00.5Z'],
    ['2099-12-31T23:59:58Z', '2099-12-31T23:59:59.999999999Z'],
  ])('begin at %s and end at %s', (start_time, end_time) => {
    const { patterns, starts, durations } = scanned(printed({ start_time, end_time }));
    const nanos = (text: string) =>
      Date.parse(text.replace('02-30', '03-02').replace(/\.\d+/, '')) * 1e6 +
      Number(`0${/\.\d+/.exec(text)?.[0] ?? ''}`) * 1e9;
    expect(patterns).toEqual([1]);
    expect(starts[0]).toBeCloseTo(nanos(start_time), 0);
    expect(durations[0]).toBeCloseTo(nanos(end_time) - nanos(start_time), -4);
  });

  it.each([
    ['another kind', { kind: 'SpanKind.SERVER' }],
    ['a status', { status: { status_code: 'OK' } }],
    ['a parent', { parent_id: '0x00000000000000ff' }],
    ['null in place of a value', { attributes: { ...ATTRIBUTES, 'user.id': null } }],
    ['an event', { events: [{ name: 'log', timestamp: '2026-09-21T14:13:20Z', attributes: {} }] }],
  ])('have another with %s', (_, changes) => {
    expect(scanned(printed(), printed(changes)).patterns).toEqual([1, 2]);
  });

  it.each([
    ['a failure with a description', { status: { status_code: 'ERROR', description: 'no' } }],
    ['an event that tells something', { events: [{ name: 'exception', attributes: {} }] }],
    ['no end', { end_time: null }],
    ['a time of another zone', { start_time: '2026-09-21T14:13:20.000001+02:00' }],
    ['a month that is none', { start_time: '2026-13-21T14:13:20.000001Z' }],
    ['an id without its mark', { parent_id: '00000000000000ff' }],
    ['a count that is none', { attributes: { ...ATTRIBUTES, 'gen_ai.usage.input_tokens': '12' } }],
  ])('are read as objects with %s', (_, changes) => {
    expect(scanned(printed(changes))).toMatchObject({ patterns: [0], why: 'more' });
  });

  it.each([
    ['a member of another name', printed({ instrumentation_scope: { name: 'lib' } })],
    ['a member twice', printed().replace('"links": []', '"events": []')],
    ['an escape in a key', printed().replace('"kind"', '"k\\u0069nd"')],
    ['no resource', printed({ resource: null })],
    ['no ids', printed({ context: {} })],
    ['no start', printed().replace('"start_time"', '"end_time"')],
    ['something behind it', `${printed()} x`],
    ['a margin', printed().replaceAll(/^/gm, '  ')],
    ['a line without a margin', printed().replace('    "kind"', '"kind"')],
    ['its bracket not at the edge', printed().replace(/\n\}$/, '\n  }')],
    ['a member behind the bracket', printed().replace('{\n', '{')],
  ])('are refused with %s', (_, odd) => {
    expect(scanned(odd, printed()).why).toBe('foreign');
  });

  it('are what no format in front of theirs claims', () => {
    const values: readonly JsonValue[] = [undefined, null, 'x', 3, {}, { 'user.id': 'x' }, []];
    for (const parent_id of values)
      for (const kind of values)
        for (const status of values)
          for (const attributes of values)
            for (const events of [undefined, [], [{ name: 'x' }]]) {
              const record = span({ parent_id, kind, status, attributes, events });
              expect(FORMATS.find(({ claims }) => claims(record, 'json'))?.name).toBe('python-console');
            }
  });

  const TEXTS = Array.from({ length: 4 }, () => printed());
  it.each([
    ['one after another', TEXTS],
    ['with log lines between', [TEXTS[0]!, 'INFO started', TEXTS[1]!, '{"level":"info"}', TEXTS[2]!]],
    ['with a log record between', [TEXTS[0]!, '{\n    "body": "words"\n}', TEXTS[1]!]],
    ['behind a bracket', ['{', ...TEXTS, '}']],
    ['behind a block that is cut off', [TEXTS[0]!, '{\n    "name": "x",', ...TEXTS]],
    ['with something behind one of them', [TEXTS[0]!, `${TEXTS[1]} x`, TEXTS[2]!]],
    [
      'with a line of another process in one',
      [TEXTS[0]!, TEXTS[1]!.replace('    "kind"', 'INFO\n    "kind"')],
    ],
    ['with a request behind it', [TEXTS[0]!, '{"resourceSpans":\n  []}', TEXTS[1]!]],
    ['with NUL bytes', [TEXTS[0]!, `${TEXTS[1]}\0`, TEXTS[2]!]],
  ])('say the same with and without a scanner, %s', async (_, texts) => {
    const bytes = Buffer.from(texts.join('\n'));
    for (const chunk of [bytes.length, 1, 64, texts[0]!.length])
      for (const window of [64, 1 << 11, 1 << 16])
        await checkWhole(bytes, { scanner: 'wasm', chunk, window });
  });

  it('say the same with and without a scanner, whatever they hold and whatever is done to them', async () => {
    const random = new Random(12);
    for (let count = 0; count < 40; count++) {
      const input = repeated(pythonInput(askedPlan(random), random, random.chance(0.3)), random);
      const size = () => 64 + random.below(random.pick([200, 2000, 2 * input.length]));
      await checkWhole(input, { scanner: 'wasm', chunk: size(), window: size() });
    }
  });
});
