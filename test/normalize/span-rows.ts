import {
  type AttributeValue,
  hash64,
  type Place,
  ROW,
  ROW_FLAG,
  ROW_VALUES,
  ROW_WORDS,
  type RowPlan,
  type RowSink,
  type RowUse,
  type Span,
} from '../../src/model/index.ts';

// Rows made from spans, by the letter of `src/model/rows.ts`: what a scanner does with bytes, as plainly as it can be said.
// Patterns are texts that hold everything that makes a pattern.

/** A source of rows for any spans, in batches of `size`; those that are not `readable` turn out to be none when they are read. */
export function rowsOfSpans(
  sink: RowSink,
  size = 5,
  readable: (span: Span) => boolean = () => true,
): { readonly take: (spans: readonly Span[]) => void } {
  const { plan } = sink;
  const texts = new Numbers<string>();
  const patterns = new Numbers<string>();
  const contexts = new Numbers<string>();
  const slots: (readonly number[])[] = [[]];
  const spansOf: Span[] = [];
  const add = sink.from({
    text: (number) => texts.value(number),
    slotsOf: (pattern) => slots[pattern]!,
    context: (number) => spansOf[number]!,
  });
  const contextOf = (span: Span): number => {
    const id = JSON.stringify([[...span.resource.attributes], span.scope], plainly);
    const number = contexts.number(id);
    spansOf[number] ??= span;
    return number;
  };

  const write = (span: Span, words: Uint32Array, doubles: Float64Array, at: number): void => {
    words[at + ROW.context] = contextOf(span);
    const parts = partsOf(span, plan);
    if (parts === undefined) return;
    const pattern = patterns.number(JSON.stringify(parts.pattern));
    slots[pattern] ??= parts.values.map(({ slot }) => slot);
    words[at + ROW.pattern] = pattern;
    words[at + ROW.flags] = parts.flags;
    hex(words, at + ROW.traceId, span.traceId);
    hex(words, at + ROW.spanId, span.spanId);
    if (span.parentSpanId !== undefined) hex(words, at + ROW.parentId, span.parentSpanId);
    words[at + ROW.startSecond] = Number(span.start! / 1_000_000_000n);
    words[at + ROW.startNano] = Number(span.start! % 1_000_000_000n);
    doubles[(at + ROW.duration) / 2] = Number(span.end! - span.start!);
    for (const [index, { use, value }] of parts.values.entries()) {
      const place = at + ROW.values + 2 * index;
      if (use === 'passage') words.set([texts.number(String(value)), 1], place);
      else if (use === 'answer') [words[place], words[place + 1]] = hash64(String(value));
      else doubles[place / 2] = use === 'text' ? texts.number(String(value)) : Number(value);
    }
  };

  return {
    take: (spans) => {
      for (let from = 0; from < spans.length; from += size) {
        const some = spans.slice(from, from + size);
        const words = new Uint32Array(some.length * ROW_WORDS);
        const doubles = new Float64Array(words.buffer);
        for (const [index, span] of some.entries()) write(span, words, doubles, index * ROW_WORDS);
        add({
          count: some.length,
          words,
          doubles,
          passage: (_, from) => texts.value(from),
          read: (row) => (readable(some[row]!) ? { span: some[row]!, at: PLACE } : undefined),
        });
      }
    },
  };
}

export const PLACE: Place = { source: 'test', line: 1 };

type Value = { readonly slot: number; readonly use: RowUse; readonly value: AttributeValue };
type Parts = { readonly pattern: unknown; readonly flags: number; readonly values: readonly Value[] };

