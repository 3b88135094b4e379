import {
  type AttributeValue,
  FLAG,
  hash64,
  type ObservedText,
  type Place,
  type Resource,
  ROW,
  ROW_WORDS,
  type RowBatch,
  type RowSource,
  type Span,
  type SpanError,
  type SpanTable,
  type SpanText,
} from '../../model/index.ts';
import type { Disjoint } from '../accounting.ts';
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

/** The rows of one source on their way into the table. */
export class RowIntake {
  readonly #source: RowSource;
  readonly #intake: Intake;
  readonly #contexts: (Context | undefined)[] = [];
  /** What is known of patterns, by all that the tables look at around a span. */
  readonly #known = new Map<string, Known[]>();
  /** The table's numbers of the source's texts; 0 for those not met yet. */
  #texts = new Int32Array(1024);
  readonly #rules = new Map<string, number>();
  #learned = 0;
  readonly #cost: CostOfRow = { amount: Number.NaN, authority: 0, aggregate: false };
  /** What the row says in numbers, in the order of its template. */
  readonly #observed: number[] = [];

  constructor(source: RowSource, intake: Intake) {
    this.#source = source;
    this.#intake = intake;
  }

  /** Adds the span of a row by what is known of its pattern; false where it has to be read. */
  add(batch: RowBatch, row: number): boolean {
    const { words } = batch;
    const at = row * ROW_WORDS;
    const pattern = words[at + ROW.pattern]!;
    if (pattern === 0) return false;
    const context = this.#contextOf(words[at + ROW.context]!);
    const filled = context.filled[pattern] ?? this.#fill(context, pattern);
    return filled !== undefined && this.#push(filled, batch, row);
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
    const { profile, sameTexts, sameColumns, observed } = template;
    const filled: Filled = {
      template,
      profile: table.profile({ ...profile, resource: context.resource }),
      texts: sameTexts.map(({ field, text }) => ({ field, text: table.strings.id(text) })),
      labels: [
        ...context.labels,
        ...sameColumns.map(({ column, text }) => ({ column, text: table.strings.id(text) })),
      ],
      observed: (observed?.sameTexts ?? []).map(({ name, text }) => ({ name, text: table.strings.id(text) })),
    };
    context.filled[pattern] = filled;
    return filled;
  }

  #push(filled: Filled, batch: RowBatch, number: number): boolean {
    const { table, keptOf } = this.#intake;
    const { words, doubles } = batch;
    const { template, profile } = filled;
    const { call, texts, columns, observed, error } = template;
    const at = number * ROW_WORDS;
    const values = (at + ROW.values) / 2;
    let { flags } = template;
    let counted: Disjoint | undefined;
    if (call?.costRow !== undefined) {
      if (!costOfRow(call.costRow, doubles, values, this.#cost)) return false;
      if (call.failed && this.#cost.amount === 0) return false;
      if (this.#cost.aggregate) flags |= FLAG.aggregateUsage;
    }
    if (call?.usageRow !== undefined) {
      counted = usageOfRow(call.usageRow, doubles, values);
      if (call.failed && isZero(counted.usage)) return false;
      if (counted.cacheTtlTold) flags |= FLAG.cacheTtlTold;
      if (counted.halfTold && call.halves) flags |= FLAG.halfTold;
    }
    if (observed !== undefined && !this.#observe(observed, doubles, values)) return false;
    const failure = error && errorOfRow(error, batch, number);
    if (error !== undefined && failure === undefined) return false;
    const row = table.pushRow(profile, flags, words, at, doubles[(at + ROW.duration) / 2]!);
    for (let i = 0; i < texts.length; i++)
      table.setText(texts[i]!.field, row, this.#textOf(doubles[values + texts[i]!.place]!));
    for (let i = 0; i < filled.texts.length; i++)
      table.setText(filled.texts[i]!.field, row, filled.texts[i]!.text);
    if (columns.length + filled.labels.length > 0) this.#pushExtra(filled, row, doubles, values);
    if (call !== undefined) this.#pushCall(call, counted, row, words, doubles, at);
    if (observed !== undefined) this.#pushObserved(observed, filled, row, doubles, values);
    if (failure !== undefined) table.errors.add(row, keptOf(failure));
    return true;
  }

  /** Works the numbers of a row out; false where one has to be found in the span itself. */
  #observe({ numbers }: ObservedRow, doubles: Float64Array, values: number): boolean {
    for (let i = 0; i < numbers.length; i++) {
      const { place, of } = numbers[i]!;
      const told = of(doubles[values + place]!);
      if (told === undefined) return false;
      this.#observed[i] = told;
    }
    return true;
  }

  #pushObserved(
    { numbers, sameNumbers, texts }: ObservedRow,
    filled: Filled,
    row: number,
    doubles: Float64Array,
    values: number,
  ): void {
    const { observations } = this.#intake.table;
    for (let i = 0; i < numbers.length; i++)
      observations.setNumber(numbers[i]!.name, row, this.#observed[i]!);
    for (const { name, value } of sameNumbers) observations.setNumber(name, row, value);
    for (const { name, place } of texts)
      observations.setText(name, row, this.#textOf(doubles[values + place]!));
    for (const { name, text } of filled.observed) observations.setText(name, row, text);
  }

  #pushExtra({ template, labels }: Filled, row: number, doubles: Float64Array, values: number): void {
    const { table } = this.#intake;
    for (const { column, place } of template.columns)
      table.setExtra(column, row, this.#textOf(doubles[values + place]!));
    for (const { column, text } of labels) table.setExtra(column, row, text);
  }

  #pushCall(
    call: CallTemplate,
    counted: Disjoint | undefined,
    row: number,
    words: Uint32Array,
    doubles: Float64Array,
    at: number,
  ): void {
    const { answer, costRow } = call;
    const from = at + ROW.values;
    let high = 0;
    let low = 0;
    if (answer.from === 'hash') {
      high = words[from + 2 * answer.place]!;
      low = words[from + 2 * answer.place + 1]!;
    } else {
      const hash =
        answer.from === 'same' ? answer.hash : hash64(this.#source.text(doubles[from / 2 + answer.place]!));
      high = hash[0];
      low = hash[1];
    }
    this.#intake.table.setCall(
      row,
      counted === undefined ? call.usage : counted.usage,
      this.#ruleOf(counted === undefined ? call.rule : counted.rule),
      costRow === undefined ? call.cost : this.#cost.amount,
      costRow === undefined ? call.authority : this.#cost.authority,
      high,
      low,
    );
  }

  /** The table's number of the name of a way to count; there are few. */
  #ruleOf(rule: string | undefined): number {
    if (rule === undefined) return 0;
    let number = this.#rules.get(rule);
    if (number === undefined) {
      number = this.#intake.table.strings.id(rule);
      this.#rules.set(rule, number);
    }
    return number;
  }

  #textOf(text: number): number {
    if (text >= this.#texts.length) {
      const larger = new Int32Array(2 * text);
      larger.set(this.#texts);
      this.#texts = larger;
    }
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
  readonly texts: readonly { readonly field: SpanText; readonly text: number }[];
  readonly labels: readonly { readonly column: string; readonly text: number }[];
  readonly observed: readonly { readonly name: ObservedText; readonly text: number }[];
};
