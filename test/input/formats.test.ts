import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Dispatcher } from '../../src/input/dispatch.ts';
import { FORMATS } from '../../src/input/formats/index.ts';
import { OTLP_PROTO } from '../../src/input/formats/otlp-proto-head.ts';
import { readStream } from '../../src/input/read-stream.ts';
import { TEXT_FORMATS } from '../../src/input/text-formats/index.ts';
import { EVERYTHING, type Projection, type Span } from '../../src/model/index.ts';
import { type Collected, collector, plain, plainSpan } from './collect.ts';

// Every `fixtures/formats/<format>/<case>.<extension>` beside `<case>.expected.json`. A new case is two files.
// UPDATE_FIXTURES=1 writes down what is read, to be looked at before it is believed.
const UPDATE = process.env['UPDATE_FIXTURES'] !== undefined;

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'fixtures', 'formats');
const names = [...FORMATS, ...TEXT_FORMATS, OTLP_PROTO].map(({ name }) => name);

type Case = {
  readonly format: string;
  readonly name: string;
  readonly input: string;
  readonly expected: string;
};

const cases: readonly Case[] = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith('.expected.json'))
  .map((entry) => {
    const input = join(entry.parentPath, entry.name);
    const name = basename(entry.name, extname(entry.name));
    return {
      format: basename(entry.parentPath),
      name,
      input,
      expected: join(entry.parentPath, `${name}.expected.json`),
    };
  });

type Options = {
  readonly projection?: Projection;
  readonly formats?: readonly string[];
  readonly chunk?: number;
};

async function read(bytes: Buffer, options: Options = {}): Promise<Collected & { found: readonly string[] }> {
  const { projection = EVERYTHING, formats = names, chunk = bytes.length } = options;
  const collected = collector();
  const named = ({ name }: { readonly name: string }): boolean => formats.includes(name);
  const [records, texts] = [FORMATS.filter(named), TEXT_FORMATS.filter(named)];
  const dispatcher = new Dispatcher('fixture', collected.sink, projection, records, texts);
  await readStream(pieces(bytes, chunk), dispatcher, { protobuf: formats.includes(OTLP_PROTO.name) });
  return { ...collected, found: [...dispatcher.found] };
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe.each(names)('%s', (format) => {
  const own = cases.filter((one) => one.format === format);

  it('has fixtures', () => expect(own.length).toBeGreaterThan(0));

  describe.each(own)('$name', ({ input, expected }) => {
    const bytes = readFileSync(input);

    it('reads as expected', async () => {
      const found = plain(await read(bytes));
      if (UPDATE) writeFileSync(expected, oneRecordALine(found));
      expect(found).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
    });

    it('is found by its content as if it had been named', async () => {
      const all = await read(bytes);
      // What belongs to another format in the same stream is passed over by the one that was named.
      const named = await read(bytes, { formats: all.found });
      expect(plain(named)).toEqual(plain(all));
      if (all.found.length > 0) expect(all.found).toContain(format);
    });

    it('is the same a byte at a time', async () => {
      expect(plain(await read(bytes, { chunk: 1 }))).toEqual(plain(await read(bytes)));
    });

    it('is the same for those who ask for less', async () => {
      const all = await read(bytes);
      const wanted = new Set(all.spans.flatMap(({ attributes }) => [...attributes.keys()].slice(0, 1)));
      const some = await read(bytes, { projection: { attributes: wanted, events: false, logs: false } });
      const narrowed = all.spans.map((span) => narrow(span, wanted));
      expect(some.spans.map((span) => plainSpan(narrow(span, wanted)))).toEqual(narrowed.map(plainSpan));
      expect([some.skipped, some.warnings, some.logs.length]).toEqual([
        all.skipped,
        all.warnings,
        all.logs.length,
      ]);
    });
  });
});

/** A reader may give more than it was asked for; this is the least. */
function narrow(span: Span, wanted: ReadonlySet<string>): Span {
  const attributes = new Map([...span.attributes].filter(([key]) => wanted.has(key)));
  return { ...span, attributes, events: [] };
}

function oneRecordALine(found: object): string {
  const rows = Object.entries(found).map(([key, value]) => {
    if (!Array.isArray(value) || value.length === 0) return `  "${key}": ${JSON.stringify(value)}`;
    return `  "${key}": [\n${value.map((record) => `    ${JSON.stringify(record)}`).join(',\n')}\n  ]`;
  });
  return `{\n${rows.join(',\n')}\n}\n`;
}
