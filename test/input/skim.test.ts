import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dispatcher } from '../../src/input/dispatch.ts';
import { parseInspect } from '../../src/input/inspect.ts';
import { parseJson } from '../../src/input/json.ts';
import { readStream } from '../../src/input/read-stream.ts';
import { ALWAYS } from '../../src/input/skim/members.ts';
import { Skimmer } from '../../src/input/skim/skimmer.ts';
import type { Projection } from '../../src/model/index.ts';

// Records that are read straight from their bytes are read as the general way reads them. Bytes that come one by one always
// take that way.

const NARROW: Projection = {
  attributes: new Set(['wanted', 'a b', 'ä', 'tags', 'attributes']),
  events: true,
  logs: false,
};

/** Everything that reading tells, and how many spans came. */
async function told(input: Buffer, chunk: number): Promise<readonly unknown[]> {
  const said: unknown[] = [];
  const dispatcher = new Dispatcher(
    'x',
    {
      span: (span, at) => said.push(['span', span, at.line]),
      log: (log, at) => said.push(['log', log, at.line]),
      skip: (reason, at, count = 1) => said.push(['skip', reason, at.line, count]),
      warn: (kind, at) => said.push(['warn', kind, at.line]),
    },
    NARROW,
  );
  await readStream(chunks(input, chunk), dispatcher);
  return said;
}

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield Buffer.from(bytes.subarray(from, from + size));
}

const key = fc.oneof(
  fc.constantFrom('wanted', 'a b', 'ä', 'gen_ai.prompt', 'error', '1', "it's", 'key', 'value', 'constructor'),
  fc.string({ maxLength: 12, unit: 'grapheme' }).filter((text) => text !== '__proto__'),
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 90 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '"',
    "'",
    '\\',
    'a\nb\n',
    '`\'"',
    '{"traceId":"0"}',
    '\u2028',
    '\x1b[0m',
    '\x7f',
    'chat gpt-4o',
  ),
);
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 0.1, 1e21, 1e-7, 123456789012345, 2 ** 53, 0.1 + 0.2, 5e-324),
);
const value = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(text, number), { maxLength: 4 }),
);
const attributes = fc.dictionary(key, value, { maxKeys: 8, noNullPrototype: true });
const hex = (length: number) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.string({
        unit: fc.constantFrom(...'0123456789abcdef'),
        minLength: length,
        maxLength: length,
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom('', '0'.repeat(length), 'no id') },
  );

const pythonSpan = fc
  .record({ name: text, trace: hex(32), span: hex(16), attributes, resource: attributes, description: text })
  .map(({ name, trace, span, attributes: own, resource, description }) => ({
    name,
    context: { trace_id: `0x${trace}`, span_id: `0x${span}`, trace_state: '[]' },
    kind: 'SpanKind.INTERNAL',
    parent_id: null,
    start_time: '2025-06-15T15:06:40.042539Z',
    end_time: '2025-06-15T15:06:45.130639Z',
    status: { status_code: 'ERROR', description },
    attributes: own,
    events: [{ name: 'exception', timestamp: '2025-06-15T15:06:45.130639Z', attributes: own }],
    links: [],
    resource: { attributes: resource, schema_url: '' },
  }));
const jsSpan = fc
  .record({ name: text, trace: hex(32), span: hex(16), attributes, resource: attributes, message: text })
  .map(({ name, trace, span, attributes: own, resource, message }) => ({
    resource: { attributes: resource },
    instrumentationScope: { name: 'lib', version: '1.0', schemaUrl: undefined },
    traceId: trace,
    parentSpanContext: undefined,
    name,
    id: span,
    kind: 0,
    timestamp: 1750000000042539,
    duration: 5088099.484,
    attributes: own,
    status: { code: 2, message },
    events: [{ name: 'exception', attributes: own, time: [1750000000, 5] }],
    links: [],
  }));
const zipkinSpan = fc
  .record({ name: text, trace: hex(32), span: hex(16), attributes })
  .map(({ name, trace, span, attributes: own }) => ({
    traceId: trace,
    id: span,
    name,
    timestamp: 1750000000042539,
    duration: 5088100,
    localEndpoint: { serviceName: 'shop' },
    tags: own,
  }));
