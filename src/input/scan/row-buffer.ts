import { ROW_WORDS } from '../../model/index.ts';

/** Rows of the last scan: as many as one scan may find. */
const CAPACITY = 1024;

/** Memory for rows; see `ROW`. */
export class RowBuffer {
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
  count = 0;

  constructor() {
    const memory = new ArrayBuffer(4 * ROW_WORDS * CAPACITY);
    this.words = new Uint32Array(memory);
    this.doubles = new Float64Array(memory);
  }

  get isFull(): boolean {
    return this.count === CAPACITY;
  }

  /** The first word of the row that comes next. */
  get next(): number {
    return this.count * ROW_WORDS;
  }
}
