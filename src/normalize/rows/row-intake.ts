import {
  type AttributeValue,
  CallBatch,
  ColumnBatch,
  enlarged,
  FLAG,
  hash64,
  type ObservedText,
  type Place,
  type Resource,
  ROW,
  ROW_WORDS,
  type RowBatch,
  type RowSource,
  SPAN_TEXTS,
  type Span,
  type SpanError,
  type SpanTable,
} from '../../model/index.ts';
import { roomForDisjoint } from '../accounting.ts';
import { textOf } from '../text.ts';
import { isZero } from '../usage.ts';
import type { CallTemplate } from './call-template.ts';
import { type CostOfRow, costOfRow } from './cost-row.ts';
import { errorOfRow } from './error-row.ts';
import type { ObservedRow } from './observed-row.ts';
import type { Column, Learn, Template } from './template.ts';
import { usageOfRow } from './usage-row.ts';

/** What the rows of all sources share. */
export type Intake = {
  readonly table: SpanTable;
  readonly learn: Learn;
  /** Columns of the resource. */
  readonly columns: readonly Column[];
  readonly labelOf: (value: AttributeValue | undefined) => string | undefined;
  /** All that the tables look at of a resource. */
  readonly ofResource: ReadonlySet<string>;
  /** What is kept of how a span failed. */
  readonly keptOf: (error: SpanError) => SpanError;
  /** The way of every other span: adds it to the table. */
  readonly span: (span: Span, at: Place) => void;
};

/**
 * Most inputs have few patterns with many spans each. Where there are more than so many, most may have one span only, and what
 * it means is found out for the second.
 */
const AT_ONCE = 200;

/**
 * The rows of one source on their way into the table, as many at once as come one after the other without a span that has to
 * be read: first they are understood, row by row, then what they mean is written, column by column. Whatever is not on
 * most rows is written row by row behind that.
 */
export class RowIntake {
  readonly #source: RowSource;
  readonly #intake: Intake;
  readonly #contexts: (Context | undefined)[] = [];
  /** What is known of patterns, by all that the tables look at around a span. */
  readonly #known = new Map<string, Known[]>();
  /** The table's numbers of the source's texts; 0 for those not met yet. */
  #texts = new Int32Array(1024);
  /** The table's numbers of the ways to count, and of the same beside which reasoning is counted. */
  readonly #rules = new Map<string, number>();
  readonly #rulesBesideReasoning = new Map<string, number>();
  #learned = 0;
  readonly #cost: CostOfRow = { amount: Number.NaN, authority: 0, aggregate: false };
  readonly #counted = roomForDisjoint();

  // Of the rows that are understood and not yet in the table
  #profiles = new Uint32Array(0);
  readonly #calls = new CallBatch();
  readonly #said = new ColumnBatch(SPAN_TEXTS.length);
  /** Those that say more than others do. */
  readonly #more: More[] = [];

  constructor(source: RowSource, intake: Intake) {
    this.#source = source;
    this.#intake = intake;
  }

