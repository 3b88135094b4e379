import { USAGE_FIELDS, type Usage } from './agent-span.ts';
import { AUTHORITIES } from './call-table.ts';
import { chunkOf, placeInChunk } from './columns.ts';
import type { PackedTraces } from './id-columns.ts';
import type { Resource } from './span.ts';
import { SPAN_TEXTS, type SpanText } from './span-profile.ts';
import { SPAN_WORD, SPAN_WORDS, type SpanTable } from './span-table.ts';

/** All that is in a table of spans, as data that one thread can hand to another: nearly all of it is numbers in few pieces. */
export type TablePack = {
  readonly length: number;
  readonly rows: readonly Uint32Array[];
  readonly parents: readonly Uint32Array[];
  /** All texts, in the order of their numbers: UTF-16, and how many units each has. */
  readonly texts: { readonly units: Uint8Array; readonly lengths: Uint32Array };
  readonly traces: PackedTraces;
  readonly oddIds: readonly string[];
  readonly profiles: Uint32Array;
  readonly resources: readonly Resource[];
  /** Rows that have a text of their own, and for each field the numbers of these. */
  readonly own: {
    readonly rows: Uint32Array;
    readonly fields: readonly (readonly [SpanText, Uint32Array])[];
  };
  readonly calls: PackedCalls;
  /** Rows, and the numbers of type and message: three words each. */
  readonly errors: Uint32Array;
  readonly extra: readonly (readonly [key: string, texts: Uint32Array])[];
};

type PackedCalls = {
  readonly rows: Uint32Array;
  readonly rules: Uint32Array;
  /** 1 where there is usage. */
  readonly told: Uint8Array;
  readonly usage: readonly (readonly [keyof Usage, Float64Array])[];
  readonly costs: Float64Array;
  readonly authorities: Uint8Array;
  /** Two words each. */
  readonly answers: Uint32Array;
};

const NO_USAGE = Object.fromEntries(USAGE_FIELDS.map((field) => [field, 0])) as Record<keyof Usage, number>;
/** UTF-16, so that nothing is lost that a string may have. */
const ENCODING = 'utf16le';

/** Takes a table apart that nobody needs any more. */
export function packTable(table: SpanTable): TablePack {
  const { length, strings } = table;
  const lengths = new Uint32Array(strings.size - 1);
  const texts = Array.from(lengths, (_, i) => strings.text(i + 1)!);
  for (const [i, text] of texts.entries()) lengths[i] = text.length;
  return {
    length,
    rows: table.rows.chunks,
    parents: table.parents.chunks,
    texts: { units: encoded(texts.join('')), lengths },
    traces: table.traces.pack(),
    oddIds: table.oddIds(),
    profiles: table.profiles.pack(),
    resources: table.profiles.resources,
    own: packTexts(table),
    calls: packCalls(table),
    errors: packErrors(table),
    extra: table.extraKeys.map((key) => [
      key,
      Uint32Array.from({ length }, (_, row) => table.extraIdOf(key, row)),
    ]),
  };
}

function encoded(text: string): Uint8Array {
  const units = Buffer.alloc(2 * text.length);
  units.write(text, ENCODING);
  return units;
}

function packTexts({ length, texts }: SpanTable): TablePack['own'] {
  const fields = SPAN_TEXTS.filter((field) => texts.has(field));
  const rows = rowsWhere(length, (row) => fields.some((field) => texts.of(field, row) !== 0));
  return {
    rows,
    fields: fields.map((field) => [field, rows.map((row) => texts.of(field, row))]),
  };
}

function packCalls({ length, calls }: SpanTable): PackedCalls {
  const rows = rowsWhere(length, (row) => calls.of(row) >= 0);
  const count = rows.length;
  const answers = new Uint32Array(2 * count);
  for (let call = 0; call < count; call++) {
    answers[2 * call] = calls.answerHigh(call);
    answers[2 * call + 1] = calls.answerLow(call);
  }
  return {
    rows,
    rules: Uint32Array.from(rows, (_, call) => calls.ruleOf(call)),
    told: Uint8Array.from(rows, (_, call) => Number(calls.hasUsage(call))),
    usage: USAGE_FIELDS.map((field) => [
      field,
      Float64Array.from(rows, (_, call) => calls.usage[field].get(call)),
    ]),
    costs: Float64Array.from(rows, (_, call) => calls.costOf(call)?.amount ?? Number.NaN),
    authorities: Uint8Array.from(rows, (_, call) => {
      const cost = calls.costOf(call);
      return cost === undefined ? 0 : AUTHORITIES.indexOf(cost.authority);
    }),
    answers,
  };
}

