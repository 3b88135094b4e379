import { Entries, NumberColumn } from '../model/index.ts';

/** Picodollars of those positions that have some. */
export class Amounts {
  readonly #entries = new Entries();
  readonly #amounts = new NumberColumn();

  /** Positions that have an amount. */
  get length(): number {
    return this.#entries.length;
  }

  /** Says the amount of a position behind all that have one. */
  add(position: number, amount: number): void {
    this.#amounts.set(this.#entries.add(position), amount);
  }

  has(position: number): boolean {
    return this.#entries.of(position) >= 0;
  }

  /** 0 where there is none. */
  of(position: number): number {
    const entry = this.#entries.of(position);
    return entry < 0 ? 0 : this.#amounts.get(entry);
  }
}
