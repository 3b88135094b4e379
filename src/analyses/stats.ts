import type { CheckView, Report, Value } from '../model/index.ts';
import { type Dimension, EXACT_VALUES, QUANTILE_ERROR } from '../rollup/index.ts';
import type { Dataset } from './dataset.ts';
import { callsOf } from './stats-calls.ts';
import { statsColumns, wordsOf } from './stats-columns.ts';
import { tallies } from './stats-count.ts';
import { numbersOf, type StatsNumbers } from './stats-row.ts';
import type { Tally } from './stats-tally.ts';
import { figureText, type TargetSettings, type TargetView, targetText } from './targets.ts';

export type StatsOptions = {
  /** Dimension keys in the order of the columns. */
  readonly by: readonly string[];
  readonly dimensions: readonly Dimension[];
  /** One of `STATS_SORTS`; undefined: time in order, everything else by calls. */
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly targets: TargetSettings;
  /** What is checked, for CI systems: targets by name, or `any`; all of them where nothing is asked for. */
  readonly gates?: readonly string[] | undefined;
};

/** The gate that every target goes through. */
export const ANY_TARGET = 'any';

/** How reliable and how fast what is called is, row by row, against targets. */
export function stats(data: Dataset, options: StatsOptions): Report {
  const { by, dimensions, targets } = options;
  const calls = callsOf(data, by, dimensions);
  const { rows, total } = tallies(data, dimensions, calls);
  const { strings } = data.forest.table;
  const numbers = (tally: Tally, key: ReadonlyMap<string, string>): StatsNumbers =>
    numbersOf(tally, strings, key, targets);
  const all = sorted(
    rows.map((tally) => {
      const key = new Map(by.map((name, i) => [name, tally.labels[i]!]));
      return { labels: tally.labels, key, ...numbers(tally, key) };
    }),
    options,
  );
  const shown = all.slice(0, options.limit);
  const sum = numbers(total, new Map());
  const gates = options.gates ?? [];
  const isGate = ({ name }: TargetView): boolean =>
    gates.length === 0 || gates.includes(name) || gates.includes(ANY_TARGET);
  return {
    command: 'stats',
    body: {
      by,
      counts: calls.counts,
      rows: shown.map(
        ({ labels: _, key, ...row }): Value => ({ key: Object.fromEntries(key), ...valuesOf(row) }),
      ),
      total: valuesOf(sum),
      percentiles: {
        method: 'linear interpolation between closest ranks',
        exact: [...rows, total].every(
          ({ durations, judged }) => durations.exact && judged?.firstToken.exact !== false,
        ),
        exact_up_to: EXACT_VALUES,
        relative_error: QUANTILE_ERROR,
      },
    },
    table: { rows: 'rows', columns: statsColumns(by, calls.counts, [...shown, sum]), total: 'total' },
    checks: {
      suite: 'agentobs stats',
      checks: all.flatMap(({ labels, targets: held }) =>
        held.filter(isGate).map((target) => checkView(labels, target)),
      ),
    },
    around: { above: [], below: shown.length === 0 ? [] : ['', ...linesOf(shown, sum)] },
    notes: notesOf(data, by, calls.counts, all.length, shown.length, total),
  };
}

type Row = StatsNumbers & { readonly labels: readonly string[]; readonly key: ReadonlyMap<string, string> };

const valuesOf = (numbers: StatsNumbers): { readonly [key: string]: Value } => ({
  ...numbers,
  words: wordsOf(numbers),
});

/** Figures of which little is bad: the worst row is the one with the least. */
const BETTER_IF_MORE: readonly string[] = [
  'success_rate',
  'retry_success_rate',
  'cache_hit_rate',
  'confidence_mean',
  'prediction_accuracy',
];
const SORTED_BY = {
  calls: 'calls',
  errors: 'errors',
  success: 'success_rate',
  p50: 'p50_ms',
  p95: 'p95_ms',
  p99: 'p99_ms',
  retries: 'retries',
  retry_success: 'retry_success_rate',
  cache_hits: 'cache_hit_rate',
  confidence: 'confidence_mean',
  hallucination: 'hallucination_rate',
  accuracy: 'prediction_accuracy',
  ttft: 'ttft_p95_ms',
} as const satisfies Record<string, keyof StatsNumbers>;

/** What `--sort` of `stats` accepts: names of columns, short or as in JSON. */
export const STATS_SORTS: readonly string[] = [
  ...new Set(['key', ...Object.keys(SORTED_BY), ...Object.values(SORTED_BY)]),
];

