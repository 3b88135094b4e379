import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { openInputs } from '../../src/input/index.ts';
import { EVERYTHING, type Place, type Span, type SpanSink } from '../../src/model/index.ts';
import { otlp } from './reading.ts';

// A second read goes where the spans stood, and hands on the same ones, or says that it cannot.

const folder = mkdtempSync(join(tmpdir(), 'agentobs-reread-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

type Seen = readonly [name: string, place: string];

async function opened(inputs: readonly string[], stdin: Readable = Readable.from([])) {
  const source = await openInputs(inputs, { stdin, scanner: 'wasm' });
  const all: Seen[] = [];
  const seen = (span: Span, at: Place): Seen => [span.name, `${at.source}:${at.line}`];
  const sink: SpanSink = {
    span: (span, at) => all.push(seen(span, at)),
    log: () => undefined,
    skip: () => undefined,
    warn: () => undefined,
    rows: {
      plan: { keys: [], blanks: [], events: new Set() },
      from: () => (batch) => {
        for (let row = 0; row < batch.count; row++) {
          const { span, at } = batch.read(row)!;
          all.push(seen(span, at));
        }
      },
      undo: (count) => {
        all.length -= count;
      },
    },
  };
  await source.read(sink, EVERYTHING);
  const again = async (rows: readonly number[]): Promise<readonly Seen[] | undefined> => {
    const found: Seen[] = [];
    const told = { skip: () => undefined, warn: () => undefined };
    const known = await source.reread!(
      rows,
      { ...told, span: (span, at) => found.push(seen(span, at)) },
      EVERYTHING,
    );
    return known ? found : undefined;
  };
  return { all, again, source };
}

const padded = (name: string, indent?: number) => {
  const document = otlp(name) as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] };
  const [spans] = document.resourceSpans[0]!.scopeSpans.map((scope) => scope.spans);
  spans!.push({ ...spans![0], name: `${name} twin`, x: 'x'.repeat(20_000) });
  return `${JSON.stringify(document, null, indent)}\n`;
};
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('spans that were rows', () => {
  it('are read again from where they stood', async () => {
    const lines = write(
      'lines.jsonl',
      names('a', 60)
        .map((name) => padded(name))
        .join(''),
    );
    const mixed = write(
      'mixed.log',
      names('b', 60)
        .map((name, i) => (i % 7 === 0 ? 'a line\n' : '') + padded(name, i % 3 === 0 ? 2 : undefined))
        .join(''),
    );
    const { all, again } = await opened([lines, mixed]);
    expect(all).toHaveLength(240);
    for (const rows of [[0], [239], [1, 2, 3], [50, 119, 120, 180], [...all.keys()], [7, 200]]) {
      expect(await again(rows)).toEqual(rows.map((row) => all[row]));
    }
    expect(await again([])).toEqual([]);
  });

  it('are read again from beside damaged documents and spans that were none', async () => {
    const damaged = padded('cut').slice(0, -30);
    const batch = JSON.stringify({ batches: (otlp('tempo') as { resourceSpans: unknown }).resourceSpans });
    const text = names('a', 40).map(
      (name, i) => padded(name) + (i % 5 === 0 ? `${damaged}\n${batch}\n` : ''),
    );
    const { all, again } = await opened([write('damaged.jsonl', text.join(''))]);
    const found: (readonly Seen[] | undefined)[] = [];
    for (const row of all.keys()) found.push(await again([row]));
    expect(found.filter((seen) => seen !== undefined).length).toBeGreaterThan(70);
    found.forEach((seen, row) => {
      if (seen !== undefined) expect(seen).toEqual([all[row]]);
    });
  });

  it('are not found where they cannot be', async () => {
    const text = padded('a') + padded('b');
    const path = write('changing.jsonl', text);
    const { again } = await opened([path]);
    expect(await again([1])).toHaveLength(1);
    expect(await again([4])).toBeUndefined();
    appendFileSync(path, padded('c'));
    expect(await again([1])).toBeUndefined();
    const piped = await opened([], Readable.from([text]));
    expect(piped.all).toHaveLength(4);
    expect(await piped.again([1])).toBeUndefined();
    await piped.source.close();
  });
});
