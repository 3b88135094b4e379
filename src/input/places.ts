import type { RowPlace } from '../model/index.ts';

/** Rows to be read again on one way through a file. */
export type Stretch = Omit<RowPlace, 'end'> & { readonly rows: readonly number[] };

/** So many bytes lie between two places that are remembered. */
const SPACING = 256 * 1024;

/** Where the rows of a read can be found again: some places at which documents begin, and how many rows come from there. */
export class Places {
  readonly #runs: RowPlace[] = [];

  /** Rows were read, of a document whose first row is `first`, and maybe of more. */
  add(row: number, count: number, first: number, input: number, offset: number, line: number): void {
    const last = this.#runs.at(-1);
    if (last !== undefined && last.input === input && last.end === row && offset - last.offset < SPACING) {
      last.end = row + count;
      return;
    }
    if (last !== undefined && last.end > first) last.end = first;
    this.#runs.push({ row: first, end: row + count, input, offset, line });
  }

  get all(): readonly RowPlace[] {
    return this.#runs;
  }

  /** Places of rows behind all others. */
  append(places: Iterable<RowPlace>): void {
    for (const place of places) this.#runs.push(place);
  }

  /** Rows from this one on are forgotten. */
  truncate(row: number): void {
    while ((this.#runs.at(-1)?.row ?? -1) >= row) this.#runs.pop();
    const last = this.#runs.at(-1);
    if (last !== undefined && last.end > row) last.end = row;
  }

  /** How to read these rows, in ascending order, again; undefined where the place of one of them is not known. */
  stretches(rows: readonly number[]): readonly Stretch[] | undefined {
    const stretches: (Stretch & { readonly rows: number[] })[] = [];
    let at = 0;
    let last = -2;
    for (const row of rows) {
      while (at + 1 < this.#runs.length && this.#runs[at + 1]!.row <= row) at++;
      const run = this.#runs[at];
      if (run === undefined || row < run.row || row >= run.end) return undefined;
      const { end: _, ...begin } = run;
      if (at !== last && !(at === last + 1 && this.#follows(at))) stretches.push({ ...begin, rows: [] });
      stretches.at(-1)!.rows.push(row);
      last = at;
    }
    return stretches;
  }

  /** The run goes on where the one before it ends. */
  #follows(at: number): boolean {
    const [before, run] = [this.#runs[at - 1]!, this.#runs[at]!];
    return before.input === run.input && before.end === run.row;
  }
}
