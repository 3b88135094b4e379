import {
  type AttributeValue,
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
import { textOf } from '../text.ts';
import { type Filled, RowRun } from './row-run.ts';
import type { Column, Learn, Template } from './template.ts';

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
  readonly #run: RowRun;
  #learned = 0;

  constructor(source: RowSource, intake: Intake) {
    this.#source = source;
    this.#intake = intake;
    this.#run = new RowRun(source, intake);
  }

  /** Adds the spans of rows from one on by what is known of their patterns; returns the first one that has to be read. */
  add(batch: RowBatch, from: number): number {
    const { words, count } = batch;
    const run = this.#run;
    run.begin(batch, from);
    for (let row = from; row < count; row++) {
      const at = row * ROW_WORDS;
      const pattern = words[at + ROW.pattern]!;
      if (pattern === 0) break;
      const context = this.#contextOf(words[at + ROW.context]!);
      const filled = context.filled[pattern] ?? this.#fill(context, pattern);
      if (filled === undefined) break;
      run.add(filled);
    }
    return from + run.write();
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
      saysMore: columns.length + labels.length > 0 || observed !== undefined || error !== undefined,
      texts: [
        ...texts.map(({ field, place }) => ({ column: SPAN_TEXTS.indexOf(field), place, text: 0 })),
        ...sameTexts.map(({ field, text }) => ({
          column: SPAN_TEXTS.indexOf(field),
          place: -1,
          text: table.strings.id(text),
        })),
      ],
      labels,
      observed: (observed?.sameTexts ?? []).map(({ name, text }) => ({ name, text: table.strings.id(text) })),
    };
    context.filled[pattern] = filled;
    return filled;
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
