/** Tags of a Span, its Status and its Events: field number times eight plus wire type (0 varint, 1 fixed64, 2 bytes). */
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
