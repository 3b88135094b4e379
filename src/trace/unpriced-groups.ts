import {
  type CostStatus,
  type Forest,
  type Price,
  type SpanTable,
  type UnpricedGroup,
  type UnpricedReason,
  unpricedReason,
} from '../model/index.ts';

/** What unpriced calls have in common that are told as one. */
export const unpricedKey = (table: SpanTable, row: number, reason: UnpricedReason): string =>
  JSON.stringify([modelOf(table, row), table.textOf('provider', row), reason]);

/** Hints name the nearest known models; past this many unknown ones nobody reads them, and they take time. */
const MOST_HINTS = 100;

/** Calls without a price by model, provider and reason, the most frequent first. */
export function unpricedGroups(
  { table, row: rows }: Forest,
  calls: readonly number[],
  statusOf: (position: number) => CostStatus,
  prices: ReadonlyMap<string, Price>,
): readonly UnpricedGroup[] {
  const groups = new Map<string, { readonly row: number; readonly reason: UnpricedReason; calls: number }>();
  for (const p of calls) {
    const row = rows[p]!;
    const reason = unpricedReason(statusOf(p))!;
    const key = unpricedKey(table, row, reason);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { row, reason, calls: 1 });
    else known.calls++;
  }
  return [...groups]
    .sort(([keyA, a], [keyB, b]) => b.calls - a.calls || (keyA < keyB ? -1 : 1))
    .map(([key, { row, reason, calls: count }], i) => ({
      key,
      model: modelOf(table, row),
      provider: table.textOf('provider', row),
      reason,
      calls: count,
      get hint() {
        const price = i < MOST_HINTS ? prices.get(key) : undefined;
        return price?.status === 'unpriced' ? price.hint : undefined;
      },
    }));
}

const modelOf = (table: SpanTable, row: number): string | undefined =>
  table.textOf('model', row) ?? table.textOf('requestModel', row);
