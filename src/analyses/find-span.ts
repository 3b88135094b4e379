import {
  type Bill,
  canonicalSpanId,
  FLAG,
  type Forest,
  isUnpriced,
  nearest,
  stepName,
  UserError,
} from '../model/index.ts';
import type { Dataset } from './dataset.ts';

export const SPAN_PICKS = ['costliest', 'slowest', 'latest', 'error', 'unpriced'] as const;
export type SpanPick = (typeof SPAN_PICKS)[number];

/**
 * The span a person means: by its id or the beginning of it, with the trace's before it (`trace:span`, `trace/span`) where
 * that is needed, or by its name or step. `pick` chooses one of several, and of all where nothing is named.
 * Throws a `UserError` that lists the candidates where it stays open.
 */
export function findSpan(data: Dataset, wanted: string | undefined, pick: SpanPick | undefined): number {
  const all = selectedPositions(data);
  const found = wanted === undefined ? all : matching(data.forest, all, wanted);
  const [first] = found;
  if (first === undefined) throw notFound(data, wanted);
  if (pick !== undefined) return picked(data, found, pick);
  if (found.length === 1) return first;
  throw new UserError(`${wanted}: ${found.length} spans are meant by it`, {
    hint: `Name one, or add --pick costliest: ${listed(data.forest, found)}`,
  });
}

function selectedPositions({ forest, selected }: Dataset): number[] {
  const positions: number[] = [];
  for (let p = 0; p < forest.length; p++) if (selected === undefined || selected(p)) positions.push(p);
  return positions;
}

/** What fits best: the whole id, else a name, else the beginning of an id. */
function matching({ table, row }: Forest, positions: readonly number[], wanted: string): readonly number[] {
  const exact = canonicalSpanId(wanted)?.id;
  const tests: readonly ((r: number) => boolean)[] = [
    (r) => table.spanIdOf(r) === wanted || table.spanIdOf(r) === exact,
    ...pairs(wanted).map(
      ([trace, span]) =>
        (r: number) =>
          startsWith(table.traceIdOf(r), trace) && startsWith(table.spanIdOf(r), span),
    ),
    (r) => table.nameOf(r) === wanted || stepName(table, r) === wanted,
    (r) => startsWith(table.spanIdOf(r), wanted),
  ];
  for (const test of tests) {
    const found = positions.filter((p) => test(row[p]!));
    if (found.length > 0) return found;
  }
  return [];
}

/** `trace:span` and `trace/span`; ids may hold either character themselves. */
function pairs(wanted: string): (readonly [string, string])[] {
  return [...wanted.matchAll(/[:/]/g)]
    .slice(0, 8)
    .map(({ index }) => [wanted.slice(0, index), wanted.slice(index + 1)] as const)
    .filter(([trace, span]) => trace !== '' && span !== '');
}

const startsWith = (id: string, prefix: string): boolean =>
  id.startsWith(prefix) || id.toLowerCase().startsWith(prefix.toLowerCase());

/** How much a span is what was asked for; undefined where it is not at all. */
const SIZES: Readonly<Record<SpanPick, (forest: Forest, bill: Bill, p: number) => number | undefined>> = {
  costliest: (_, bill, p) => (bill.isCall(p) ? bill.cost(p) : undefined),
  slowest: (forest, _, p) => forest.duration(p),
  latest: ({ table, row }, _, p) => {
    const r = row[p]!;
    return table.has(r, FLAG.hasStart) ? table.startSecondOf(r) + table.startNanoOf(r) / 1e9 : undefined;
  },
  error: ({ table, row, depth }, _, p) => (table.has(row[p]!, FLAG.failed) ? depth[p]! : undefined),
  unpriced: (_, bill, p) => (isUnpriced(bill.status(p)) ? 0 : undefined),
};

/** The first of the largest. */
function picked({ forest, bill }: Dataset, positions: readonly number[], pick: SpanPick): number {
  let best: number | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const p of positions) {
    const size = SIZES[pick](forest, bill, p);
    if (size === undefined || size <= most) continue;
    best = p;
    most = size;
  }
  if (best !== undefined) return best;
  throw new UserError(`--pick ${pick}: ${NONE[pick]}`);
}

const NONE: Readonly<Record<SpanPick, string>> = {
  costliest: 'no span is counted in the total',
  slowest: 'no span has a length',
  latest: 'no span has a time',
  error: 'no span failed',
  unpriced: 'every call has a price',
};

const MOST_LISTED = 5;

function listed({ table, row }: Forest, positions: readonly number[]): string {
  const shown = positions
    .slice(0, MOST_LISTED)
    .map((p) => `${table.traceIdOf(row[p]!)}:${table.spanIdOf(row[p]!)} (${stepName(table, row[p]!)})`);
  return `${shown.join(', ')}${positions.length > MOST_LISTED ? ', …' : ''}`;
}

/** Distinct names are few; past this many they are ids. */
const MOST_NAMES = 2_000;

function notFound({ forest, selected }: Dataset, wanted: string | undefined): UserError {
  if (wanted === undefined) return new UserError('no span meets the filters');
  const names = new Set<string>();
  for (let p = 0; p < forest.length && names.size < MOST_NAMES; p++) {
    names.add(stepName(forest.table, forest.row[p]!));
    names.add(forest.table.nameOf(forest.row[p]!));
  }
  const meant = nearest(wanted, names);
  const where = selected === undefined ? 'in the input' : 'among the spans that meet the filters';
  return new UserError(`${wanted}: no span ${where} has this id or name`, {
    hint: `${meant === undefined ? '' : `Did you mean '${meant}'? `}Ids are in \`agentobs trace show -f json\`; or add --pick costliest, slowest, latest, error or unpriced instead.`,
  });
}
