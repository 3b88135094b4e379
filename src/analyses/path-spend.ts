import { costOfCalls, isUnpriced, type Money } from '../model/index.ts';
import type { CriticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';

/** What the chosen calls of a trace cost that lie on its critical path, and what all others do: together its whole cost. */
export type PathSpend = { readonly on: Spend; readonly off: Spend };

/** Sums of calls; a price that is not known makes the cost a lower bound. */
export type Spend = { readonly cost: bigint; readonly calls: number; readonly unpricedCalls: number };

/**
 * A call is on the path, with all that it cost, if the span or anything below it has time on the path: tokens have no place
 * inside the time of their call, and an HTTP span below may take all of it.
 */
export function spendOnPath({ forest, bill, selected }: Dataset, { timing, own }: CriticalPath): PathSpend {
  const { first, length } = timing;
  const onPath = new Uint8Array(length);
  const on = { cost: 0n, calls: 0, unpricedCalls: 0 };
  const off = { cost: 0n, calls: 0, unpricedCalls: 0 };
  for (let i = length - 1; i >= 0; i--) {
    const position = first + i;
    if (own[i]! > 0) onPath[i] = 1;
    const parent = forest.parent[position]!;
    if (onPath[i] === 1 && parent >= 0) onPath[parent - first] = 1;
    if (!bill.isCall(position) || (selected !== undefined && !selected(position))) continue;
    const spend = onPath[i] === 1 ? on : off;
    if (bill.cost(position) !== 0) spend.cost += BigInt(bill.cost(position));
    spend.calls++;
    if (isUnpriced(bill.status(position))) spend.unpricedCalls++;
  }
  return { on, off };
}

export const spendMoney = ({ cost, calls, unpricedCalls }: Spend): Money =>
  costOfCalls(cost, calls, unpricedCalls);
