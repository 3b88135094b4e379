import type { Labels } from '../model/index.ts';
import type { Expr } from '../promql/index.ts';

/** A group of rules, evaluated together in their order. Durations are integer milliseconds. */
export type RuleGroup = {
  readonly name: string;
  /** The file as messages call it. */
  readonly file: string;
  /** Undefined: the interval of whoever evaluates it. */
  readonly interval: number | undefined;
  /** The most series or alerts that a rule may yield; 0 is any number. */
  readonly limit: number;
  readonly queryOffset: number;
  readonly rules: readonly Rule[];
};

export type Rule = RecordingRule | AlertingRule;

type RuleBase = {
  /** The recorded metric, or the name of the alert. */
  readonly name: string;
  readonly expr: Expr;
  /** The expression as it is written. */
  readonly text: string;
  /** With those of the group. */
  readonly labels: Labels;
  readonly place: Place;
};

/** Where a rule stands. */
type Place = { readonly file: string; readonly line: number };

export type RecordingRule = RuleBase & { readonly kind: 'record' };

export type AlertingRule = RuleBase & {
  readonly kind: 'alert';
  /** How long the expression must hold before the alert fires. */
  readonly for: number;
  /** How long the alert fires on when it holds no longer. */
  readonly keepFiringFor: number;
  readonly annotations: Labels;
};

/** Steps from the top of a file to a value in it. */
export type RulePath = readonly (string | number)[];

/** What a reader of rules is told about the file, and whom it tells about faults. */
export type RuleContext = {
  readonly file: string;
  /** Says what is wrong with what stands at `at`; reading goes on. */
  readonly fault: (at: RulePath, message: string) => void;
  readonly lineOf: (at: RulePath) => number;
  /** What is written for a value that is null, such as `~`. */
  readonly writtenAt: (at: RulePath) => string;
};
