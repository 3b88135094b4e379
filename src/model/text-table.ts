import { Entries, NumberColumn } from './columns.ts';
import type { SpanText } from './span-profile.ts';

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

  /** Some span says it. */
  has(field: SpanText): boolean {
    return this.#columns[field] !== undefined;
  }

  /** The number of the text, 0 where the row says none. */
  of(field: SpanText, row: number): number {
    const column = this.#columns[field];
    if (column === undefined) return 0;
    const entry = this.#entries.of(row);
    return entry < 0 ? 0 : column.get(entry);
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
