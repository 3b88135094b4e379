import type { Bill, Forest, Selection, Usage } from '../model/index.ts';
import { findCalls } from './calls.ts';
import { Ledger } from './ledger.ts';
import { type CostMode, type Prices, type Pricing, type Reckoned, reckon, reckonRow } from './reckon.ts';
import { subtreeSums } from './subtree-sums.ts';
import { ProfileTerms } from './terms.ts';
import { unpricedGroups } from './unpriced-groups.ts';
import type { Verdicts } from './verdicts.ts';

export type { CostMode } from './reckon.ts';

/** Decides which spans are calls, and prices those that are asked about, each of them once. */
export function bill(forest: Forest, prices: Prices, mode: CostMode): Bill {
  const verdicts = findCalls(forest, mode === 'recorded' ? undefined : prices.toolPrice);
  const { table } = forest;
  const pricing: Pricing = { prices, mode, brief: true, terms: new ProfileTerms(table) };
  const ledger = new Ledger(forest, verdicts, pricing);
  const reckoned = (p: number, how: Pricing, usage?: Usage): Reckoned =>
    reckon(forest, p, verdicts.otherReports(p), verdicts.is(p, 'tool_price'), how, usage);
  const cost: Bill['cost'] = (p) => ledger.cost(p);
  const isCall: Bill['isCall'] = (p) => verdicts.isCounted(p);
  const lacksPrice: Bill['lacksPrice'] = (p) => ledger.lacksPrice(p);
  return {
    status: (p) => ledger.status(p),
    lacksPrice,
    cost,
    subtree: subtreeSums(forest, cost, isCall, lacksPrice),
    isCall,
    isAggregateOnly: (p) => verdicts.isAggregate(p),
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
    conflicts: (among) => conflicts(forest.length, ledger, among),
    excluded: (among) => excluded(forest, verdicts, among),
    unpriced: (among) => unpricedGroups(forest, ledger, (p) => reckoned(p, pricing).price, among),
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
  const length = verdicts.mayHave('rollup') || verdicts.mayHave('duplicate') ? forest.length : 0;
  for (let p = 0; p < length; p++) {
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
  ledger: Ledger,
  among: Selection | undefined,
): ReturnType<Bill['conflicts']> {
  let calls = 0;
  let recorded = 0n;
  let computed = 0n;
  if (!ledger.settle().hasConflicts) return { calls, recorded, computed };
  for (let p = 0; p < length; p++) {
    const beside = ledger.contradiction(p);
    if (beside === undefined || (among !== undefined && !among(p))) continue;
    calls++;
    recorded += BigInt(ledger.cost(p));
    computed += BigInt(beside);
  }
  return { calls, recorded, computed };
}
