import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byRows, bySlowWay, type Rows, type Told, type Way } from './both-ways.ts';

// Whatever stands between documents, around them or in them, and however bytes are cut: a scanner changes no answer.

const root = join(import.meta.dirname, '../..');

const span = (id: number, more: object = {}) => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: (id + 1).toString(16).padStart(16, '0'),
  name: `step ${id % 3}`,
  kind: 1,
  startTimeUnixNano: '1700000000000000000',
  endTimeUnixNano: '1700000001000000000',
  attributes: [
    { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
    { key: 'user.id', value: { stringValue: `üser-${id}` } },
    { key: 'gen_ai.usage.input_tokens', value: { intValue: `${id}` } },
  ],
  ...more,
});

const request = (spans: readonly unknown[], service = 'shop') => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [{ scope: { name: 'tests', version: '1' }, spans }],
    },
  ],
});

const line = (...ids: number[]) => `${JSON.stringify(request(ids.map((id) => span(id))))}\n`;
const pretty = (...ids: number[]) => `${JSON.stringify(request(ids.map((id) => span(id))), null, 2)}\n`;

/** `ÿ` stands for a byte that is never UTF-8. */
const broken = (text: string): Buffer =>
  Buffer.concat(
    text
      .split('ÿ')
      .flatMap((part, i) => (i === 0 ? [Buffer.from(part)] : [Buffer.of(0xff), Buffer.from(part)])),
  );

const same = async (bytes: Buffer | string, way: Way = {}): Promise<Rows> => {
  const rows: Rows = { handed: 0, undone: 0 };
  const input = Buffer.from(bytes);
  const told = [await byRows(input, way, rows), await bySlowWay(input, way.limits)] as const;
  // A block that is read piecewise has the lines of its pieces; as rows it has the one where it begins. Its spans
  // come when their resource is known, so perhaps after those of what follows it.
  const [found, expected] = way.limits === undefined ? told : told.map(withoutLines);
  expect(found).toEqual(expected);
  return rows;
};

const withoutLines = (told: Told): unknown => {
  const all = JSON.parse(JSON.stringify(told, plainly).replaceAll(/x:\d+/g, 'x')) as Told;
  return {
    ...all,
    spans: all.spans.map((span) => JSON.stringify(span)).sort(),
    warned: all.warned.toSorted(),
  };
};
const plainly = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);

/** Spans that came as rows in the end. */
const byRow = async (bytes: Buffer | string, way: Way = {}): Promise<number> => {
  const { handed, undone } = await same(bytes, way);
  return handed - undone;
};

