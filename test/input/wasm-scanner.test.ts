import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { drive, type FoundRow } from '../../fuzz/drive.ts';
import { Random } from '../../fuzz/random.ts';
import type { Scanner } from '../../src/input/scan/scanner.ts';
import { createTsScanner } from '../../src/input/scan/ts-scanner.ts';
import { createWasmScanner } from '../../src/input/wasm-scanner.ts';
import { ROW, type RowPlan } from '../../src/model/index.ts';
import { root } from '../agentobs.ts';
import { document, PLAN, span } from './scan-cases.ts';

// What every scanner has to do is in scan.test.ts. Here is what only one that reads 16 and 64 bytes at a time, remembers texts
// that came before and lives in a memory that grows can get wrong.

const scanner = createWasmScanner(PLAN);

/** The rows of a text that is scanned at once. */
function rowsOf(text: string | Buffer, by: Scanner = scanner): readonly FoundRow[] {
  const bytes = Buffer.from(text as string);
  return drive(by, bytes, () => bytes.length).flatMap(({ rows }) => rows);
}

/** Whether a text is read; if not, it is refused as a whole. */
function isRead(text: string): boolean {
  const stretches = drive(scanner, Buffer.from(text), () => Buffer.byteLength(text));
  return !stretches.some(({ foreign }) => foreign);
}

const having = (attributes: string): string => span({ attributes: `[${attributes}]` });
const attribute = (key: string, value: string): string => `{"key":"${key}","value":${value}}`;
const keyLast = (key: string, value: string): string => `{"value":${value},"key":"${key}"}`;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('strings', () => {
  // Somewhere between the sixteenth and the two hundredth byte, at every place within a block.
  const places = Array.from({ length: 150 }, (_, place) => 'a'.repeat(place));
  const pieces = [
    ...['\\"', '\\\\', '\\n', '\\/', '\\u00e9', '\\ud83d\\ude42', 'é', '"', '\\', '\\x', '\\u12g4', '\\u12'],
    ...['\t', '\n', '\u0000', '\u001f', '\u007f', ' ', '\\\\\\\\', '\\\\\\\\\\', '\\\\\\"', '\\'.repeat(63)],
    ...['\\'.repeat(64), '\\'.repeat(65), `${'\\'.repeat(64)}n`, `${'\\'.repeat(63)}n`, '\\n'.repeat(70)],
  ];

  it.each(pieces)('are valid where JSON.parse says so: %j', (piece) => {
    for (const place of places) {
      for (const behind of ['', 'b', 'b'.repeat(80)]) {
        const text = document(having(attribute('x', `{"stringValue":"${place}${piece}${behind}"}`)));
        expect([isRead(text), place.length]).toEqual([isJson(text), place.length]);
      }
    }
  });
});

describe('numbers', () => {
  const numbers = [
    ...[
      '0',
      '-0',
      '1',
      '12',
      '0.5',
      '1.50',
      '100',
      '1e5',
      '1E5',
      '1e+5',
      '1e-5',
      '1.5E-7',
      '0e5',
      '0.0e-400',
    ],
    ...[
      '123456789012345',
      '0.123456789012345',
      '0.1234567890123456',
      '0.0034499999999999995',
      '1e22',
      '1e23',
    ],
    ...['9007199254740993e-3', '5e-324', '2.2250738585072011e-308', '1.7976931348623157e308', '1e308'],
    ...['0.000000000000000000000000000001', '8.5e-23', '4.35', '0.1', '0.3', '123456789.123456', '1e00005'],
  ];

  it.each(
    numbers.flatMap((number) => [
      [number, number],
      [number, `${number} `],
    ]),
  )('are what JSON.parse makes of them: %s as %j', (number, written) => {
    const [row] = rowsOf(document(having(attribute('cost', `{"doubleValue":${written}}`))));
    const isAmount = !number.startsWith('-');
    expect(row!.words[ROW.pattern]! > 0).toBe(isAmount);
    if (isAmount) expect(row!.doubles[ROW.values / 2]).toBe(JSON.parse(number));
  });

  it.each([
    '01',
    '-',
    '+1',
    '1.',
    '.5',
    '1e',
    '1e+',
    '1.e5',
    '--1',
    '1 2',
    '0x1',
    '1_0',
    'NaN',
    'Infinity',
    '1E5E5',
  ])('have to be written as JSON has them: %s', (number) => {
    for (const key of ['cost', 'x'])
      expect(isRead(document(having(attribute(key, `{"doubleValue":${number}}`))))).toBe(false);
  });
});

