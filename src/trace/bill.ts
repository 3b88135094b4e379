import {
  type Bill,
  type Forest,
  isUnpriced,
  type Price,
  type Selection,
  type Usage,
} from '../model/index.ts';
import { Amounts } from './amounts.ts';
import { findCalls } from './calls.ts';
import { type CostMode, type Prices, type Pricing, type Reckoned, reckon, reckonRow } from './reckon.ts';
import { Statuses } from './statuses.ts';
import { subtreeSums } from './subtree-sums.ts';
import { unpricedGroups, unpricedKey } from './unpriced-groups.ts';
import type { Verdicts } from './verdicts.ts';

export type { CostMode } from './reckon.ts';

/** Decides which spans are calls and prices each of them once. */
export function bill(forest: Forest, prices: Prices, mode: CostMode): Bill {
  const verdicts = findCalls(forest, mode === 'recorded' ? undefined : prices.toolPrice);
  const { table, length } = forest;
  const pricing: Pricing = { prices, mode, brief: true };
  const reckoned = (p: number, how: Pricing, usage?: Usage): Reckoned =>
    reckon(forest, p, verdicts.otherReports(p), verdicts.is(p, 'tool_price'), how, usage);
  const costs = new Amounts();
  const statuses = new Statuses(length);
  const unpriced = new Map<string, Price>();
  const computedBeside = new Amounts();
  for (let p = 0; p < length; p++) {
    if (verdicts.isRollup(p)) statuses.set(p, 'rollup');
    else if (verdicts.isDuplicate(p)) statuses.set(p, 'duplicate');
    else if (verdicts.isCounted(p)) {
      const { status, amount, counted, price, conflict } = reckoned(p, pricing);
      statuses.set(p, status);
      if (amount !== 0) costs.add(p, amount);
      if (price === undefined) continue;
      if (conflict && price.status === 'computed') computedBeside.add(p, price.amount);
      if (price.status === 'unpriced' && counted === undefined) {
        unpriced.set(unpricedKey(table, forest.row[p]!, price.reason), price);
      }
    }
  }

  const cost: Bill['cost'] = (p) => costs.of(p);
  const statusOf: Bill['status'] = (p) => statuses.get(p);
  const isCall: Bill['isCall'] = (p) => verdicts.isCounted(p);
  const lacksPrice = (p: number): boolean => isUnpriced(statuses.get(p));
  return {
    status: statusOf,
    cost,
    subtree: subtreeSums(forest, cost, isCall, lacksPrice),
    isCall,
    isAggregateOnly: (p) => verdicts.is(p, 'aggregate_only') || verdicts.is(p, 'aggregate_increase'),
    rule: (p) => verdicts.rule(p),
    verdict: (p) => verdicts.verdict(p),
    alone: (row) => {
      const counters = table.counters.get(row);
      const { recorded, status, amount, price } = reckonRow(table, row, undefined, false, pricing, counters);
      if (status !== 'not_billed') return amount;
      return recorded!.amount > 0 || price?.status !== 'computed' ? recorded!.amount : price.amount;
    },
    reckon: (p) => (isCall(p) ? reckoned(p, { ...pricing, brief: false }) : undefined),
    priceWith: (p, usage) => (isCall(p) ? reckoned(p, pricing, usage).price : undefined),
    conflicts: (among) => conflicts(length, cost, computedBeside, among),
    excluded: (among) => excluded(forest, verdicts, among),
    unpriced: (among) => {
      const calls: number[] = [];
      for (let p = 0; p < length; p++) if (lacksPrice(p) && (among === undefined || among(p))) calls.push(p);
      return unpricedGroups(forest, calls, statusOf, unpriced);
    },
  };
}

function excluded(
  forest: Forest,
  verdicts: Verdicts,
  among: Selection | undefined,
): ReturnType<Bill['excluded']> {
  let rollups = 0;
  let cost = 0n;
  let duplicates = 0;
  for (let p = 0; p < forest.length; p++) {
    const rollup = verdicts.isRollup(p);
    if (!rollup && !verdicts.isDuplicate(p)) continue;
    if (among !== undefined && !among(p)) continue;
    if (!rollup) {
      duplicates++;
      continue;
    }
    rollups++;
    const recorded = forest.table.recordedCostOf(forest.row[p]!);
    if (recorded !== undefined) cost += BigInt(recorded.amount);
  }
  for (const [p, others] of forest.repeats) {
    if (forest.table.calls.of(forest.row[p]!) >= 0 && (among === undefined || among(p)))
      duplicates += others.length;
  }
  return { rollups: { spans: rollups, cost }, duplicates: { spans: duplicates } };
}

function conflicts(
  length: number,
  cost: Bill['cost'],
  computedBeside: Amounts,
  among: Selection | undefined,
): ReturnType<Bill['conflicts']> {
  let calls = 0;
  let recorded = 0n;
  let computed = 0n;
  for (let p = 0; p < length && computedBeside.length > 0; p++) {
    if (!computedBeside.has(p) || (among !== undefined && !among(p))) continue;
    calls++;
    recorded += BigInt(cost(p));
    computed += BigInt(computedBeside.of(p));
  }
  return { calls, recorded, computed };
}
