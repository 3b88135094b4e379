import { FLAG, isUnpriced, type ObservedNumber, relativeError, type Usage } from '../model/index.ts';
import type { Measured } from '../rollup/index.ts';

/** What was tried again, by position: attempts beyond the first, which one it was at last, and how the last one ended. */
type Attempts = {
  readonly retries: ReadonlyMap<number, number>;
  readonly numbers: ReadonlyMap<number, number>;
  readonly outcomes: ReadonlyMap<number, boolean>;
};

/** What metrics are made of. */
export type MetricData = Measured & {
  /** Worked out if a metric asks for it. */
  readonly attempts: () => Attempts;
};

type ValueDefinition = {
  readonly help: string;
  /** What is told is in units of 1 / divisor. */
  readonly divisor: number;
  /** Undefined where a span has nothing to tell: it is not counted. */
  readonly of: (data: MetricData) => (position: number) => number | undefined;
  /** A level rather than an amount: `running` is 1 from the start of a span to its end, `set` is what was told last. */
  readonly level?: 'running' | 'set';
};

/** Nanoseconds, and shares that are added up, in billionths. */
const NANO = 1e9;
const PICO = 1e12;
/** A score above it is a hallucination. */
const HALLUCINATED = 0.5;

/** What can be told of a span: the values of metrics. */
export const VALUES = {
  one: { help: '1 for each', divisor: 1, of: () => () => 1 },
  running: { help: '1 while it runs', divisor: 1, of: () => () => 1, level: 'running' },
  duration: {
    help: 'seconds from start to end',
    divisor: NANO,
    of: ({ forest: { table, row } }) => {
      return (p) => (table.has(row[p]!, FLAG.endBeforeStart) ? undefined : table.durationOf(row[p]!));
    },
  },
  cost: {
    help: 'USD, as `cost` bills it; calls without a price tell nothing',
    divisor: PICO,
    of:
      ({ bill }) =>
      (p) =>
        bill.isCall(p) && !isUnpriced(bill.status(p)) ? bill.cost(p) : undefined,
  },
  unpriced: {
    help: '1 for each billed call without a price',
    divisor: 1,
    of:
      ({ bill }) =>
      (p) =>
        bill.isCall(p) && isUnpriced(bill.status(p)) ? 1 : undefined,
  },
  input_tokens: tokens('tokens read, as reported: with or without cached ones, as the dialect has it', [
    'reportedInput',
  ]),
  output_tokens: tokens('tokens written, as reported', ['reportedOutput']),
  cache_read_tokens: tokens('tokens read from a prompt cache', ['cacheRead'], true),
  cache_write_tokens: tokens('tokens written to a prompt cache', ['cacheWrite5m', 'cacheWrite1h'], true),
  reasoning_tokens: tokens('tokens spent on reasoning, which are output tokens, too', ['reasoning'], true),
  prompt_tokens: tokens('all tokens read, cached ones included', [
    'uncachedInput',
    'cacheRead',
    'cacheWrite5m',
    'cacheWrite1h',
  ]),
  answer_tokens: tokens('all tokens written, reasoning included', ['output']),
  retries: {
    help: 'attempts beyond the first',
    divisor: 1,
    of: ({ attempts }) => {
      const { retries } = attempts();
      return (p) => retries.get(p);
    },
  },
  retry_success: {
    help: '1 for each call that succeeded after it was tried again',
    divisor: 1,
    of: ({ attempts }) => {
      const { outcomes } = attempts();
      return (p) => (outcomes.get(p) === true ? 1 : undefined);
    },
  },
  steps: {
    help: 'steps, as told; otherwise the spans right below',
    divisor: 1,
    of: (data) => {
      const told = observed(data, 'steps');
      const { size } = data.forest;
      return (p) => {
        const own = told(p);
        if (own !== undefined) return own;
        let count = 0;
        for (let c = p + 1; c < p + size[p]!; c += size[c]!) count++;
        return count;
      };
    },
  },
  cache_hits: {
    help: "hits of an application's own cache",
    divisor: 1,
    of: (data) => lookUps(data, 'cacheHits', (hit) => hit > 0),
  },
  cache_misses: {
    help: "misses of an application's own cache",
    divisor: 1,
    of: (data) => lookUps(data, 'cacheMisses', (hit) => hit === 0),
  },
  confidence: share('how sure the emitter was of its answer, 0 to 1', 'confidence', (told) => told),
  hallucination_score: share(
    'how much of an answer a judge took for made up, 0 to 1',
    'hallucination',
    (told) => told,
  ),
  hallucination_pass: {
    help: '1 for each answer that a judge let pass',
    divisor: 1,
    of: (data) => judged(data, (score) => score <= HALLUCINATED),
  },
  hallucination_fail: {
    help: '1 for each answer that a judge took for made up: a score above 0.5',
    divisor: 1,
    of: (data) => judged(data, (score) => score > HALLUCINATED),
  },
  prediction_right: {
    help: 'how right a prediction was, 0 to 1',
    divisor: NANO,
    of: (data) => accuracies(data, (accuracy) => Math.round(accuracy * NANO)),
  },
  prediction_wrong: {
    help: 'how wrong a prediction was, 0 to 1',
    divisor: NANO,
    of: (data) => accuracies(data, (accuracy) => NANO - Math.round(accuracy * NANO)),
  },
  time_to_first_token: {
    help: 'seconds until the first token of an answer',
    divisor: NANO,
    of: (data) => observed(data, 'timeToFirstToken'),
  },
  memory_bytes: {
    help: 'size of the memory that was told last, in bytes',
    divisor: 1,
    of: (data) => observed(data, 'memoryBytes'),
    level: 'set',
  },
  sources_found: {
    help: 'documents that were found',
    divisor: 1,
    of: (data) => observed(data, 'sourcesFound'),
  },
} as const satisfies Record<string, ValueDefinition>;

