import type { Labels, SeriesSource } from '../model/index.ts';
import type { AlertingRule, RecordingRule, RuleGroup } from './rule.ts';

export type AlertState = 'inactive' | 'pending' | 'firing';

/**
 * One life of an alert: from the first evaluation at which its expression held to the first at which it was no longer
 * active. Times are integer milliseconds.
 */
export type Episode = {
  /** The final labels, `alertname` and those of the rule among them. */
  readonly labels: Labels;
  readonly activeAt: number;
  /** Undefined: it never fired. */
  readonly firedAt: number | undefined;
  /** When a firing alert was resolved, or a pending one dropped; undefined where it was active to the end. */
  readonly endedAt: number | undefined;
  /** Every evaluation at which the expression held, with its value then. While it is kept firing there are none. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** The labels of the expression's result, at the last of these. */
  readonly sample: Labels;
};

/** An evaluation that failed, in Prometheus' words. */
export type RuleFailure = { readonly message: string; readonly first: number; readonly count: number };

export type AlertingOutcome = {
  readonly group: RuleGroup;
  readonly rule: AlertingRule;
  /** In the order in which they began. */
  readonly episodes: readonly Episode[];
  readonly failures: readonly RuleFailure[];
};

export type RecordingOutcome = {
  readonly group: RuleGroup;
  readonly rule: RecordingRule;
  /** How many series it wrote. */
  readonly series: number;
  readonly failures: readonly RuleFailure[];
};

export type Outcome = AlertingOutcome | RecordingOutcome;

export type Evaluation = {
  /** One for each rule, in the order of the groups and their rules. */
  readonly outcomes: readonly Outcome[];
  /** What was given, and what the rules wrote: recorded series, `ALERTS` and `ALERTS_FOR_STATE`. */
  readonly source: SeriesSource;
  readonly options: EvaluateOptions;
};

export type EvaluateOptions = {
  /** The first and the last time that may be evaluated at, both inclusive. */
  readonly start: number;
  readonly end: number;
  /** How much earlier recording rules begin, for what looks back on them; what fails then is not told. */
  readonly warmUp?: number;
  /** From when on alerts whose result has these labels are judged; `start` unless it says later. */
  readonly judgedFrom?: (labels: Labels) => number;
  /** Of groups that have none of their own; the default step of subqueries, too. */
  readonly interval: number;
  /** All groups are evaluated at `interval`, whatever they say: unit tests do. */
  readonly sameInterval?: boolean;
  /** Times are `origin + k * interval`; default 0. */
  readonly origin?: number;
  readonly version: 2 | 3;
  readonly lookback?: number;
  readonly externalLabels?: Labels;
  readonly externalUrl?: string;
};

/** An alert at one moment; annotations are expanded with the value it had then. */
export type ActiveAlert = {
  readonly labels: Labels;
  readonly state: 'pending' | 'firing';
  readonly activeAt: number;
  readonly value: number;
  readonly annotations: Labels;
};