describe('attributes that came before', () => {
  const values = [
    ...[
      '{"intValue":"5"}',
      '{"intValue":5}',
      '{"intValue":"x"}',
      '{"intValue": 5}',
      '{"intValue":5 }',
      '{"intValue":"5" }',
    ],
    ...[
      '{"intValue":5,"x":1}',
      '{"stringValue":"5"}',
      '{"doubleValue":5}',
      '{"doubleValue":5.0}',
      '{"boolValue":true}',
    ],
    ...['{"intValue":null}', '{"arrayValue":{"values":[]}}', '{"arrayValue":{"values":[5]}}', '{}', '5'],
  ];
  const spans = values.flatMap((value) => [
    having([attribute('op', value), attribute('in', value)].join()),
    having([attribute('x', '{"intValue":1}'), attribute('in', value), attribute('op', value)].join()),
    having([attribute('in', value), attribute('in', value)].join(', ')),
    having(`{"key":"in","value":${value},"x":1},${attribute('op', value)}`),
    having(`{"key":"i\\u006e","value":${value}}`),
    having(`{"value":${value},"key":"in"},{"key":"op","value":${value}}`),
  ]);

  const told = (by: Scanner, texts: readonly string[]) =>
    texts.map((text) => {
      const [row] = rowsOf(document(text), by);
      const pattern = row!.words[ROW.pattern]!;
      if (pattern === 0) return 'object';
      const slots = by.slotsOf(pattern).map((slot, i) => [slot, row!.doubles[ROW.values / 2 + i]]);
      return JSON.stringify([pattern, slots.sort()]);
    });

  it('change nothing about those that come now', () => {
    const texts = [...spans, ...spans, ...[...spans].reverse()];
    expect(told(createWasmScanner(PLAN), texts)).toEqual(told(createTsScanner(PLAN), texts));
  });

  it('change nothing where keys stand before values, behind them, or otherwise than usual', () => {
    const value = '{"intValue":"5"}';
    const written = [
      ...['in', 'cost', 'x', 'op'].flatMap((key) => [attribute(key, value), keyLast(key, value)]),
      ...['user', 'y'].flatMap((key) => [
        attribute(key, '{"stringValue":"a"}'),
        keyLast(key, '{"stringValue":"b"}'),
        keyLast(key, '{ "stringValue" : "b" }'),
      ]),
      ...[
        `{"value":${value},\n"key":"msg"}`,
        `{"value":${value}}`,
        `{"value":{"intValue":5,"x":1},"key":"msg"}`,
      ],
      ...[`{"value":${value},"key":"msg","x":1}`, `{"value":${value},"x":1,"key":"msg"}`],
      ...[`{"value":${value},"key":"msg","key":"msg"}`, `{"value":${value},"key":"msg","value":${value}}`],
      ...[`{"value":${value},"key":"m\\u0073g"}`, `{"value":${value},"key":1}`, `{"value":5,"key":"msg"}`],
    ];
    const random = new Random(1);
    const plain = written.slice(0, 14);
    const texts = Array.from({ length: 4000 }, () => {
      const several = random.many(1 + random.below(4), () =>
        random.pick(random.chance(0.9) ? plain : written),
      );
      return having(several.join());
    });
    expect(told(createWasmScanner(PLAN), texts)).toEqual(told(createTsScanner(PLAN), texts));
  });

  it('may be more than can be remembered', () => {
    const by = createWasmScanner(PLAN);
    const texts = Array.from({ length: 20_000 }, (_, i) =>
      having([attribute(`k${i}`, '{"intValue":1}'), attribute('in', `{"intValue":${i}}`)].join()),
    );
    const rows = rowsOf(document(...texts), by);
    expect(rows.map(({ doubles }) => doubles[ROW.values / 2])).toEqual(texts.map((_, i) => i));
  });
});

describe('rows whose resource or scope stands behind them', () => {
  const scopes = (count: number, spans: number) =>
    Array.from(
      { length: count },
      (_, i) => `{"spans":[${Array(spans).fill(span()).join()}],"scope":{"name":"scope ${i % 5}"}}`,
    );
  const request = (...resources: string[]) => `{"resourceSpans":[${resources.join(',\n')}]}`;
  const owned = (list: readonly string[], resource: string) =>
    `{"scopeSpans":[${list.join(',')}]${resource}}`;
  const named = (name: string) =>
    `,"resource":{"attributes":[\n{"key":"service.name","value":{"stringValue":"${name}"}}]}`;

  it.each([
    ['in few scopes', request(owned(scopes(3, 2), named('a')), owned(scopes(2, 1), named('b')))],
    ['in a scope with more than fit', request(owned(scopes(2, 3000), named('a')))],
    [
      'in more scopes than can wait',
      request(owned(scopes(2500, 1), named('a')), owned(scopes(1, 1), named('b'))),
    ],
    ['where there is none', request(owned(scopes(3, 1), ''), owned(['{"spans":[]}', '{}'], named('b')))],
  ])('have it all the same: %s', (_, text) => {
    const bytes = Buffer.from(text);
    const told = (by: Scanner, size: number) =>
      drive(by, bytes, () => size).flatMap(({ rows }) =>
        rows.map(({ words }) => {
          const { resource, scope } = by.context(words[ROW.context]!);
          return [resource.attributes.get('service.name'), scope?.name, words[ROW.line]];
        }),
      );
    const expected = told(createTsScanner(PLAN), bytes.length);
    expect(expected.length).toBeGreaterThan(2);
    for (const size of [bytes.length, 100_000, 5000])
      expect(told(createWasmScanner(PLAN), Math.max(size, bytes.length >> 5))).toEqual(expected);
  });
});

