import { AUTHORITIES, type RecordedCost } from '../../model/index.ts';
import { exact, picoOf } from '../money.ts';
import type { AmountSeen } from '../witness.ts';

/** How the recorded cost of the spans of one pattern is worked out from the amounts in their rows. */
export type CostRow = {
  /** The first of the weightiest counts; or all of them add up. */
  readonly amounts: readonly Amount[];
  readonly added: boolean;
  /** A gateway answered from its own cache. */
  readonly avoided: boolean;
};

/** An amount and which value of the row it is; -1: it is `amount` on every span. */
type Amount = {
  readonly place: number;
  readonly amount: number;
  readonly shift: number;
  readonly billed: boolean;
  readonly aggregate: boolean;
};

/** Picodollars; which of `AUTHORITIES` says so; whether what descendants cost is in it. */
export type CostOfRow = { amount: number; authority: number; aggregate: boolean };

/**
 * How the costs of spans of a pattern are found, from one of them; `'same'` where they do not differ, undefined where that
 * cannot be told from the amounts alone.
 */
export function costRow(
  seen: readonly AmountSeen[],
  recorded: RecordedCost | undefined,
  placeOf: (key: string) => number | undefined,
): CostRow | 'same' | undefined {
  const amounts = seen.map((one) => ({ ...one, place: placeIn(one, placeOf) }));
  if (amounts.every(({ place }) => place < 0)) return 'same';
  if (recorded === undefined || amounts.some(({ place, amount }) => place >= 0 && amount === undefined))
    return undefined;
  const totals = amounts.filter(({ part }) => !part);
  const added = totals.every(({ amount }) => amount === undefined);
  return {
    amounts: (added ? amounts.filter(({ chosen }) => chosen) : totals).flatMap(({ amount, ...one }) =>
      amount === undefined ? [] : { ...one, amount },
    ),
    added,
    avoided: recorded.authority === 'not_billed',
  };
}

function placeIn({ sign: { key, path } }: AmountSeen, placeOf: (key: string) => number | undefined): number {
  return key === undefined || path !== undefined ? -1 : (placeOf(key) ?? -1);
}

const BILLED = AUTHORITIES.indexOf('billed');
const ASSERTED = AUTHORITIES.indexOf('asserted');
const NOT_BILLED = AUTHORITIES.indexOf('not_billed');

/** Writes the cost of a row, whose values begin at `at`, into `cost`; false where it has to be found in the span itself. */
export function costOfRow(row: CostRow, values: Float64Array, at: number, cost: CostOfRow): boolean {
  let most = -1;
  let sum = 0;
  for (const { place, amount: same, shift, billed, aggregate } of row.amounts) {
    const amount = place < 0 ? same : picoOf(values[at + place]!, shift);
    if (amount === undefined) return false;
    sum += amount;
    const weight = amount === 0 ? 0 : billed ? 2 : 1;
    if (row.added || weight <= most) continue;
    most = weight;
    cost.amount = amount;
    cost.authority = row.avoided ? NOT_BILLED : billed ? BILLED : ASSERTED;
    cost.aggregate = aggregate;
  }
  if (!row.added) return true;
  cost.amount = sum;
  cost.authority = row.avoided ? NOT_BILLED : ASSERTED;
  cost.aggregate = false;
  return exact(sum) !== undefined;
}