/** The worst first, rows that do not tell last; equals by calls, then by key. */
function sorted(rows: readonly Row[], { by, sort }: StatsOptions): Row[] {
  const order = sort ?? (by[0] === 'day' || by[0] === 'hour' ? 'key' : 'calls');
  const field = Object.hasOwn(SORTED_BY, order) ? SORTED_BY[order as keyof typeof SORTED_BY] : order;
  const sign = BETTER_IF_MORE.includes(field) ? -1 : 1;
  const badness = (row: Row): number => {
    const value = field === 'key' ? 0 : row[field as (typeof SORTED_BY)[keyof typeof SORTED_BY]];
    const figure = typeof value === 'object' && value !== null ? value.nanos : value;
    return typeof figure === 'number' ? sign * figure : Number.NEGATIVE_INFINITY;
  };
  const byKey = (a: Row, b: Row): number => {
    const i = a.labels.findIndex((label, at) => label !== b.labels[at]);
    return i < 0 ? 0 : a.labels[i]! < b.labels[i]! ? -1 : 1;
  };
  return rows.toSorted((a, b) => {
    if (field === 'key') return byKey(a, b);
    const [worseA, worseB] = [badness(a), badness(b)];
    if (worseA !== worseB) return worseA > worseB ? -1 : 1;
    return b.calls - a.calls || byKey(a, b);
  });
}

/** A row that misses a target has a line that says by how much; more of them than this are in the table alone. */
const MOST_LINES = 20;

function linesOf(rows: readonly Row[], total: StatsNumbers): string[] {
  const lines = rows.flatMap(({ labels, targets }) => {
    const missed = targets.filter(({ ok }) => ok === false);
    if (missed.length === 0) return [];
    return [`✖ ${labels.join(' · ')}: ${missed.map(shortfall).join('; ')}`];
  });
  const more = lines.length - MOST_LINES;
  const judged = total.targets.filter(({ ok }) => ok !== null);
  const silent = total.targets.filter(({ ok }) => ok === null);
  return [
    ...lines.slice(0, MOST_LINES),
    ...(more > 0 ? [`… and ${more} more rows that miss a target`] : []),
    ...(judged.length > 0 ? [`targets: ${judged.map(targetText).join(', ')}`] : []),
    ...(silent.length > 0 ? [`not told by this data: ${silent.map(({ name }) => name).join(', ')}`] : []),
  ];
}

/** `p95 18.3s, target < 3s` */
const shortfall = (target: TargetView): string =>
  `${target.name} ${target.value === null ? '' : figureText(target.value, target.unit)}, target ${target.must} ${figureText(target.limit, target.unit)}`;

function checkView(labels: readonly string[], target: TargetView): CheckView {
  const row = labels.join(' · ');
  return {
    id: target.name,
    title: `${row}: ${targetText(target)}`,
    severity: 'error',
    ok: target.ok,
    message:
      target.ok === true ? '' : target.ok === null ? `${row} does not tell` : `${row}: ${shortfall(target)}`,
    detail: [],
    at: null,
  };
}

/** What to ask instead, for those who find nothing. */
const INSTEAD: readonly (readonly [kind: string, key: string])[] = [
  ['agent', 'agent'],
  ['llm', 'model'],
  ['tool', 'tool'],
  ['workflow', 'workflow'],
  ['connector', 'connector'],
];

function notesOf(
  data: Dataset,
  by: readonly string[],
  counts: string,
  rows: number,
  shown: number,
  total: Tally,
): string[] {
  const notes: string[] = [];
  if (rows === 0) notes.push(nothing(data, by, counts));
  if (shown < rows) notes.push(`${rows - shown} more rows are in the total; leave out --limit to see them`);
  if (!total.durations.exact)
    notes.push(
      `percentiles of rows with more than ${EXACT_VALUES} durations are within ${QUANTILE_ERROR * 100}% of the exact ones`,
    );
  return notes;
}

function nothing({ forest, selected }: Dataset, by: readonly string[], counts: string): string {
  const { table, row } = forest;
  const kinds = new Map<string, number>();
  let spans = 0;
  for (let p = 0; p < forest.length; p++) {
    if (selected !== undefined && !selected(p)) continue;
    spans++;
    const kind = table.kindOf(row[p]!);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  if (spans === 0) return 'no span meets the filters';
  const others = INSTEAD.filter(([kind, key]) => kinds.has(kind) && !by.includes(key)).map(
    ([kind, key]) => `--by ${key} (${kinds.get(kind)} ${kind} spans)`,
  );
  return `no ${counts} here; try ${[...others, '--by root (runs)'].join(', ')}`;
}
