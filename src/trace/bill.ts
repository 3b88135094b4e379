import type { Bill, Forest } from '../model/index.ts';
import {
  type CostStatus,
  FLAG,
  type Pico,
  type Price,
  type PriceBook,
  type Selection,
  type SpanTable,
  type TextField,
  type UnpricedGroup,
  type UnpricedReason,
} from '../model/index.ts';
import { findCalls } from './calls.ts';
import { ROLE } from './reports.ts';

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
  const unpriced = new Map<string, Price>();
  const computedBeside = new Map<number, number>();
  for (let p = 0; p < length; p++) {
    if (role[p] === ROLE.none) continue;
    if (role[p] === ROLE.rollup) statuses.set(p, 'rollup');
    else if (role[p] === ROLE.duplicate) statuses.set(p, 'duplicate');
    else {
      const decided = decide(forest, p, otherReports.get(p), prices, mode);
      statuses.set(p, decided.status);
      cost[p] = decided.amount;
      if (decided.status === 'recorded' && differs(decided)) computedBeside.set(p, decided.computed!);
      if (decided.price?.status === 'unpriced') {
        unpriced.set(unpricedKey(table, forest.row[p]!, decided.status), decided.price);
      }
    }
  }

  const isCall = (p: number): boolean => role[p] === ROLE.call || role[p] === ROLE.aggregateOnly;
  const isUnpriced = (p: number): boolean => statuses.get(p).startsWith('unpriced');
  return {
    status: (p) => statuses.get(p),
    cost,
    subtree: subtreeSums(forest, cost, isCall, isUnpriced),
    isCall,
    isAggregateOnly: (p) => role[p] === ROLE.aggregateOnly,
    conflicts: (among) => conflicts(cost, computedBeside, among),
    excluded: (among) => excluded(forest, role, among),
    unpriced: (among) => {
      const calls: number[] = [];
      for (let p = 0; p < length; p++) if (isUnpriced(p) && (among === undefined || among(p))) calls.push(p);
      return unpricedGroups(forest, calls, statuses, unpriced);
    },
  };
}

function excluded(
  forest: Forest,
  role: Uint8Array,
  among: Selection | undefined,
): ReturnType<Bill['excluded']> {
  let rollups = 0;
  let cost = 0n;
  let duplicates = 0;
  for (let p = 0; p < forest.length; p++) {
    if (role[p] !== ROLE.rollup && role[p] !== ROLE.duplicate) continue;
    if (among !== undefined && !among(p)) continue;
    if (role[p] === ROLE.duplicate) {
      duplicates++;
      continue;
    }
    rollups++;
    const recorded = forest.table.recordedCostOf(forest.row[p]!);
    if (recorded !== undefined) cost += BigInt(recorded.amount);
  }
  for (const [p, times] of forest.repeats) {
    if (forest.table.call[forest.row[p]!]! >= 0 && (among === undefined || among(p))) duplicates += times;
  }
  return { rollups: { spans: rollups, cost }, duplicates: { spans: duplicates } };
}

type Decision = {
  readonly status: CostStatus;
  readonly amount: number;
  /** Beside a recorded cost: what the prices make of the call. */
  readonly computed?: number | undefined;
  readonly price?: Price | undefined;
};

/** Rounding and price changes of a day aside: 1 % and a microdollar. */
function differs({ amount, computed }: Decision): boolean {
  if (computed === undefined) return false;
  const difference = Math.abs(amount - computed);
  return difference > 1e6 && difference > 0.01 * Math.max(amount, computed);
}

function conflicts(
  cost: Float64Array,
  computedBeside: ReadonlyMap<number, number>,
  among: Selection | undefined,
): ReturnType<Bill['conflicts']> {
  let calls = 0;
  let recorded = 0n;
  let computed = 0n;
  for (const [position, amount] of computedBeside) {
    if (among !== undefined && !among(position)) continue;
    calls++;
    recorded += BigInt(cost[position]!);
    computed += BigInt(amount);
  }
  return { calls, recorded, computed };
}

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

  const price = computed(forest, position, others, prices);
  const beside = price?.status === 'computed' ? price.amount : undefined;
  if (recorded?.authority === 'billed' && recorded.amount > 0) {
    return { status: 'recorded', amount: recorded.amount, computed: beside };
  }
  if (recorded !== undefined) {
    const overridden =
      price?.status === 'computed' && (price.match.layer === 'config' || price.match.layer === 'file');
    const evidence = recorded.amount > 0 || !table.hasUsage(row) || price?.status === 'free';
    if (evidence && !overridden) return { status: 'recorded', amount: recorded.amount, computed: beside };
  }
  if (price === undefined) {
    const reason: UnpricedReason = table.has(row, FLAG.invalidUsage) ? 'invalid_usage' : 'no_usage';
    return { status: `unpriced:${reason}`, amount: 0 };
  }
  if (price.status === 'free') return { status: 'free', amount: 0 };
  if (price.status === 'unpriced') return { status: `unpriced:${price.reason}`, amount: 0, price };
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

/** Priced by the span's own usage; what it does not say of the model, another report of the same call may. */
function computed(
  forest: Forest,
  position: number,
  others: readonly number[] | undefined,
  prices: Pick<PriceBook, 'priceOf'>,
): Price | undefined {
  const { table } = forest;
  const row = forest.row[position]!;
  if (!table.hasUsage(row)) return undefined;
  const told = (field: TextField): string | undefined => {
    const own = table.textOf(field, row);
    if (own !== undefined || others === undefined) return own;
    for (const other of others) {
      const text = table.textOf(field, forest.row[other]!);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  return prices.priceOf({
    provider: told('provider'),
    model: told('model'),
    requestModel: told('requestModel'),
    serviceTier: told('serviceTier'),
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

function unpricedKey(table: SpanTable, row: number, status: CostStatus): string {
  return JSON.stringify([
    table.textOf('model', row) ?? table.textOf('requestModel', row),
    table.textOf('provider', row),
    status,
  ]);
}

function unpricedGroups(
  forest: Forest,
  calls: readonly number[],
  statuses: Statuses,
  prices: ReadonlyMap<string, Price>,
): readonly UnpricedGroup[] {
  const { table } = forest;
  const groups = new Map<string, UnpricedGroup>();
  for (const p of calls) {
    const row = forest.row[p]!;
    const status = statuses.get(p);
    const key = unpricedKey(table, row, status);
    const known = groups.get(key);
    groups.set(key, {
      model: table.textOf('model', row) ?? table.textOf('requestModel', row),
      provider: table.textOf('provider', row),
      reason: status.slice('unpriced:'.length) as UnpricedReason,
      calls: (known?.calls ?? 0) + 1,
      get hint() {
        const price = prices.get(key);
        return price?.status === 'unpriced' ? price.hint : undefined;
      },
    });
  }
  return [...groups]
    .sort(([keyA, a], [keyB, b]) => b.calls - a.calls || (keyA < keyB ? -1 : 1))
    .map(([, group]) => group);
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
