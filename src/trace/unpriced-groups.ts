import {
  type CostStatus,
  type Forest,
  type Price,
  type Selection,
  type SpanTable,
  type UnpricedGroup,
  type UnpricedReason,
  unpricedReason,
} from '../model/index.ts';
import type { Ledger } from './ledger.ts';

/** What unpriced calls have in common that are told as one. */
export const unpricedKey = (table: SpanTable, row: number, reason: UnpricedReason): string =>
  JSON.stringify([modelOf(table, row), table.textOf('provider', row), reason]);

/** Hints name the nearest known models; past this many unknown ones nobody reads them, and they take time. */
const MOST_HINTS = 100;

/** What is told as one. `last` are positions: of each kind of calls in it the last one, asked about or not. */
type Group = {
  readonly row: number;
  readonly reason: UnpricedReason;
  calls: number;
  readonly last: number[];
};

/** Calls without a price by model, provider and reason, the most frequent first. */
export function unpricedGroups(
  forest: Forest,
  ledger: Ledger,
  priceOf: (position: number) => Price | undefined,
  among: Selection | undefined,
): readonly UnpricedGroup[] {
  const { table } = forest;
  return groupsOf(forest, ledger, among)
    .sort(([keyA, a], [keyB, b]) => b.calls - a.calls || (keyA < keyB ? -1 : 1))
    .map(([key, { row, reason, calls, last }], i) => ({
      key,
      model: modelOf(table, row),
      provider: table.textOf('provider', row),
      reason,
      calls,
      get hint() {
        if (i >= MOST_HINTS) return undefined;
        const price = last
          .sort((a, b) => b - a)
          .map(priceOf)
          .find((one) => one !== undefined);
        return price?.status === 'unpriced' ? price.hint : undefined;
      },
    }));
}

function groupsOf(forest: Forest, ledger: Ledger, among: Selection | undefined): [string, Group][] {
  const { table, row: rows } = forest;
  const groups = new Map<string, Group>();
  for (const { reason, calls, last } of kindsOf(forest, ledger, among)) {
    const row = rows[last]!;
    const key = unpricedKey(table, row, reason);
    const group = groups.get(key) ?? { row, reason, calls: 0, last: [] };
    groups.set(key, group);
    group.calls += calls;
    group.last.push(last);
  }
  return [...groups].filter(([, { calls }]) => calls > 0);
}

/** Unpriced calls of one profile for one reason: nothing that is told of them differs. */
type Kind = { readonly reason: UnpricedReason; calls: number; last: number };

function kindsOf({ table, row, length }: Forest, ledger: Ledger, among: Selection | undefined): Kind[] {
  const kinds = new Map<CostStatus, Map<number, Kind>>();
  if (!ledger.settle().hasUnpriced) return [];
  for (let p = 0; p < length; p++) {
    if (!ledger.lacksPrice(p)) continue;
    const status = ledger.status(p);
    const byProfile = kinds.get(status) ?? new Map<number, Kind>();
    kinds.set(status, byProfile);
    const profile = table.profileOf(row[p]!);
    const kind = byProfile.get(profile) ?? { reason: unpricedReason(status)!, calls: 0, last: p };
    byProfile.set(profile, kind);
    kind.last = p;
    if (among === undefined || among(p)) kind.calls++;
  }
  return [...kinds.values()].flatMap((byProfile) => [...byProfile.values()]);
}

const modelOf = (table: SpanTable, row: number): string | undefined =>
  table.textOf('model', row) ?? table.textOf('requestModel', row);
