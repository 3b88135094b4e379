import { type Duration, ms, NANOS_PER_MILLI } from '../model/index.ts';

/** A figure of a row that is held against a limit; durations are nanoseconds, everything else is from 0 to 1. */
export type TargetFigures = Readonly<Record<TargetFigure, number | undefined>>;
type TargetFigure =
  | 'success_rate'
  | 'error_rate'
  | 'p95_ms'
  | 'p99_ms'
  | 'confidence_mean'
  | 'hallucination_rate'
  | 'cache_hit_rate'
  | 'prediction_accuracy';

type Target = {
  readonly help: string;
  readonly of: TargetFigure;
  readonly must: '>' | '<';
  readonly limit: number;
  readonly unit: 'share' | 'number' | 'milliseconds';
  /** Holds for rows of model calls only. */
  readonly llm?: true;
};

const SECOND = 1000 * NANOS_PER_MILLI;

/** What a row should reach. The keys are names in JSON, in `agentobs.yaml` and of `--fail-on`. */
export const TARGETS = {
  success: { help: 'calls that succeed', of: 'success_rate', must: '>', limit: 0.95, unit: 'share' },
  errors: { help: 'calls that fail', of: 'error_rate', must: '<', limit: 0.02, unit: 'share' },
  p95: {
    help: '95th percentile of durations',
    of: 'p95_ms',
    must: '<',
    limit: 3 * SECOND,
    unit: 'milliseconds',
  },
  p99: {
    help: '99th percentile of durations',
    of: 'p99_ms',
    must: '<',
    limit: 5 * SECOND,
    unit: 'milliseconds',
  },
  llm_p95: {
    help: '95th percentile of LLM calls',
    of: 'p95_ms',
    must: '<',
    limit: 2 * SECOND,
    unit: 'milliseconds',
    llm: true,
  },
  confidence: { help: 'mean confidence', of: 'confidence_mean', must: '>', limit: 0.7, unit: 'number' },
  hallucination: {
    help: 'judged answers that are made up',
    of: 'hallucination_rate',
    must: '<',
    limit: 0.1,
    unit: 'share',
  },
  cache_hits: {
    help: 'look-ups in caches that hit',
    of: 'cache_hit_rate',
    must: '>',
    limit: 0.6,
    unit: 'share',
  },
  accuracy: {
    help: 'accuracy of predictions',
    of: 'prediction_accuracy',
    must: '>',
    limit: 0.85,
    unit: 'share',
  },
} as const satisfies Record<string, Target>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as readonly TargetName[];

/** Other limits, in the unit of the target (nanoseconds, or from 0 to 1); null switches one off. */
export type TargetLimits = Readonly<Partial<Record<TargetName, number | null>>>;

export type TargetSettings = {
  readonly limits: TargetLimits;
  /** For rows that have this value of a dimension; what comes later goes first. */
  readonly by: readonly { readonly key: string; readonly value: string; readonly limits: TargetLimits }[];
};

export const DEFAULT_TARGETS: TargetSettings = { limits: {}, by: [] };

/** How a row stands against one target; `ok` is null where the row does not tell. */
export type TargetView = {
  readonly name: TargetName;
  readonly limit: number | Duration;
  readonly value: number | Duration | null;
  readonly ok: boolean | null;
  readonly must: '>' | '<';
  readonly unit: Target['unit'];
};

/** `key` holds the labels of the row by dimension; the total has none. */
export function targetsOf(
  figures: TargetFigures,
  key: ReadonlyMap<string, string>,
  isLlm: boolean,
  settings: TargetSettings,
): TargetView[] {
  const limits = new Map(
    TARGET_NAMES.map((name): [TargetName, number | null] => [name, TARGETS[name].limit]),
  );
  const apply = (changed: TargetLimits): void => {
    for (const name of TARGET_NAMES) if (changed[name] !== undefined) limits.set(name, changed[name]);
  };
  apply(settings.limits);
  for (const { key: dimension, value, limits: own } of settings.by)
    if (key.get(dimension) === value) apply(own);
  return TARGET_NAMES.flatMap((name) => {
    const target: Target = TARGETS[name];
    const limit = limits.get(name) ?? null;
    if (limit === null || (target.llm === true && !isLlm)) return [];
    return [viewOf(name, target, figures[target.of], limit)];
  });
}

function viewOf(
  name: TargetName,
  { must, unit }: Target,
  value: number | undefined,
  limit: number,
): TargetView {
  return {
    name,
    limit: unit === 'milliseconds' ? ms(limit) : limit,
    value: unit === 'milliseconds' ? ms(value) : (value ?? null),
    ok: value === undefined ? null : must === '>' ? value > limit : value < limit,
    must,
    unit,
  };
}

/** `success > 95%`, `p95 < 3s`. */
export function targetText({
  name,
  must,
  unit,
  limit,
}: Pick<TargetView, 'name' | 'must' | 'unit' | 'limit'>): string {
  return `${name} ${must} ${figureText(limit, unit)}`;
}

/** A figure of a target as it is typed: `95%`, `0.7`, `3s`, `350ms`, `1m 30s`. */
export function figureText(figure: number | Duration, unit: TargetView['unit']): string {
  if (typeof figure !== 'number') {
    const millis = (figure.nanos ?? 0) / NANOS_PER_MILLI;
    if (millis < 1000) return `${short(millis)}ms`;
    const seconds = Math.round(millis / 1000);
    if (seconds < 60) return `${short(millis / 1000)}s`;
    return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
  }
  return unit === 'share' ? `${short(figure * 100)}%` : short(figure);
}

const short = (number: number): string => String(Number(number.toPrecision(3)));
