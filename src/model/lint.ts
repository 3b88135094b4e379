import type { Severity } from './checkup.ts';

/** The body of `alerts lint`. */
export type LintAnswer = {
  readonly findings: readonly LintView[];
  readonly summary: {
    readonly rules: number;
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
  };
};

/** One mistake in one rule. */
export type LintView = {
  readonly id: string;
  readonly severity: Severity;
  readonly file: string;
  readonly line: number;
  readonly group: string;
  readonly rule: string;
  readonly expr: string;
  /** What is wrong, why that is no good, and what to write instead; null where there is no one thing to write. */
  readonly what: string;
  readonly why: string;
  readonly fix: string | null;
};
