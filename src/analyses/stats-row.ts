import { type Duration, type Interner, ms, type Value } from '../model/index.ts';
import type { Quantiles } from '../rollup/index.ts';
import type { Judged, Share, Tally, Texts } from './stats-tally.ts';
import { type TargetFigures, type TargetSettings, type TargetView, targetsOf } from './targets.ts';

/** A text and how often it was told. */
type Named = { readonly name: string; readonly count: number };

/** The figures of a row under their names in JSON; what is not known is null. */
export type StatsNumbers = {
  readonly calls: number;
  readonly errors: number;
  readonly success_rate: number | null;
  readonly p50_ms: Duration;
  readonly p95_ms: Duration;
  readonly p99_ms: Duration;
  readonly retries: number;
  readonly retry_success_rate: number | null;
  readonly cache_hit_rate: number | null;
  readonly confidence_mean: number | null;
  readonly hallucination_rate: number | null;
  readonly prediction_accuracy: number | null;
  readonly targets: readonly TargetView[];
  readonly runs: number;
  readonly error_types: readonly Named[];
  readonly retried_calls: number;
  readonly ttft_p50_ms: Duration | null;
  readonly ttft_p95_ms: Duration | null;
  readonly output_tokens_per_second: number | null;
  readonly cached_input_share: number | null;
  readonly mean_absolute_error: number | null;
  readonly mean_percentage_error: number | null;
  readonly prediction_coverage: number | null;
  readonly steps_mean: number | null;
  readonly iterations_mean: number | null;
  readonly retrieval: { readonly [key: string]: Value } | null;
  readonly connectors: { readonly [key: string]: Value } | null;
  readonly memory: { readonly [key: string]: Value } | null;
  readonly guardrails: { readonly [key: string]: Value } | null;
};

/** So many texts are told of a row, the most frequent first. */
const MOST_TEXTS = 5;

/** `key` holds the labels of the row by dimension; it is empty for the total. */
export function numbersOf(
  tally: Tally,
  strings: Pick<Interner, 'text'>,
  key: ReadonlyMap<string, string>,
  settings: TargetSettings,
): StatsNumbers {
  const { calls, errors, durations, judged } = tally;
  const named = (texts: Texts | undefined): readonly Named[] => mostFrequent(texts, strings);
  const figures = figuresOf(tally);
  return {
    calls,
    errors,
    success_rate: figures.success_rate ?? null,
    p50_ms: ms(quantile(durations, 0.5)),
    p95_ms: ms(figures.p95_ms),
    p99_ms: ms(figures.p99_ms),
    retries: tally.retries,
    retry_success_rate: tally.retried.value ?? null,
    cache_hit_rate: figures.cache_hit_rate ?? null,
    confidence_mean: figures.confidence_mean ?? null,
    hallucination_rate: figures.hallucination_rate ?? null,
    prediction_accuracy: figures.prediction_accuracy ?? null,
    targets: against(tally, figures, key, settings),
    runs: tally.runs,
    error_types: named(tally.errorTypes),
    retried_calls: tally.retried.all,
    ttft_p50_ms: orNull(quantile(judged.firstToken, 0.5)),
    ttft_p95_ms: orNull(quantile(judged.firstToken, 0.95)),
    output_tokens_per_second: tally.outputNanos === 0 ? null : tally.outputTokens / (tally.outputNanos / 1e9),
    // Whoever reports no cached tokens at all says nothing about a cache.
    cached_input_share:
      tally.cacheRead + tally.cacheWritten === 0 ? null : tally.cacheRead / tally.promptTokens,
    mean_absolute_error: judged.absoluteError?.value ?? null,
    mean_percentage_error: judged.percentageError?.value ?? null,
    prediction_coverage: judged.predictions?.value ?? null,
    steps_mean: judged.steps?.value ?? null,
    iterations_mean: judged.iterations?.value ?? null,
    ...partsOf(judged, named),
  };
}

/** How a row stands against its targets. */
export const targetsOfTally = (
  tally: Tally,
  key: ReadonlyMap<string, string>,
  settings: TargetSettings,
): TargetView[] => against(tally, figuresOf(tally), key, settings);

function against(
  { calls, llmCalls }: Tally,
  figures: TargetFigures,
  key: ReadonlyMap<string, string>,
  settings: TargetSettings,
): TargetView[] {
  return targetsOf(figures, key, calls > 0 && llmCalls === calls, settings);
}

function figuresOf({ calls, errors, durations, judged }: Tally): TargetFigures {
  const rate = (part: number): number | undefined => (calls === 0 ? undefined : part / calls);
  const accuracy = judged.accuracy?.value;
  return {
    success_rate: rate(calls - errors),
    error_rate: rate(errors),
    p95_ms: quantile(durations, 0.95),
    p99_ms: quantile(durations, 0.99),
    confidence_mean: judged.confidence?.value,
    hallucination_rate: judged.hallucination?.value,
    cache_hit_rate: judged.cache?.value,
    prediction_accuracy: accuracy === undefined ? undefined : Math.min(Math.max(accuracy, 0), 1),
  };
}

/** What only some kinds of spans have; null where the row has none of them. */
function partsOf(
  judged: Judged,
  named: (texts: Texts | undefined) => readonly Named[],
): Pick<StatsNumbers, 'retrieval' | 'connectors' | 'memory' | 'guardrails'> {
  const part = (
    spans: Share | undefined,
    more: { readonly [key: string]: Value },
  ): { readonly [key: string]: Value } | null => {
    const silent = Object.values(more).every(
      (value) => value === null || (Array.isArray(value) && value.length === 0),
    );
    if (spans === undefined || (spans.all === 0 && silent)) return null;
    return { spans: spans.all, errors: spans.all - spans.so, ...more };
  };
  return {
    retrieval: part(judged.retrievals, {
      sources_found_mean: judged.sources?.value ?? null,
      vector_stores: named(judged.vectorStore),
    }),
    connectors: part(judged.connectors, {
      actions: named(judged.connectorAction),
      providers: named(judged.connectorProvider),
      routing: named(judged.connectorRouting),
    }),
    memory: part(judged.memories, {
      operations: named(judged.memoryOperation),
      types: named(judged.memoryType),
      bytes_mean: judged.memoryBytes?.value ?? null,
      records_mean: judged.memoryRecords?.value ?? null,
    }),
    guardrails: part(judged.guardrails, {
      names: named(judged.guardrail),
      outcomes: named(judged.guardrailOutcome),
    }),
  };
}

/** Tables leave out a column in which every row is silent. */
const orNull = (nanos: number | undefined): Duration | null => (nanos === undefined ? null : ms(nanos));

/** Whole nanoseconds. */
function quantile(quantiles: Quantiles | undefined, q: number): number | undefined {
  const nanos = quantiles?.at(q);
  return nanos === undefined ? undefined : Math.round(nanos);
}

/** Equally frequent ones by name. */
function mostFrequent(texts: Texts | undefined, strings: Pick<Interner, 'text'>): Named[] {
  if (texts === undefined) return [];
  return [...texts.counts]
    .map(([id, count]) => ({ name: strings.text(id) ?? '', count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .slice(0, MOST_TEXTS);
}
