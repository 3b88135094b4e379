import { looksLikeOtlpProto } from './formats/otlp-proto-head.ts';
import { packing } from './packing.ts';

/** Where requests stand among the bytes of an input: behind their lengths, or one after another as the fields that they are. */
export type Framing = 'sized' | 'bare';

export const LENGTH_BYTES = 4;
const OPEN_BRACE = 0x7b;

/** How requests follow each other in an input that begins so; undefined where it holds something else. */
export function framingOf(head: Buffer, protobuf: boolean): Framing | undefined {
  if (isSizePrefixed(head)) return 'sized';
  return protobuf && looksLikeOtlpProto(head) ? 'bare' : undefined;
}

/**
 * The collector's file exporter with `compression: zstd` or `format: proto`: every message stands behind its length, four
 * bytes, the highest first (opentelemetry-collector-contrib exporter/fileexporter, README "File Format").
 */
function isSizePrefixed(head: Buffer): boolean {
  // Text begins with a byte of 9 or more: as a length that would be 150 MB.
  if (head.length < LENGTH_BYTES + 4 || head[0]! >= 9) return false;
  const size = head.readUInt32BE(0);
  const message = head.subarray(LENGTH_BYTES);
  if (size < 2) return false;
  return isZstd(message) || message[0] === OPEN_BRACE || looksLikeOtlpProto(message, size);
}

export const isZstd = (bytes: Buffer): boolean => packing(bytes) === 'zstd';
