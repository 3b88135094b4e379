import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { ByteReader } from './bytes.ts';
import type { Dispatcher } from './dispatch.ts';
import { utf8, utf8Begin } from './encoding.ts';
import { FileFeed, type Pace, StreamFeed } from './feed.ts';
import { framingOf } from './framing.ts';
import type { Limits } from './held.ts';
import { LineReader } from './lines.ts';
import { packing, type Unpack } from './packing.ts';
import { RecordReader } from './records.ts';
import { RowReader, type RowReaderOptions } from './row-reader.ts';
import type { WireLane } from './wire/wire-lane.ts';

export const LIMITS: Limits = { split: 8 * 1024 * 1024, hold: 128 * 1024 * 1024 };

export type StreamOptions = {
  /** Whether OTLP protobuf is looked for. */
  readonly protobuf?: boolean;
  readonly limits?: Limits;
  /** The faster way for spans, where there is one. */
  readonly rows?: RowOptions | undefined;
  /** Who unpacks, where somebody else does. */
  readonly unpacks?: Unpack | undefined;
};

/** What the faster way needs to know of an input. */
export type RowOptions = Pick<RowReaderOptions, 'source' | 'tally' | 'total' | 'lane'> & {
  /** Where text is put before it is read; what one input leaves is good for the next. */
  memory: Buffer;
  /** The same for spans in protobuf. */
  readonly wire?: WireLane | undefined;
  /** What a file was when it was read: another one has changed. */
  stamp?: string | undefined;
  /** What is waited for before each piece of text, and how much of a stream is one. */
  readonly pace?: Pace | undefined;
  readonly piece?: number | undefined;
};

/** Something that is not the same any more when the file was written to. */
export const stampOf = ({ size, mtimeMs, ino }: Stats): string => `${size} ${mtimeMs} ${ino}`;

/** A compressed log that was compressed again. */
const PACKINGS = 2;
/** So many bytes tell what an input is. */
const HEAD = 4096;

/** Reads one input from its first byte to its last, whatever it is packed in, encoded as and written in. */
export async function readStream(
  source: AsyncIterable<Buffer>,
  dispatcher: Dispatcher,
  { protobuf = true, limits = LIMITS, rows, unpacks = unpackHere }: StreamOptions = {},
): Promise<void> {
  const records = new RecordReader(dispatcher, limits);
  const lines = new LineReader(records, limits.split);
  let place: { readonly line: number } | undefined;
  let damages = 0;
  const damaged = () => {
    damages++;
  };
  let bytes = new ByteReader(source);
  for (let level = 0; level < PACKINGS; level++) {
    const packed = packing(await bytes.peek(16));
    if (packed === undefined) break;
    if (packed === 'unsupported') {
      dispatcher.skip('unsupported', 1);
      return;
    }
    // Nobody else unpacks two streams at a time.
    bytes = new ByteReader((level === 0 ? unpacks : unpackHere)(packed, bytes, damaged));
  }
  const head = await bytes.peek(HEAD);
  const framing = framingOf(head, protobuf);
  if (framing !== undefined) {
    const { readRequestStream } = await import('./requests.ts');
    await readRequestStream(framing, bytes, rows, { records, dispatcher, hold: limits.hold });
  } else if (rows?.lane === undefined) {
    for await (const chunk of utf8(bytes)) lines.push(chunk);
  } else {
    const feed = new StreamFeed(utf8(bytes), rows.pace, rows.piece);
    const reader = new RowReader({ ...rows, feed, lines, records, dispatcher });
    place = reader;
    await reader.read();
    rows.memory = reader.memory;
    await feed.forget();
  }
  // Told behind the last text that there was: how far ahead of the reading it was unpacked must not matter.
  for (; damages > 0; damages--) dispatcher.skip('compression', place?.line ?? lines.number);
  lines.end();
  records.end();
  dispatcher.end();
}

const unpackHere: Unpack = async function* (packing, bytes, damaged) {
  // Loaded when needed: most input is not packed, and the time to start counts.
  const { unpack } = await import('./decompress.ts');
  yield* unpack(packing, bytes, damaged);
};

/**
 * Reads a file that holds nothing but text in UTF-8, or enough protobuf, straight into the memory where it is looked at; false,
 * with nothing done, where it holds something else. `count` is told how far it came.
 */
export async function readPlainFile(
  path: string,
  dispatcher: Dispatcher,
  { protobuf = true, limits = LIMITS }: Omit<StreamOptions, 'rows'>,
  rows: RowOptions,
  count: (position: number) => void,
): Promise<boolean> {
  const file = openSync(path, 'r');
  try {
    const stats = fstatSync(file);
    if (rows.lane !== undefined) rows.stamp = stampOf(stats);
    const filled = readSync(file, rows.memory, 0, rows.memory.length, 0);
    const head = rows.memory.subarray(0, Math.min(filled, HEAD));
    if (packing(head) !== undefined) return false;
    const records = new RecordReader(dispatcher, limits);
    const lines = new LineReader(records, limits.split);
    const framing = framingOf(head, protobuf);
    if (framing !== undefined) {
      const wire = await rows.wire?.scanner(rows.total ?? stats.size);
      if (wire === undefined) return false;
      const feed = new FileFeed(file, 0, count, rows.pace);
      const { readScanned } = await import('./requests.ts');
      await readScanned(framing, feed, wire, rows.tally, { records, dispatcher, hold: limits.hold });
    } else {
      const begin = utf8Begin(head);
      if (begin === undefined) return false;
      if (filled > 0) count(filled);
      const feed = new FileFeed(file, filled, count, rows.pace);
      const reader = new RowReader({ ...rows, feed, filled, begin, lines, records, dispatcher });
      await reader.read();
      rows.memory = reader.memory;
    }
    lines.end();
    records.end();
    dispatcher.end();
    return true;
  } finally {
    closeSync(file);
  }
}
