import type { RowPlan } from '../../src/model/index.ts';

// What every scanner has to do, rule by rule. Values are written as the JSON that they are.

export const PLAN: RowPlan = {
  keys: [
    { key: 'op', use: 'constant' },
    { key: 'user', use: 'text' },
    { key: 'in', use: 'count' },
    { key: 'cost', use: 'amount' },
    { key: 'id', use: 'answer' },
    { key: 'msg', use: 'presence' },
  ],
  blanks: ['', 'null', '-'],
  events: new Set(['gen_ai.choice', 'é']),
};

const ORDINARY: Readonly<Record<string, string>> = {
  traceId: '"0123456789abcdef0123456789ABCDEF"',
  spanId: '"00000000000000a1"',
  parentSpanId: '"00000000000000a0"',
  name: '"chat"',
  kind: '3',
  startTimeUnixNano: '"1790000000123456789"',
  endTimeUnixNano: '"1790000001123456789"',
};

/** An ordinary span, with these fields instead; those that are `''` are left out. */
export function span(fields: Readonly<Record<string, string>> = {}): string {
  const members = Object.entries({ ...ORDINARY, ...fields }).filter(([, value]) => value !== '');
  return `{${members.map(([key, value]) => `"${key}":${value}`).join(',')}}`;
}

/** A span with these attributes. */
const having = (...attributes: readonly string[]): string =>
  span({ attributes: `[${attributes.join(',')}]` });
const attribute = (key: string, value: string): string => `{"key":"${key}","value":${value}}`;
const string = (text: string): string => `{"stringValue":"${text}"}`;
const int = (digits: string): string => `{"intValue":${digits}}`;
const double = (digits: string): string => `{"doubleValue":${digits}}`;
const one = (key: string, value: string): string => having(attribute(key, value));

export const document = (...spans: readonly string[]): string =>
  `{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"scope":{"name":"lib"},"spans":[${spans.join(',')}]}]}]}`;

