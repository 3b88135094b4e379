import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { nodeInput } from '../../fuzz/node.ts';
import { Random } from '../../fuzz/random.ts';
import { askedPlan, checkWhole, repeated } from '../../fuzz/whole.ts';
import { createWasmScanner } from '../../src/input/wasm-scanner.ts';
import { ROW, ROW_WORDS, type RowPlan } from '../../src/model/index.ts';

const ATTRIBUTES = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.usage.input_tokens': 12,
  'user.id': 'u',
};
let spans = 0;
const id = () => (++spans).toString(16).padStart(16, '0');
const printed = (changes: object = {}) =>
  inspect(
    {
      resource: { attributes: { 'service.name': 'shop' } },
      instrumentationScope: { name: 'lib', version: '1.0', schemaUrl: undefined },
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanContext: undefined,
      traceState: undefined,
      name: 'chat gpt-4o',
      id: id(),
      kind: 2,
      timestamp: 1790000000000001,
      duration: 5088099.484,
      attributes: ATTRIBUTES,
      status: { code: 0 },
      events: [],
      links: [],
      ...changes,
    },
    { depth: 3 },
  );
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
  const bytes = Buffer.from(`${texts.join('\n')}\n`);
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
    starts: rows.map((at) => [words[at + ROW.startSecond], words[at + ROW.startNano]]),
    durations: rows.map((at) => doubles[(at + ROW.duration) / 2]!),
  };
}

describe('spans printed by Node as rows', () => {
  it('have the same pattern where they mean the same', () => {
    const attributes = { ...ATTRIBUTES, 'user.id': 'v', 'gen_ai.usage.input_tokens': 99, other: undefined };
    const { why, broken, patterns, lines, starts } = scanned(printed(), printed({ attributes }), printed());
    expect({ why, broken, patterns }).toEqual({ why: 'more', broken: false, patterns: [1, 1, 1] });
    const length = printed().split('\n').length;
    expect(lines).toEqual([1, length + 1, 2 * length + 2]);
    expect(starts[0]).toEqual([1790000000, 1000]);
  });

  it.each([
    [5088099.484, 5088099484],
    [0, 0],
    [7, 7000],
    [0.5, 500],
    [1249500.7889999999, 1249500789],
    [100.12349, 100123],
    [100.12361, 100124],
  ])('take %s microseconds', (duration, nanos) => {
    const { patterns, durations } = scanned(printed({ duration }));
    expect({ patterns, durations }).toEqual({ patterns: [1], durations: [nanos] });
  });

  it.each([
    ['another kind', { kind: 0 }],
    ['a status', { status: { code: 1 } }],
    ['a parent', { parentSpanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: id() } }],
    ['a parent as SDK 1 tells it', { parentSpanContext: undefined, parentId: id() }],
    ['null in place of a value', { attributes: { ...ATTRIBUTES, 'user.id': null } }],
  ])('have another with %s', (_, changes) => {
    expect(scanned(printed(), printed(changes)).patterns).toEqual([1, 2]);
  });

  it.each([
    ['a failure', { status: { code: 2, message: 'no' } }],
    ['events', { events: [{ name: 'log', attributes: {}, time: [1, 2] }] }],
    ['a length of time that may be rounded either way', { duration: 1.1235 }],
    ['a time that is no whole number', { timestamp: 1790000000000.5 }],
    ['an escape in a value', { attributes: { ...ATTRIBUTES, 'user.id': 'a\tb' } }],
    ['a value that is broken up', { attributes: { ...ATTRIBUTES, 'user.id': 'a\nb\n'.repeat(30) } }],
    ['an odd id', { id: 'x' }],
  ])('are read as objects with %s', (_, changes) => {
    expect(scanned(printed(changes))).toMatchObject({ patterns: [0], why: 'more' });
  });

  it.each([
    ['a member of another name', printed({ droppedAttributesCount: 0 })],
    ['no resource', printed({ resource: undefined })],
    ['what is too deep to be printed', printed({ attributes: { a: { b: { c: { d: 1 } } } } })],
    ['a number without end', printed({ attributes: { a: Number.NaN } })],
    ['something behind it', `${printed()} x`],
    ['a margin', printed().replaceAll(/^/gm, '  ')],
    ['a line without a margin', printed().replace('  kind', 'kind')],
    ['a text without end', printed().replace("'u'", "'u")],
  ])('are refused with %s', (_, odd) => {
    expect(scanned(odd, printed()).why).toBe('foreign');
  });

  const TEXTS = Array.from({ length: 4 }, () => printed());
  it.each([
    ['one after another', TEXTS],
    ['with log lines between', [TEXTS[0]!, 'INFO started', TEXTS[1]!, '{"level":"info"}', TEXTS[2]!]],
    ['with a log record between', [TEXTS[0]!, "{\n  level: 'info'\n}", TEXTS[1]!]],
    ['behind a block that is cut off', [TEXTS[0]!, '{\n  resource: {', ...TEXTS]],
    ['with a line of another process in one', [TEXTS[0]!, TEXTS[1]!.replace('  kind', 'INFO\n  kind')]],
    ['with NUL bytes', [TEXTS[0]!, `${TEXTS[1]}\0`, TEXTS[2]!]],
  ])('say the same with and without a scanner, %s', async (_, texts) => {
    const bytes = Buffer.from(texts.join('\n'));
    for (const chunk of [bytes.length, 1, 64])
      for (const window of [64, 1 << 16]) await checkWhole(bytes, { scanner: 'wasm', chunk, window });
  });

  it('say the same with and without a scanner, whatever they hold and whatever is done to them', async () => {
    const random = new Random(13);
    for (let count = 0; count < 40; count++) {
      const input = repeated(nodeInput(askedPlan(random), random, random.chance(0.3)), random);
      const size = () => 64 + random.below(random.pick([200, 2000, 2 * input.length]));
      await checkWhole(input, { scanner: 'wasm', chunk: size(), window: size() });
    }
  });
});
