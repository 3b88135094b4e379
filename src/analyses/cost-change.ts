import { type Buckets, CallSums, type Part, type Section } from './cost-change-sums.ts';

/**
 * Why one set of calls cost more or less than another, exactly.
 *
 * What the calls of a step cost is a product of factors, and a sum over buckets b and price rows m:
 *
 *     runs × calls/run × tries/call × Σ tokens/call × share of b × share of m in b × price of a token of m in b
 *
 * One factor after the other goes from A's value to B's, and what that does to the cost is the factor's term. Terms depend
 * on the order, so it is done twice, in this order and in the opposite one, and the mean of both is taken: E. Dietzenbacher,
 * B. Los, "Structural decomposition techniques: sense and sensitivity", Economic Systems Research 10 (1998), 307–324, who
 * find it next to the mean of all orders. It gives the same terms with opposite signs when A and B change places.
 *
 * Every state between is whole picodollars, so that the terms of a chain telescope to the difference, without a residual.
 */
const COST_FACTORS = [
  'runs',
  'calls',
  'retries',
  'input_tokens',
  'output_tokens',
  'other_usage',
  'cache',
  'model_mix',
  'price',
] as const;
type Factor = (typeof COST_FACTORS)[number];

/** The factors, and what was recorded for calls without a price. */
export const COST_TERMS = [...COST_FACTORS, 'recorded'] as const;
type CostTerm = (typeof COST_TERMS)[number];

/** Picodollars by term; they add up to `total`. */
export type CostChange = { readonly total: bigint; readonly terms: ReadonlyMap<CostTerm, bigint> };

/** Calls that are compared with each other: what the same step cost in A and in B. A side without calls has no sums. */
export type CallPair = { readonly a: CallSums | undefined; readonly b: CallSums | undefined };

/** The difference of what all pairs cost, B less A. `runs` are of the whole sets, at least 1 where there are calls. */
export function costChange(
  pairs: Iterable<CallPair>,
  runs: { readonly a: number; readonly b: number },
): CostChange {
  const doubled = new Map<CostTerm, bigint>(COST_TERMS.map((term) => [term, 0n]));
  const add = (term: CostTerm, amount: bigint): void => {
    doubled.set(term, doubled.get(term)! + amount);
  };
  for (const { a = NO_CALLS, b = NO_CALLS } of pairs) {
    add('recorded', 2n * (b.recorded - a.recorded));
    if (a.calls === 0 || b.calls === 0) {
      // A step that is only on one side has no factors to compare: its calls are there or not.
      add('calls', 2n * (b.priced() - a.priced()));
      continue;
    }
    const { cost, differs } = costIn(a, b, runs);
    if (differs.length === 0) continue;
    const from = cost(NO_FACTORS);
    for (const order of [differs, differs.toReversed()]) {
      const changed = new Set<Factor>();
      let before = from;
      for (const factor of order) {
        changed.add(factor);
        const after = cost(changed);
        add(factor, after - before);
        before = after;
      }
    }
  }
  return halved(doubled);
}

const NO_CALLS = new CallSums();
const NO_FACTORS: ReadonlySet<Factor> = new Set();

/** Half of each; of the odd ones, an even number, every second is rounded as the one before it was not. */
function halved(doubled: ReadonlyMap<CostTerm, bigint>): CostChange {
  const terms = new Map<CostTerm, bigint>();
  let total = 0n;
  let owed = 0n;
  for (const [term, twice] of doubled) {
    // Division of `bigint` rounds towards 0, for both signs alike: what is left over belongs to the next odd term.
    let half = twice / 2n;
    const rest = twice % 2n;
    if (rest !== 0n && owed === 0n) owed = rest;
    else if (rest !== 0n) {
      half += (owed + rest) / 2n;
      owed = 0n;
    }
    terms.set(term, half);
    total += half;
  }
  return { total, terms };
}

/**
 * What the calls cost if the changed factors had B's values and all others A's, in whole picodollars; and the factors whose
 * values differ: with any other one the cost is what it was.
 */
