import {
  CallBatch,
  ColumnBatch,
  enlarged,
  FLAG,
  hash64,
  type ObservedText,
  ROW,
  ROW_WORDS,
  type RowBatch,
  type RowSource,
  SPAN_TEXTS,
  type SpanError,
  type SpanTable,
} from '../../model/index.ts';
import { roomForDisjoint } from '../accounting.ts';
import { isZero } from '../usage.ts';
import { type CostOfRow, costOfRow } from './cost-row.ts';
import { errorOfRow } from './error-row.ts';
import type { ObservedRow } from './observed-row.ts';
import type { Template } from './template.ts';
import { usageOfRow } from './usage-row.ts';

/** A template in a context, its texts as numbers of the table. */
export type Filled = {
  readonly template: Template;
  readonly profile: number;
  /** Which value of the row goes into which column of texts; a place of -1: `text`, on all rows. */
  readonly texts: readonly { readonly column: number; readonly place: number; readonly text: number }[];
  /** It says something besides ids, times, texts, and what a call tells. */
  readonly saysMore: boolean;
  readonly labels: readonly { readonly column: string; readonly text: number }[];
  readonly observed: readonly { readonly name: ObservedText; readonly text: number }[];
};

/**
 * Rows one behind the other whose patterns are known, on their way into the table. They go through a few loops, each of which
 * reads or writes one thing of all of them: V8 makes code of such loops early and once, and nothing is made for a row alone.
 */
export class RowRun {
  readonly #source: RowSource;
  readonly #table: SpanTable;
  readonly #keptOf: (error: SpanError) => SpanError;
  /** The table's numbers of the source's texts; 0 for those not met yet. */
  #texts = new Int32Array(1024);
  /** The table's numbers of the ways to count, and of the same beside which reasoning is counted. */
  readonly #rules = new Map<string, number>();
  readonly #rulesBesideReasoning = new Map<string, number>();
  readonly #cost: CostOfRow = { amount: Number.NaN, authority: 0, aggregate: false };
  readonly #counted = roomForDisjoint();

  #batch: RowBatch = NOTHING;
  /** The first row, and how many there are. */
  #from = 0;
  #length = 0;
  readonly #filled: Filled[] = [];
  #profiles = new Uint32Array(0);
  #flags = new Uint32Array(0);
  readonly #calls = new CallBatch();
  readonly #said = new ColumnBatch(SPAN_TEXTS.length);
  /** Those that say more than others do, in their order. */
  readonly #more: More[] = [];

  constructor(source: RowSource, { table, keptOf }: RowRunOptions) {
    this.#source = source;
    this.#table = table;
    this.#keptOf = keptOf;
  }

