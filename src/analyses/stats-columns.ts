import type { Column } from '../model/index.ts';
import type { StatsNumbers } from './stats-row.ts';
import type { TargetView } from './targets.ts';

/** What a row says in words, for tables alone: JSON has the same as numbers and lists. */
export type StatsWords = {
  readonly targets: string;
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
    error: listed(numbers.error_types, numbers.errors),
    vector_stores: listed(retrieval?.['vector_stores']),
    actions: listed(connectors?.['actions']),
    providers: listed(connectors?.['providers']),
    routing: listed(connectors?.['routing']),
    memory: listed(memory?.['operations']),
    guardrails: listed(guardrails?.['outcomes']),
  };
}

/** `✖ p95, success` for what is missed, else `✔ 5/5` of what is known. */
function verdict(targets: readonly TargetView[]): string {
  const missed = targets.filter(({ ok }) => ok === false);
  if (missed.length > 0) return `✖ ${missed.map(({ name }) => name).join(', ')}`;
  const met = targets.filter(({ ok }) => ok === true).length;
  return met === 0 ? '–' : `✔ ${met}/${met}`;
}

/** The names of texts, with their counts where there are several. */
function listed(texts: unknown, all?: number): string | null {
  const names = (texts ?? []) as readonly { readonly name: string; readonly count: number }[];
  if (names.length === 0) return null;
  if (names.length === 1 && (all === undefined || names[0]!.count === all)) return names[0]!.name;
  return names.map(({ name, count }) => `${name} ×${count}`).join(', ');
}

/** At narrow widths the columns with the highest `droppable` go first; those without anything to say are not there. */
export function statsColumns(by: readonly string[], counts: string): Column[] {
  const isRuns = counts === 'runs';
  return [
    ...by.map(
      (key): Column => ({ path: ['key', key], name: key, label: key, show: key === 'trace' ? 'id' : 'text' }),
    ),
    {
      path: ['calls'],
      name: 'calls',
      label: isRuns ? 'runs' : counts === 'spans' ? 'spans' : 'calls',
      show: 'count',
    },
    { path: ['errors'], name: 'errors', label: 'errors', show: 'count', droppable: 9 },
    { path: ['success_rate'], name: 'success_rate', label: 'success', show: 'share' },
    { path: ['p50_ms'], name: 'p50_ms', label: 'p50', show: 'duration', droppable: 3 },
    { path: ['p95_ms'], name: 'p95_ms', label: 'p95', show: 'duration' },
    { path: ['p99_ms'], name: 'p99_ms', label: 'p99', show: 'duration', droppable: 2 },
    { path: ['retries'], name: 'retries', label: 'retries', show: 'count', droppable: 1 },
    {
      path: ['retry_success_rate'],
      name: 'retry_success_rate',
      label: 'rescued',
      show: 'share',
      droppable: 1,
    },
    { path: ['cache_hit_rate'], name: 'cache_hit_rate', label: 'cache', show: 'share', droppable: 4 },
    { path: ['confidence_mean'], name: 'confidence_mean', label: 'conf', show: 'number', droppable: 4 },
    {
      path: ['hallucination_rate'],
      name: 'hallucination_rate',
      label: 'halluc',
      show: 'share',
      droppable: 4,
    },
    {
      path: ['prediction_accuracy'],
      name: 'prediction_accuracy',
      label: 'accuracy',
      show: 'share',
      droppable: 4,
    },
    ...MORE,
    { path: ['words', 'targets'], name: 'targets', label: 'targets', show: 'text' },
  ];
}

const MORE: readonly Column[] = [
  csv('runs', ['runs']),
  csv('retried_calls', ['retried_calls']),
  more('ttft_p50_ms', 'ttft p50', 'duration', 11),
  more('ttft_p95_ms', 'ttft p95', 'duration', 6),
  more('output_tokens_per_second', 'tok/s', 'number', 7),
  more('cached_input_share', 'cached in', 'share', 8),
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
  words('error', 'failed with', 5, 'error_types'),
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