/** One of `VALUES`, or an attribute whose value is a number: `attr:order.total`. */
export type ValueName = keyof typeof VALUES | `attr:${string}`;

/** Whether there is a value of that name. */
export const isValueName = (name: string): name is ValueName =>
  Object.hasOwn(VALUES, name) || /^attr:./.test(name);

export function valueNamed(name: ValueName): ValueDefinition {
  if (Object.hasOwn(VALUES, name)) return VALUES[name as keyof typeof VALUES];
  return {
    help: `the number in the attribute ${name.slice('attr:'.length)}`,
    divisor: 1,
    of: ({ forest: { table, row } }) => {
      return (p) => {
        const text = table.strings.text(table.extraIdOf(name, row[p]!)) ?? '';
        const number = text.trim() === '' ? Number.NaN : Number(text);
        return Number.isFinite(number) ? number : undefined;
      };
    },
  };
}

/** Counts of billed calls that report usage; `rare`: calls that used none tell nothing. */
function tokens(help: string, fields: readonly (keyof Usage)[], rare = false): ValueDefinition {
  return {
    help,
    divisor: 1,
    of: ({ forest: { table, row }, bill }) => {
      const columns = fields.map((field) => table.calls.usage[field]);
      return (p) => {
        if (!bill.isCall(p) || bill.rule(p) === 'tool_price') return undefined;
        const call = table.calls.of(row[p]!);
        if (call < 0 || !table.calls.hasUsage(call)) return undefined;
        let count = 0;
        for (const column of columns) count += column.get(call);
        return rare && count === 0 ? undefined : count;
      };
    },
  };
}

function observed(
  { forest: { table, row } }: Measured,
  name: ObservedNumber,
): (position: number) => number | undefined {
  const { observations } = table;
  return observations.has(name) ? (p) => observations.number(name, row[p]!) : () => undefined;
}

function share(help: string, name: ObservedNumber, of: (told: number) => number): ValueDefinition {
  return {
    help,
    divisor: NANO,
    of: (data) => {
      const told = observed(data, name);
      return (p) => {
        const value = told(p);
        return value === undefined ? undefined : Math.round(of(value) * NANO);
      };
    },
  };
}

function judged(
  data: Measured,
  counts: (score: number) => boolean,
): (position: number) => number | undefined {
  const told = observed(data, 'hallucination');
  return (p) => {
    const score = told(p);
    return score !== undefined && counts(score) ? 1 : undefined;
  };
}

/** Where a span tells of several look-ups, their number goes before its own outcome. */
function lookUps(
  data: Measured,
  several: 'cacheHits' | 'cacheMisses',
  isOne: (hit: number) => boolean,
): (position: number) => number | undefined {
  const [hits, misses, one] = [
    observed(data, 'cacheHits'),
    observed(data, 'cacheMisses'),
    observed(data, 'cacheHit'),
  ];
  return (p) => {
    const [hit, missed] = [hits(p) ?? 0, misses(p) ?? 0];
    if (hit + missed > 0) return (several === 'cacheHits' ? hit : missed) || undefined;
    const own = one(p);
    return own !== undefined && isOne(own) ? 1 : undefined;
  };
}

/**
 * 1 - |predicted - actual| / |actual|, not below 0; the emitter's own judgement where that says nothing. This is what
 * `stats` takes the mean of.
 */
function accuracies(
  data: Measured,
  of: (accuracy: number) => number,
): (position: number) => number | undefined {
  const [predicted, actual, own] = [
    observed(data, 'predicted'),
    observed(data, 'actual'),
    observed(data, 'predictionAccuracy'),
  ];
  return (p) => {
    const [value, truth] = [predicted(p), actual(p)];
    const error = value === undefined || truth === undefined ? undefined : relativeError(value, truth);
    const accuracy = error === undefined ? own(p) : 1 - error;
    // What counts as nothing at all makes no series.
    return accuracy === undefined ? undefined : of(Math.min(Math.max(accuracy, 0), 1)) || undefined;
  };
}
