import {
  FLAG,
  type InputSummary,
  MARK,
  type Severity,
  SKIP_REASONS,
  type SkipReason,
  type Topic,
  type WarningKind,
} from '../model/index.ts';
import type { Dataset } from './dataset.ts';
import type { Observer } from './doctor-observer.ts';

/** What checks look at. */
export type Exam = {
  readonly data: Dataset;
  readonly observer: Observer;
  readonly input: InputSummary;
  /** Calls among the selected spans. */
  readonly calls: number;
  readonly isSelected: (position: number) => boolean;
};

/** What a check found: spans, or records that never became spans. */
export type Found = {
  readonly positions: readonly number[];
  /** Of records: how many, and where the first stood. */
  readonly count?: number;
  readonly first?: string;
};

export type Check = {
  readonly id: string;
  /** What there is advice about; undefined where the price list itself says what to do. */
  readonly topic?: Topic;
  readonly severity: Severity;
  /** What a healthy file has. */
  readonly title: string;
  /** What is wrong, after a count of spans, calls, traces or records. */
  readonly wrong: string;
  readonly counts: 'calls' | 'spans' | 'traces' | 'records';
  /** Which calls rest on it: those among the spans, below them, or of their traces. */
  readonly reach: 'own' | 'below' | 'trace';
  /** `unknown`: what is missing has no figure. `resting`: these dollars are unsafe. `none`: no amount is touched. */
  readonly money: 'unknown' | 'resting' | 'none';
  readonly find: (exam: Exam) => Found | undefined;
};

type SpanTest = (exam: Exam, position: number) => boolean;

function spans(test: SpanTest): Check['find'] {
  return (exam) => {
    const { forest } = exam.data;
    const positions: number[] = [];
    for (let p = 0; p < forest.length; p++) if (exam.isSelected(p) && test(exam, p)) positions.push(p);
    return positions.length === 0 ? undefined : { positions };
  };
}

const rowOf = ({ data }: Exam, p: number): number => data.forest.row[p]!;
const has = (exam: Exam, p: number, flag: number): boolean =>
  exam.data.forest.table.has(rowOf(exam, p), flag);
const isFailed = (exam: Exam, p: number): boolean => has(exam, p, FLAG.failed);
const marked = (exam: Exam, p: number, mark: number): boolean => exam.observer.has(rowOf(exam, p), mark);
const isUnpriced = ({ data }: Exam, p: number, reason: string): boolean =>
  data.bill.status(p) === `unpriced:${reason}`;
const lacks =
  (field: 'user' | 'session' | 'workflow'): SpanTest =>
  ({ data }, p) =>
    data.bill.isCall(p) && data.attribution[field](p) === 0;

/** The price of a call, for the few kinds of call where it may rest on an assumption. */
function assumes(exam: Exam, p: number, assumption: string): boolean {
  const price = exam.data.bill.reckon(p)?.price;
  return price?.status === 'computed' && price.match.assumptions.includes(assumption);
}

function warned(...kinds: readonly WarningKind[]): Check['find'] {
  return ({ input }) => records(input.warnings.filter(({ kind }) => kinds.includes(kind)));
}

function skipped(holds: (reason: SkipReason) => boolean): Check['find'] {
  return ({ input }) => records(input.skipped.filter(({ reason }) => holds(reason)));
}

function records(found: readonly { readonly count: number; readonly first: string }[]): Found | undefined {
  const [first] = found;
  if (first === undefined) return undefined;
  return { positions: [], count: found.reduce((sum, { count }) => sum + count, 0), first: first.first };
}