  /** Adds the spans of rows from one on by what is known of their patterns; returns the first one that has to be read. */
  add(batch: RowBatch, from: number): number {
    const { table } = this.#intake;
    const end = this.#understandAll(batch, from);
    if (end === from) return end;
    const first = table.pushRows(batch, from, this.#profiles, end - from);
    table.calls.append(first, this.#calls);
    table.texts.append(first, this.#said);
    for (const more of this.#more) this.#pushMore(more, first - from, batch.doubles);
    return end;
  }

  /** Reads the span of a row and adds it; false where there is none. */
  read(batch: RowBatch, row: number): boolean {
    const found = batch.read(row);
    if (found === undefined) return false;
    this.#intake.span(found.span, found.at);
    const at = row * ROW_WORDS;
    const pattern = batch.words[at + ROW.pattern]!;
    if (pattern === 0) return true;
    const { known } = this.#contextOf(batch.words[at + ROW.context]!);
    if (known[pattern] === undefined && this.#learned >= AT_ONCE) {
      known[pattern] = 'met';
    } else if (known[pattern] === undefined || known[pattern] === 'met') {
      this.#learned++;
      const slots = this.#source.slotsOf(pattern);
      const template = this.#intake.learn(found.span, slots, batch, row);
      known[pattern] = template ?? 'objects';
    }
    return true;
  }

  #contextOf(number: number): Context {
    return this.#contexts[number] ?? this.#meet(number);
  }

  #meet(number: number): Context {
    const { table, columns, labelOf, ofResource } = this.#intake;
    const { resource, scope } = this.#source.context(number);
    const { attributes } = resource;
    const texts = [...ofResource].map((key) => textOf(attributes.get(key)));
    const around = JSON.stringify([scope?.name, scope?.version, texts]);
    let known = this.#known.get(around);
    if (known === undefined) {
      known = [];
      this.#known.set(around, known);
    }
    const labels = columns.flatMap(({ column, key }) => {
      const label = labelOf(attributes.get(key));
      return label === undefined ? [] : { column, text: table.strings.id(label) };
    });
    const context: Context = { resource, known, labels, filled: [] };
    this.#contexts[number] = context;
    return context;
  }

  #fill(context: Context, pattern: number): Filled | undefined {
    const template = context.known[pattern];
    if (template === undefined || typeof template === 'string') return undefined;
    const { table } = this.#intake;
    const { profile, texts, sameTexts, columns, sameColumns, observed, error } = template;
    const labels = [
      ...context.labels,
      ...sameColumns.map(({ column, text }) => ({ column, text: table.strings.id(text) })),
    ];
    const filled: Filled = {
      template,
      profile: table.profile({ ...profile, resource: context.resource }),
      says: texts.length + sameTexts.length > 0,
      saysMore: columns.length + labels.length > 0 || observed !== undefined || error !== undefined,
      texts: texts.map(({ field, place }) => ({ column: SPAN_TEXTS.indexOf(field), place })),
      sameTexts: sameTexts.map(({ field, text }) => ({
        column: SPAN_TEXTS.indexOf(field),
        text: table.strings.id(text),
      })),
      labels,
      observed: (observed?.sameTexts ?? []).map(({ name, text }) => ({ name, text: table.strings.id(text) })),
    };
    context.filled[pattern] = filled;
    return filled;
  }

  /** Understands rows from one on; returns the first one of which the span has to be read. */
  #understandAll(batch: RowBatch, from: number): number {
    const { words, count } = batch;
    const room = count - from;
    if (room > this.#profiles.length) this.#profiles = new Uint32Array(room);
    this.#calls.begin(room);
    this.#said.begin(room);
    this.#more.length = 0;
    for (let row = from; row < count; row++) {
      const at = row * ROW_WORDS;
      const pattern = words[at + ROW.pattern]!;
      if (pattern === 0) return row;
      const context = this.#contextOf(words[at + ROW.context]!);
      const filled = context.filled[pattern] ?? this.#fill(context, pattern);
      if (filled === undefined || !this.#understand(filled, batch, row, row - from)) return row;
    }
    return count;
  }

  /** Understands a row, which stands `place` rows behind the first of them; false where its span has to be read. */
  #understand(filled: Filled, batch: RowBatch, row: number, place: number): boolean {
    const { template, profile } = filled;
    const { call, observed, error } = template;
    const values = (row * ROW_WORDS + ROW.values) / 2;
    const numbers = observed && numbersOf(observed, batch.doubles, values);
    if (observed !== undefined && numbers === undefined) return false;
    const failure = error && errorOfRow(error, batch, row);
    if (error !== undefined && failure === undefined) return false;
    let { flags } = template;
    if (call !== undefined) {
      const told = this.#understandCall(call, batch, values, place);
      if (told < 0) return false;
      flags |= told;
    }
    this.#profiles[place] = this.#intake.table.profiles.withFlags(profile, flags);
    if (filled.says) this.#understandTexts(filled, batch.doubles, values, place);
    if (filled.saysMore) this.#more.push({ filled, row, numbers, failure });
    return true;
  }

  /** The flags of the row that follow from what it says of its call; -1 where its span has to be read. */
  #understandCall(call: CallTemplate, { words, doubles }: RowBatch, values: number, place: number): number {
    const { usageRow, costRow, answer } = call;
    const cost = this.#cost;
    const counted = this.#counted;
    let { usage, cost: amount, authority } = call;
    let rule = 0;
    let flags = 0;
    if (costRow !== undefined) {
      if (!costOfRow(costRow, doubles, values, cost)) return -1;
      if (call.failed && cost.amount === 0) return -1;
      if (cost.aggregate) flags |= FLAG.aggregateUsage;
      amount = cost.amount;
      authority = cost.authority;
    }
    if (usageRow === undefined) rule = call.rule === undefined ? 0 : this.#ruleOf(call.rule, false);
    else {
      usage = usageOfRow(usageRow, doubles, values, counted).usage;
      if (call.failed && isZero(usage)) return -1;
      rule = this.#ruleOf(counted.cacheRule, counted.besideReasoning);
      flags |=
        (counted.cacheTtlTold ? FLAG.cacheTtlTold : 0) |
        (counted.halfTold && call.halves ? FLAG.halfTold : 0);
    }
    let { high, low } = answer;
    if (answer.from === 'hash') {
      high = words[2 * (values + answer.place)]!;
      low = words[2 * (values + answer.place) + 1]!;
    } else if (answer.from === 'text')
      [high, low] = hash64(this.#source.text(doubles[values + answer.place]!));
    this.#calls.add(place, usage, rule, amount, authority, high, low);
    return flags;
  }

  #understandTexts({ texts, sameTexts }: Filled, doubles: Float64Array, values: number, place: number): void {
    const said = this.#said;
    const at = said.next(place);
    for (let i = 0; i < texts.length; i++)
      said.values[texts[i]!.column * said.room + at] = this.#textOf(doubles[values + texts[i]!.place]!);
    for (let i = 0; i < sameTexts.length; i++)
      said.values[sameTexts[i]!.column * said.room + at] = sameTexts[i]!.text;
  }

