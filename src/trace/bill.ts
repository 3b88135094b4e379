import type { Bill, Forest } from '../model/index.ts';
import {
  type CostStatus,
  FLAG,
  type Pico,
  type Price,
  type PriceBook,
  type SpanTable,
  type UnpricedReason,
} from '../model/index.ts';
import { findCalls, ROLE } from './calls.ts';

/** Which of a recorded and a computed cost counts. `auto`: the recorded one where it is evidence. */
export type CostMode = 'auto' | 'computed' | 'recorded';

/**
 * Prices every billable call once. A recorded cost beats a computed one unless it is 0 for a call that used tokens; prices
 * that the user wrote beat costs that an SDK asserted, and nothing but `computed` mode beats what the biller said.
 */
export function bill(forest: Forest, prices: Pick<PriceBook, 'priceOf'>, mode: CostMode): Bill {
  const { role, otherReports } = findCalls(forest);
  const { table, length } = forest;
  const cost = new Float64Array(length);
  const statuses = new Statuses(length);
  const unpriced = new UnpricedCalls();
  let rollups = 0;
  let rollupCost = 0n;
  let duplicates = 0;

  for (let p = 0; p < length; p++) {
    const row = forest.row[p]!;
    if (role[p] === ROLE.none) continue;
    if (role[p] === ROLE.rollup) {
      statuses.set(p, 'rollup');
      rollups++;
      const recorded = table.recordedCostOf(row);
      if (recorded !== undefined) rollupCost += BigInt(recorded.amount);
      continue;
    }
    if (role[p] === ROLE.duplicate) {
      statuses.set(p, 'duplicate');
      duplicates++;
      continue;
    }
    const decided = decide(forest, p, otherReports.get(p), prices, mode);
    statuses.set(p, decided.status);
    cost[p] = decided.amount;
    if (decided.status.startsWith('unpriced')) unpriced.add(table, row, decided);
  }

  const isCall = (p: number): boolean => role[p] === ROLE.call || role[p] === ROLE.aggregateOnly;
  return {
    status: (p) => statuses.get(p),
    cost,
    subtree: subtreeSums(forest, cost, isCall, (p) => statuses.get(p).startsWith('unpriced')),
    isCall,
    excluded: { rollups: { spans: rollups, cost: rollupCost }, duplicates: { spans: duplicates } },
    unpriced: unpriced.list(),
  };
}

type Decision = { readonly status: CostStatus; readonly amount: number; readonly hint?: string | undefined };

function decide(
  forest: Forest,
  position: number,
  others: readonly number[] | undefined,
  prices: Pick<PriceBook, 'priceOf'>,
  mode: CostMode,
): Decision {
  const { table } = forest;
  const row = forest.row[position]!;
  const recorded = mode === 'computed' ? undefined : recordedCost(forest, position, others);
  if (recorded?.authority === 'not_billed') return { status: 'not_billed', amount: 0 };
  if (mode === 'recorded') {
    return recorded === undefined
      ? { status: 'unpriced:no_recorded_cost', amount: 0 }
      : { status: 'recorded', amount: recorded.amount };
  }
  if (recorded?.authority === 'billed' && recorded.amount > 0)
    return { status: 'recorded', amount: recorded.amount };

  const price = computed(table, row, prices);
  if (recorded !== undefined) {
    const overridden =
      price?.status === 'computed' && (price.match.layer === 'config' || price.match.layer === 'file');
    const evidence = recorded.amount > 0 || !table.hasUsage(row) || price?.status === 'free';
    if (evidence && !overridden) return { status: 'recorded', amount: recorded.amount };
  }
  if (price === undefined) {
    const reason: UnpricedReason = table.has(row, FLAG.invalidUsage) ? 'invalid_usage' : 'no_usage';
    return { status: `unpriced:${reason}`, amount: 0 };
  }
  if (price.status === 'free') return { status: 'free', amount: 0 };
  if (price.status === 'unpriced') return { status: `unpriced:${price.reason}`, amount: 0, hint: price.hint };
  return { status: 'computed', amount: price.amount };
}

