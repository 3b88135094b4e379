import {
  type AttributeValue,
  hash64,
  type Resource,
  ROW,
  ROW_FLAG,
  type RowKey,
  type RowPlan,
  type RowSource,
  type RowUse,
  type Span,
} from '../src/model/index.ts';
import type { FoundRow } from './drive.ts';
import type { ExpectedSpan } from './expected.ts';

type Numbers = Pick<FoundRow, 'words' | 'doubles'>;
type Said = (from: number, length: number) => string;

/** Holds the rows of one scanner against the spans that they are about. Remembers what its numbers have meant so far. */
export class RowCheck {
  readonly #scanner: RowSource;
  readonly #plan: RowPlan;
  readonly #patterns = new Map<number, string>();
  readonly #contexts = new Map<number, string>();
  readonly #resources = new Map<string, Resource>();
  /** Rows that were compared, and those of them that have a pattern. */
  compared = 0;
  withPattern = 0;

  constructor(scanner: RowSource, plan: RowPlan) {
    this.#scanner = scanner;
    this.#plan = plan;
  }

  check(row: FoundRow, { json, span, warned }: ExpectedSpan, bytes: Buffer, line: number): void {
    this.compared++;
    const text = bytes.toString('utf8', row.offset, row.offset + row.length);
    same('the span', JSON.stringify(JSON.parse(text)), json);
    same('its bytes', `${text[0]}${text.at(-1)}`, '{}');
    same('its line', row.words[ROW.line], line);
    this.#checkContext(row.words[ROW.context]!, span);
    this.#checkNumbers(row, span, warned, (from, length) => {
      const at = row.offset + from;
      return JSON.parse(`"${bytes.toString('utf8', at, at + length)}"`) as string;
    });
  }

  /** The same of a row that is not of JSON; `said` is what a passage says. */
  checkOther(row: Numbers, span: Span, warned: boolean, said: Said): void {
    this.compared++;
    const { resource, scope } = this.#scanner.context(row.words[ROW.context]!);
    same('the context', tell([contentOf(resource), scope]), tell([contentOf(span.resource), span.scope]));
    this.#checkNumbers(row, span, warned, said);
  }

  #checkNumbers(row: Numbers, span: Span, warned: boolean, said: Said): void {
    const pattern = row.words[ROW.pattern]!;
    if (pattern === 0) return;
    this.withPattern++;
    same('warnings', warned, false);
    checkHead(row, span);
    if (!this.#plan.keys.some(({ of }) => of === 'status'))
      same('status message', span.statusMessage, undefined);
    this.#checkPattern(pattern, span);
    const slots = this.#scanner.slotsOf(pattern);
    slots.forEach((slot, i) => {
      this.#checkValue(row, i, slot, span, said);
    });
  }

  #checkContext(context: number, span: Span): void {
    const { resource, scope } = this.#scanner.context(context);
    let told = this.#contexts.get(context);
    if (told === undefined) {
      told = `${tell(resource.attributes)} ${tell(scope)}`;
      this.#contexts.set(context, told);
    }
    const content = tell(span.resource.attributes);
    same('the context', told, `${content} ${tell(span.scope)}`);
    const known = this.#resources.get(content) ?? resource;
    this.#resources.set(content, known);
    same('one object a resource', known === resource, true);
  }

  #checkPattern(pattern: number, span: Span): void {
    const valued: number[] = [];
    const slots = this.#plan.keys.map((planned, slot) => {
      const { use } = planned;
      const value = partOf(planned, span);
      if (value === undefined) return 0;
      const told = this.#inPattern(use, value);
      if (told === VALUE) valued.push(slot);
      return told;
    });
    const names = span.events.map(({ name }) => name);
    const exceptions = names.filter((name) => name === 'exception');
    if (this.#plan.keys.some(({ of }) => of === 'exception')) same('exceptions', exceptions.length < 2, true);
    same('events of the plan', names.filter((name) => this.#plan.events.has(name)).length, 0);
    const meaning = tell([
      span.name,
      span.kind,
      span.status,
      span.parentSpanId !== undefined,
      names.length > 0,
      slots,
    ]);
    const known = this.#patterns.get(pattern) ?? meaning;
    this.#patterns.set(pattern, known);
    same(`pattern ${pattern}`, meaning, known);
    same('slots with values', tell([...this.#scanner.slotsOf(pattern)].sort((a, b) => a - b)), tell(valued));
  }

  #inPattern(use: RowUse, value: AttributeValue): unknown {
    switch (use) {
      case 'presence':
        if (value === null || typeof value === 'bigint' || Number.isNaN(value))
          throw new Error(`presence of ${tell(value)}`);
        return 1;
      case 'constant':
        if (!['string', 'boolean', 'number'].includes(typeof value))
          throw new Error(`constant ${tell(value)}`);
        return tell(value);
      case 'text':
        if (typeof value === 'string') return this.#plan.blanks.includes(value) ? tell(value) : VALUE;
        if (isCount(value)) return VALUE;
        return this.#inPattern('constant', value);
      case 'passage':
        if (typeof value === 'string') return value === '' ? 1 : VALUE;
        return this.#inPattern('constant', value);
      default:
        return VALUE;
    }
  }

  #checkValue(row: Numbers, i: number, slot: number, span: Span, said: Said): void {
    const planned = this.#plan.keys[slot]!;
    const { key, use } = planned;
    const value = partOf(planned, span);
    const at = ROW.values + 2 * i;
    const double = row.doubles[at / 2]!;
    if (use === 'text') {
      const text = isCount(value) ? String(value) : value;
      same(`text ${key}`, this.#scanner.text(double), text);
      if (!/^[!#-~](.*[!#-~])?$/su.test(text as string)) throw new Error(`text ${tell(value)}`);
      if (this.#plan.blanks.includes(text as string)) throw new Error(`text ${tell(value)}`);
    } else if (use === 'passage') {
      same(`passage ${key}`, said(row.words[at]!, row.words[at + 1]!), value);
      same('a passage', value === '', false);
    } else if (use === 'answer') {
      if (!/^[!#-[\]-~]{16,1024}$/.test(value as string)) throw new Error(`answer ${tell(value)}`);
      same(`answer ${key}`, tell([row.words[at], row.words[at + 1]]), tell(hash64(value as string)));
    } else {
      same(`number ${key}`, tell(double), tell(value));
      if (!(double >= 0 && Number.isFinite(double))) throw new Error(`number ${double}`);
      if (use === 'count' && !Number.isSafeInteger(double)) throw new Error(`count ${double}`);
    }
  }
}

/** The same for resources that have the same attributes, in whatever order. */
export const contentOf = ({ attributes }: Resource): string =>
  [...attributes]
    .map((attribute) => tell(attribute))
    .sort()
    .join();

const VALUE = 'value';

/** What a span has for a key of the plan. */
function partOf({ key, of }: RowKey, span: Span): AttributeValue | undefined {
  if (of === undefined) return span.attributes.get(key);
  if (of === 'status') return span.statusMessage;
  return span.events.find(({ name }) => name === 'exception')?.attributes.get(key);
}

const isCount = (value: AttributeValue | undefined): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);

function checkHead({ words, doubles }: Numbers, span: Span): void {
  const flags =
    (span.parentSpanId === undefined ? 0 : ROW_FLAG.hasParent) |
    (span.events.length === 0 ? 0 : ROW_FLAG.hasEvents);
  same('flags', words[ROW.flags], flags);
  same('trace id', hex(words, ROW.traceId, 4), span.traceId);
  same('span id', hex(words, ROW.spanId, 2), span.spanId);
  same('parent id', hex(words, ROW.parentId, 2), span.parentSpanId ?? '0'.repeat(16));
  const start = BigInt(words[ROW.startSecond]!) * 1_000_000_000n + BigInt(words[ROW.startNano]!);
  same('start', start, span.start);
  same('a start', start > 0n && words[ROW.startNano]! < 1e9, true);
  same('duration', BigInt(doubles[ROW.duration / 2]!), BigInt(span.end!) - BigInt(span.start!));
  same(
    'a duration',
    Number.isSafeInteger(doubles[ROW.duration / 2]) && doubles[ROW.duration / 2]! >= 0,
    true,
  );
}

const hex = (words: Uint32Array, from: number, count: number): string =>
  [...words.subarray(from, from + count)].map((word) => word.toString(16).padStart(8, '0')).join('');

function same(what: string, found: unknown, expected: unknown): void {
  if (!Object.is(found, expected))
    throw new Error(`${what}: found ${String(found)}, expected ${String(expected)}`);
}

/** Text that is the same for values that are, and for no others. */
export function tell(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (part instanceof Map) return { map: [...part] };
    if (typeof part === 'bigint') return { bigint: String(part) };
    if (part === undefined) return { undefined: true };
    if (typeof part === 'number' && (Object.is(part, -0) || !Number.isFinite(part)))
      return { number: Object.is(part, -0) ? '-0' : String(part) };
    return part;
  });
}