/** Spans that get a pattern, and those that are left to the format's reader. */
export const SPANS: readonly (readonly [what: string, as: 'row' | 'object', span: string])[] = [
  ['an ordinary span', 'row', span()],
  ['with white space', 'row', `{ "traceId" :\t${ORDINARY['traceId']},\r\n${span({ traceId: '' }).slice(1)}`],
  [
    'with keys that do not matter',
    'row',
    span({ flags: '257', links: '[{"traceId":"00"}]', traceState: '""', x: 'null' }),
  ],
  ['with a key twice that does not matter', 'row', `{"x":1,"x":2,${span().slice(1)}`],

  ['without a trace id', 'object', span({ traceId: '' })],
  ['a trace id of zeros', 'object', span({ traceId: `"${'0'.repeat(32)}"` })],
  ['a trace id of 16 digits', 'object', span({ traceId: '"0123456789abcdef"' })],
  ['a trace id of 33 digits', 'object', span({ traceId: `"${'1'.repeat(33)}"` })],
  ['a trace id that is not hexadecimal', 'object', span({ traceId: `"${'1'.repeat(31)}g"` })],
  ['a trace id with an escape', 'object', span({ traceId: `"${'1'.repeat(26)}\\u0031"` })],
  ['a trace id that is a number', 'object', span({ traceId: '1' })],
  ['a trace id of which only the last word is not zero', 'row', span({ traceId: `"${'0'.repeat(31)}1"` })],
  ['a span id of zeros', 'object', span({ spanId: `"${'0'.repeat(16)}"` })],
  ['a span id of which only the first word is not zero', 'row', span({ spanId: '"1000000000000000"' })],
  ['without a span id', 'object', span({ spanId: '' })],
  ['without a parent', 'row', span({ parentSpanId: '' })],
  ['an empty parent', 'row', span({ parentSpanId: '""' })],
  ['a parent of zeros', 'row', span({ parentSpanId: `"${'0'.repeat(16)}"` })],
  ['a parent that begins with eight zeros', 'row', span({ parentSpanId: '"0000000012345678"' })],
  ['a parent of which only the first word is not zero', 'row', span({ parentSpanId: '"1234567800000000"' })],
  ['a parent of 8 zeros', 'object', span({ parentSpanId: '"00000000"' })],
  ['a parent that is null', 'object', span({ parentSpanId: 'null' })],

  ['without a name', 'object', span({ name: '' })],
  ['an empty name', 'row', span({ name: '""' })],
  ['a name of other letters', 'row', span({ name: '"日本 é"' })],
  ['a name with an escape', 'object', span({ name: '"a\\"b"' })],
  ['a name that is a number', 'object', span({ name: '1' })],
  ['a name of 1024 bytes', 'row', span({ name: `"${'n'.repeat(1024)}"` })],
  ['a name of 1025 bytes', 'object', span({ name: `"${'n'.repeat(1025)}"` })],

  ['without a kind', 'row', span({ kind: '' })],
  ['a kind that is a name', 'row', span({ kind: '"SPAN_KIND_CLIENT"' })],
  ['a kind of 33 bytes', 'object', span({ kind: `"${'k'.repeat(33)}"` })],
  ['a kind that is null', 'object', span({ kind: 'null' })],
  ['a kind that is a list', 'object', span({ kind: '[3]' })],

  ['times that are bare numbers', 'row', span({ startTimeUnixNano: '1790000000123456789' })],
  ['a start of one digit', 'row', span({ startTimeUnixNano: '"1"', endTimeUnixNano: '"1"' })],
  ['zeros in front', 'row', span({ startTimeUnixNano: '"0000000000000000001"', endTimeUnixNano: '"2"' })],
  ['no start', 'object', span({ startTimeUnixNano: '' })],
  ['no end', 'object', span({ endTimeUnixNano: '' })],
  ['a start of 0', 'object', span({ startTimeUnixNano: '"0"' })],
  ['an empty start', 'object', span({ startTimeUnixNano: '""' })],
  ['a start with a sign', 'object', span({ startTimeUnixNano: '"+1"' })],
  ['a start with a point', 'object', span({ startTimeUnixNano: '1790000000123456789.0' })],
  ['a start of 20 digits', 'object', span({ startTimeUnixNano: `"${'0'.repeat(19)}1"` })],
  ['an end as soon as the start', 'row', span({ endTimeUnixNano: ORDINARY['startTimeUnixNano']! })],
  ['an end before the start', 'object', span({ endTimeUnixNano: '"1790000000123456788"' })],
  [
    'the last end',
    'row',
    span({ startTimeUnixNano: '"4294967295000000000"', endTimeUnixNano: '"4294967295999999999"' }),
  ],
  [
    'an end later than that',
    'object',
    span({ startTimeUnixNano: '"4294967295000000000"', endTimeUnixNano: '"4294967296000000000"' }),
  ],
  ['the longest duration', 'row', span({ startTimeUnixNano: '"1"', endTimeUnixNano: '"9007199254740992"' })],
  ['a longer one', 'object', span({ startTimeUnixNano: '"1"', endTimeUnixNano: '"9007199254740993"' })],

  ['an empty status', 'row', span({ status: '{}' })],
  ['status 0 with an empty message', 'row', span({ status: '{"message":"","code":0}' })],
  ['status 1', 'row', span({ status: '{"code":1}' })],
  ['a status by name', 'row', span({ status: '{"code":"STATUS_CODE_OK"}' })],
  ['status 2', 'object', span({ status: '{"code":2}' })],
  ['a failed status by name', 'object', span({ status: '{"code":"STATUS_CODE_ERROR"}' })],
  ['a status with a message', 'object', span({ status: '{"code":1,"message":"x"}' })],
  ['a status with a code twice', 'object', span({ status: '{"code":1,"code":0}' })],
  ['a status with something else', 'object', span({ status: '{"codes":1}' })],
  ['a status with an escaped key', 'object', span({ status: '{"c\\u006fde":2}' })],
  ['a status that is null', 'object', span({ status: 'null' })],

  ['a key with an escape', 'object', `{"\\u0078":1,${span().slice(1)}`],
  ['a key twice', 'object', `{"kind":1,${span().slice(1)}`],
  ['another spelling of a key', 'object', span({ parent_span_id: '"00000000000000a0"' })],
  ['a time for people', 'object', span({ startTime: '"2026-01-01"' })],

  ['no events', 'row', span({ events: '[]' })],
  ['an event', 'row', span({ events: '[{"name":"log","attributes":[]},{}]' })],
  ['an event that matters', 'object', span({ events: '[{"name":"log"},{"name":"gen_ai.choice"}]' })],
  ['an event that matters, in other letters', 'object', span({ events: '[{"name":"é"}]' })],
  ['an event whose name has an escape', 'object', span({ events: '[{"name":"gen_ai\\u002echoice"}]' })],
  ['an event with an escaped key', 'object', span({ events: '[{"n\\u0061me":"gen_ai.choice"}]' })],
  ['an event whose name is a number', 'object', span({ events: '[{"name":1}]' })],
  ['an event that is null', 'object', span({ events: '[null]' })],
  ['events that are null', 'object', span({ events: 'null' })],
  ['an event that matters, deeper', 'row', span({ events: '[{"x":{"name":"gen_ai.choice"}}]' })],

  ['no attributes', 'row', having()],
  ['attributes that are an object', 'object', span({ attributes: '{"op":"chat"}' })],
  ['attributes that are null', 'object', span({ attributes: 'null' })],
  ['an attribute nobody asked for', 'row', one('other', '[{"any":[1,null]}]')],
  ['an attribute with the value first', 'row', having('{"value":{"stringValue":"u1"},"key":"user"}')],
  ['an attribute with a third key', 'object', having('{"key":"x","value":{},"z":1}')],
  ['an attribute without a value', 'object', having('{"key":"x"}')],
  ['an attribute without a key', 'object', having('{"value":{}}')],
  ['an attribute with two values', 'object', having('{"key":"x","value":{},"value":{}}')],
  ['an attribute with an escape in its key', 'object', one('us\\u0065r', string('u1'))],
  ['an attribute with an escaped key of its own', 'object', having('{"k\\u0065y":"x","value":{}}')],
  ['an attribute that is null', 'object', having('null')],
  ['a key of the plan twice', 'object', having(attribute('op', string('a')), attribute('op', string('a')))],
  [
    'a key twice that nobody asked for',
    'row',
    having(attribute('z', string('a')), attribute('z', string('b'))),
  ],
  ['a value that is no object', 'object', one('user', '"u1"')],
  ['a value that is empty', 'object', one('msg', '{}')],
  ['a value of two kinds', 'object', one('msg', '{"stringValue":"a","intValue":"1"}')],
  ['a value in another spelling', 'object', one('user', '{"string_value":"u1"}')],
  ['a string that is a number', 'object', one('user', '{"stringValue":1}')],

  ['presence of a string', 'row', one('msg', string('\\"é\\u0000'))],
  ['presence of a number', 'row', one('msg', double('-0.5e-3'))],
  ['presence of an integer', 'row', one('msg', int('"-5"'))],
  ['presence of a boolean', 'row', one('msg', '{"boolValue":false}')],
  ['presence of a list', 'row', one('msg', '{"arrayValue":{"values":[{"intValue":1},null]}}')],
  ['presence of a record', 'row', one('msg', '{"kvlistValue":{"values":[]}}')],
  ['presence of a list without values', 'object', one('msg', '{"arrayValue":{}}')],
  ['presence of bytes', 'object', one('msg', '{"bytesValue":"aGk="}')],
  ['presence of a number without end', 'object', one('msg', double('1e999'))],
  ['presence of a number as text', 'object', one('msg', double('"NaN"'))],
  ['presence of a boolean as text', 'object', one('msg', '{"boolValue":"true"}')],

  ['a constant', 'row', one('op', string('chat'))],
  ['a constant with an escape', 'row', one('op', string('a\\"b'))],
  ['a constant number', 'row', one('op', double('0.25'))],
  ['a constant of 2048 bytes', 'row', one('op', string('c'.repeat(2048)))],
  ['a constant of 2049 bytes', 'object', one('op', string('c'.repeat(2049)))],
  ['a constant that is a list', 'object', one('op', '{"arrayValue":{"values":[]}}')],

  ['a text', 'row', one('user', string('u1'))],
  ['a text of one character', 'row', one('user', string('~'))],
  ['a text with escapes inside', 'row', one('user', string('a\\"é\\u00e9z'))],
  ['a blank text', 'row', one('user', string('null'))],
  ['an empty text', 'row', one('user', string(''))],
  ['a blank text written with an escape', 'object', one('user', string('nul\\u006c'))],
  ['a blank text with an escape inside', 'object', one('user', string('n\\u0075ll'))],
  ['a text that begins with a space', 'object', one('user', string(' u'))],
  ['a text that ends with a space', 'object', one('user', string('u '))],
  ['a text that ends with an escape', 'object', one('user', string('u\\n'))],
  ['a text that ends with a space as an escape', 'object', one('user', string('u\\u0020'))],
  ['a text that begins with a quote', 'object', one('user', string('\\"u'))],
  ['a text that begins with another letter', 'object', one('user', string('éa'))],
  ['a text that ends with another letter', 'object', one('user', string('aé'))],
  ['a text that ends with DEL', 'object', one('user', string('a\u007f'))],
  ['a text of 1024 bytes', 'row', one('user', string('t'.repeat(1024)))],
  ['a text of 1025 bytes', 'object', one('user', string('t'.repeat(1025)))],
  ['a text that is a number', 'object', one('user', int('5'))],

  ['a count between quotes', 'row', one('in', int('"12"'))],
  ['a bare count', 'row', one('in', int('12'))],
  ['a count with zeros in front', 'row', one('in', int('"0012"'))],
  ['a count as a double', 'row', one('in', double('12.0'))],
  ['a count with an exponent', 'row', one('in', double('1E5 '))],
  ['a count of 0', 'row', one('in', int('0'))],
  ['a negative count', 'object', one('in', int('"-1"'))],
  ['a count that is not whole', 'object', one('in', double('0.5'))],
  ['a count in words', 'object', one('in', int('"many"'))],
  ['an empty count', 'object', one('in', int('""'))],
  ['a count of 16 digits and more', 'object', one('in', int('"12345678901234567"'))],
  ['a count as a string', 'object', one('in', string('12'))],
  ['an amount', 'row', one('cost', double('0.0123'))],
  ['a whole amount', 'row', one('cost', int('"3"'))],
  ['a negative amount', 'object', one('cost', double('-0.1'))],
  ['a negative zero', 'object', one('cost', double('-0'))],
  ['an amount without end', 'object', one('cost', double('1e400'))],
  ['an answer', 'row', one('id', string('resp_0123456789ab'))],
  ['an answer of 15 characters', 'object', one('id', string('resp_0123456789'))],
  ['an answer with an escape', 'object', one('id', string('resp_0123\\/456789ab'))],
  ['an answer with a space', 'object', one('id', string('resp 0123456789ab'))],
  ['an answer with another letter', 'object', one('id', string('respé0123456789ab'))],
];

