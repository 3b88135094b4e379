import type {
  Audit,
  Column,
  CostEvidence,
  Money,
  PriceSource,
  Report,
  Selection,
  Unpriced,
} from '../model/index.ts';
import { compareAmounts, costOfCalls, shareOf, usd } from '../model/index.ts';
import {
  type Dimension,
  emptyGroup,
  type Group,
  MEASURES,
  type Measured,
  type MeasureName,
  Rollup,
} from '../rollup/index.ts';
import type { CarriedRows } from './carried-rows.ts';

/** One row of `cost`: measures under their contract names; `key` holds the labels by dimension. */
type CostNumbers = Readonly<Record<MeasureName, number>> & {
  readonly cost_usd: Money;
  readonly share: number;
};

export type CostOptions = {
  /** Dimension keys in the order of the columns. */
  readonly by: readonly string[];
  readonly dimensions: readonly Dimension[];
  /** `cost`, `key`, or a measure; undefined: time in order, everything else by cost. */
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly prices: PriceSource;
  readonly selected?: Selection | undefined;
  /** Proves the total, which is then the answer. */
  readonly audit?: ((total: Group) => Proof) | undefined;
  /** What results of tools cost in later calls stands beside every row. */
  readonly carried?: CarriedRows | undefined;
};

/** A proof, and its sheet as a table. */
export type Proof = { readonly audit: Audit; readonly columns: readonly Column[] };

/** What a `--sort` of `cost` accepts; `carried` only where that is asked for. */
export const COST_SORTS: readonly string[] = ['cost', 'key', 'carried', ...Object.keys(MEASURES)];

/**
 * Who and what spent how much, and how sure we are. Every billable call is in exactly one row, so the rows add up to the
 * total to the last picodollar; what is left out as a repetition, and what has no price, is told beside it.
 */
export function cost(data: Measured, options: CostOptions): Report {
  const { forest, bill } = data;
  const { carried } = options;
  const rollup = new Rollup(data, options.dimensions);
  let aggregateOnly = 0;
  for (let p = 0; p < forest.length; p++) {
    if (!bill.isCall(p) || options.selected?.(p) === false) continue;
    rollup.add(p);
    if (bill.isAggregateOnly(p)) aggregateOnly++;
  }
  const total = rollup.total();
  const excluded = bill.excluded(options.selected);
  const groups = sortGroups(withResults(rollup.groups(), carried), options, carried);
  const shown = options.limit === undefined ? groups : groups.slice(0, options.limit);
  const rows = shown.map((group) => ({
    key: Object.fromEntries(options.by.map((key, i) => [key, group.labels[i]!])),
    ...numbers(group, total.cost),
    ...(carried && { carried: carried.of(group.labels) }),
  }));
  const proof = options.audit?.(total);
  return {
    command: 'cost',
    body: {
      by: options.by,
      rows,
      total: { ...numbers(total, total.cost), ...(carried && { carried: carried.total }) },
      ...(carried && { carried: carried.evidence }),
      coverage: coverage(data, total, aggregateOnly, options.selected),
      excluded: {
        rollups: { spans: excluded.rollups.spans, cost_usd: usd(excluded.rollups.cost) },
        duplicates: excluded.duplicates,
      },
      prices: options.prices,
      ...(proof && { audit: proof.audit }),
    },
    ...(proof === undefined
      ? { table: { rows: 'rows', columns: columns(options.by, carried), total: 'total' } }
      : { table: { rows: 'audit.balance.lines', columns: proof.columns }, page: 'audit' as const }),
    notes: [
      ...(shown.length < groups.length
        ? [`${groups.length - shown.length} more rows are in the total; leave out --limit to see them`]
        : []),
      ...(carried?.notes ?? []),
    ],
  };
}

function numbers(group: Group, total: bigint): CostNumbers {
  return {
    ...group.sums,
    cost_usd: costOfCalls(group.cost, group.sums.calls, group.sums.unpriced_calls),
    share: shareOf(group.cost, total),
  };
}

/** Tools that made no call of their own have a row for what their results cost. */
function withResults(groups: Group[], carried: CarriedRows | undefined): Group[] {
  const known = new Set(groups.map(({ labels }) => JSON.stringify(labels)));
  const others = (carried?.labels ?? []).filter((labels) => !known.has(JSON.stringify(labels)));
  return [...groups, ...others.map(emptyGroup)];
}

function sortGroups(groups: Group[], { by, sort }: CostOptions, carried: CarriedRows | undefined): Group[] {
  const byTime = by[0] === 'day' || by[0] === 'hour';
  const order = sort ?? (byTime ? 'key' : carried === undefined ? 'cost' : 'carried');
  const byKey = (a: Group, b: Group): number => {
    for (let i = 0; i < a.labels.length; i++) {
      if (a.labels[i]! !== b.labels[i]!) return a.labels[i]! < b.labels[i]! ? -1 : 1;
    }
    return 0;
  };
  if (order === 'key') return groups.sort(byKey);
  const measure = order as MeasureName;
  const amountOf = ({ labels }: Group): bigint => carried?.amountOf(labels) ?? 0n;
  return groups.sort((a, b) => {
    const first =
      order === 'carried'
        ? compareAmounts(amountOf(b), amountOf(a))
        : order === 'cost'
          ? compareAmounts(b.cost, a.cost)
          : b.sums[measure] - a.sums[measure];
    return first || compareAmounts(b.cost, a.cost) || b.sums.calls - a.sums.calls || byKey(a, b);
  });
}

function coverage(
  { bill }: Measured,
  total: Group,
  aggregateOnly: number,
  selected: CostOptions['selected'],
): CostEvidence['coverage'] {
  const unpriced: readonly Unpriced[] = bill.unpriced(selected).map((group) => ({
    model: group.model ?? null,
    provider: group.provider ?? null,
    calls: group.calls,
    reason: group.reason,
    hint: group.hint ?? null,
  }));
  const conflicts = bill.conflicts(selected);
  return {
    priced_calls: total.sums.calls - total.sums.unpriced_calls,
    unpriced_calls: total.sums.unpriced_calls,
    unpriced,
    aggregate_only_calls: aggregateOnly,
    conflicts: {
      calls: conflicts.calls,
      recorded_usd: usd(conflicts.recorded),
      computed_usd: usd(conflicts.computed),
    },
  };
}

function columns(by: readonly string[], carried: CarriedRows | undefined): Column[] {
  const tokens = (name: string, label: string, droppable: number): Column => ({
    path: [name],
    name,
    label,
    show: 'tokens',
    droppable,
  });
  return [
    ...by.map(
      (key): Column => ({ path: ['key', key], name: key, label: key, show: key === 'trace' ? 'id' : 'text' }),
    ),
    { path: ['calls'], name: 'calls', label: 'calls', show: 'count', droppable: 1 },
    tokens('input_tokens', 'in', 2),
    tokens('output_tokens', 'out', 3),
    tokens('cache_read_tokens', 'cache read', 5),
    tokens('cache_write_tokens', 'cache write', 6),
    tokens('reasoning_tokens', 'reasoning', 7),
    { path: ['cost_usd'], name: 'cost_usd', label: 'cost', show: 'money' },
    ...(carried?.columns ?? []),
    { path: ['share'], name: 'share', label: 'share', show: 'share', droppable: 4 },
    { path: ['unpriced_calls'], name: 'unpriced_calls', label: 'unpriced', show: 'count', droppable: 8 },
    { path: ['errors'], name: 'errors', label: 'errors', show: 'count', droppable: 9 },
  ];
}
