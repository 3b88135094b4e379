/** What some of the rows of a batch say, as columns: on their way into a table that has entries for such rows only. */
export class ColumnBatch {
  /** How many rows say something. */
  length = 0;
  /** How far each of them is from the first row of the batch. */
  rows = new Uint32Array(0);
  /** All columns, one after the other: that of number `n` begins at `n * room`. */
  values = new Float64Array(0);
  room = 0;
  readonly #columns: number;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Begins anew, with room for so many rows. */
  begin(room: number): void {
    this.length = 0;
    this.room = room;
    if (room > this.rows.length) {
      this.rows = new Uint32Array(room);
      this.values = new Float64Array(room * this.#columns);
    } else this.values.fill(0, 0, room * this.#columns);
  }

  /** Begins the next row that says something, and returns its place in the columns; all that it says is 0 so far. */
  next(row: number): number {
    const place = this.length++;
    this.rows[place] = row;
    return place;
  }
}