/** Spans that have one pattern. */
export const ALIKE: readonly (readonly [what: string, ...spans: string[]])[] = [
  [
    'other ids',
    span(),
    span({
      traceId: `"${'a'.repeat(32)}"`,
      spanId: `"${'b'.repeat(16)}"`,
      parentSpanId: `"${'c'.repeat(16)}"`,
    }),
  ],
  ['other times', span(), span({ startTimeUnixNano: '5', endTimeUnixNano: '"9"' })],
  [
    'no parent, said in three ways',
    span({ parentSpanId: '' }),
    span({ parentSpanId: '""' }),
    span({ parentSpanId: '"0000000000000000"' }),
  ],
  ['other texts', one('user', string('u1')), one('user', string('v\\"x'))],
  ['other numbers', one('in', int('1')), one('in', double('2e3')), one('in', int('"3"'))],
  ['present things', one('msg', string('')), one('msg', '{"arrayValue":{"values":[]}}')],
  [
    'another order',
    having(attribute('user', string('u')), attribute('op', string('a'))),
    having(attribute('op', string('a')), attribute('user', string('u'))),
  ],
  ['keys that nobody asked for', having(), one('x', 'null'), one('y', string('z')), span()],
  ['other events', span({ events: '[{}]' }), span({ events: '[{"name":"a"},{"name":"b"}]' })],
];