const flatSpan = fc
  .record({
    name: text,
    trace: hex(32),
    span: hex(16),
    attributes,
    tags: fc.option(fc.oneof(attributes, value)),
  })
  .map(({ name, trace, span, attributes: own, tags }) => ({
    trace_id: trace,
    span_id: span,
    name,
    start_time_unix_nano: 1750000000042539,
    duration_ms: 5,
    ...(tags === null ? { attributes: own } : { tags }),
    ...(name === ''
      ? {
          attributes: [
            { key: 'wanted', value: 1 },
            { key: 'other', value: 1 },
          ],
        }
      : {}),
  }));
const printed = fc.oneof(
  flatSpan.map((span) => JSON.stringify(span)),
  pythonSpan.map((span) => JSON.stringify(span, null, 4)),
  pythonSpan.map((span) => JSON.stringify(span)),
  fc
    .tuple(jsSpan, fc.constantFrom(80, 40, Number.POSITIVE_INFINITY))
    .map(([span, breakLength]) => inspect(span, { depth: 3, breakLength })),
  jsSpan.map((span) => JSON.stringify(span, null, 2)),
  zipkinSpan.map((span) => JSON.stringify(span)),
  fc.constantFrom(
    'INFO a line of a log',
    '{ name: 1 }',
    '{',
    '}',
    '',
    '{"msg":"hello"}',
    '    at run (x.js:1)',
  ),
);
const dump = fc
  .array(printed, { minLength: 1, maxLength: 6 })
  .map((parts) => Buffer.from(`${parts.join('\n')}\n`));

describe('records read straight from their bytes', () => {
  it('are read as the general way reads them', async () => {
    await fc.assert(
      fc.asyncProperty(dump, async (bytes) => {
        expect(await told(bytes, 1 << 20)).toEqual(await told(bytes, 1));
      }),
      { numRuns: 300 },
    );
  });

  it('are left to the general way where they are damaged', async () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255), length: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(dump, fc.array(change, { minLength: 1, maxLength: 3 }), async (bytes, changes) => {
        let changed = bytes;
        for (const { at, byte, length } of changes) {
          const place = at % changed.length;
          changed = Buffer.concat([
            changed.subarray(0, place),
            Buffer.of(byte),
            changed.subarray(place + length),
          ]);
        }
        expect(await told(changed, 1 << 20)).toEqual(await told(changed, 1));
      }),
      { numRuns: 500 },
    );
  });

  it('hold what a parser finds in them', () => {
    const everything = new Skimmer({ attributes: undefined, events: true, logs: true });
    const read = (source: string) => {
      const bytes = Buffer.from(`${source}\n`);
      return everything.read(bytes, 0, bytes.length)?.value;
    };
    fc.assert(
      fc.property(fc.oneof(pythonSpan, zipkinSpan, attributes), (object) => {
        const json = JSON.stringify(object, null, 1);
        const parsed = parseJson(json);
        const found = read(json);
        if (found !== undefined) expect([found]).toEqual(['value' in parsed && parsed.value]);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(jsSpan, attributes), (object) => {
        const lines = inspect(object, { depth: 5, compact: false });
        const found = read(lines);
        if (found !== undefined) expect(found).toEqual({ ...(parseInspect(lines) as object) });
      }),
    );
  });

  it('are most of those that exporters print', () => {
    const skimmer = new Skimmer(NARROW);
    const tried = fc.sample(fc.oneof(pythonSpan, zipkinSpan), { numRuns: 50, seed: 1 }).map((span) => {
      const bytes = Buffer.from(`${JSON.stringify(span, null, 4)}\n`);
      return skimmer.read(bytes, 0, bytes.length);
    });
    expect(tried.filter((skimmed) => skimmed !== undefined).length).toBeGreaterThan(45);
  });

  it('keep the attributes that formats look at themselves', () => {
    const skimmer = new Skimmer(NARROW);
    const tags = Object.fromEntries([...ALWAYS, 'wanted', 'unwanted'].map((name) => [name, 'x']));
    const bytes = Buffer.from(`${JSON.stringify({ traceId: '1', tags })}\n`);
    const value = skimmer.read(bytes, 0, bytes.length)?.value;
    expect(value).toEqual({
      traceId: '1',
      tags: Object.fromEntries([...ALWAYS, 'wanted'].map((name) => [name, 'x'])),
    });
  });
});
