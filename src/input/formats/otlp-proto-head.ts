import { PAIR, REQUEST, RESOURCE, RESOURCE_ITEMS, SCOPE_ITEMS } from '../wire/tags.ts';

/** What the format is called, and where its field numbers were read. */
export const OTLP_PROTO = {
  name: 'otlp-proto',
  title: 'OTLP in protobuf: a request body, or a file of the collector with format: proto',
  source:
    'https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto',
} as const;

/**
 * Whether an input that begins with `bytes` is a request that `readOtlpProto` reads. 0x0a is a line feed too: text is told
 * apart by the lengths and field numbers of the levels inside. `total` is the length of the whole input, where it is known.
 */
export function looksLikeOtlpProto(bytes: Uint8Array, total = Number.POSITIVE_INFINITY): boolean {
  return bytes.length > 1 && fits(bytes, 0, total, REQUEST_LEVEL);
}

/** Which tags may stand at a level, and how it goes on inside them. */
type Level = { readonly [tag: number]: Level | null };
const PAIR_LEVEL: Level = { [PAIR.key]: null, [PAIR.value]: null };
const REQUEST_LEVEL: Level = {
  [REQUEST.resource]: {
    [RESOURCE_ITEMS.resource]: { [RESOURCE.attributes]: PAIR_LEVEL, 16: null, 26: null },
    [RESOURCE_ITEMS.scopes]: { [SCOPE_ITEMS.scope]: null, [SCOPE_ITEMS.items]: null, 26: null },
    [RESOURCE_ITEMS.schemaUrl]: null,
  },
};

function fits(bytes: Uint8Array, from: number, end: number, level: Level): boolean {
  let at = from;
  while (at < end && at < bytes.length) {
    const tag = bytes[at++]!;
    const inner = level[tag];
    if (inner === undefined) return false;
    let value = 0;
    let factor = 1;
    for (let byte = 128; byte >= 128; factor *= 128) {
      if (at >= bytes.length) return bytes.length < end;
      if (factor > 2 ** 42) return false;
      byte = bytes[at++]!;
      value += (byte & 127) * factor;
    }
    if ((tag & 7) !== 2) continue;
    if (value > end - at || (inner !== null && !fits(bytes, at, at + value, inner))) return false;
    at += value;
  }
  return true;
}
