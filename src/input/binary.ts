import { ByteReader } from './bytes.ts';
import type { Dispatcher } from './dispatch.ts';
import { looksLikeOtlpProto, OTLP_PROTO, type RowsOfProto, readOtlpProto } from './formats/otlp-proto.ts';
import { packing } from './packing.ts';
import type { RecordReader } from './records.ts';

const LENGTH_BYTES = 4;
const OPEN_BRACE = 0x7b;
/** Field 1, length-delimited: `resource_spans` of a request, and of the data of a trace. */
const RESOURCE_SPANS = 0x0a;

/**
 * The collector's file exporter with `compression: zstd` or `format: proto`: every message stands behind its length, four
 * bytes, the highest first (opentelemetry-collector-contrib exporter/fileexporter, README "File Format").
 */
export function isSizePrefixed(head: Buffer): boolean {
  // Text begins with a byte of 9 or more: as a length that would be 150 MB.
  if (head.length < LENGTH_BYTES + 4 || head[0]! >= 9) return false;
  const size = head.readUInt32BE(0);
  const message = head.subarray(LENGTH_BYTES);
  if (size < 2) return false;
  return isZstd(message) || message[0] === OPEN_BRACE || looksLikeOtlpProto(message, size);
}

export async function readSizePrefixed(
  bytes: ByteReader,
  records: RecordReader,
  dispatcher: Dispatcher,
  hold: number,
  fast?: RowsOfProto,
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
    else if (content[0] === RESOURCE_SPANS) readProto(content, place, dispatcher, fast);
    else records.message(content, place);
  }
}

/**
 * A request as protobuf, one `resource_spans` at a time: a message of its own, because fields of a message may be cut
 * apart and joined as they like.
 */
export async function readProtoStream(
  bytes: ByteReader,
  dispatcher: Dispatcher,
  hold: number,
  fast?: RowsOfProto,
): Promise<void> {
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
    readProto(message, place, dispatcher, fast);
  }
}

function readProto(
  message: Buffer,
  place: number,
  dispatcher: Dispatcher,
  fast: RowsOfProto | undefined,
): void {
  dispatcher.readAs(OTLP_PROTO.name, place, (context) => {
    try {
      readOtlpProto(message, context, fast);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('not protobuf')) throw error;
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

const isZstd = (bytes: Buffer): boolean => packing(bytes) === 'zstd';
