import { describe, expect, it } from 'vitest';
import { flatInput } from '../../fuzz/flat.ts';
import { Random } from '../../fuzz/random.ts';
import { askedPlan, checkWhole, repeated } from '../../fuzz/whole.ts';
import type { JsonObject, JsonValue } from '../../src/input/format.ts';
import { FORMATS } from '../../src/input/formats/index.ts';
import { createWasmScanner } from '../../src/input/wasm-scanner.ts';
import { ROW, ROW_WORDS, type RowPlan } from '../../src/model/index.ts';

const TRACE = '"trace_id":"0af7651916cd43dd8448eb211c80319c"';
const TIMES = '"start_time_unix_nano":1790000000000000001,"end_time_unix_nano":1790000001000000003';
const NAMED = '"name":"chat gpt-4o","kind":3,"status":0,"service":"shop"';
const ATTRIBUTES =
  '"gen_ai.operation.name":"chat","gen_ai.request.model":"gpt-4o","gen_ai.usage.input_tokens":12,"user.id":"u"';
let spans = 0;
const id = () => (++spans).toString(16).padStart(16, '0');
const line = (rest = `${NAMED},"attributes":{${ATTRIBUTES}}`) =>
  `{${TRACE},"span_id":"${id()}","parent_span_id":null,${TIMES},${rest}}`;
const REQUEST = `{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203332","name":"o","startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000001000000000"}]}]}]}`;
const PLAN: RowPlan = {
  keys: [
    { key: 'gen_ai.operation.name', use: 'constant' },
    { key: 'gen_ai.usage.input_tokens', use: 'count' },
    { key: 'user.id', use: 'text' },
    { key: 'kind', use: 'constant' },
  ],
  blanks: ['', 'null'],
  events: new Set(),
};

/** Patterns of rows of these lines, and whether all of them were read. */
function scanned(...lines: readonly string[]): {
  readonly patterns: readonly number[];
  readonly why: string;
} {
  const scanner = createWasmScanner(PLAN);
  const bytes = Buffer.from(lines.join('\n'));
  bytes.copy(scanner.window(bytes.length));
  scanner.begin(1);
  const { why } = scanner.scan(0, bytes.length, 0, true);
  const { count, words } = scanner.rows();
  return { patterns: Array.from({ length: count }, (_, row) => words[row * ROW_WORDS + ROW.pattern]!), why };
}

