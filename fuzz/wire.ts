import type { RowKey, RowPlan } from '../src/model/index.ts';
import type { Random } from './random.ts';
import { text } from './values.ts';

/*
 * Requests of OTLP in protobuf, ordinary and not. Damage is done on every level before lengths are put around it, so that the rest
 * of a request stays what it is.
 */

const START = 1_790_000_000_000_000_000n;
const NANO = 1_000_000_000n;
/** Wire types. */
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

/** What a message is made with; `odd` says whether this time something is to be as it should not. */
type Draft = { readonly plan: RowPlan; readonly random: Random; readonly odd: () => boolean };

/** Requests, behind their lengths or one after another. */
export function wireInput(plan: RowPlan, random: Random): Buffer {
  const oddness = random.pick([0, 0.01, 0.03, 0.1]);
  const odd = () => random.chance(oddness);
  const draft = { plan, random, odd };
  const requests = random.many(1 + random.below(8), () =>
    message(
      random.many(random.pick([0, 1, 1, 1, 2, 3]), () => bytes(1, resourceSpans(draft))),
      draft,
    ),
  );
  const framed = random.chance(0.5) ? requests.flatMap((request) => [prefix(request), request]) : requests;
  const input = Buffer.concat(framed);
  return random.chance(0.2) ? damaged(input, random) : input;
}

function prefix(request: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(request.length);
  return length;
}

function resourceSpans(draft: Draft): Buffer {
  const { random } = draft;
  const fields: Buffer[] = [];
  if (random.chance(0.9)) fields.push(bytes(1, resource(draft)));
  for (let count = random.pick([0, 1, 1, 1, 2]); count > 0; count--) fields.push(bytes(2, scopeSpans(draft)));
  if (random.chance(0.2)) fields.push(string(3, 'https://example.org/1.0'));
  return message(fields, draft);
}

function resource(draft: Draft): Buffer {
  const { random } = draft;
  const fields = [bytes(1, pair('service.name', string(1, random.pick(['shop', 'café'])), draft))];
  if (random.chance(0.3)) fields.push(bytes(1, pair('host', anyValue(random), draft)));
  return message(fields, draft);
}

function scopeSpans(draft: Draft): Buffer {
  const { random } = draft;
  const fields: Buffer[] = [];
  if (random.chance(0.8))
    fields.push(bytes(1, message([string(1, random.pick(['lib', 'ü', ''])), string(2, '1.0')], draft)));
  for (let count = random.below(random.pick([2, 6, 30])); count > 0; count--) {
    const item = random.chance(0.02) ? logOrMetric(random) : span(draft);
    fields.push(bytes(2, item));
    // The same pattern once more.
    if (random.chance(0.5)) fields.push(bytes(2, renewed(item, random)));
  }
  return message(fields, draft);
}

function span(draft: Draft): Buffer {
  const { random, odd } = draft;
  const start = odd()
    ? random.pick([0n, 1n, 2n ** 32n * NANO, 2n ** 64n - 1n])
    : START + BigInt(random.below(1e9));
  const end = odd() ? random.pick([0n, start - 1n, start + 2n ** 53n]) : start + BigInt(random.below(3e9));
  const fields = [bytes(1, id(16, draft)), bytes(2, id(8, draft))];
  const some = (chance: number, field: () => Buffer) => {
    if (random.chance(chance)) fields.push(field());
  };
  some(0.05, () => string(3, 'a=b'));
  some(0.7, () => bytes(4, random.chance(0.2) ? Buffer.alloc(0) : id(8, draft)));
  some(0.98, () =>
    bytes(5, odd() ? anyBytes(random) : Buffer.from(random.pick(['chat', 'run', 'tool é', '']))),
  );
  some(0.9, () => number(6, odd() ? random.pick([5, 6, 200]) : random.below(4)));
  some(0.98, () => fixed64(7, BigInt.asUintN(64, start)));
  some(0.98, () => fixed64(8, BigInt.asUintN(64, end)));
  fields.push(...attributes(draft).map((content) => bytes(9, content)));
  some(0.05, () => number(10, random.pick([1, 127, 128, 300])));
  while (random.chance(0.15)) fields.push(bytes(11, event(draft)));
  some(0.05, () => number(12, 1));
  while (random.chance(0.1))
    fields.push(bytes(13, message([bytes(1, id(16, draft)), bytes(2, id(8, draft)), number(5, 1)], draft)));
  some(0.05, () => number(14, 1));
  some(0.6, () => bytes(15, status(draft)));
  some(0.4, () => Buffer.concat([tag(16, FIXED32), Buffer.from([1, 1, 0, 0])]));
  return message(fields, draft);
}