describe('spans come as rows', () => {
  it('from documents on lines of their own', async () => {
    expect(await byRow(line(1, 2) + line(3))).toBe(3);
    expect(await byRow(line(1, 2) + line(3), { chunk: 100, window: 256 })).toBe(3);
    expect(await byRow(`\n\n${line(1)}\r\n  ${line(2)}\n`.replaceAll('\n', '\r\n'))).toBe(2);
    expect(await byRow(line(1).trimEnd())).toBe(1);
    expect(await byRow(`\ufeff${line(1)}`)).toBe(1);
    expect(await byRow(gzipSync(line(1) + line(2)))).toBe(2);
    expect(await byRow(Buffer.from(`\ufeff${line(1)}`, 'utf16le'))).toBe(1);
  });

  it('from indented documents', async () => {
    expect(await byRow(pretty(1, 2) + pretty(3))).toBe(3);
    expect(await byRow(pretty(1, 2).replaceAll('\n', '\r\n') + line(3) + pretty(4))).toBe(4);
    expect(await byRow(pretty(1, 2) + pretty(3), { window: 300 })).toBe(3);
    expect(await byRow(pretty(1, 2).trimEnd(), { window: 300 })).toBe(2);
  });

  const elements = (...ids: number[]) =>
    line(...ids).replaceAll(/(?<=[[,])(?=\{"(?:resource|traceId)")|(?=\]\}\n$)/g, '\n');

  it('from documents whose elements stand on lines of their own', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => i);
    for (const window of [300, 4096]) {
      expect(await byRow(elements(1, 2) + elements(3) + line(4), { window })).toBe(4);
      expect(await byRow(elements(...ids) + line(201), { window })).toBe(201);
      expect(await byRow(elements(...ids).trimEnd(), { window })).toBe(200);
      expect(await byRow(elements(1, 2).replaceAll('\n', '\r\n') + line(3), { window })).toBe(3);
      expect(await byRow(elements(1, 2).replaceAll(/\n(?!\]\}\n$|$)/g, '\n  '), { window })).toBe(2);
      expect(await byRow(elements(1, 2).replace(/\},\n\{(?="traceId")/, '}\n,{') + line(3), { window })).toBe(
        3,
      );
    }
    const deeper = elements(1, 2).replaceAll('\n', '\n  ').trimEnd();
    expect(await byRow(`${deeper}\n${line(3)}`, { window: 300 })).toBe(3);
    // Nobody who goes by lines would see one document here, or read it on.
    expect(await byRow(deeper.replace(/\n {2}\]\}$/, '\n]\n}\n'), { window: 300 })).toBe(0);
    expect(await byRow(deeper.replace(/(?<=\}),\n {2}(?=\{"traceId")/, '\n,'), { window: 300 })).toBe(0);
    expect(await byRow(`  ${elements(1, 2)}`, { window: 300 })).toBe(0);
    const limits = { split: 200, hold: 1 << 20 };
    expect(await byRow(elements(1, 2), { window: 300, limits })).toBe(0);
    // A block ends with a bracket at its edge, whatever is behind it.
    const open = pretty(1, 2).replace(/\n\}\n$/, '\n }\n');
    expect(await byRow(`${open}{"resourceSpans":[\n`)).toBe(0);
    expect(await byRow(broken(`${open}{"resourceSpans":[ÿ\n`))).toBe(0);
    // Nor does anything but its last brace stand on the second line of a document, with a line feed behind it or without.
    for (const end of ['\n}', '\n}\n', '\r\n}\r']) {
      expect(await byRow(`{"resourceSpans":[]${end}`)).toBe(0);
      expect(await byRow(line(1).replace(/\}\n$/, end))).toBe(0);
    }
  });

  it('from whatever else stands in front, behind and between', async () => {
    const log = 'INFO starting up\n{"level":"info","message":"up"}\n';
    expect(await byRow(log + line(1) + log + line(2, 3) + log + pretty(4) + log)).toBe(4);
    const wrapped = `${JSON.stringify({ log: line(8), stream: 'stdout', time: '2026-01-01T00:00:00Z' })}\n`;
    expect(await byRow(line(1) + wrapped + line(2))).toBe(2);
    // An open block takes indented lines only.
    expect(await byRow(`{\n  "name": 1,\n${line(1)}${line(2)} ${line(3)}${pretty(4)}`)).toBe(2);
  });

  it('and those of a document are taken back when it turns out to be damaged', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => i);
    for (const chunk of [undefined, 100]) {
      for (const damage of ['\n', '\0\n', ',"resourceLogs":[]}\n', 'ÿ\n']) {
        const cut = line(...ids).slice(0, -2) + damage;
        const { handed, undone } = await same(broken(line(50) + cut + line(51)), {
          chunk,
          window: 1000,
        });
        expect(undone).toBeGreaterThan(20);
        expect(handed - undone).toBeGreaterThanOrEqual(1);
      }
    }
  });

  it('from documents larger than what is looked at once', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => i);
    for (const chunk of [undefined, 300]) {
      for (const window of [512, 4096]) {
        expect(await byRow(line(...ids) + line(201), { chunk, window })).toBe(201);
        expect(await byRow(pretty(...ids) + line(201), { chunk, window })).toBe(201);
        const limits = { split: 1 << 14, hold: 1 << 20 };
        expect(await byRow(line(...ids) + line(201), { chunk, window, limits })).toBe(201);
      }
    }
  });

  it('whose resource stands behind them', async () => {
    const [before] = request([span(1), span(2)]).resourceSpans;
    const { resource, scopeSpans } = before!;
    const [{ scope, spans }] = scopeSpans as [{ scope: object; spans: unknown[] }];
    const late = `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans, scope }], resource }] })}\n`;
    for (const window of [128, 256, 4096]) expect(await byRow(late + line(3), { window })).toBe(3);
    // Too far behind for the window.
    const text = 'x'.repeat(10_000);
    const far = late.replace('step 1', text);
    expect(await byRow(far + line(3), { window: 128 })).toBe(1);
  });

  it('not from what is UTF-8 only here and there', async () => {
    const bad = (id: number) => line(id).replace('ü', 'ÿ');
    const bytes = broken(line(1) + bad(2) + line(3) + line(4) + bad(5) + line(6));
    for (const window of [256, 512, 1 << 20]) {
      for (const chunk of [undefined, 1, 7, 1000]) expect(await byRow(bytes, { chunk, window })).toBe(4);
    }
  });
});