describe('flat spans as rows', () => {
  it('have the same pattern where they mean the same', () => {
    const other = ATTRIBUTES.replace('12', '99').replace('"u"', '"v"').split(',').reverse().join();
    const { patterns, why } = scanned(line(), line(`${NAMED},"attributes":{${other}}`), line());
    expect(why).toBe('more');
    expect(patterns).toEqual([1, 1, 1]);
  });

  it.each([
    ['another kind', line(`${NAMED.replace('3', '2')},"attributes":{${ATTRIBUTES}}`)],
    ['a failure', line(`${NAMED.replace('"status":0', '"status":2')},"attributes":{${ATTRIBUTES}}`)],
    ['null in place of a value', line(`${NAMED},"attributes":{${ATTRIBUTES.replace('12', 'null')}}`)],
    ['no attributes', line(NAMED)],
    ['a parent', line().replace('"parent_span_id":null', '"parent_span_id":"00000000000000ff"')],
  ])('have another with %s', (_, other) => {
    expect(scanned(line(), other).patterns).toEqual([1, 2]);
  });

  it('have attributes whose keys nobody can ask for', () => {
    const odd = line(`${NAMED},"attributes":{"a \\"b\\"\\n":1,${ATTRIBUTES}}`);
    expect(scanned(odd, line(), odd)).toEqual({ patterns: [1, 1, 1], why: 'more' });
  });

  it('have none in common with spans of OTLP', () => {
    expect(new Set(scanned(line('"name":"o"'), REQUEST).patterns).size).toBe(2);
  });

  it.each([
    ['a count that is none', line(`${NAMED},"attributes":{${ATTRIBUTES.replace('12', '"12"')}}`)],
    ['a long integer', line(`${NAMED},"attributes":{${ATTRIBUTES.replace('12', '9007199254740993')}}`)],
    ['a key twice', line(`${NAMED},"attributes":{${ATTRIBUTES},"user.id":"w"}`)],
    ['an id of another length', line().replace(/"span_id":"0/, '"span_id":"')],
    ['an end before its start', line().replace('1790000001000000003', '1780000001000000003')],
    ['attributes that are a list', line(`${NAMED},"attributes":[]`)],
  ])('are read as objects with %s', (_, odd) => {
    expect(scanned(odd)).toEqual({ patterns: [0], why: 'more' });
  });

  it.each([
    ['a member of another name', line(`${NAMED},"level":"info"`)],
    ['a member twice', line(`${NAMED},"kind":3`)],
    ['an escape in a key', line(`"n\\u0061me":"x"`)],
    ['an escape in the key of an attribute', line(`${NAMED},"attributes":{"user\\u002eid":"x"}`)],
    ['an escape in a key that could do without', line(`${NAMED},"attributes":{"a\\/b":"x"}`)],
    ['an odd key behind which another format is known', line(`${NAMED},"attributes":{"mlflow.\\"":1}`)],
    [
      "an attribute by which another format's spans are known",
      line(`${NAMED},"attributes":{"mlflow.spanType":1}`),
    ],
    ['no name', line('"kind":3')],
    ['null for a name', line('"name":null')],
    ['a service that is no text', line('"name":"x","service":{"name":"shop"}')],
    ['something behind it', `${line()} x`],
    ['a comma behind it', `${line()},`],
    ['a line feed in it', line().replace(',', ',\n')],
    ['a bracket missing', line().slice(0, -1)],
  ])('are refused with %s', (_, odd) => {
    expect(scanned(odd, line()).why).toBe('foreign');
  });

  it('are what no format in front of theirs claims', () => {
    const values: readonly JsonValue[] = [undefined, null, 'x', 3, {}, { 'user.id': 'x' }];
    const required = {
      trace_id: '1-5759e988-bd862e3fe1be46a994272793',
      span_id: 'b7ad6b7169203331',
      name: 'n',
      start_time_unix_nano: '1',
      end_time_unix_nano: '2',
    };
    for (const parent_span_id of values)
      for (const kind of values)
        for (const status of values)
          for (const service of [undefined, null, 'shop'])
            for (const attributes of [...values, [], 'x']) {
              const record: JsonObject = { ...required, parent_span_id, kind, status, service, attributes };
              expect(FORMATS.find(({ claims }) => claims(record, 'json'))?.name).toBe('flat');
            }
  });

  const LINES = Array.from({ length: 4 }, () => line());
  it.each([
    ['one after another', LINES],
    ['with log lines between', [LINES[0]!, 'INFO started', LINES[1]!, '{"level":"info"}', LINES[2]!]],
    ['among documents of OTLP', [LINES[0]!, REQUEST, LINES[1]!, REQUEST, LINES[2]!]],
    ['behind a document that has no end', ['{"resourceSpans":[{"scopeSpans":[{"spans":[', ...LINES]],
    ['behind a bracket', ['{', ...LINES, '}']],
    ['with others that are not for a scanner', [line(`${NAMED},"error":"no"`), ...LINES]],
    ['with something behind one of them', [LINES[0]!, `${LINES[1]} x`, LINES[2]!]],
    ['with a bracket too many', [LINES[0]!, `${LINES[1]}}`, LINES[2]!]],
    ['with NUL bytes', [LINES[0]!, `${LINES[1]}\0`, LINES[2]!]],
  ])('say the same with and without a scanner, %s', async (_, lines) => {
    const bytes = Buffer.from(lines.join('\n'));
    const ends = [...lines.keys()].map((index) => lines.slice(0, index + 1).join('\n').length);
    for (const chunk of [bytes.length, 1, 64, ...ends])
      for (const window of [64, 200, 1 << 16]) await checkWhole(bytes, { scanner: 'wasm', chunk, window });
  });

  it('are taken back when something comes behind one that was handed on', async () => {
    const lines = Array.from({ length: 1200 }, () => line(NAMED));
    const before = lines.join('\n').length;
    const bytes = Buffer.from(`${lines.join('\n')} x\n${line()}`);
    await checkWhole(bytes, { scanner: 'wasm', chunk: before, window: 1 << 16 });
  });

  it('say the same with and without a scanner, whatever they hold and whatever is done to them', async () => {
    const random = new Random(11);
    for (let count = 0; count < 60; count++) {
      const input = repeated(flatInput(askedPlan(random), random, random.chance(0.3)), random);
      const size = () => 64 + random.below(random.pick([200, 2000, 2 * input.length]));
      await checkWhole(input, { scanner: 'wasm', chunk: size(), window: size() });
    }
  });
});