/** Undefined for spans that are to be read as objects. */
function partsOf(span: Span, plan: RowPlan): Parts | undefined {
  const { start, end, parentSpanId } = span;
  if (!isHex(span.traceId, 32) || !isHex(span.spanId, 16)) return undefined;
  if (parentSpanId !== undefined && !isHex(parentSpanId, 16)) return undefined;
  if (start === undefined || end === undefined || start <= 0n || end < start) return undefined;
  if (end >= 2n ** 32n * 1_000_000_000n || end - start >= 2n ** 53n) return undefined;
  if (span.fromEvent !== undefined || span.half !== undefined) return undefined;
  if (Buffer.byteLength(span.name) > 1024 || /["\\\u0000-\u001f]/.test(span.name)) return undefined;
  if (span.events.some(({ name }) => plan.events.has(name))) return undefined;
  const exceptions = span.events.filter(({ name }) => name === 'exception');
  if (exceptions.length > 1 && plan.keys.some(({ of }) => of === 'exception')) return undefined;
  const attributesOf = {
    span: span.attributes,
    status: new Map(span.statusMessage ? [['message', span.statusMessage]] : []),
    exception: exceptions[0]?.attributes ?? new Map(),
  };
  const flags =
    (parentSpanId === undefined ? 0 : ROW_FLAG.hasParent) |
    (span.events.length === 0 ? 0 : ROW_FLAG.hasEvents);
  const shared: unknown[] = [];
  const values: Value[] = [];
  for (const [slot, { key, use, of = 'span' }] of plan.keys.entries()) {
    const value: AttributeValue | undefined = attributesOf[of].get(key);
    if (value === undefined) continue;
    const kind = kindOf(value, use, plan);
    if (kind === undefined) return undefined;
    shared.push(kind === 'shared' ? [slot, typeof value, value] : [slot]);
    if (kind === 'value') values.push({ slot, use, value });
  }
  if (values.length > ROW_VALUES) return undefined;
  return { pattern: [span.name, span.kind, span.status, flags, shared], flags, values };
}

/** Whether a value is part of the pattern, a value of the row, or nothing but there; undefined where it does not fit. */
function kindOf(
  value: AttributeValue,
  use: RowUse,
  { blanks }: RowPlan,
): 'shared' | 'value' | 'there' | undefined {
  if (value === null || typeof value === 'bigint') return undefined;
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  switch (use) {
    case 'presence':
      return 'there';
    case 'constant':
      return typeof value === 'object' || Buffer.byteLength(String(value)) > 2048 ? undefined : 'shared';
    case 'text':
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
        return blanks.includes(String(value)) ? undefined : 'value';
      if (typeof value === 'number' || typeof value === 'boolean') return 'shared';
      if (typeof value !== 'string' || Buffer.byteLength(value) > 1024) return undefined;
      if (blanks.includes(value)) return 'shared';
      return isVisible(value.slice(0, 1)) && isVisible(value.slice(-1)) ? 'value' : undefined;
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 0 ? 'value' : undefined;
    case 'amount':
      return typeof value === 'number' && value >= 0 ? 'value' : undefined;
    case 'passage':
      if (typeof value === 'object') return undefined;
      return typeof value === 'string' && value !== '' ? 'value' : 'shared';
    case 'answer':
      return typeof value === 'string' && /^[!#-[\]-~]{16,1024}$/.test(value) ? 'value' : undefined;
  }
}

const isVisible = (char: string): boolean => /^[!#-~]$/.test(char);
const isHex = (id: string, digits: number): boolean =>
  id.length === digits && /^[0-9a-f]+$/.test(id) && /[1-9a-f]/.test(id);

function hex(words: Uint32Array, at: number, id: string): void {
  for (let i = 0; i * 8 < id.length; i++) words[at + i] = Number.parseInt(id.slice(i * 8, i * 8 + 8), 16);
}

const plainly = (_: string, part: unknown): unknown => (typeof part === 'bigint' ? `${part}n` : part);

/** Values to numbers from 1 on, and back. */
class Numbers<Value> {
  readonly #numbers = new Map<Value, number>();
  readonly #values: Value[] = [];

  number(value: Value): number {
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.#values.push(value);
      this.#numbers.set(value, number);
    }
    return number;
  }

  value(number: number): Value {
    return this.#values[number - 1]!;
  }
}
