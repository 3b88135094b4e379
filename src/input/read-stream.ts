import { isSizePrefixed, readProtoStream, readSizePrefixed } from './binary.ts';
import { ByteReader } from './bytes.ts';
import { gunzip, packing, unzstd } from './decompress.ts';
import type { Dispatcher } from './dispatch.ts';
import { utf8 } from './encoding.ts';
import { looksLikeOtlpProto } from './formats/otlp-proto.ts';
import type { Limits } from './held.ts';
import { LineReader } from './lines.ts';
import { RecordReader } from './records.ts';

const LIMITS: Limits = { split: 8 * 1024 * 1024, hold: 128 * 1024 * 1024 };

export type StreamOptions = {
  /** Whether OTLP protobuf is looked for. */
  readonly protobuf?: boolean;
  readonly limits?: Limits;
};

/** A compressed log that was compressed again. */
const PACKINGS = 2;

/** Reads one input from its first byte to its last, whatever it is packed in, encoded as and written in. */
export async function readStream(
  source: AsyncIterable<Buffer>,
  dispatcher: Dispatcher,
  { protobuf = true, limits = LIMITS }: StreamOptions = {},
): Promise<void> {
  const records = new RecordReader(dispatcher, limits);
  const lines = new LineReader(records, limits.split);
  const damaged = () => dispatcher.skip('compression', lines.number);
  let bytes = new ByteReader(source);
  for (let level = 0; level < PACKINGS; level++) {
    const packed = packing(await bytes.peek(16));
    if (packed === undefined) break;
    if (packed === 'unsupported') {
      dispatcher.skip('unsupported', 1);
      return;
    }
    bytes = new ByteReader(packed === 'gzip' ? gunzip(bytes, damaged) : unzstd(bytes, damaged));
  }
  const head = await bytes.peek(4096);
  if (isSizePrefixed(head)) await readSizePrefixed(bytes, records, dispatcher, limits.hold);
  else if (protobuf && looksLikeOtlpProto(head)) await readProtoStream(bytes, dispatcher, limits.hold);
  else for await (const chunk of utf8(bytes)) lines.push(chunk);
  lines.end();
  records.end();
  dispatcher.end();
}
