import { Entries, NumberColumn } from './columns.ts';
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

  /** Forgets how rows from `row` on failed. */
  truncate(row: number): void {
    this.#entries.truncate(row);
    this.#type.clear(this.#entries.length);
    this.#message.clear(this.#entries.length);
  }
}