describe('with and without a scanner', () => {
  const folders = [
    ...readdirSync(join(root, 'fixtures/formats')).map((name) => `fixtures/formats/${name}`),
    'fixtures/hostile',
    '../shared/samples/wrapped',
    '../shared/samples/hostile',
  ];
  const files = folders
    .flatMap((folder) => list(folder).map((name) => `${folder}/${name}`))
    .filter((path) => !/\.(expected\.json|py)$/.test(path));

  it.each(files)('%s says the same', async (path) => {
    const bytes = readFileSync(join(root, path));
    await same(bytes);
    await same(bytes, { scanner: 'wasm' });
    await same(bytes, { window: 256, scanner: 'wasm' });
    await same(bytes, { chunk: 61, window: 512 });
    if (bytes.length < 20_000) await same(bytes, { chunk: 1, window: 256 });
  });

  const id = fc.nat(50);
  const ids = fc.array(id, { maxLength: 4 });
  const odd = fc.constantFrom(
    { parentSpanId: '0000000000000001' },
    { traceId: 'odd', spanId: 7 },
    { startTimeUnixNano: 'soon' },
    { status: { code: 2, message: 'no' } },
    { attributes: [{ key: 'user.id', value: { intValue: 3 } }] },
    { events: [{ name: 'exception', timeUnixNano: '1700000000500000000' }] },
    { 'attr\u0069butes': [] },
  );
  const documents = fc.array(
    fc.tuple(id, fc.option(odd)).map(([n, more]) => span(n, more ?? {})),
    { maxLength: 5 },
  );
  const written = fc
    .tuple(documents, fc.constantFrom(undefined, 1, 2, '\t'))
    .map(([spans, indent]) => JSON.stringify(request(spans), null, indent));
  const whole = [
    { weight: 5, arbitrary: ids.map((found) => line(...found)) },
    { weight: 3, arbitrary: written.map((text) => `${text}\n`) },
    { weight: 1, arbitrary: written.map((text) => text) },
    { weight: 1, arbitrary: written.map((text) => `  ${text.replaceAll('\n', '\n  ')}\n`) },
    { weight: 1, arbitrary: written.map((text) => `${text.replaceAll('\n', '\r\n')}\r\n`) },
    { weight: 1, arbitrary: written.map((text) => `${text.replaceAll(/\n */g, '\n')}\n`) },
    { weight: 1, arbitrary: written.map((text) => `${text},\n`) },
    {
      weight: 1,
      arbitrary: written.map((text) => `${JSON.stringify({ log: `${text}\n`, stream: 'stdout' })}\n`),
    },
    { weight: 1, arbitrary: ids.map((found) => line(...found).replace('[{"resource"', '[\n{"resource"')) },
    { weight: 1, arbitrary: ids.map((found) => line(...found).replace('"spans":[', '"spans":[\n ')) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          ids,
          fc.constantFrom('\n', '\n  ', '\r\n', '\n\n', '\n\t'),
          fc.constantFrom('\n', '\n ', '', ']\n'),
        )
        .map(([found, between, end]) =>
          line(...found)
            .replaceAll(/(?<=[[,])(?=\{"(?:resource|traceId)")/g, between)
            .replace(/(?=\]\}\n$)/, end.slice(0, 2))
            .replace(/\]\}\n$/, end === ']\n' ? ']\n}\n' : ']}\n'),
        ),
    },
    {
      weight: 1,
      arbitrary: ids.map((found) =>
        line(...found)
          .replace('{', '{ ')
          .replace('{', '\t{ '),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        '\n',
        '\r\n',
        ' \n',
        'a line\n',
        '{\n',
        '}\n',
        '{}\n',
        '{"resourceSpans":[]}\n',
        '{"resourceSpans":[],"a":1}\n',
        '{"resourceSpans"\n',
        '{"resourceSpans":null}\n',
        '  "resourceSpans": [\n',
        ']}\n',
        '{ name: 1,\n',
        '  id: 2 }\n',
        '\0\0\n',
        'INFO {"a":1}\n',
        '[1,2]\n',
        '\x1b[31mred\x1b[0m\n',
        '\ufeff',
        '\x1e',
      ),
    },
  ];
  const damaged = [
    { weight: 1, arbitrary: fc.tuple(written, fc.nat(2000)).map(([text, cut]) => `${text.slice(0, cut)}\n`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(written, fc.nat(2000), fc.constantFrom('\0', '\n', '}', '"', ' ', 'ÿ', ',\n', ':'))
        .map(([text, at, c]) => `${text.slice(0, at)}${c}${text.slice(at)}\n`),
    },
  ];

  const windows = fc.constantFrom(64, 200, 1000, 1 << 16);
  const chunks = fc.constantFrom(undefined, 1, 13, 200, 5000);
  const scanners = fc.constantFrom('ts' as const, 'wasm' as const);
  const runs = { numRuns: Number(process.env['DRIVE_RUNS'] ?? 200) };

  it('any mixture says the same', async () => {
    const pieces = fc.array(fc.oneof(...whole, ...damaged), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(pieces, windows, chunks, scanners, async (texts, window, chunk, scanner) => {
        await same(broken(texts.join('')), { window, chunk, scanner });
        await same(broken(texts.join('').trimEnd()), { window, chunk, scanner });
      }),
      runs,
    );
  });

  // What is made of a damaged line that is read piecewise depends on how it comes, with or without a scanner.
  it('any mixture of what is too large to be held says the same', async () => {
    const pieces = fc.array(fc.oneof(...whole), { maxLength: 8 });
    const limits = { split: 600, hold: 1 << 20 };
    await fc.assert(
      fc.asyncProperty(pieces, windows, chunks, scanners, async (texts, window, chunk, scanner) => {
        await same(texts.join(''), { window, chunk, scanner, limits });
      }),
      runs,
    );
  });
});

function list(folder: string): readonly string[] {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path) : [];
}
