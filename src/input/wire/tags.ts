/** Tags are field numbers times eight plus wire types (0 varint, 1 fixed64, 2 bytes). Those of a request, a ResourceSpans, a Resource, a ScopeSpans and a scope; those of logs and metrics are the same. */
export const REQUEST = { resource: 0x0a } as const;
export const RESOURCE_ITEMS = { resource: 0x0a, scopes: 0x12, schemaUrl: 0x1a } as const;
export const RESOURCE = { attributes: 0x0a } as const;
export const SCOPE_ITEMS = { scope: 0x0a, items: 0x12 } as const;
export const SCOPE = { name: 0x0a, version: 0x12 } as const;
/** Those of a Span, its Status and its Events. */
export const SPAN = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  parentSpanId: 0x22,
  name: 0x2a,
  kind: 0x30,
  start: 0x39,
  end: 0x41,
  attributes: 0x4a,
  droppedAttributes: 0x50,
  events: 0x5a,
  links: 0x6a,
  status: 0x7a,
} as const;
export const STATUS = { message: 0x12, code: 0x18 } as const;
export const EVENT = { time: 0x09, name: 0x12, attributes: 0x1a, droppedAttributes: 0x20 } as const;
/** Those of KeyValue and AnyValue in opentelemetry/proto/common/v1/common.proto. */
export const PAIR = { key: 0x0a, value: 0x12 } as const;
export const VALUE = {
  string: 0x0a,
  bool: 0x10,
  int: 0x18,
  double: 0x21,
  array: 0x2a,
  kvlist: 0x32,
  bytes: 0x3a,
} as const;