/** Spans that have a pattern each. */
export const UNLIKE: readonly (readonly [what: string, ...spans: string[]])[] = [
  ['names', span({ name: '"a"' }), span({ name: '"b"' }), span({ name: '""' })],
  [
    'kinds',
    span({ kind: '1' }),
    span({ kind: '2' }),
    span({ kind: '"SPAN_KIND_CONSUMER"' }),
    span({ kind: '' }),
  ],
  ['status', span({ status: '{"code":1}' }), span()],
  ['a parent or none', span(), span({ parentSpanId: '' })],
  ['events or none', span({ events: '[{}]' }), span({ events: '[]' })],
  ['keys', having(), one('user', string('u')), one('in', int('1')), one('msg', string('u'))],
  [
    'constants',
    one('op', string('a')),
    one('op', string('b')),
    one('op', string('')),
    one('op', string('1')),
    one('op', int('1')),
    one('op', string('true')),
    one('op', '{"boolValue":true}'),
  ],
  [
    'blanks',
    one('user', string('null')),
    one('user', string('')),
    one('user', string('-')),
    one('user', string('u')),
  ],
];

/** A span whose every value is known: by key of the plan. */
export const VALUES: readonly (readonly [span: string, values: Readonly<Record<string, string | number>>])[] =
  [
    [
      having(
        attribute('user', string('a\\"é\\u00e9z')),
        attribute('in', int('"007"')),
        attribute('cost', double('0.1')),
        attribute('id', string('resp_0123456789ab')),
      ),
      { user: 'a"ééz', in: 7, cost: 0.1, id: 'resp_0123456789ab' },
    ],
    [
      having(attribute('cost', double('123456789012345e-22')), attribute('in', double('1E5\t'))),
      { cost: 123456789012345e-22, in: 1e5 },
    ],
    ...[
      '1e22',
      '1e23',
      '9007199254740993.0',
      '2.2250738585072011e-308',
      '0.500000000000000166533453693773481063544750213623046875',
      '5e-324',
      '1.7976931348623157e308',
      '7205759403792793e1',
      '0.30000000000000004',
      '999999999999999',
      '1e-22',
      '1e-23',
      '0e0',
      '0.0',
      '1E+2',
    ].map((digits) => [one('cost', double(digits)), { cost: Number(digits) }] as const),
  ];

