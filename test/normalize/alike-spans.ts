import fc from 'fast-check';
import {
  type AttributeValue,
  instant,
  type RowUse,
  type Span,
  type StatusCode,
} from '../../src/model/index.ts';
import { createNormalizer, DIALECTS } from '../../src/normalize/index.ts';
import { spanOf } from './plain.ts';
import { planOf } from './two-ways.ts';

// Spans that are alike: whatever of them may differ within a pattern does.

const uses: ReadonlyMap<string, RowUse> = new Map(
  planOf(createNormalizer({ observations: true }), []).keys.map(({ key, use }) => [key, use]),
);

/** The span as it might come again: other ids, times, texts and numbers in the same places. */
export function again(span: Span, round: number): Span {
  const id = (text: string, digits: number): string =>
    (BigInt(`0x${/^[0-9a-f]+$/.test(text) ? text : '1'}`) + BigInt(round))
      .toString(16)
      .padStart(digits, '0')
      .slice(-digits);
  const start = (span.start ?? 1_750_000_000_000_000_000n) + BigInt(round) * 1_000_000n;
  return {
    ...span,
    traceId: id(span.traceId, 32),
    spanId: id(span.spanId, 16),
    start: instant(start),
    end: instant(start + BigInt(round) * 3_000n),
    attributes: new Map([...span.attributes].map(([key, value]) => [key, valueAgain(key, value, round)])),
  };
}

function valueAgain(key: string, value: AttributeValue, round: number): AttributeValue {
  const use = uses.get(key);
  if (typeof value === 'number' && use === 'count') return value === 0 ? 0 : value + (round % 7) * 13;
  if (typeof value === 'number' && use === 'amount') return value * (1 + (round % 5));
  if (typeof value !== 'string') return value;
  if (use === 'text') return round % 4 === 0 ? value : `${value}-${round % 3}`;
  if (use === 'answer') return `${value}-${round}-0123456789abcdef`;
  return use === 'presence' ? `${round}` : value;
}

/** Keys that belong together, and words that mean something to some table. */
const vocabularies = DIALECTS.map((table) => [...new Set(stringsIn(table))].filter((text) => uses.has(text)));
const words = [...new Set(DIALECTS.flatMap(stringsIn))].filter((text) => !uses.has(text) && text.length < 40);

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap(stringsIn)];
}

const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 15, arbitrary: usual }, { weight: 1, arbitrary: odd });
const from = (...values: readonly AttributeValue[]): fc.Arbitrary<AttributeValue> =>
  fc.constantFrom(...values);

const word = fc.oneof(
  from(...words),
  from('gpt-4o', 'claude-x', true, false, 0, 1, 7, '3', 'EUR', '0.5USD', '', 'unknown'),
  from('{"usage":{"input_tokens":5}}', '{"model":"gpt-5","user_id":"u","cost":0.5,"total":3}'),
);
/** What spans of one pattern may have under a key of a use, and what makes them spans of another. */
const OTHERS: Readonly<Record<RowUse, fc.Arbitrary<AttributeValue>>> = {
  presence: mostly(fc.oneof(fc.string(), word, fc.array(fc.string())), fc.constant(null)),
  constant: word,
  text: mostly(
    from('ann', 'bob', '5', 'x y', '{"a":1}'),
    fc.oneof(from('unknown', '', 'ü', '"q"', ' p ', 5), fc.string()),
  ),
  count: mostly(fc.oneof(fc.nat({ max: 300 }), from(0, 100, 2 ** 53 - 1)), from(-1, 1.5, '7', true)),
  amount: mostly(
    fc.oneof(fc.double({ min: 0, max: 10, noNaN: true }), from(0, 0.25, 9008)),
    from(-0, 1e300, -1, '0.5'),
  ),
  answer: mostly(
    from('msg_0123456789abcdef', 'chatcmpl-abcdefghijkl'),
    from('short', 'with "quotes" in it', 'unknown'),
  ),
  passage: mostly(from('timeout', ' broken\n', 'é', 'unknown', ''), fc.oneof(fc.string(), word)),
};

/** What a span says of how it failed, besides attributes. */
const failure = fc
  .record({
    message: mostly(fc.constantFrom('down', ' no\n'), fc.constantFrom(undefined, '', '  ', 'None')),
    type: mostly(fc.constantFrom('Timeout', 'Äh', ' x '), fc.constantFrom(undefined, '', 'unknown', 5)),
    words: fc.constantFrom(undefined, 'it broke', '', 'null', 'long '.repeat(90)),
    escaped: mostly(fc.constant(undefined), fc.constantFrom(true, false, 'True')),
    exceptions: fc.constantFrom(0, 1, 1, 1, 2),
  })
  .map(({ message, exceptions, type, words: said, escaped }) => {
    const told = { 'exception.type': type, 'exception.message': said, 'exception.escaped': escaped };
    const attributes = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
    const event = { name: 'exception', attributes: attributes as Record<string, AttributeValue> };
    return {
      ...(message !== undefined && { statusMessage: message }),
      events: Array.from({ length: exceptions }, () => event),
    };
  });

/** Some spans with the same keys and constants, and whatever else under the other keys. */
export function alike(): fc.Arbitrary<readonly Span[]> {
  const tables = vocabularies.filter(({ length }) => length > 0);
  const keys = fc
    .tuple(fc.constantFrom(...tables), fc.constantFrom(...tables))
    .chain(([some, others]) =>
      fc.tuple(
        fc.uniqueArray(fc.constantFrom(...some), { minLength: 1, maxLength: 9 }),
        fc.uniqueArray(fc.constantFrom(...others), { maxLength: 3 }),
      ),
    )
    .map((lists) => [...new Set(lists.flat())]);
  return fc
    .record({
      keys,
      name: fc.oneof(
        fc.constantFrom('chat gpt-4o', 'invoke_agent x', 'agent.run', 'step 1', 'a'),
        fc.constantFrom(...words),
      ),
      scope: fc.constantFrom('ai', 'gen_ai', 'langfuse-sdk', 'opentelemetry.instrumentation.crewai', 'x'),
      status: fc.constantFrom<StatusCode>('unset', 'ok', 'error', 'error'),
      child: fc.boolean(),
      service: fc.constantFrom('a', 'claude-code'),
    })
    .chain((around) =>
      fc.tuple(
        fc.constant(around),
        valuesOf(around.keys, () => word),
        someOf(around.keys),
        fc.array(failure, { minLength: 7, maxLength: 7 }),
      ),
    )
    .map(([{ keys, service, ...around }, constants, spans, failures]) =>
      spans.map((values, index) => {
        const attributes = Object.fromEntries(
          keys.map((one) => [one, (uses.get(one) === 'constant' ? constants : values)[one]!]),
        );
        const resource = { 'service.name': service, 'service.instance.id': `${index % 2}` };
        return again(spanOf({ ...around, ...failures[index]!, attributes, resource }), index);
      }),
    );
}

const valuesOf = (keys: readonly string[], of: (key: string) => fc.Arbitrary<AttributeValue>) =>
  fc.record(Object.fromEntries(keys.map((key) => [key, of(key)])));
const someOf = (keys: readonly string[]) =>
  fc.array(
    valuesOf(keys, (key) => OTHERS[uses.get(key)!]),
    { minLength: 3, maxLength: 7 },
  );
