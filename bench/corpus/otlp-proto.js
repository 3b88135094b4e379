import { groups, resourceAttributes } from './otlp-json.js';

// OTLP in protobuf, as the collector's file exporter writes it with `format: proto`: every request behind its length, four
// bytes, the highest first. Field numbers: opentelemetry-proto, trace/v1/trace.proto and common/v1/common.proto.

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

export const lengthPrefixed = () => ({
  batch: (spans) => {
    const request = Buffer.concat(
      [...groups(spans, ({ service }) => service)].map(([service, ofService]) =>
        field(
          1,
          Buffer.concat([
            field(1, attributes(1, resourceAttributes(service))),
            ...[...groups(ofService, ({ scope }) => scope)].map(([scope, ofScope]) =>
              field(2, scopeSpans(scope, ofScope)),
            ),
          ]),
        ),
      ),
    );
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32BE(request.length);
    return Buffer.concat([prefix, request]);
  },
});

const scopeSpans = (scope, spans) =>
  Buffer.concat([
    field(1, Buffer.concat([field(1, scope.name), field(2, scope.version)])),
    ...spans.map((span) => field(2, oneSpan(span))),
  ]);

function oneSpan({ traceId, spanId, parent, name, kind, start, end, attributes: list, failure }) {
  return Buffer.concat([
    field(1, Buffer.from(traceId, 'hex')),
    field(2, Buffer.from(spanId, 'hex')),
    ...(parent === undefined ? [] : [field(4, Buffer.from(parent, 'hex'))]),
    field(5, name),
    tag(6, VARINT),
    varint(BigInt(kind)),
    tag(7, FIXED64),
    fixed(start),
    tag(8, FIXED64),
    fixed(end),
    attributes(9, list),
    ...(failure === undefined ? [] : [field(11, exception(end)), field(15, failed(failure))]),
  ]);
}

const exception = (time) =>
  Buffer.concat([
    tag(1, FIXED64),
    fixed(time),
    field(2, 'exception'),
    attributes(3, [['exception.type', 'text', 'ToolError']]),
  ]);
const failed = (message) => Buffer.concat([field(2, message), tag(3, VARINT), varint(2n)]);

const attributes = (number, list) =>
  Buffer.concat(
    list.map(([key, type, value]) =>
      field(number, Buffer.concat([field(1, key), field(2, anyValue(type, value))])),
    ),
  );

function anyValue(type, value) {
  if (type === 'text') return field(1, value);
  if (type === 'flag') return Buffer.concat([tag(2, VARINT), varint(value ? 1n : 0n)]);
  if (type === 'whole') return Buffer.concat([tag(3, VARINT), varint(BigInt(value))]);
  if (type === 'nested') return field(6, attributes(1, value));
  if (type === 'list') return field(5, Buffer.concat(value.map((text) => field(1, anyValue('text', text)))));
  const double = Buffer.alloc(8);
  double.writeDoubleLE(Number(value));
  return Buffer.concat([tag(4, FIXED64), double]);
}

function field(number, content) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([tag(number, BYTES), varint(BigInt(bytes.length)), bytes]);
}

const tag = (number, type) => varint(BigInt((number << 3) | type));

function fixed(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function varint(value) {
  const bytes = [];
  for (; value > 0x7fn; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  bytes.push(Number(value));
  return Buffer.from(bytes);
}
