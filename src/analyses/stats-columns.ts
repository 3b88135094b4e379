import type { Column } from '../model/index.ts';
import type { StatsNumbers } from './stats-row.ts';
import type { TargetView } from './targets.ts';

/** What a row says in words, for tables alone: JSON has the same as numbers and lists. */
export type StatsWords = {
  readonly targets: string;
  readonly missed: string | null;
  readonly error: string | null;
  readonly vector_stores: string | null;
  readonly actions: string | null;
  readonly providers: string | null;
  readonly routing: string | null;
  readonly memory: string | null;
  readonly guardrails: string | null;
};

export function wordsOf(numbers: StatsNumbers): StatsWords {
  const { retrieval, connectors, memory, guardrails } = numbers;
  return {
    targets: verdict(numbers.targets),
    missed: missed(numbers.targets),
    error: listed(numbers.error_types, numbers.errors),
    vector_stores: listed(retrieval?.['vector_stores']),
    actions: listed(connectors?.['actions']),
    providers: listed(connectors?.['providers']),
    routing: listed(connectors?.['routing']),
    memory: listed(memory?.['operations']),
    guardrails: listed(guardrails?.['outcomes']),
  };
}

/** How many targets are reached of those that the row tells: `✔ 7/7`, `✖ 5/7`. Lines below the table name the others. */
function verdict(targets: readonly TargetView[]): string {
  const told = targets.filter(({ ok }) => ok !== null);
  const met = told.filter(({ ok }) => ok === true).length;
  return told.length === 0 ? '–' : `${met === told.length ? '✔' : '✖'} ${met}/${told.length}`;
}

const missed = (targets: readonly TargetView[]): string | null =>
  targets
    .filter(({ ok }) => ok === false)
    .map(({ name }) => name)
    .join(' ') || null;

/** The names of texts, with their counts where there are several. */
function listed(texts: unknown, all?: number): string | null {
  const names = (texts ?? []) as readonly { readonly name: string; readonly count: number }[];
  if (names.length === 0) return null;
  if (names.length === 1 && (all === undefined || names[0]!.count === all)) return names[0]!.name;
  return names.map(({ name, count }) => `${name} ×${count}`).join(', ');
}

/** At narrow widths the columns with the highest `droppable` go first; tables have none in which every row is silent. */
export function statsColumns(
  by: readonly string[],
  counts: string,
  rows: readonly (StatsNumbers & { readonly words: StatsWords })[],
): readonly Column[] {
  const said = (column: Column): Column => {
    const [first, second] = column.path as readonly [string, string?];
    const isTold = rows.some((row) => {
      const whole = row[first as keyof typeof row];
      const value =
        second === undefined ? whole : (whole as Readonly<Record<string, unknown>> | null)?.[second];
      return value !== null && value !== undefined && value !== 0;
    });
    return isTold ? column : { ...column, only: 'csv' };
  };
  return [
    ...by.map(
      (key): Column => ({ path: ['key', key], name: key, label: key, show: key === 'trace' ? 'id' : 'text' }),
    ),
    {
      path: ['calls'],
      name: 'calls',
      label: counts === 'runs' || counts === 'spans' ? counts : 'calls',
      show: 'count',
    },
    ...FIRST.map((column) => (column.droppable === undefined ? column : said(column))),
    ...MORE.map(said),
    { path: ['words', 'targets'], name: 'targets', label: 'targets', show: 'text' },
  ];
}

const FIRST: readonly Column[] = [
  more('errors', 'errors', 'count', 9),
  { path: ['success_rate'], name: 'success_rate', label: 'success', show: 'share' },
  more('p50_ms', 'p50', 'duration', 3),
  { path: ['p95_ms'], name: 'p95_ms', label: 'p95', show: 'duration' },
  more('p99_ms', 'p99', 'duration', 2),
  more('retries', 'retries', 'count', 1),
  more('retry_success_rate', 'rescued', 'share', 1),
  more('cache_hit_rate', 'cache', 'share', 5),
  more('confidence_mean', 'conf', 'number', 4),
  more('hallucination_rate', 'halluc', 'share', 4),
  more('prediction_accuracy', 'accuracy', 'share', 5),
];

const MORE: readonly Column[] = [
  csv('runs', ['runs']),
  csv('retried_calls', ['retried_calls']),
  csv('targets_missed', ['words', 'missed']),
  more('ttft_p50_ms', 'ttft p50', 'duration', 11),
  more('ttft_p95_ms', 'ttft p95', 'duration', 6),
  more('output_tokens_per_second', 'tok/s', 'number', 8),
  more('cached_input_share', 'cached in', 'share', 9),
  more('prediction_coverage', 'with actual', 'share', 10),
  more('mean_absolute_error', 'abs err', 'number', 12),
  more('mean_percentage_error', '% err', 'share', 12),
  more('steps_mean', 'steps', 'number', 13),
  more('iterations_mean', 'rounds', 'number', 13),
  {
    ...more('retrieval', 'sources', 'number', 7),
    path: ['retrieval', 'sources_found_mean'],
    name: 'sources_found_mean',
  },
  words('vector_stores', 'vector store', 8),
  words('actions', 'action', 8, 'connector_actions'),
  words('providers', 'via', 9, 'connector_providers'),
  words('routing', 'routing', 9, 'connector_routing'),
  words('memory', 'memory', 8, 'memory_operations'),
  { ...more('memory', 'bytes', 'number', 9), path: ['memory', 'bytes_mean'], name: 'memory_bytes_mean' },
  words('guardrails', 'guardrail', 8, 'guardrail_outcomes'),
  words('error', 'failed with', 7, 'error_types'),
];

function more(name: keyof StatsNumbers, label: string, show: Column['show'], droppable: number): Column {
  return { path: [name], name, label, show, droppable };
}

function words(name: keyof StatsWords, label: string, droppable: number, as: string = name): Column {
  return { path: ['words', name], name: as, label, show: 'text', droppable };
}

function csv(name: string, path: readonly string[]): Column {
  return { path, name, label: name, show: 'count', only: 'csv' };
}
