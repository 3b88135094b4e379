import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openInputs } from '../../src/input/index.ts';
import type { Attributes, AttributeValue, Place, Span } from '../../src/model/index.ts';
import { load } from '../../src/pipeline.ts';
import { createPriceBook } from '../../src/pricing/index.ts';
import { read } from '../input/reading.ts';
import { again } from './alike-spans.ts';
import { type PlainSpan, spanOf } from './plain.ts';
import { viewOf } from './table-view.ts';

// The whole way, from a file of OTLP JSON lines to a table, with a scanner and without.

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
const foldersIn = (folder: string): readonly string[] =>
  readdirSync(join(fixtures, folder)).map((name) => join(folder, name));
const textsIn = (folder: string): readonly string[] =>
  readdirSync(join(fixtures, folder))
    .filter((file) => /\.jsonl?$/.test(file) && !file.includes('.expected.'))
    .map((file) => readFileSync(join(fixtures, folder, file), 'utf8'));

const scratch = mkdtempSync(join(tmpdir(), 'agentobs-rows-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const COLUMNS = ['attr:session.id', 'attr:gen_ai.request.model', 'resource:service.name'];

async function loaded(file: string, withRows: boolean) {
  const source = await openInputs([file], { stdin: process.stdin, scanner: 'ts' });
  let objects = 0;
  const counted = {
    read: (...[sink, projection]: Parameters<typeof source.read>) => {
      const span = (one: Span, at: Place): void => {
        objects++;
        sink.span(one, at);
      };
      return source.read({ ...sink, span, rows: withRows ? sink.rows : undefined }, projection);
    },
  };
  const { forest, input } = await load(counted, {
    prices: createPriceBook(),
    costMode: 'auto',
    observations: true,
    by: COLUMNS,
  });
  await source.close();
  return {
    objects,
    found: { view: viewOf(forest.table, COLUMNS, true), input, parents: [...forest.parent] },
  };
}

/** Writes spans again and again, each with other ids and values, and reads them both ways. */
async function expectEqual(name: string, spans: readonly Span[]): Promise<void> {
  const file = join(scratch, `${name.replaceAll('/', '-')}.jsonl`);
  const lines = Array.from({ length: 6 }, (_, round) =>
    spans.map((span) => lineOf(again(span, round))),
  ).flat();
  writeFileSync(file, `${lines.join('\n')}\n`);
  const slow = await loaded(file, false);
  const quick = await loaded(file, true);
  expect(quick.found).toEqual(slow.found);
  expect(slow.objects).toBe(lines.length);
  // Documents that are not for scanners.
  expect(quick.objects).toBeLessThan(lines.length / 10);
}

function lineOf(span: Span): string {
  const codes = { unset: 0, ok: 1, error: 2 };
  const { traceId, spanId, parentSpanId, name, start, end, status, statusMessage, resource, scope } = span;
  const written = {
    traceId,
    spanId,
    parentSpanId,
    name,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    attributes: pairsOf(span.attributes),
    events: span.events.map((event) => ({ name: event.name, attributes: pairsOf(event.attributes) })),
    status: { code: codes[status], message: statusMessage },
  };
  const scopeSpans = [{ scope, spans: [written] }];
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes: pairsOf(resource.attributes) }, scopeSpans }],
  });
}

const pairsOf = (attributes: Attributes): readonly object[] =>
  [...attributes].map(([key, value]) => ({ key, value: anyValue(value) }));

function anyValue(value: AttributeValue): object {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: pairsOf(new Map(Object.entries(value))) } };
}

describe('a file with a scanner', () => {
  it.each(foldersIn('dialects'))('fills the same table as without: %s', async (folder) => {
    const plain = textsIn(folder).flatMap((text) => JSON.parse(text) as readonly PlainSpan[]);
    await expectEqual(folder, plain.map(spanOf));
  });

  it.each([...foldersIn('billing'), 'formats/otlp-json'])(
    'fills the same table as without: %s',
    async (folder) => {
      const readings = await Promise.all(textsIn(folder).map((text) => read(text)));
      await expectEqual(
        folder,
        readings.flatMap(({ spans }) => spans),
      );
    },
  );
});