/** Every check, in the order in which a person should care. */
export const CHECKS: readonly Check[] = [
  {
    id: 'calls_missing',
    topic: 'calls',
    severity: 'error',
    title: 'model calls are recorded',
    wrong: 'and not one call of a model among them: nothing can be priced',
    counts: 'spans',
    reach: 'own',
    money: 'unknown',
    find: (exam) => (exam.calls > 0 ? undefined : spans(() => true)(exam)),
  },
  {
    id: 'usage_missing_streaming',
    topic: 'streaming',
    severity: 'error',
    title: 'streamed calls report token counts',
    wrong: 'were streamed and report no token counts: their cost is unknown',
    counts: 'calls',
    reach: 'own',
    money: 'unknown',
    find: spans(
      (exam, p) => isUnpriced(exam, p, 'no_usage') && !isFailed(exam, p) && marked(exam, p, MARK.streaming),
    ),
  },
  {
    id: 'usage_missing',
    topic: 'usage',
    severity: 'error',
    title: 'calls report token counts',
    wrong: 'report no token counts: their cost is unknown',
    counts: 'calls',
    reach: 'own',
    money: 'unknown',
    find: spans(
      (exam, p) => isUnpriced(exam, p, 'no_usage') && !isFailed(exam, p) && !marked(exam, p, MARK.streaming),
    ),
  },
  {
    id: 'usage_invalid',
    topic: 'counts',
    severity: 'error',
    title: 'token counts are whole numbers',
    wrong: 'report token counts that cannot be counts: they are not priced',
    counts: 'calls',
    reach: 'own',
    money: 'unknown',
    find: spans((exam, p) => isUnpriced(exam, p, 'invalid_usage')),
  },
  {
    id: 'usage_total_only',
    topic: 'counts',
    severity: 'error',
    title: 'input and output tokens are told apart',
    wrong: 'report only a sum of tokens: input and output do not cost the same',
    counts: 'calls',
    reach: 'own',
    money: 'unknown',
    find: spans((exam, p) => isUnpriced(exam, p, 'total_only')),
  },
  {
    id: 'model_missing',
    topic: 'model',
    severity: 'error',
    title: 'calls name their model',
    wrong: 'name no model',
    counts: 'calls',
    reach: 'own',
    money: 'unknown',
    find: spans((exam, p) => {
      const { table } = exam.data.forest;
      const row = rowOf(exam, p);
      const isNamed =
        table.textOf('model', row) !== undefined || table.textOf('requestModel', row) !== undefined;
      return exam.data.bill.rule(p) === 'call' && !isNamed;
    }),
  },
  {
    id: 'model_unknown',
    severity: 'error',
    title: 'every model has a price',
    wrong: 'use a model that no price list knows: they are not priced',
    counts: 'calls',
    reach: 'own',
    money: 'unknown',
    find: spans((exam, p) => isUnpriced(exam, p, 'unknown_model')),
  },
  {
    id: 'price_incomplete',
    severity: 'error',
    title: 'every price has the rates that are needed',
    wrong: 'have a price that lacks a rate, or prices that contradict each other: they are not priced',
    counts: 'calls',
    reach: 'own',
    money: 'unknown',
    find: spans(
      (exam, p) => isUnpriced(exam, p, 'missing_rate') || isUnpriced(exam, p, 'conflicting_prices'),
    ),
  },
  {
    id: 'records_damaged',
    topic: 'damage',
    severity: 'error',
    title: 'every record can be read',
    wrong: 'cut off or damaged: spans, and what they cost, are missing',
    counts: 'records',
    reach: 'own',
    money: 'unknown',
    find: skipped((reason) => SKIP_REASONS[reason].damaged && reason !== 'unsupported'),
  },
  {
    id: 'format_unsupported',
    topic: 'format',
    severity: 'error',
    title: 'every record is in a format that is read',
    wrong: 'of telemetry in a format that is not read',
    counts: 'records',
    reach: 'own',
    money: 'unknown',
    find: skipped((reason) => reason === 'unsupported'),
  },
  {
    id: 'reports_conflicting',
    topic: 'repeat',
    severity: 'error',
    title: 'a span that is reported again says the same',
    wrong: 'of a span with other content than another: which is right is a guess',
    counts: 'records',
    reach: 'own',
    money: 'unknown',
    find: warned('conflicting_duplicate'),
  },
  {
    id: 'parents_circular',
    topic: 'circle',
    severity: 'error',
    title: 'parents lead to a root',
    wrong: 'of parents that form a circle, or of spans that name themselves',
    counts: 'records',
    reach: 'own',
    money: 'unknown',
    find: warned('cycle', 'self_parent'),
  },
  {
    id: 'parents_missing',
    topic: 'parents',
    severity: 'warning',
    title: 'every parent is in the input',
    wrong: 'name a parent that is not in the input: what was known above them is lost',
    counts: 'spans',
    reach: 'below',
    money: 'resting',
    find: spans(({ data }, p) => data.forest.top(p) === 'orphan'),
  },
  {
    id: 'roots_missing',
    topic: 'parents',
    severity: 'warning',
    title: 'every trace has its root',
    wrong: 'have no root span: durations and attribution are those of a part',
    counts: 'traces',
    reach: 'trace',
    money: 'resting',
    find: ({ data: { forest }, isSelected }) => {
      const positions: number[] = [];
      for (let t = 0; t < forest.traces; t++) {
        const [from, to] = [forest.traceFrom[t]!, forest.traceFrom[t + 1]!];
        let p = from;
        while (p < to && forest.top(p) === 'orphan') p += forest.size[p]!;
        if (p >= to && isSelected(from)) positions.push(from);
      }
      return positions.length === 0 ? undefined : { positions };
    },
  },
  {
    id: 'user_missing',
    topic: 'user',
    severity: 'warning',
    title: 'every call belongs to a user',
    wrong: 'belong to no user',
    counts: 'calls',
    reach: 'own',
    money: 'resting',
    find: spans(lacks('user')),
  },
  {
    id: 'cost_conflict',
    topic: 'conflict',
    severity: 'warning',
    title: 'recorded and computed costs agree',
    wrong: 'record a cost that the prices make something else of',
    counts: 'calls',
    reach: 'own',
    money: 'resting',
    find: spans(
      ({ data }, p) => data.bill.status(p) === 'recorded' && data.bill.reckon(p)?.conflict === true,
    ),
  },
  {
    id: 'cost_invalid',
    topic: 'cost',
    severity: 'warning',
    title: 'recorded costs can be used',
    wrong: 'with a cost that cannot be used: negative, not in USD, or no amount',
    counts: 'records',
    reach: 'own',
    money: 'none',
    find: warned('invalid_cost'),
  },
  {
    id: 'usage_only_on_parents',
    topic: 'sums',
    severity: 'warning',
    title: 'usage stands on the calls themselves',
    wrong:
      'report sums of calls that are not recorded themselves: prices by model, tier and time are guesses',
    counts: 'spans',
    reach: 'own',
    money: 'resting',
    find: spans(({ data }, p) => data.bill.isAggregateOnly(p)),
  },
  {
    id: 'sampled',
    topic: 'sampling',
    severity: 'warning',
    title: 'all traces are kept',
    wrong: 'carry the mark of a sampler: other traces, and what they cost, are not here',
    counts: 'spans',
    reach: 'own',
    money: 'unknown',
    find: spans((exam, p) => marked(exam, p, MARK.sampled)),
  },
  {
    id: 'attributes_cut',
    topic: 'limits',
    severity: 'warning',
    title: 'no attribute was thrown away',
    wrong: 'lost attributes, or hold as many as an SDK keeps: usage is often written last',
    counts: 'spans',
    reach: 'own',
    money: 'resting',
    find: spans((exam, p) => marked(exam, p, MARK.cut)),
  },
  {
    id: 'spans_open',
    topic: 'ends',
    severity: 'warning',
    title: 'every span has an end',
    wrong: 'have no end: how long they took is unknown',
    counts: 'spans',
    reach: 'own',
    money: 'none',
    find: spans((exam, p) => !has(exam, p, FLAG.hasEnd)),
  },
  {
    id: 'clock_skew',
    topic: 'clocks',
    severity: 'warning',
    title: 'clocks of different processes agree',
    wrong: 'start before their parent in another process: clocks disagree',
    counts: 'spans',
    reach: 'own',
    money: 'none',
    find: spans(({ data: { forest } }, p) => {
      const parent = forest.parent[p]!;
      if (
        parent < 0 ||
        forest.table.resourceIdOf(forest.row[p]!) === forest.table.resourceIdOf(forest.row[parent]!)
      )
        return false;
      const [own, above] = [forest.offset(p), forest.offset(parent)];
      return own !== undefined && above !== undefined && own < above - SAME_CLOCK;
    }),
  },
  {
    id: 'times_wrong',
    topic: 'times',
    severity: 'warning',
    title: 'times are possible and in nanoseconds',
    wrong: 'with a time that cannot be right, or an end before the start',
    counts: 'records',
    reach: 'own',
    money: 'none',
    find: warned('bad_time', 'end_before_start'),
  },
  {
    id: 'ids_odd',
    topic: 'ids',
    severity: 'warning',
    title: 'ids are 16 and 32 hex digits',
    wrong:
      'with an id that is missing or no hex of the right length: parts of a trace may not find each other',
    counts: 'records',
    reach: 'own',
    money: 'none',
    find: warned('odd_id', 'missing_id'),
  },
  {
    id: 'usage_missing_failed',
    topic: 'failed',
    severity: 'info',
    title: 'failed calls report what they used',
    wrong: 'failed and report no token counts: some providers bill them all the same',
    counts: 'calls',
    reach: 'own',
    money: 'unknown',
    find: spans((exam, p) => isUnpriced(exam, p, 'no_usage') && isFailed(exam, p)),
  },
  {
    id: 'cache_accounting_assumed',
    topic: 'cache',
    severity: 'info',
    title: 'it is told whether the input holds the cached tokens',
    wrong:
      'do not tell whether their input holds the cached tokens, and it matters: the usual meaning is assumed',
    counts: 'calls',
    reach: 'own',
    money: 'resting',
    find: spans(({ data: { bill, forest } }, p) => {
      const row = forest.row[p]!;
      const isGuess = forest.table.textOf('usageRule', row)?.startsWith('dialect:') === true;
      if (!isGuess || bill.status(p) !== 'computed') return false;
      const price = bill.reckon(p)?.price;
      return price?.status === 'computed' && price.reading?.because === 'dialect';
    }),
  },
  {
    id: 'cache_lifetime_missing',
    topic: 'lifetime',
    severity: 'info',
    title: 'it is told how long cache writes live',
    wrong: 'do not tell how long their cache writes live: five minutes are assumed, an hour costs more',
    counts: 'calls',
    reach: 'own',
    money: 'resting',
    find: spans(
      (exam, p) =>
        exam.data.bill.isCall(p) &&
        exam.data.forest.table.usageOf(rowOf(exam, p), 'cacheWrite5m') > 0 &&
        assumes(exam, p, 'cache_write_ttl=5m'),
    ),
  },
  {
    id: 'usage_half_told',
    topic: 'counts',
    severity: 'warning',
    title: 'calls report what they read and what they wrote',
    wrong: 'report only what they read or only what they wrote: the other half is counted as nothing',
    counts: 'calls',
    reach: 'own',
    money: 'resting',
    find: spans(
      (exam, p) => exam.data.bill.isCall(p) && (assumes(exam, p, 'output=0') || assumes(exam, p, 'input=0')),
    ),
  },
  {
    id: 'calls_reported_twice',
    topic: 'twice',
    severity: 'info',
    title: 'one instrumentation reports a call',
    wrong: 'report a call that another span reports too: counted once here, twice elsewhere',
    counts: 'spans',
    reach: 'own',
    money: 'none',
    find: spans(({ data }, p) => data.bill.status(p) === 'duplicate'),
  },
  {
    id: 'session_missing',
    topic: 'session',
    severity: 'info',
    title: 'every call belongs to a session',
    wrong: 'belong to no session',
    counts: 'calls',
    reach: 'own',
    money: 'resting',
    find: spans(lacks('session')),
  },
  {
    id: 'workflow_missing',
    topic: 'workflow',
    severity: 'info',
    title: 'every call belongs to a workflow',
    wrong: 'belong to no workflow',
    counts: 'calls',
    reach: 'own',
    money: 'resting',
    find: spans(lacks('workflow')),
  },
  {
    id: 'steps_missing',
    topic: 'steps',
    severity: 'info',
    title: 'agents and tools are recorded',
    wrong: 'and no agent, tool or workflow above or beside them: what calls were for is unknown',
    counts: 'calls',
    reach: 'own',
    money: 'resting',
    find: (exam) => {
      const isStep: SpanTest = ({ data: { forest } }, p) => STEPS.has(forest.table.kindOf(forest.row[p]!));
      if (exam.calls === 0 || spans(isStep)(exam) !== undefined) return undefined;
      return spans(({ data }, p) => data.bill.isCall(p))(exam);
    },
  },
  {
    id: 'service_missing',
    topic: 'service',
    severity: 'info',
    title: 'processes name their service',
    wrong: 'come from a process without a service name',
    counts: 'spans',
    reach: 'own',
    money: 'none',
    find: spans((exam, p) => {
      const name = exam.data.forest.table.textOf('service', rowOf(exam, p));
      return name === undefined || name.startsWith('unknown_service');
    }),
  },
  {
    id: 'errors_untyped',
    topic: 'errors',
    severity: 'info',
    title: 'failures name their type',
    wrong: 'failed and do not say with what type of error',
    counts: 'spans',
    reach: 'own',
    money: 'none',
    find: spans((exam, p) => {
      const type = exam.data.forest.table.errorOf(rowOf(exam, p))?.type;
      return isFailed(exam, p) && type === undefined;
    }),
  },
  {
    id: 'durations_zero',
    topic: 'durations',
    severity: 'info',
    title: 'calls and tools take time',
    wrong: 'are model calls or tools that took no time at all: they were recorded afterwards',
    counts: 'spans',
    reach: 'own',
    money: 'none',
    find: spans((exam, p) => {
      const { forest } = exam.data;
      const kind = forest.table.kindOf(rowOf(exam, p));
      if ((kind !== 'llm' && kind !== 'tool') || has(exam, p, FLAG.endBeforeStart)) return false;
      return has(exam, p, FLAG.hasEnd) && forest.duration(p) === 0;
    }),
  },
  {
    id: 'units_missing',
    topic: 'times',
    severity: 'info',
    title: 'durations tell their unit',
    wrong: 'with a duration that does not tell its unit: milliseconds are assumed',
    counts: 'records',
    reach: 'own',
    money: 'none',
    find: warned('assumed_unit'),
  },
  {
    id: 'vocabulary_unknown',
    topic: 'vocabulary',
    severity: 'info',
    title: 'most spans are in a known vocabulary',
    wrong: 'are in no vocabulary that is known here: agents, tools and calls among them are not seen as such',
    counts: 'spans',
    reach: 'own',
    money: 'none',
    find: (exam) => {
      const found = spans(
        ({ data: { forest } }, p) =>
          forest.table.kindOf(forest.row[p]!) === 'other' &&
          forest.table.dialectOf(forest.row[p]!) === undefined,
      )(exam);
      const all = spans(() => true)(exam)?.positions.length ?? 0;
      return found !== undefined && found.positions.length > all / 2 ? found : undefined;
    },
  },
  {
    id: 'content_recorded',
    topic: 'content',
    severity: 'info',
    title: 'the telemetry holds no prompts and answers',
    wrong: 'hold what people or models said, or what tools were given: mind who may read this file',
    counts: 'spans',
    reach: 'own',
    money: 'none',
    find: spans((exam, p) => marked(exam, p, MARK.content)),
  },
];

/** Two processes of one host read one clock, and exporters round. */
const SAME_CLOCK = 1_000_000;
const STEPS: ReadonlySet<string> = new Set(['agent', 'tool', 'workflow']);