/** The span's own recorded cost, else that of another report of the same call; what the biller said goes first. */
function recordedCost(
  forest: Forest,
  position: number,
  others: readonly number[] | undefined,
): { readonly amount: Pico; readonly authority: 'billed' | 'asserted' | 'not_billed' } | undefined {
  const own = forest.table.recordedCostOf(forest.row[position]!);
  if (others === undefined || own?.authority === 'billed') return own;
  let best = own;
  for (const other of others) {
    const candidate = forest.table.recordedCostOf(forest.row[other]!);
    if (candidate !== undefined && (best === undefined || candidate.authority === 'billed')) best = candidate;
  }
  return best;
}

function computed(table: SpanTable, row: number, prices: Pick<PriceBook, 'priceOf'>): Price | undefined {
  if (!table.hasUsage(row)) return undefined;
  return prices.priceOf({
    provider: table.textOf('provider', row),
    model: table.textOf('model', row),
    requestModel: table.textOf('requestModel', row),
    serviceTier: table.textOf('serviceTier', row),
    embedding: table.kindOf(row) === 'embedding',
    usage: table.usageAt(table.call[row]!),
    at: table.startOf(row),
  });
}

/** Cost statuses by position, a byte each. */
class Statuses {
  readonly #names: CostStatus[] = ['none'];
  readonly #codes: Uint8Array;

  constructor(length: number) {
    this.#codes = new Uint8Array(length);
  }

  set(position: number, status: CostStatus): void {
    let code = this.#names.indexOf(status);
    if (code < 0) code = this.#names.push(status) - 1;
    this.#codes[position] = code;
  }

  get(position: number): CostStatus {
    return this.#names[this.#codes[position]!]!;
  }
}

/** Unpriced calls by model, provider and reason, the most frequent first. */
class UnpricedCalls {
  readonly #groups = new Map<
    string,
    { -readonly [K in keyof Bill['unpriced'][number]]: Bill['unpriced'][number][K] }
  >();

  add(table: SpanTable, row: number, decided: Decision): void {
    const model = table.textOf('model', row) ?? table.textOf('requestModel', row);
    const provider = table.textOf('provider', row);
    const reason = decided.status.slice('unpriced:'.length) as UnpricedReason;
    const key = JSON.stringify([model, provider, reason]);
    const known = this.#groups.get(key);
    if (known === undefined) this.#groups.set(key, { model, provider, reason, calls: 1, hint: decided.hint });
    else known.calls++;
  }

  list(): Bill['unpriced'] {
    return [...this.#groups.entries()]
      .sort(([keyA, a], [keyB, b]) => b.calls - a.calls || (keyA < keyB ? -1 : 1))
      .map(([, group]) => group);
  }
}

const PICO_PER_DOLLAR = 1e12;

/**
 * Subtrees are ranges of positions, so a subtree's sum is the difference of two running sums. The running sum is kept as
 * whole dollars and picodollars below a dollar, both exact in a double at any total.
 */
function subtreeSums(
  forest: Forest,
  cost: Float64Array,
  isCall: (position: number) => boolean,
  isUnpriced: (position: number) => boolean,
): Bill['subtree'] {
  const { length, size } = forest;
  const dollars = new Float64Array(length + 1);
  const rest = new Float64Array(length + 1);
  const calls = new Int32Array(length + 1);
  const unpriced = new Int32Array(length + 1);
  for (let p = 0; p < length; p++) {
    const whole = Math.floor(cost[p]! / PICO_PER_DOLLAR);
    let below = rest[p]! + (cost[p]! - whole * PICO_PER_DOLLAR);
    let carry = 0;
    if (below >= PICO_PER_DOLLAR) {
      below -= PICO_PER_DOLLAR;
      carry = 1;
    }
    dollars[p + 1] = dollars[p]! + whole + carry;
    rest[p + 1] = below;
    calls[p + 1] = calls[p]! + (isCall(p) ? 1 : 0);
    unpriced[p + 1] = unpriced[p]! + (isUnpriced(p) ? 1 : 0);
  }
  return (p) => {
    const end = p + size[p]!;
    return {
      cost: BigInt(dollars[end]! - dollars[p]!) * BigInt(PICO_PER_DOLLAR) + BigInt(rest[end]! - rest[p]!),
      calls: calls[end]! - calls[p]!,
      unpricedCalls: unpriced[end]! - unpriced[p]!,
    };
  };
}
