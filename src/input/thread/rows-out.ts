import { ROW, ROW_WORDS, type RowPlan } from '../../model/index.ts';
import type { LaneSource, ScannedBatch } from '../row-lane.ts';
import type { PostedRows } from './messages.ts';

/** Memory comes in multiples of this, so that it fits again. */
const STEP = 256 * 1024;

/** Makes rows ready for another thread: copies of what lies in the memory of a scanner, which is used again. */
export class RowsOut {
  readonly #plan: RowPlan;
  readonly #source: LaneSource;
  readonly #take: (size: number) => ArrayBuffer;
  /** By pattern: which of its values are numbers of texts. */
  readonly #textPlaces: (readonly number[])[] = [];
  #patterns = 0;
  #texts = 0;
  #contexts = 0;

  constructor(plan: RowPlan, source: LaneSource, take: (size: number) => ArrayBuffer) {
    this.#plan = plan;
    this.#source = source;
    this.#take = take;
  }

  pack({ count, words, doubles, source, bytes, lineOf }: ScannedBatch): PostedRows {
    const first = words[ROW.offset]!;
    const last = (count - 1) * ROW_WORDS;
    const end = words[last + ROW.offset]! + words[last + ROW.length]!;
    const size = count * ROW_WORDS;
    const memory = this.#take(Math.ceil((4 * size + end - first) / STEP) * STEP);
    const rows = new Uint32Array(memory, 0, size);
    rows.set(words.subarray(0, size));
    new Uint8Array(memory, 4 * size).set(bytes.subarray(first, end));
    const known = { patterns: this.#patterns, texts: this.#texts, contexts: this.#contexts };
    for (let row = 0; row < count; row++) {
      const at = row * ROW_WORDS;
      rows[at + ROW.offset]! -= first;
      rows[at + ROW.line] = lineOf(row);
      this.#contexts = Math.max(this.#contexts, words[at + ROW.context]!);
      this.#note(words[at + ROW.pattern]!, doubles, (at + ROW.values) / 2);
    }
    const { text, slotsOf, context } = this.#source;
    return {
      source,
      count,
      memory,
      bytes: end - first,
      patterns: between(known.patterns, this.#patterns, slotsOf),
      texts: between(known.texts, this.#texts, text),
      contexts: between(known.contexts, this.#contexts, context),
    };
  }

  /** What a row names by number. */
  #note(pattern: number, values: Float64Array, from: number): void {
    if (pattern === 0) return;
    for (; this.#patterns < pattern; this.#patterns++) {
      const slots = this.#source.slotsOf(this.#patterns + 1);
      const places = slots.flatMap((slot, place) => (this.#plan.keys[slot]!.use === 'text' ? [place] : []));
      this.#textPlaces[this.#patterns + 1] = places;
    }
    const places = this.#textPlaces[pattern]!;
    for (let i = 0; i < places.length; i++) {
      const text = values[from + places[i]!]!;
      if (text > this.#texts) this.#texts = text;
    }
  }
}

/** What numbers behind `known` up to `last` stand for. */
function between<T>(known: number, last: number, of: (number: number) => T): T[] {
  return Array.from({ length: last - known }, (_, i) => of(known + i + 1));
}
