import { ByteReader } from './bytes.ts';
import type { Dispatcher } from './dispatch.ts';
import { type Feed, StreamFeed } from './feed.ts';
import type { ReadContext } from './format.ts';
import { readOtlpProto } from './formats/otlp-proto.ts';
import { OTLP_PROTO } from './formats/otlp-proto-head.ts';
import { isNoMessage } from './formats/protobuf.ts';
import { type Framing, isZstd, LENGTH_BYTES } from './framing.ts';
import type { RowOptions } from './read-stream.ts';
import type { RecordReader } from './records.ts';
import { WORTHWHILE } from './row-lane.ts';
import type { Tally } from './tally.ts';
import type { OpenedWire } from './wire/wire-lane.ts';

/** Field 1, length-delimited: `resource_spans` of a request, and of the data of a trace. */
const RESOURCE_SPANS = 0x0a;

/** Bytes of an input, as `ByteReader` hands them out. */
export type Bytes = Pick<ByteReader, 'offset' | 'peek' | 'take' | 'skip'>;

/** The bytes of an input, and what reads a request: it throws on bytes that are none, after what stood before them. */
type Requests = { readonly bytes: Bytes; readonly read: ReadRequest };
type ReadRequest = (message: Buffer, context: ReadContext) => void;

/** Who else reads, and the length of what is too long. */
type Around = {
  readonly records: RecordReader;
  readonly dispatcher: Dispatcher;
  readonly hold: number;
};

/** Reads the requests of a stream in the fastest way that there is. */
export async function readRequestStream(
  framing: Framing,
  bytes: ByteReader,
  rows: RowOptions | undefined,
  around: Around,
): Promise<void> {
  await readRequests(framing, await requestsOf(bytes, rows), around);
}

/** Reads the requests of a feed by way of a scanner. */
export async function readScanned(
  framing: Framing,
  feed: Feed,
  wire: OpenedWire,
  tally: Tally,
  around: Around,
): Promise<void> {
  await readRequests(framing, await scannedRequests(wire, feed, tally), around);
}

async function requestsOf(bytes: ByteReader, rows: RowOptions | undefined): Promise<Requests> {
  if (rows?.wire === undefined) return { bytes, read: readOtlpProto };
  const { wire, tally, total, pace, piece } = rows;
  const opened = await wire.scanner(total ?? (await bytes.peek(WORTHWHILE)).length);
  if (opened !== undefined) return scannedRequests(opened, new StreamFeed(bytes.rest(), pace, piece), tally);
  const fast = {
    rows: await wire.rows(),
    count: (spans: number) => {
      tally.spans += spans;
    },
  };
  return { bytes, read: (message, context) => readOtlpProto(message, context, fast) };
}

async function scannedRequests(wire: OpenedWire, feed: Feed, tally: Tally): Promise<Requests> {
  const { ScannedRequests } = await import('./wire/scanned-requests.ts');
  const bytes = new ScannedRequests(wire, feed, tally);
  return { bytes, read: bytes.read };
}

function readRequests(framing: Framing, requests: Requests, around: Around): Promise<void> {
  return (framing === 'sized' ? readSizePrefixed : readFields)(requests, around);
}

async function readSizePrefixed(
  { bytes, read }: Requests,
  { records, dispatcher, hold }: Around,
): Promise<void> {
  for (;;) {
    const place = bytes.offset;
    const prefix = await bytes.take(LENGTH_BYTES);
    if (prefix === undefined) {
      if (bytes.offset > place) dispatcher.skip('truncated', place);
      return;
    }
    const size = prefix.readUInt32BE(0);
    if (size > hold) {
      dispatcher.skip('too_large', place);
      if (!(await bytes.skip(size))) return;
      continue;
    }
    const message = await bytes.take(size);
    if (message === undefined) {
      dispatcher.skip('truncated', place);
      return;
    }
    const content = isZstd(message) ? await unpacked(message) : message;
    if (content === undefined) dispatcher.skip('compression', place);
    else if (content[0] === RESOURCE_SPANS) readProto(content, place, dispatcher, read);
    else records.message(content, place);
  }
}

/**
 * A request as protobuf, one `resource_spans` at a time: a message of its own, because fields of a message may be cut
 * apart and joined as they like.
 */
async function readFields({ bytes, read }: Requests, { dispatcher, hold }: Around): Promise<void> {
  for (;;) {
    const place = bytes.offset;
    const head = await bytes.peek(11);
    if (head.length === 0) return;
    const { length, size } = varint(head, 1);
    if (head[0] !== RESOURCE_SPANS || size === 0) {
      dispatcher.skip(head.length < 11 && size === 0 ? 'truncated' : 'bad_span', place);
      return;
    }
    const whole = 1 + size + length;
    if (whole > hold) {
      dispatcher.skip('too_large', place);
      if (!(await bytes.skip(whole))) return;
      continue;
    }
    const message = await bytes.take(whole);
    if (message === undefined) {
      dispatcher.skip('truncated', place);
      return;
    }
    readProto(message, place, dispatcher, read);
  }
}

function readProto(message: Buffer, place: number, dispatcher: Dispatcher, read: ReadRequest): void {
  dispatcher.readAs(OTLP_PROTO.name, place, (context) => {
    try {
      read(message, context);
    } catch (error) {
      if (!isNoMessage(error)) throw error;
      context.sink.skip('invalid_json', context.at);
    }
  });
}

/** A base-128 number, and how many bytes it takes; 0 where it does not end or is longer than a length can be. */
function varint(bytes: Buffer, from: number): { readonly length: number; readonly size: number } {
  let length = 0;
  for (let size = 1; size <= 6 && from + size <= bytes.length; size++) {
    const byte = bytes[from + size - 1]!;
    length += (byte & 0x7f) * 2 ** (7 * (size - 1));
    if (byte < 0x80) return { length, size };
  }
  return { length: 0, size: 0 };
}

/** One message; undefined when it is damaged or cut off. */
async function unpacked(message: Buffer): Promise<Buffer | undefined> {
  const { unzstdMessage } = await import('./decompress.ts');
  return unzstdMessage(ByteReader.of(message));
}