function costIn(
  a: CallSums,
  b: CallSums,
  runs: { readonly a: number; readonly b: number },
): { readonly cost: (changed: ReadonlySet<Factor>) => bigint; readonly differs: readonly Factor[] } {
  const sides = { a: { ...triesOf(a), runs: runs.a }, b: { ...triesOf(b), runs: runs.b } };
  const sections = (['prompt', 'answer', 'pieces'] as const).map((section) =>
    sectionOf(section, a.sections[section], b.sections[section]),
  );
  const isSame = new Set<Factor>();
  if (runs.a === runs.b) isSame.add('runs');
  if (sides.a.first * runs.b === sides.b.first * runs.a) isSame.add('calls');
  if (sides.a.calls * sides.b.first === sides.b.calls * sides.a.first) isSame.add('retries');
  const rates = sections.flatMap(({ buckets }) => buckets.flatMap(({ rates }) => rates));
  if (rates.every(({ shares }) => isEqual(shares))) isSame.add('model_mix');
  if (rates.every(({ prices }) => isEqual(prices))) isSame.add('price');
  for (const { amountBy, shareBy, tokens, buckets } of sections) {
    const amounts = tokens.a * BigInt(b.calls) === tokens.b * BigInt(a.calls);
    const shares = buckets.every((bucket) => isEqual(bucket.shares));
    if (amounts && (shareBy !== amountBy || shares)) isSame.add(amountBy);
    if (shares && shareBy !== amountBy) isSame.add(shareBy);
  }
  const cost = (changed: ReadonlySet<Factor>): bigint => {
    const side = (factor: Factor) => sides[changed.has(factor) ? 'b' : 'a'];
    const perRun = side('calls');
    const tries = side('retries');
    const calls: Ratio = [
      BigInt(side('runs').runs) * BigInt(perRun.first) * BigInt(tries.calls),
      BigInt(perRun.runs) * BigInt(tries.first),
    ];
    let sum = 0n;
    for (const section of sections) {
      for (const { rates, ...bucket } of section.buckets) {
        const amount = changed.has(section.amountBy) ? section.tokens.b : section.tokens.a;
        const perCall: Ratio = [amount, BigInt(side(section.amountBy).calls)];
        const share = chosen(bucket.shares, changed.has(section.shareBy));
        if (share[0] === 0n || perCall[0] === 0n) continue;
        for (const { shares, prices } of rates) {
          const mix = chosen(shares, changed.has('model_mix'));
          const price = chosen(prices, changed.has('price'));
          const over = calls[0] * perCall[0] * share[0] * mix[0] * price[0];
          if (over !== 0n) sum += (over << POINT) / (calls[1] * perCall[1] * share[1] * mix[1] * price[1]);
        }
      }
    }
    return (sum + HALF) >> POINT;
  };
  return { cost, differs: COST_FACTORS.filter((factor) => !isSame.has(factor)) };
}

/** Whichever side is asked, the answer is the same. */
function isEqual({ a, b }: { readonly a: Ratio; readonly b: Ratio }): boolean {
  return a[1] === 0n || b[1] === 0n || a[0] * b[1] === b[0] * a[1];
}

/** Fractions of a picodollar, in binary digits. */
const POINT = 64n;
const HALF = 1n << (POINT - 1n);

/** A fraction; with 0 below the line it says nothing. */
type Ratio = readonly [over: bigint, under: bigint];

/** Of the side that is asked for, or of the other one where that one cannot tell. */
function chosen({ a, b }: { readonly a: Ratio; readonly b: Ratio }, changed: boolean): Ratio {
  const [first, second] = changed ? [b, a] : [a, b];
  return first[1] === 0n ? second : first;
}

/** Retries of which no first try has a price are first tries here. */
function triesOf({ calls, retries }: CallSums): { readonly calls: number; readonly first: number } {
  return { calls, first: retries < calls ? calls - retries : calls };
}

/** Which factor says how much there is of a section, and which one how it is divided into buckets. */
const AMOUNT_BY = { prompt: 'input_tokens', answer: 'output_tokens', pieces: 'other_usage' } as const;
const SHARE_BY = { prompt: 'cache', answer: 'output_tokens', pieces: 'other_usage' } as const;

function sectionOf(section: Section, a: Buckets, b: Buckets) {
  const tokens = { a: tokensIn(a), b: tokensIn(b) };
  const buckets = [...union(a, b)].map((bucket) => {
    const rowsA = a.get(bucket);
    const rowsB = b.get(bucket);
    const inBucket = { a: tokensOf(rowsA), b: tokensOf(rowsB) };
    return {
      shares: ratios(inBucket, tokens),
      rates: [...union(rowsA, rowsB)].map((row) => {
        const parts = { a: rowsA?.get(row) ?? NOTHING, b: rowsB?.get(row) ?? NOTHING };
        const counts = { a: BigInt(parts.a.tokens), b: BigInt(parts.b.tokens) };
        const amounts = { a: parts.a.amount, b: parts.b.amount };
        return { shares: ratios(counts, inBucket), prices: ratios(amounts, counts) };
      }),
    };
  });
  return { amountBy: AMOUNT_BY[section], shareBy: SHARE_BY[section], tokens, buckets };
}

const NOTHING: Part = { tokens: 0, amount: 0n };

type Sides = { readonly a: bigint; readonly b: bigint };

const ratios = (over: Sides, under: Sides): { readonly a: Ratio; readonly b: Ratio } => ({
  a: [over.a, under.a],
  b: [over.b, under.b],
});

function union<T>(a: ReadonlyMap<string, T> | undefined, b: ReadonlyMap<string, T> | undefined): Set<string> {
  return new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])]);
}

function tokensOf(rows: ReadonlyMap<string, Part> | undefined): bigint {
  let sum = 0n;
  for (const { tokens } of rows?.values() ?? []) sum += BigInt(tokens);
  return sum;
}

function tokensIn(buckets: Buckets): bigint {
  let sum = 0n;
  for (const rows of buckets.values()) sum += tokensOf(rows);
  return sum;
}