  /** Writes what a row says that others do not; `before`: how many rows of the table stand before the first of the batch. */
  #pushMore({ filled, row: place, numbers, failure }: More, before: number, doubles: Float64Array): void {
    const { table, keptOf } = this.#intake;
    const { template, labels } = filled;
    const row = before + place;
    const values = (place * ROW_WORDS + ROW.values) / 2;
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
    if (failure !== undefined) table.errors.add(row, keptOf(failure));
  }

  /** The table's number of the name of a way to count; there are few. */
  #ruleOf(rule: string, besideReasoning: boolean): number {
    const rules = besideReasoning ? this.#rulesBesideReasoning : this.#rules;
    return rules.get(rule) ?? this.#meetRule(rules, rule, besideReasoning);
  }

  #meetRule(rules: Map<string, number>, rule: string, besideReasoning: boolean): number {
    const number = this.#intake.table.strings.id(besideReasoning ? `${rule}+reasoning` : rule);
    rules.set(rule, number);
    return number;
  }

  #textOf(text: number): number {
    if (text >= this.#texts.length) this.#texts = enlarged(this.#texts, 2 * text);
    const known = this.#texts[text]!;
    if (known !== 0) return known;
    const met = this.#intake.table.strings.id(this.#source.text(text));
    this.#texts[text] = met;
    return met;
  }
}

/** What is known of a pattern: nothing more than that it was met; that each of its spans has to be read; what they mean. */
type Known = undefined | 'met' | 'objects' | Template;

type Context = {
  readonly resource: Resource;
  /** By pattern; one for all contexts in which equal spans mean the same. */
  readonly known: Known[];
  readonly labels: readonly { readonly column: string; readonly text: number }[];
  /** By pattern. */
  readonly filled: (Filled | undefined)[];
};

/** A template in a context, its texts as numbers of the table. */
type Filled = {
  readonly template: Template;
  readonly profile: number;
  /** It has texts; and something besides ids, times, texts, and what a call tells. */
  readonly says: boolean;
  readonly saysMore: boolean;
  /** Which value of the row goes into which column of texts; and what goes there on all rows. */
  readonly texts: readonly { readonly column: number; readonly place: number }[];
  readonly sameTexts: readonly { readonly column: number; readonly text: number }[];
  readonly labels: readonly { readonly column: string; readonly text: number }[];
  readonly observed: readonly { readonly name: ObservedText; readonly text: number }[];
};

/** What a row of the batch says besides. */
type More = {
  readonly filled: Filled;
  readonly row: number;
  readonly numbers: readonly number[] | undefined;
  readonly failure: SpanError | undefined;
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