describe('its memory', () => {
  it('grows with the texts that it is told, and keeps what is in the window', () => {
    const by = createWasmScanner(PLAN);
    const texts = Array.from({ length: 30_000 }, (_, i) => `${'é'.repeat(200)}${i}`);
    const rows = rowsOf(
      document(...texts.map((text) => having(attribute('user', `{"stringValue":"u${text}"}`)))),
      by,
    );
    expect(rows.map(({ doubles }) => by.text(doubles[ROW.values / 2]!))).toEqual(
      texts.map((text) => `u${text}`),
    );
  });

  it('holds a span of many megabytes, and says how large the window can be', () => {
    const by = createWasmScanner(PLAN);
    const text = document(having(attribute('x', `{"stringValue":"${'é'.repeat(4_000_000)}"}`)), span());
    expect(rowsOf(text, by).map(({ words }) => words[ROW.pattern])).toEqual([1, 1]);
    expect(() => by.window(2 ** 27 + 1)).toThrow(RangeError);
  });

  it('is not written to behind the bytes that are to be scanned', () => {
    const text = Buffer.from(document(span(), span()));
    const window = scanner.window(text.length);
    text.copy(window);
    scanner.begin(1);
    for (let end = 0; end <= text.length; end++) scanner.scan(0, end, 0, false);
    expect(scanner.window(text.length).subarray(0, text.length)).toEqual(text);
  });
});

type Truth = { spans: number; traces: number; users: { input: number; output: number }[] };
const { generate } = (await import(pathToFileURL(join(root, 'bench/generate.js')).href)) as {
  generate: (options: Readonly<Record<string, string | number>>) => Truth;
};

describe('a corpus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const plan: RowPlan = {
    keys: [
      { key: 'gen_ai.operation.name', use: 'constant' },
      { key: 'gen_ai.usage.input_tokens', use: 'count' },
      { key: 'gen_ai.usage.output_tokens', use: 'count' },
      { key: 'session.id', use: 'text' },
    ],
    blanks: [],
    events: new Set(),
  };
  const [INPUT, OUTPUT] = [1, 2];

  it.each([
    { layout: 'usual' },
    { layout: 'shuffled' },
    { layout: 'spaced' },
    { layout: 'pretty' },
    { format: 'document' },
    { format: 'document', layout: 'pretty' },
  ])('adds up, and its spans stand on their lines: %j', (options) => {
    const out = join(folder, Object.values(options).join());
    const truth = generate({ megabytes: 0.5, seed: 7, out, ...options });
    const bytes = readFileSync(out);
    const by = createWasmScanner(plan);
    let size = 1;
    const stretches = drive(by, bytes, () => (size = (size * 7) % 30_011));
    expect(stretches).toHaveLength(1);
    const { rows } = stretches[0]!;
    const sums = { input: 0, output: 0 };
    const traces = new Set<string>();
    let line = 1;
    let at = 0;
    for (const { words, doubles, offset, length } of rows) {
      for (; at < offset; at++) if (bytes[at] === 0x0a) line++;
      expect(words[ROW.line]).toBe(line);
      const json = JSON.parse(bytes.toString('utf8', offset, offset + length));
      traces.add(json.traceId);
      const pattern = words[ROW.pattern]!;
      // A tool that failed reports no tokens.
      if (pattern === 0) expect(json.status.code).toBe(2);
      else {
        const digits = [0, 1, 2, 3].map((word) => words[ROW.traceId + word]!.toString(16).padStart(8, '0'));
        expect(digits.join('')).toBe(json.traceId);
      }
      for (const [i, slot] of (pattern === 0 ? [] : by.slotsOf(pattern)).entries()) {
        const value = doubles[ROW.values / 2 + i]!;
        if (slot === INPUT) sums.input += value;
        if (slot === OUTPUT) sums.output += value;
      }
    }
    expect([rows.length, traces.size]).toEqual([truth.spans, truth.traces]);
    expect(sums).toEqual({
      input: truth.users.reduce((sum, { input }) => sum + input, 0),
      output: truth.users.reduce((sum, { output }) => sum + output, 0),
    });
  });
});
