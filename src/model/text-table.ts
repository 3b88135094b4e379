import type { ColumnBatch } from './column-batch.ts';
import { Entries, NumberColumn } from './columns.ts';
import { SPAN_TEXTS, type SpanText } from './span-profile.ts';

/** Texts that differ from span to span. In most traces only the root says who it is for: the others have no entry. */
export class TextTable {
  readonly #entries = new Entries();
  readonly #columns: Partial<Record<SpanText, NumberColumn>> = {};

  /** Says a text of the row that was added last. */
  set(field: SpanText, row: number, text: number): void {
    if (text === 0) return;
    const known = this.#entries.of(row);
    const entry = known < 0 ? this.#entries.add(row) : known;
    this.#column(field).set(entry, text);
  }

  /** Says texts of rows from `first` on, which stand behind all others that have any; columns are in the order of `SPAN_TEXTS`. */
  append(first: number, { rows, values, room, length }: ColumnBatch): void {
    if (length === 0) return;
    const entry = this.#entries.length;
    this.#entries.append(first, rows, length);
    for (const [place, field] of SPAN_TEXTS.entries()) {
      const from = place * room;
      if (!isEmpty(values, from, from + length)) this.#column(field).append(entry, values, from, length);
    }
  }

  /** Some span says it. */
  has(field: SpanText): boolean {
    return this.#columns[field] !== undefined;
  }

  /** The number of the text, 0 where the row says none. */
  of(field: SpanText, row: number): number {
    const entry = this.#entries.of(row);
    return entry < 0 ? 0 : (this.#columns[field]?.get(entry) ?? 0);
  }

  #column(field: SpanText): NumberColumn {
    this.#columns[field] ??= new NumberColumn();
    return this.#columns[field];
  }

  /** Forgets what rows from `row` on said. */
  truncate(row: number): void {
    this.#entries.truncate(row);
    for (const field in this.#columns) this.#columns[field as SpanText]!.clear(this.#entries.length);
  }
}

function isEmpty(values: Float64Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (values[at] !== 0) return false;
  return true;
}
