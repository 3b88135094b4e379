import type { CheckList, CheckView, Report, Value } from '../model/index.ts';
import { type Dimension, EXACT_VALUES, QUANTILE_ERROR } from '../rollup/index.ts';
import type { Dataset } from './dataset.ts';
import { callsOf } from './stats-calls.ts';
import { type StatsWords, statsColumns, wordsOf } from './stats-columns.ts';
import { tallies } from './stats-count.ts';
import { numbersOf, type StatsNumbers, targetsOfTally } from './stats-row.ts';
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
  const { by, dimensions, targets, gates = [] } = options;
  const calls = callsOf(data, by, dimensions);
  const { rows, total } = tallies(data, dimensions, calls);
  const { strings } = data.forest.table;
  const keyOf = (tally: Tally) => new Map(tally.labels.map((label, i) => [by[i]!, label]));
  const shown = sorted(rows, options)
    .slice(0, options.limit)
    .map((tally): Row => {
      const key = keyOf(tally);
      return { key: Object.fromEntries(key), ...worded(numbersOf(tally, strings, key, targets)) };
    });
  const sum = worded(numbersOf(total, strings, new Map(), targets));
  // Worked out where somebody asks: there may be a hundred thousand rows.
  let known: CheckList | undefined;
  const checks = (): CheckList => {
    known ??= checksOf(rows, (tally) => targetsOfTally(tally, keyOf(tally), targets), gates);
    return known;
  };
  const untold = gates.filter((gate) => heldBy(checks(), gate) === null);
  return {
    command: 'stats',
    body: {
      by,
      counts: calls.counts,
      rows: shown as readonly Value[],
      total: sum as Value,
      percentiles: {
        method: 'linear interpolation between closest ranks',
        exact: [...rows, total].every(
          ({ durations, judged }) => durations.exact && judged.firstToken?.exact !== false,
        ),
        exact_up_to: EXACT_VALUES,
        relative_error: QUANTILE_ERROR,
      },
    },
    table: { rows: 'rows', columns: statsColumns(by, calls.counts, [...shown, sum]), total: 'total' },
    get checks() {
      return checks();
    },
    around: { above: [], below: shown.length === 0 ? [] : ['', ...linesOf(shown, sum)] },
    notes: [
      ...notesOf(data, by, calls.counts, rows.length, shown.length, total),
      ...(untold.length === 0 ? [] : [`--fail-on ${untold.join(',')}: the data cannot tell`]),
    ],
  };
}

/** Whether all rows reach a target: false if one does not, null if none can tell. */
export function heldBy({ checks }: CheckList, gate: string): boolean | null {
  const told = checks.filter(({ id, ok }) => ok !== null && (gate === ANY_TARGET || gate === id));
  return told.length === 0 ? null : told.every(({ ok }) => ok);
}

type Worded = StatsNumbers & { readonly words: StatsWords };
type Row = Worded & { readonly key: Readonly<Record<string, string>> };

const worded = (numbers: StatsNumbers): Worded => ({ ...numbers, words: wordsOf(numbers) });

type Figure = (tally: Tally) => number | undefined;

/** What rows are sorted by, the worst first: some figures are the worse the less they are. */
const FIGURES: ReadonlyMap<string, { readonly of: Figure; readonly better?: 'more' }> = new Map([
  ['calls', { of: ({ calls }) => calls }],
  ['errors', { of: ({ errors }) => errors }],
  ['success_rate', { of: ({ calls, errors }) => (calls - errors) / calls, better: 'more' }],
  ['p50_ms', { of: ({ durations }) => durations.at(0.5) }],
  ['p95_ms', { of: ({ durations }) => durations.at(0.95) }],
  ['p99_ms', { of: ({ durations }) => durations.at(0.99) }],
  ['retries', { of: ({ retries }) => retries }],
  ['retry_success_rate', { of: ({ retried }) => retried.value, better: 'more' }],
  ['cache_hit_rate', { of: ({ judged }) => judged.cache?.value, better: 'more' }],
  ['confidence_mean', { of: ({ judged }) => judged.confidence?.value, better: 'more' }],
  ['hallucination_rate', { of: ({ judged }) => judged.hallucination?.value }],
  ['prediction_accuracy', { of: ({ judged }) => judged.accuracy?.value, better: 'more' }],
  ['ttft_p95_ms', { of: ({ judged }) => judged.firstToken?.at(0.95) }],
]);