/** Input, and what comes of it: how many spans in how many stretches, or at which lines documents are refused. */
export const INPUTS: readonly (readonly [
  what: string,
  input: string,
  spans: number,
  refused?: readonly number[],
])[] = [
  ['nothing', '', 0],
  ['blank lines', ' \n\t\r\n\n', 0],
  ['one document', document(span()), 1],
  ['one document and a line feed', `${document(span(), span())}\n`, 2],
  ['blanks around a document', ` \t${document(span())}\r \r\n  `, 1],
  ['documents and blank lines', `${document(span())}\n\n${document(span())}\r\n${document(span())}`, 3],
  ['no spans', '{"resourceSpans":[]}\n{"resourceSpans":[{}]}\n{"resourceSpans":[{"scopeSpans":[{}]}]}', 0],
  ['white space everywhere', document(span()).replace(/[[\]{},:]/g, (token) => ` \n${token}\t`), 1],
  [
    'a resource behind its spans',
    `{"resourceSpans":[{"scopeSpans":[{"spans":[${span()}],"scope":{"name":"lib"}}],"resource":{}}]}`,
    1,
  ],
  [
    'schema addresses',
    `{"resourceSpans":[{"schemaUrl":"x","scopeSpans":[{"schemaUrl":null,"spans":[${span()}]}]}]}`,
    1,
  ],
  ['escapes of every kind', document(span({ x: '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00fF\\ud800"' })), 1],

  ['a line of a log', `starting\n${document(span())}`, 1, [1]],
  ['a line of a log between documents', `${document(span())}\nx\n${document(span())}`, 2, [2]],
  ['two documents on one line', `${document(span())} ${document(span())}\n${document(span())}`, 1, [1]],
  ['a comma behind a document', `${document(span())},\n${document(span())}`, 1, [1]],
  ['a byte order mark', `\ufeff${document(span())}\n`, 0, [1]],
  ['a NUL', `${document(span())}\u0000\n`, 0, [1]],
  ['a NUL in a string', document(span({ x: '"\u0000"' })), 0, [1]],
  ['a form feed', `\f${document(span())}`, 0, [1]],
  ['another document', '{"resourceLogs":[]}', 0, [1]],
  ['another key behind', '{"resourceSpans":[],"x":1}', 0, [1]],
  ['another key first', `{"x":1,"resourceSpans":[]}`, 0, [1]],
  ['a key with an escape', '{"resource\\u0053pans":[]}', 0, [1]],
  ['a list on top', `[${document(span())}]`, 0, [1]],
  ['requests that are no list', '{"resourceSpans":{}}', 0, [1]],
  ['a request that is null', '{"resourceSpans":[null]}', 0, [1]],
  ['a foreign key of a request', '{"resourceSpans":[{"x":1}]}', 0, [1]],
  ['an older key of a request', '{"resourceSpans":[{"instrumentationLibrarySpans":[]}]}', 0, [1]],
  ['a foreign key of a scope', '{"resourceSpans":[{"scopeSpans":[{"x":1}]}]}', 0, [1]],
  ['two resources', '{"resourceSpans":[{"resource":{},"resource":{}}]}', 0, [1]],
  ['two lists of spans', `{"resourceSpans":[{"scopeSpans":[{"spans":[${span()}],"spans":[]}]}]}`, 0, [1]],
  ['a resource that is null', '{"resourceSpans":[{"resource":null}]}', 0, [1]],
  ['a scope that is text', '{"resourceSpans":[{"scopeSpans":[{"scope":"lib","spans":[]}]}]}', 0, [1]],
  ['spans that are an object', `{"resourceSpans":[{"scopeSpans":[{"spans":${span()}}]}]}`, 0, [1]],
  ['a span that is null', document('null'), 0, [1]],
  ['a document that is cut off', `${document(span())}\n${document(span()).slice(0, -3)}`, 1, [2]],
  ['a document that is cut off between brackets', document(span()).slice(0, -1), 0, [1]],

  ...[
    ...[
      '01',
      '1.',
      '.5',
      '+1',
      '1e',
      '1e+',
      '-',
      '--1',
      '0x1',
      'NaN',
      'Infinity',
      'tru',
      'nulls',
      'True',
      '',
      '1 2',
    ],
    ...[
      '"\\x"',
      '"\\u12g4"',
      '"\\u12"',
      '"\t"',
      '"\u001f"',
      '"',
      "'x'",
      '[1,]',
      '[,1]',
      '[1',
      '{"a":1,}',
      '{"a"}',
      '{"a" 1}',
      '{a:1}',
      '{1:1}',
      '{"a":1 "b":2}',
      '[1}',
    ],
  ].map(
    (token) =>
      [`what is no JSON: ${JSON.stringify(token)}`, document(span({ x: ` ${token}` })), 0, [1]] as const,
  ),
  ['a missing comma between members', document(span().replace(',"name"', '"name"')), 0, [1]],
  ['a missing comma between spans', document(`${span()}${span()}`), 0, [1]],
  ['a comma too many between spans', document(`${span()},`), 0, [1]],
  ['something nested as deep as it may be', document(span({ x: '['.repeat(40) + ']'.repeat(40) })), 1],
  ['something nested too deep', document(span({ x: '['.repeat(100) + ']'.repeat(100) })), 0, [1]],
];
