import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dispatcher } from '../../src/input/dispatch.ts';
import type { Limits } from '../../src/input/held.ts';
import { readPlainFile, readStream } from '../../src/input/read-stream.ts';
import { RowLane, type ScannerChoice } from '../../src/input/row-lane.ts';
import { Tally } from '../../src/input/tally.ts';
import {
  EVERYTHING,
  type Place,
  ROW,
  ROW_WORDS,
  type RowPlan,
  type RowSink,
  type SkipReason,
  type Span,
  type SpanSink,
} from '../../src/model/index.ts';

/** Everything a sink was told, in a form that can be compared. */
export type Told = {
  readonly spans: readonly (readonly [place: string, span: unknown])[];
  readonly logs: number;
  readonly skipped: readonly (readonly [SkipReason, count: number, first: string])[];
  readonly warned: readonly string[];
  readonly formats: readonly string[];
  readonly counted: readonly [spans: number, logs: number, skipped: number];
};

export type Way = {
  /** Bytes that come at once; undefined: they stand in a file. */
  readonly chunk?: number | undefined;
  readonly window?: number;
  readonly scanner?: ScannerChoice;
  readonly limits?: Limits;
};

/** How often rows were handed on and taken back, besides what was told. */
export type Rows = { handed: number; undone: number };

const PLAN: RowPlan = {
  keys: [
    { key: 'gen_ai.operation.name', use: 'constant' },
    { key: 'gen_ai.request.model', use: 'constant' },
    { key: 'gen_ai.usage.input_tokens', use: 'count' },
    { key: 'user.id', use: 'text' },
  ],
  blanks: [''],
  events: new Set(['exception']),
};

/** What comes of the bytes line by line. */
export const bySlowWay = (bytes: Buffer, limits?: Limits): Promise<Told> =>
  told(bytes, { limits }, undefined);

/** What comes of the bytes by way of a scanner; `rows` counts them. */
export const byRows = (bytes: Buffer, way: Way, rows: Rows = { handed: 0, undone: 0 }): Promise<Told> =>
  told(bytes, way, rows);

async function told(
  bytes: Buffer,
  { chunk, window = 1 << 20, scanner = 'ts', limits }: Omit<Way, 'limits'> & { limits?: Limits | undefined },
  rows: Rows | undefined,
): Promise<Told> {
  const spans: [string, Span][] = [];
  let logs = 0;
  const skipped: [SkipReason, number, string][] = [];
  const warned: string[] = [];
  /** Lengths of `warned` before each row. */
  const before: number[] = [];
  const name = ({ source, line, format }: Place) => `${source}:${line} ${format}`;
  const sink: SpanSink = {
    span: (span, at) => spans.push([name(at), span]),
    log: () => logs++,
    skip: (reason, at, count = 1) => skipped.push([reason, count, name(at)]),
    warn: (kind, at) => warned.push(`${kind} ${name(at)}`),
  };
  const rowSink: RowSink = {
    plan: PLAN,
    from: (source) => (batch) => {
      for (let row = 0; row < batch.count; row++) {
        before[spans.length] = warned.length;
        const read = batch.read(row);
        if (read === undefined) throw new Error('a row without a span');
        const { words } = batch;
        const at = row * ROW_WORDS;
        if (words[at + ROW.pattern] !== 0) {
          const id = [0, 1, 2, 3].map((i) => hex(words[at + ROW.traceId + i]!)).join('');
          if (id !== read.span.traceId) throw new Error(`${id} is not ${read.span.traceId}`);
          const { resource, scope } = source.context(words[at + ROW.context]!);
          if (resource !== read.span.resource || scope !== read.span.scope)
            throw new Error('another context');
        }
        spans.push([name(read.at), read.span]);
      }
      if (rows !== undefined) rows.handed += batch.count;
    },
    undo: (count) => {
      if (rows !== undefined) rows.undone += count;
      const length = spans.length - count;
      warned.length = before[length]!;
      spans.length = length;
    },
  };
  const tally = new Tally(sink);
  const dispatcher = new Dispatcher('x', tally, EVERYTHING);
  const lane = rows && new RowLane(rowSink, EVERYTHING, scanner, window);
  const options = { source: 'x', tally, lane, total: undefined, memory: Buffer.alloc(window) };
  const limited = limits === undefined ? {} : { limits };
  if (chunk !== undefined || !(await fromFile(bytes, dispatcher, limited, options))) {
    await readStream(chunks(bytes, chunk ?? bytes.length), dispatcher, { ...limited, rows: options });
  }
  tally.tellSkipped();
  return {
    spans: spans.map(([place, span]) => [place, plain(span)]),
    logs,
    skipped,
    warned,
    formats: [...dispatcher.found],
    counted: [tally.spans, tally.logs, tally.skipped],
  };
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

const plain = (span: Span) => ({
  ...span,
  attributes: [...span.attributes],
  events: span.events.map((event) => ({ ...event, attributes: [...event.attributes] })),
  resource: [...span.resource.attributes],
});

async function fromFile(
  bytes: Buffer,
  dispatcher: Dispatcher,
  limited: { readonly limits?: Limits },
  options: Parameters<typeof readPlainFile>[3],
): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-drive-'));
  try {
    const path = join(folder, 'input');
    writeFileSync(path, bytes);
    return await readPlainFile(path, dispatcher, limited, options, () => undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Chunks whose memory is overwritten as soon as the next one is asked for. */
async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  const memory = Buffer.alloc(Math.min(Math.max(1, size), Math.max(1, bytes.length)));
  for (let from = 0; from < bytes.length; from += size) {
    const length = bytes.copy(memory, 0, from, Math.min(bytes.length, from + size));
    yield memory.subarray(0, length);
    memory.fill('~');
  }
}