/** Names of columns that are shorter than those in JSON. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['success', 'success_rate'],
  ['p50', 'p50_ms'],
  ['p95', 'p95_ms'],
  ['p99', 'p99_ms'],
  ['rescued', 'retry_success_rate'],
  ['cache', 'cache_hit_rate'],
  ['confidence', 'confidence_mean'],
  ['hallucination', 'hallucination_rate'],
  ['accuracy', 'prediction_accuracy'],
  ['ttft', 'ttft_p95_ms'],
]);

/** What `--sort` of `stats` accepts. */
export const STATS_SORTS: readonly string[] = ['key', ...SHORT.keys(), ...FIGURES.keys()];

/** Rows that do not tell stand last; equals by calls, then by key. */
function sorted(rows: readonly Tally[], { by, sort }: StatsOptions): readonly Tally[] {
  const order = sort ?? (by[0] === 'day' || by[0] === 'hour' ? 'key' : 'calls');
  const figure = FIGURES.get(SHORT.get(order) ?? order);
  if (figure === undefined) return rows.toSorted(byKey);
  const sign = figure.better === 'more' ? -1 : 1;
  const badness = new Map(
    rows.map((tally) => [tally, sign * (figure.of(tally) ?? sign * Number.NEGATIVE_INFINITY)]),
  );
  return rows.toSorted((a, b) => {
    const [worseA, worseB] = [badness.get(a)!, badness.get(b)!];
    if (worseA !== worseB) return worseA > worseB ? -1 : 1;
    return b.calls - a.calls || byKey(a, b);
  });
}

function byKey(a: Tally, b: Tally): number {
  for (let i = 0; i < a.labels.length; i++) {
    if (a.labels[i]! !== b.labels[i]!) return a.labels[i]! < b.labels[i]! ? -1 : 1;
  }
  return 0;
}

/** A row that misses a target has a line that says by how much; more of them than this are in the table alone. */
const MOST_LINES = 20;

function linesOf(rows: readonly Row[], total: StatsNumbers): string[] {
  const lines = rows.flatMap(({ key, targets }) => {
    const missed = targets.filter(({ ok }) => ok === false);
    if (missed.length === 0) return [];
    return [`✖ ${Object.values(key).join(' · ')}: ${missed.map(shortfall).join('; ')}`];
  });
  const more = lines.length - MOST_LINES;
  const judged = total.targets.filter(({ ok }) => ok !== null);
  const silent = total.targets.filter(({ ok }) => ok === null);
  return [
    ...lines.slice(0, MOST_LINES),
    ...(more > 0 ? [`… and ${more} more ${more === 1 ? 'row that misses' : 'rows that miss'} a target`] : []),
    ...(judged.length > 0 ? [`targets: ${judged.map(targetText).join(', ')}`] : []),
    ...(silent.length > 0 ? [`not told by this data: ${silent.map(({ name }) => name).join(', ')}`] : []),
  ];
}

/** `p95 18.3s, target < 3s` */
const shortfall = (target: TargetView): string =>
  `${target.name} ${target.value === null ? '' : figureText(target.value, target.unit)}, target ${target.must} ${figureText(target.limit, target.unit)}`;

function checksOf(
  rows: readonly Tally[],
  targetsOf: (tally: Tally) => readonly TargetView[],
  gates: readonly string[],
): CheckList {
  const isGate = ({ name }: TargetView): boolean =>
    gates.length === 0 || gates.includes(name) || gates.includes(ANY_TARGET);
  const checks = rows.flatMap((tally) =>
    targetsOf(tally)
      .filter(isGate)
      .map((target) => checkView(tally.labels, target)),
  );
  return { suite: 'agentobs stats', checks };
}

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