  /** Begins with rows of a batch from one on. */
  begin(batch: RowBatch, from: number): void {
    this.#batch = batch;
    this.#from = from;
    this.#length = 0;
    this.#more.length = 0;
    const room = batch.count - from;
    if (room <= this.#profiles.length) return;
    this.#profiles = new Uint32Array(room);
    this.#flags = new Uint32Array(room);
  }

  /** Says what the next row means. */
  add(filled: Filled): void {
    const place = this.#length++;
    this.#filled[place] = filled;
    this.#profiles[place] = filled.profile;
    this.#flags[place] = filled.template.flags;
    if (filled.saysMore) this.#more.push({ filled, place, numbers: undefined, failure: undefined });
  }

  /** Writes rows up to the first one of which the span has to be read, and says how many. */
  write(): number {
    const table = this.#table;
    const end = this.#readCalls(this.#readMore(this.#length));
    if (end === 0) return 0;
    this.#readTexts(end);
    const first = table.pushRows(this.#batch, this.#from, this.#profiles, this.#flags, end);
    table.calls.append(first, this.#calls);
    table.texts.append(first, this.#said);
    for (const more of this.#more) if (more.place < end) this.#writeMore(more, first + more.place);
    return end;
  }

  // Each of these goes through the rows up to an end, and returns where it had to stop.

  #readCalls(end: number): number {
    const { words, doubles } = this.#batch;
    const calls = this.#calls;
    const cost = this.#cost;
    const counted = this.#counted;
    calls.begin(end);
    for (let place = 0; place < end; place++) {
      const { call } = this.#filled[place]!.template;
      if (call === undefined) continue;
      const values = this.#valuesOf(place);
      const { usageRow, costRow, answer } = call;
      let { usage, cost: amount, authority } = call;
      let flags = 0;
      let rule = 0;
      if (costRow !== undefined) {
        if (!costOfRow(costRow, doubles, values, cost) || (call.failed && cost.amount === 0)) return place;
        if (cost.aggregate) flags |= FLAG.aggregateUsage;
        amount = cost.amount;
        authority = cost.authority;
      }
      if (usageRow === undefined) rule = call.rule === undefined ? 0 : this.#ruleOf(call.rule, false);
      else {
        usage = usageOfRow(usageRow, doubles, values, counted).usage;
        if (call.failed && isZero(usage)) return place;
        rule = this.#ruleOf(counted.cacheRule, counted.besideReasoning);
        if (counted.cacheTtlTold) flags |= FLAG.cacheTtlTold;
        if (counted.halfTold && call.halves) flags |= FLAG.halfTold;
      }
      let { high, low } = answer;
      if (answer.from === 'hash') {
        high = words[2 * (values + answer.place)]!;
        low = words[2 * (values + answer.place) + 1]!;
      } else if (answer.from === 'text')
        [high, low] = hash64(this.#source.text(doubles[values + answer.place]!));
      calls.add(place, usage, rule, amount, authority, high, low);
      this.#flags[place]! |= flags;
    }
    return end;
  }

  #readTexts(end: number): void {
    const { doubles } = this.#batch;
    const said = this.#said;
    said.begin(end);
    for (let place = 0; place < end; place++) {
      const { texts } = this.#filled[place]!;
      if (texts.length === 0) continue;
      const at = said.next(place);
      const values = this.#valuesOf(place);
      for (let i = 0; i < texts.length; i++) {
        const { column, place, text } = texts[i]!;
        said.values[column * said.room + at] = place < 0 ? text : this.#textOf(doubles[values + place]!);
      }
    }
  }

  #readMore(end: number): number {
    const batch = this.#batch;
    for (const more of this.#more) {
      const { observed, error } = more.filled.template;
      if (observed !== undefined) {
        more.numbers = numbersOf(observed, batch.doubles, this.#valuesOf(more.place));
        if (more.numbers === undefined) return more.place;
      }
      if (error !== undefined) {
        more.failure = errorOfRow(error, batch, this.#from + more.place);
        if (more.failure === undefined) return more.place;
      }
    }
    return end;
  }

  #writeMore({ filled, place, numbers, failure }: More, row: number): void {
    const { doubles } = this.#batch;
    const { template, labels } = filled;
    const table = this.#table;
    const values = this.#valuesOf(place);
    for (const { column, place } of template.columns)
      table.setExtra(column, row, this.#textOf(doubles[values + place]!));
    for (const { column, text } of labels) table.setExtra(column, row, text);
    if (template.observed !== undefined) {
      const { observations } = table;
      for (const [i, { name }] of template.observed.numbers.entries())
        observations.setNumber(name, row, numbers![i]!);
      for (const { name, value } of template.observed.sameNumbers) observations.setNumber(name, row, value);
      for (const { name, place } of template.observed.texts)
        observations.setText(name, row, this.#textOf(doubles[values + place]!));
      for (const { name, text } of filled.observed) observations.setText(name, row, text);
    }
    if (failure !== undefined) table.errors.add(row, this.#keptOf(failure));
  }

  /** Where the values of a row begin, in doubles. */
  #valuesOf(place: number): number {
    return ((this.#from + place) * ROW_WORDS + ROW.values) / 2;
  }

  /** The table's number of the name of a way to count; there are few. */
  #ruleOf(rule: string, besideReasoning: boolean): number {
    const rules = besideReasoning ? this.#rulesBesideReasoning : this.#rules;
    const known = rules.get(rule);
    if (known !== undefined) return known;
    const number = this.#table.strings.id(besideReasoning ? `${rule}+reasoning` : rule);
    rules.set(rule, number);
    return number;
  }

  #textOf(text: number): number {
    if (text >= this.#texts.length) this.#texts = enlarged(this.#texts, 2 * text);
    const known = this.#texts[text]!;
    if (known !== 0) return known;
    const met = this.#table.strings.id(this.#source.text(text));
    this.#texts[text] = met;
    return met;
  }
}

type RowRunOptions = {
  readonly table: SpanTable;
  /** What is kept of how a span failed. */
  readonly keptOf: (error: SpanError) => SpanError;
};

/** What a row says besides. */
type More = {
  readonly filled: Filled;
  readonly place: number;
  numbers: readonly number[] | undefined;
  failure: SpanError | undefined;
};

const NOTHING: RowBatch = {
  count: 0,
  words: new Uint32Array(0),
  doubles: new Float64Array(0),
  passage: () => '',
  read: () => undefined,
};

/** What a row says in numbers, in the order of its template; undefined where one has to be found in the span itself. */
function numbersOf({ numbers }: ObservedRow, doubles: Float64Array, values: number): number[] | undefined {
  const told: number[] = [];
  for (const { place, of } of numbers) {
    const number = of(doubles[values + place]!);
    if (number === undefined) return undefined;
    told.push(number);
  }
  return told;
}
