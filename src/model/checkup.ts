import type { Money } from './report.ts';

/** `error`: a total is wrong or short. `warning`: answers are missing. `info`: worth knowing. Worst first. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What is wrong with the telemetry, how much rests on it, and what to do. */
export type Finding = {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** What was found here, in a sentence with its figures. */
  readonly detail: string;
  readonly spans: number;
  readonly traces: number;
  /** Billed calls that are concerned, and which part of all. */
  readonly calls: number;
  readonly calls_share: number;
  /** What of the total is unsafe because of it; unknown where the missing amount is what is not known. */
  readonly cost_usd: Money;
  readonly cost_share: number | null;
  readonly first: FoundAt | null;
  readonly fixes: readonly Fix[];
};

/** The first span or record that is concerned. `line` is null where only a span is known. */
export type FoundAt = {
  readonly source: string | null;
  readonly line: number | null;
  readonly trace_id: string | null;
  readonly span_id: string | null;
  readonly step: string | null;
};

/** One thing to change, and for whom. */
export type Fix = {
  readonly applies_to: string;
  readonly text: string;
  /** A line to add or to set. */
  readonly code: string | null;
  /** Where it is documented. */
  readonly source: string | null;
};

/** Checks with their outcomes, whatever they look at: the formats for CI systems are made of it. */
export type CheckList = {
  /** What was checked, as a test suite is called. */
  readonly suite: string;
  readonly checks: readonly CheckView[];
};

export type CheckView = {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Null: it could not be told. */
  readonly ok: boolean | null;
  /** What went wrong; empty where nothing did. */
  readonly message: string;
  readonly detail: readonly string[];
  readonly at: { readonly source: string; readonly line: number } | null;
};

/** The body of `doctor`. */
export type Checkup = {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly checks: readonly {
    readonly id: string;
    readonly severity: Severity;
    readonly title: string;
    readonly ok: boolean;
  }[];
  readonly summary: {
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly checks: number;
    readonly spans: number;
    readonly traces: number;
    readonly calls: number;
    readonly cost_usd: Money;
  };
};