function status(draft: Draft): Buffer {
  const { random, odd } = draft;
  const fields: Buffer[] = [];
  if (random.chance(0.2)) fields.push(string(2, random.pick(['no', 'no "way"', ''])));
  if (random.chance(0.8)) fields.push(number(3, odd() ? 3 : random.below(3)));
  return message(fields, draft);
}

function event(draft: Draft): Buffer {
  const { plan, random, odd } = draft;
  const name = random.pick(odd() ? [...plan.events, 'exception'] : ['log', 'exception']);
  const asked = plan.keys.filter(({ of }) => of === 'exception').map(({ key }) => key);
  const fields = [fixed64(1, START), string(2, name)];
  for (const key of random.shuffled(['x', ...asked, 'exception.type']).slice(0, random.below(3)))
    fields.push(bytes(3, pair(key, random.chance(0.8) ? string(1, text(random)) : anyValue(random), draft)));
  if (random.chance(0.1)) fields.push(number(4, 2));
  return message(random.chance(0.1) ? random.shuffled(fields) : fields, draft);
}

function attributes(draft: Draft): Buffer[] {
  const { plan, random, odd } = draft;
  const pairs = plan.keys
    .filter(({ of }) => of === undefined && random.chance(0.6))
    .map((planned) =>
      pair(planned.key, odd() ? anyValue(random) : plannedValue(planned, plan, random), draft),
    );
  while (random.chance(0.3)) pairs.push(pair(random.pick(['a', 'clé', 'x.y']), anyValue(random), draft));
  if (odd() && pairs.length > 0) pairs.push(random.pick(pairs));
  return random.chance(0.2) ? random.shuffled(pairs) : pairs;
}

function pair(key: string, value: Buffer, draft: Draft): Buffer {
  const { random, odd } = draft;
  const fields = [string(1, key), bytes(2, value)];
  if (odd()) return random.pick([fields[0]!, fields[1]!, Buffer.concat(fields.reverse()), Buffer.alloc(0)]);
  return message(fields, draft);
}

/** A value as the key's use wants it. */
function plannedValue({ use }: RowKey, { blanks }: RowPlan, random: Random): Buffer {
  switch (use) {
    case 'count':
      return whole(BigInt(random.below(10 ** random.below(10))));
    case 'amount':
      return random.chance(0.5) ? double(random.fraction()) : whole(BigInt(random.below(1000)));
    case 'answer':
      return string(1, `resp_${random.digits(12 + random.below(8))}`);
    case 'text':
      return string(1, random.pick(['u1', 'u2', 'gpt-4o', text(random), ...blanks]));
    default:
      return random.chance(0.8)
        ? string(1, random.pick(['chat', 'LLM', 'openai', text(random)]))
        : random.pick([number(2, 1), number(2, 0), whole(7n), double(0.5)]);
  }
}

function anyValue(random: Random, depth = 0): Buffer {
  switch (random.below(depth > 2 ? 7 : 10)) {
    case 0:
      return string(1, text(random));
    case 1:
      return number(2, random.pick([0, 1, 2, 127, 128]));
    case 2:
      return whole(
        random.pick([0n, -1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, BigInt(random.below(1e9))]),
      );
    case 3:
      return double(random.pick([0, -0, 0.5, -1, 1e308, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 12]));
    case 4:
      return bytes(7, anyBytes(random));
    case 5:
      return Buffer.alloc(0);
    case 6:
      return Buffer.concat([string(1, 'a'), string(1, text(random))]);
    case 7:
      return bytes(
        5,
        Buffer.concat(random.many(random.below(3), () => bytes(1, anyValue(random, depth + 1)))),
      );
    default: {
      const item = () => Buffer.concat([string(1, 'k'), bytes(2, anyValue(random, depth + 1))]);
      return bytes(6, Buffer.concat(random.many(random.below(3), () => bytes(1, item()))));
    }
  }
}

