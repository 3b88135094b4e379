// OTLP in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding), written in several ways that mean the same.

const SDK = { language: 'nodejs', name: 'opentelemetry', version: '1.29.0' };

/** How the same request is laid out. `of` is asked once a request. */
const LAYOUTS = {
  /** Compact, keys in the order of the protocol: what the collector writes. */
  usual: () => COMPACT,
  /** Keys in any order, values before keys, whole numbers bare, now and then a key written with an escape. */
  shuffled: (random) => ({
    ...COMPACT,
    order: (pairs) => (random.next() < 0.5 ? pairs.reverse() : rotated(pairs, random.below(pairs.length))),
    bare: random.next() < 0.5,
    escaped: random.next() < 0.01,
  }),
  /** Blanks behind colons and commas, as Python's `json.dumps` has them. */
  spaced: () => ({ ...COMPACT, colon: ': ', comma: ', ' }),
  /** Indented, one request after another. */
  pretty: () => ({ ...COMPACT, indented: true }),
};

const COMPACT = {
  colon: ':',
  comma: ',',
  order: (pairs) => pairs,
  bare: false,
  escaped: false,
  indented: false,
};

const rotated = (pairs, by) => [...pairs.slice(by), ...pairs.slice(0, by)];

/** One request after another, each a line unless the layout is indented. */
export function requests(random, layout) {
  return {
    batch: (spans) => {
      const write = writer(LAYOUTS[layout](random));
      return `${write.finished(write.object([['resourceSpans', write.list(resourceSpans(spans, write))]]))}\n`;
    },
  };
}

/** All resource spans in one document. */
export function oneDocument(random, layout) {
  let first = true;
  return {
    head: '{"resourceSpans":[',
    batch: (spans) => {
      const write = writer(LAYOUTS[layout](random));
      const text = resourceSpans(spans, write).join(',\n');
      const separator = first ? '\n' : ',\n';
      first = false;
      return separator + text;
    },
    tail: '\n]}\n',
  };
}

function writer({ colon, comma, order, bare, escaped, indented }) {
  const object = (pairs) =>
    `{${order(pairs)
      .map(([key, value]) => `"${key}"${colon}${value}`)
      .join(comma)}}`;
  const list = (values) => `[${values.join(comma)}]`;
  const value = (type, content) => {
    if (type === 'text') return object([['stringValue', JSON.stringify(content)]]);
    if (type === 'whole') return object([['intValue', bare ? content : `"${content}"`]]);
    if (type === 'real') return object([['doubleValue', content]]);
    if (type === 'flag') return object([['boolValue', content]]);
    const inner = type === 'list' ? content.map((text) => value('text', text)) : content.map(attribute);
    const name = type === 'list' ? 'arrayValue' : 'kvlistValue';
    return object([[name, object([['values', list(inner)]])]]);
  };
  const key = (name) =>
    escaped
      ? `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${quoted(name.slice(1))}`
      : JSON.stringify(name);
  const attribute = ([name, type, content]) =>
    object([
      ['key', key(name)],
      ['value', value(type, content)],
    ]);
  const finished = (text) => (indented ? JSON.stringify(JSON.parse(text), null, 2) : text);
  return { object, list, attribute, finished };
}

/** What stands behind the first quote. */
const quoted = (rest) => JSON.stringify(rest).slice(1);

function resourceSpans(spans, write) {
  const services = groups(spans, ({ service }) => service);
  return [...services].map(([service, ofService]) =>
    write.object([
      [
        'resource',
        write.object([['attributes', write.list(resourceAttributes(service).map(write.attribute))]]),
      ],
      [
        'scopeSpans',
        write.list(
          [...groups(ofService, ({ scope }) => scope)].map(([scope, ofScope]) =>
            scopeSpans(scope, ofScope, write),
          ),
        ),
      ],
      ['schemaUrl', '"https://opentelemetry.io/schemas/1.28.0"'],
    ]),
  );
}

function scopeSpans(scope, spans, write) {
  const named = write.object([
    ['name', JSON.stringify(scope.name)],
    ['version', JSON.stringify(scope.version)],
  ]);
  return write.object([
    ['scope', named],
    ['spans', write.list(spans.map((span) => oneSpan(span, write)))],
  ]);
}

function oneSpan({ traceId, spanId, parent, name, kind, start, end, attributes, failure }, write) {
  const status =
    failure === undefined
      ? []
      : [
          ['code', 2],
          ['message', JSON.stringify(failure)],
        ];
  const exception = () =>
    write.object([
      ['timeUnixNano', `"${end}"`],
      ['name', '"exception"'],
      ['attributes', write.list([write.attribute(['exception.type', 'text', 'ToolError'])])],
    ]);
  return write.object([
    ['traceId', `"${traceId}"`],
    ['spanId', `"${spanId}"`],
    ['parentSpanId', `"${parent ?? ''}"`],
    ['flags', 257],
    ['name', JSON.stringify(name)],
    ['kind', kind],
    ['startTimeUnixNano', `"${start}"`],
    ['endTimeUnixNano', `"${end}"`],
    ['attributes', write.list(attributes.map(write.attribute))],
    ...(failure === undefined ? [] : [['events', write.list([exception()])]]),
    ['status', write.object(status)],
  ]);
}

/** Attributes of the process of a service. */
export const resourceAttributes = (service) => [
  ['service.name', 'text', service],
  ['service.version', 'text', '2.4.0'],
  ['telemetry.sdk.language', 'text', SDK.language],
  ['telemetry.sdk.name', 'text', SDK.name],
  ['telemetry.sdk.version', 'text', SDK.version],
  ['deployment.environment.name', 'text', 'production'],
  ['host.name', 'text', `host-${service}`],
  ['process.pid', 'whole', 4711],
  ['os.type', 'text', 'linux'],
];

/** Values by what a function says of them, in order of appearance. */
export function groups(values, of) {
  const found = new Map();
  for (const value of values) {
    const key = of(value);
    const group = found.get(key);
    if (group === undefined) found.set(key, [value]);
    else group.push(value);
  }
  return found;
}
