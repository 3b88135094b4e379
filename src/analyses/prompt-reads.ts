/** What a tool's result cost in later calls. `tokens` counts it once, `reads` how often it was read. */
export type Carry = {
  readonly tokens: number;
  readonly reads: number;
  /** Picodollars; of the tokens that the cache held, and of those it did not. */
  readonly cached: bigint;
  readonly uncached: bigint;
  /** Reads by calls without a price. */
  readonly unpricedReads: number;
};

/** Picodollars a token: read from the cache, written to it, and neither. */
export type Rates = { readonly cached: number; readonly written: number; readonly fresh: number };

/**
 * Pieces of a conversation's prompt, one behind the other, and what they cost whenever the prompt is read:
 *
 *     0 ────────────── cached ────── cached + written ────────── end of the prompt
 *     |  from the cache  |  to the cache  |        neither         |
 *                 |- piece -||- piece -|        |- piece -|
 *
 * A read changes the sums of ranges of pieces, and of the two pieces at most that a border goes through, so that long
 * conversations take no longer than their length.
 */
export class PromptReads {
  readonly #pieces: Piece[] = [];
  #reads = 0;
  /** What the next piece must not take over from those before it. */
  #beyond: Sums = { cached: 0, uncached: 0, unpriced: 0 };

  /** A new piece at the end of the prompt; nothing before it changes any more. */
  append(tool: number, offset: number, tokens: number): void {
    this.#pieces.push({
      tool,
      offset,
      tokens,
      since: this.#reads,
      cached: 0n,
      uncached: 0n,
      change: this.#beyond,
    });
    this.#beyond = { cached: 0, uncached: 0, unpriced: 0 };
  }

  /** The whole prompt is read by a call; undefined rates are not known. */
  read(cached: number, written: number, rates: Rates | undefined): void {
    this.#reads++;
    const all = this.#pieces.length;
    if (rates === undefined) {
      this.#change(0, all, { unpriced: 1 });
      return;
    }
    const inCache = this.#endingBy(cached);
    this.#change(0, inCache, { cached: rates.cached });
    const fromWrites = this.#split(inCache, cached, cached, written, rates);
    const inWrites = Math.max(fromWrites, this.#endingBy(cached + written));
    this.#change(fromWrites, inWrites, { uncached: rates.written });
    const fresh = this.#split(inWrites, cached + written, cached, written, rates);
    this.#change(fresh, all, { uncached: rates.fresh });
  }

  /** What every piece cost, by tool. */
  *total(): Generator<readonly [tool: number, carry: Carry]> {
    let [cached, uncached, unpriced] = [0, 0, 0];
    for (const piece of this.#pieces) {
      cached += piece.change.cached;
      uncached += piece.change.uncached;
      unpriced += piece.change.unpriced;
      const tokens = BigInt(piece.tokens);
      yield [
        piece.tool,
        {
          tokens: piece.tokens,
          reads: this.#reads - piece.since,
          cached: piece.cached + tokens * BigInt(cached),
          uncached: piece.uncached + tokens * BigInt(uncached),
          unpricedReads: unpriced,
        },
      ];
    }
  }

  /** If a border goes through the piece, it is counted on its own; the index of the next piece. */
  #split(index: number, border: number, cached: number, written: number, rates: Rates): number {
    const piece = this.#pieces[index];
    if (piece === undefined || piece.offset >= border) return index;
    const end = piece.offset + piece.tokens;
    const within = (from: number, to: number): bigint =>
      BigInt(Math.max(0, Math.min(end, to) - Math.max(piece.offset, from)));
    piece.cached += within(0, cached) * BigInt(rates.cached);
    piece.uncached += within(cached, cached + written) * BigInt(rates.written);
    piece.uncached += within(cached + written, Number.MAX_SAFE_INTEGER) * BigInt(rates.fresh);
    return index + 1;
  }

  /** Sums are kept as what changes from one piece to the next. */
  #change(from: number, to: number, by: Partial<Sums>): void {
    if (from >= to) return;
    add(this.#pieces[from]!.change, by, 1);
    add(this.#pieces[to]?.change ?? this.#beyond, by, -1);
  }

  /** How many pieces end at a place in the prompt or before. */
  #endingBy(place: number): number {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { offset, tokens } = this.#pieces[middle]!;
      if (offset + tokens <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

type Sums = { cached: number; uncached: number; unpriced: number };

type Piece = {
  readonly tool: number;
  readonly offset: number;
  readonly tokens: number;
  /** Reads before it was there. */
  readonly since: number;
  cached: bigint;
  uncached: bigint;
  readonly change: Sums;
};

function add(sums: Sums, by: Partial<Sums>, sign: 1 | -1): void {
  sums.cached += sign * (by.cached ?? 0);
  sums.uncached += sign * (by.uncached ?? 0);
  sums.unpriced += sign * (by.unpriced ?? 0);
}
