import { type ColumnChunks, Entries, NumberColumn } from './columns.ts';
import type { Interner } from './interner.ts';

export type SpanError = { readonly type: string | undefined; readonly message: string | undefined };

/** What spans say of their failure. */
export class ErrorTable {
  readonly #entries = new Entries();
  readonly #type = new NumberColumn();
  readonly #message = new NumberColumn();
  readonly #strings: Interner;

  constructor(strings: Interner) {
    this.#strings = strings;
  }

  /** Says how the row that was added last failed. */
  add(row: number, { type, message }: SpanError): void {
    const entry = this.#entries.add(row);
    this.#type.set(entry, this.#strings.id(type));
    this.#message.set(entry, this.#strings.id(message));
  }

  of(row: number): SpanError | undefined {
    const entry = this.#entries.of(row);
    if (entry < 0) return undefined;
    const text = (column: NumberColumn): string | undefined => this.#strings.text(column.get(entry));
    return { type: text(this.#type), message: text(this.#message) };
  }

  /** All that is in it, for a table that has errors of its own. */
  pack(): PackedErrors {
    return { rows: this.#entries.places(), types: this.#type.chunks, messages: this.#message.chunks };
  }

  /** Adds how rows of another table failed that come `by` later here; its texts have these numbers. */
  absorb({ rows, types, messages }: PackedErrors, by: number, texts: Uint32Array): void {
    const from = this.#entries.length;
    for (let entry = 0; entry < rows.length; entry++) this.#entries.add(by + rows[entry]!);
    this.#type.append(from, rows.length, types, texts);
    this.#message.append(from, rows.length, messages, texts);
  }

  /** Forgets how rows from `row` on failed. */
  truncate(row: number): void {
    this.#entries.truncate(row);
    this.#type.clear(this.#entries.length);
    this.#message.clear(this.#entries.length);
  }
}

/** What is in an `ErrorTable`. */
export type PackedErrors = {
  readonly rows: Uint32Array;
  readonly types: ColumnChunks;
  readonly messages: ColumnChunks;
};
