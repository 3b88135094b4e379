import type { PriceLine, Reckoning, Usage } from '../model/index.ts';

/** Tokens (or searches, or requests) and picodollars of one price row in one bucket. */
export type Part = { tokens: number; amount: bigint };

/** What a bucket is a part of: the prompt, the answer, or what is billed by the piece. */
export type Section = 'prompt' | 'answer' | 'pieces';

/** Buckets by name, price rows in them by name. */
export type Buckets = Map<string, Map<string, Part>>;

/** Never written to. */
const NOTHING: Buckets = new Map();

/**
 * What some calls add up to, in the factors that their cost is made of. Every picodollar of a call is in exactly one part,
 * or in `recorded`.
 */
export class CallSums {
  /** Calls whose cost is made of prices, retries among them. */
  calls = 0;
  retries = 0;
  /** What was recorded for calls that no price says anything about. */
  recorded = 0n;
  /** There may be hundreds of thousands of sums: a section that nothing was added to is one that all of them share. */
  readonly sections: Record<Section, Buckets> = { prompt: NOTHING, answer: NOTHING, pieces: NOTHING };

  /** Adds one counted call. What has no price, or was not billed, adds nothing. */
  add({ counted, price, amount }: Reckoning, usage: () => Usage, retry: boolean): void {
    if (counted === undefined || price === undefined || price.status === 'unpriced') {
      this.recorded += BigInt(amount);
      return;
    }
    const lines = price.status === 'free' ? freeLines(usage()) : price.lines;
    const amounts = amountsOf(lines, BigInt(amount));
    if (amounts === undefined) {
      this.recorded += BigInt(amount);
      return;
    }
    this.calls++;
    if (retry) this.retries++;
    for (const [i, { bucket, tokens }] of lines.entries()) {
      if (bucket !== DISCOUNT) this.#part(bucket, price.match.row, tokens, amounts[i]!);
    }
  }

  /** Adds what others add up to. */
  join(other: CallSums): this {
    this.calls += other.calls;
    this.retries += other.retries;
    this.recorded += other.recorded;
    for (const buckets of Object.values(other.sections)) {
      for (const [bucket, rows] of buckets)
        for (const [row, { tokens, amount }] of rows) this.#part(bucket, row, tokens, amount);
    }
    return this;
  }

  /** Picodollars of the calls whose cost is made of prices. */
  priced(): bigint {
    let sum = 0n;
    for (const buckets of Object.values(this.sections)) {
      for (const rows of buckets.values()) for (const { amount } of rows.values()) sum += amount;
    }
    return sum;
  }

  #part(bucket: string, row: string, tokens: number, amount: bigint): void {
    const section = SECTION_OF.get(bucket) ?? 'pieces';
    if (this.sections[section] === NOTHING) this.sections[section] = new Map();
    const buckets = this.sections[section];
    let rows = buckets.get(bucket);
    if (rows === undefined) {
      rows = new Map();
      buckets.set(bucket, rows);
    }
    const part = rows.get(row);
    if (part === undefined) rows.set(row, { tokens, amount });
    else {
      part.tokens += tokens;
      part.amount += amount;
    }
  }
}

const DISCOUNT = 'discount';

/** Buckets of `PriceLine`; all others are billed by the piece: `web_search`, `request`, `call`. */
const SECTION_OF: ReadonlyMap<string, Section> = new Map([
  ...['input', 'input_audio', 'cache_read', 'cache_read_audio', 'cache_write', 'cache_write_1h'].map(
    (bucket) => [bucket, 'prompt'] as const,
  ),
  ...['output', 'output_reasoning', 'output_audio'].map((bucket) => [bucket, 'answer'] as const),
]);

type Line = Pick<PriceLine, 'bucket' | 'tokens' | 'amount'>;

/** A free call has no lines, but tokens: another model may have taken them over from one that is billed. */
function freeLines({ uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output }: Usage): Line[] {
  const counts: readonly (readonly [string, number])[] = [
    ['input', uncachedInput],
    ['cache_read', cacheRead],
    ['cache_write', cacheWrite5m],
    ['cache_write_1h', cacheWrite1h],
    ['output', output],
  ];
  return counts
    .filter(([, tokens]) => tokens > 0)
    .map(([bucket, tokens]) => ({ bucket, tokens, amount: 0 as PriceLine['amount'] }));
}

/**
 * Each line's part of what the call cost. That is less than the lines where there is a discount, and another amount where
 * the telemetry recorded one: every line then has its share of it, to the last picodollar. Undefined where the lines cannot
 * have it, because they are worth nothing and the call was not free.
 */
function amountsOf(lines: readonly Line[], amount: bigint): bigint[] | undefined {
  const listed = lines.map((line) => (line.bucket === DISCOUNT ? 0n : BigInt(line.amount)));
  const whole = listed.reduce((sum, one) => sum + one, 0n);
  if (whole === amount) return listed;
  if (whole <= 0n || amount < 0n) return undefined;
  let before = 0n;
  let given = 0n;
  return listed.map((one) => {
    before += one;
    const until = (before * amount) / whole;
    const part = until - given;
    given = until;
    return part;
  });
}