function packErrors(table: SpanTable): Uint32Array {
  const { strings } = table;
  const rows = rowsWhere(table.length, (row) => table.errorOf(row) !== undefined);
  const packed = new Uint32Array(3 * rows.length);
  for (const [i, row] of rows.entries()) {
    const { type, message } = table.errorOf(row)!;
    packed.set([row, strings.id(type), strings.id(message)], 3 * i);
  }
  return packed;
}

function rowsWhere(length: number, holds: (row: number) => boolean): Uint32Array {
  const rows = new Uint32Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) if (holds(row)) rows[count++] = row;
  return rows.slice(0, count);
}

/**
 * Adds the rows of another table behind those of this one. It says the same then as if all spans had been added to it one by
 * one. Resources of equal content are to be one object: `resources` are those of the other table, as they are known here.
 */
export function absorbTable(table: SpanTable, pack: TablePack, resources: readonly Resource[]): void {
  const by = table.length;
  const texts = textsIn(table, pack.texts);
  table.keepIds(pack.oddIds);
  const traces = table.traces.absorb(pack.traces, by);
  const profiles = table.profiles.absorb(pack.profiles, texts, resources);
  addRows(table, pack, traces, profiles);
  for (const [i, row] of pack.own.rows.entries())
    for (const [field, numbers] of pack.own.fields) table.setText(field, by + row, texts[numbers[i]!]!);
  addCalls(table, pack.calls, texts, by);
  for (let at = 0; at < pack.errors.length; at += 3) {
    const [type, message] = [pack.errors[at + 1]!, pack.errors[at + 2]!];
    table.setError(by + pack.errors[at]!, {
      type: table.strings.text(texts[type]!),
      message: table.strings.text(texts[message]!),
    });
  }
  for (const [key, numbers] of pack.extra)
    for (let row = 0; row < numbers.length; row++) table.setExtra(key, by + row, texts[numbers[row]!]!);
}

/** The numbers here of the texts of another table; 0 is none in both. */
function textsIn({ strings }: SpanTable, { units, lengths }: TablePack['texts']): Uint32Array {
  const text = Buffer.from(units.buffer, units.byteOffset, units.length);
  const numbers = new Uint32Array(lengths.length + 1);
  let at = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = at + 2 * lengths[i]!;
    numbers[i + 1] = strings.id(text.toString(ENCODING, at, end));
    at = end;
  }
  return numbers;
}

function addRows(table: SpanTable, pack: TablePack, traces: Uint32Array, profiles: Uint32Array): void {
  for (let row = 0; row < pack.length; row++) {
    const to = table.length++;
    const from = pack.rows[chunkOf(row)]!;
    const fromAt = placeInChunk(row) * SPAN_WORDS;
    const words = table.rows.room(to);
    const at = placeInChunk(to) * SPAN_WORDS;
    for (let word = 0; word < SPAN_WORDS; word++) words[at + word] = from[fromAt + word]!;
    words[at + SPAN_WORD.trace] = traces[from[fromAt + SPAN_WORD.trace]!]!;
    words[at + SPAN_WORD.profile] = profiles[from[fromAt + SPAN_WORD.profile]!]!;
    const fromParents = pack.parents[chunkOf(row)]!;
    const parents = table.parents.room(to);
    parents[2 * placeInChunk(to)] = fromParents[2 * placeInChunk(row)]!;
    parents[2 * placeInChunk(to) + 1] = fromParents[2 * placeInChunk(row) + 1]!;
  }
}

function addCalls({ calls }: SpanTable, packed: PackedCalls, texts: Uint32Array, by: number): void {
  const { rows, rules, told, costs, authorities, answers } = packed;
  const columns = packed.usage.filter(([, counts]) => counts.some((count) => count !== 0));
  for (let i = 0; i < rows.length; i++) {
    const call = calls.add(
      by + rows[i]!,
      told[i] === 1 ? NO_USAGE : undefined,
      texts[rules[i]!]!,
      costs[i]!,
      authorities[i]!,
    );
    for (const [field, counts] of columns) calls.usage[field].set(call, counts[i]!);
    calls.setAnswer(call, answers[2 * i]!, answers[2 * i + 1]!);
  }
}
