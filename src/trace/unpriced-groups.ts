import {
  type CostStatus,
  type Forest,
  type Price,
  type SpanTable,
  type UnpricedGroup,
  unpricedReason,
} from '../model/index.ts';

/** What unpriced calls have in common that are told as one. */
export function unpricedKey(table: SpanTable, row: number, status: CostStatus): string {
  return JSON.stringify([
    table.textOf('model', row) ?? table.textOf('requestModel', row),
    table.textOf('provider', row),
    status,
  ]);
}

/** Calls without a price by model, provider and reason, the most frequent first. */
export function unpricedGroups(
  forest: Forest,
  calls: readonly number[],
  statusOf: (position: number) => CostStatus,
  prices: ReadonlyMap<string, Price>,
): readonly UnpricedGroup[] {
  const { table } = forest;
  const groups = new Map<string, UnpricedGroup>();
  for (const p of calls) {
    const row = forest.row[p]!;
    const status = statusOf(p);
    const key = unpricedKey(table, row, status);
    const known = groups.get(key);
    groups.set(key, {
      model: table.textOf('model', row) ?? table.textOf('requestModel', row),
      provider: table.textOf('provider', row),
      reason: unpricedReason(status)!,
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