function logOrMetric(random: Random): Buffer {
  return random.chance(0.5)
    ? Buffer.concat([fixed64(1, START), number(2, 9), bytes(5, string(1, 'a line'))])
    : Buffer.concat([string(1, 'tokens'), string(3, 'ms')]);
}

/** Of few, so that spans have parents and ids come again. */
function id(length: number, { random, odd }: Draft): Buffer {
  if (odd())
    return Buffer.alloc(random.pick([0, 1, length - 1, length, length + 1, 24 - length]), random.below(2));
  const result = Buffer.alloc(length);
  result[0] = random.below(2);
  result[length - 1] = 1 + random.below(9);
  return result;
}

/** The same bytes with another digit here and there in what is no length. */
function renewed(item: Buffer, random: Random): Buffer {
  const result = Buffer.from(item);
  if (item[0] === 0x0a && item[1] === 16 && item[18] === 0x12 && item[19] === 8)
    result[27] = 1 + random.below(9);
  return result;
}

/** Fields, now and then with others among them, in another order, one twice, or damaged. */
function message(fields: readonly Buffer[], { random, odd }: Draft): Buffer {
  let all = [...fields];
  if (odd()) all = random.shuffled(all);
  if (odd() && all.length > 0) all.push(random.pick(all));
  if (odd()) all.splice(random.below(all.length + 1), 0, unknown(random));
  const whole = Buffer.concat(all);
  return odd() ? damaged(whole, random) : whole;
}

function unknown(random: Random): Buffer {
  const field = random.pick([1, 2, 3, 4, 9, 11, 15, 16, 17, 1000, 2 ** 28]);
  const wire = random.pick([VARINT, FIXED64, BYTES, FIXED32, FIXED32, 3, 4, 6, 7]);
  return Buffer.concat([tag(field, wire), anyBytes(random)]);
}

function damaged(whole: Buffer, random: Random): Buffer {
  if (whole.length === 0) return anyBytes(random);
  const at = random.below(whole.length);
  const behind = Math.min(whole.length, at + random.pick([0, 1, 1, 2, 9]));
  switch (random.below(4)) {
    case 0:
      return whole.subarray(0, at);
    case 1: {
      const flipped = Buffer.from(whole);
      flipped[at] = flipped[at]! ^ (1 << random.below(8));
      return flipped;
    }
    case 2:
      return Buffer.concat([whole.subarray(0, at), anyBytes(random), whole.subarray(behind)]);
    default: {
      const from = random.below(whole.length);
      return Buffer.concat([whole.subarray(0, at), whole.subarray(from, from + 20), whole.subarray(behind)]);
    }
  }
}

const anyBytes = (random: Random): Buffer =>
  Buffer.from(
    random.many(random.below(10), () => random.pick([0, 1, 2, 8, 10, 18, 127, 128, 255, random.below(256)])),
  );

const tag = (field: number, wire: number): Buffer => varint(BigInt(field) * 8n + BigInt(wire));
const bytes = (field: number, content: Buffer): Buffer =>
  Buffer.concat([tag(field, BYTES), varint(BigInt(content.length)), content]);
const string = (field: number, content: string): Buffer => bytes(field, Buffer.from(content));
const number = (field: number, value: number): Buffer =>
  Buffer.concat([tag(field, VARINT), varint(BigInt(value))]);
const whole = (value: bigint): Buffer => Buffer.concat([tag(3, VARINT), varint(BigInt.asUintN(64, value))]);

function double(value: number): Buffer {
  const result = Buffer.alloc(8);
  result.writeDoubleLE(value);
  return Buffer.concat([tag(4, FIXED64), result]);
}

function fixed64(field: number, value: bigint): Buffer {
  const result = Buffer.alloc(8);
  result.writeBigUInt64LE(value);
  return Buffer.concat([tag(field, FIXED64), result]);
}

function varint(value: bigint): Buffer {
  const result: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...result, Number(rest)]);
    result.push(Number(rest & 127n) | 128);
  }
}
