import type { Severity } from '../../model/index.ts';
import type { Rule, RuleGroup } from '../rule.ts';
import { ALERTING_LINTS } from './alerting.ts';
import { COMPARISON_LINTS } from './comparisons.ts';
import { CONTRADICTION_LINTS } from './contradictions.ts';
import { HISTOGRAM_LINTS } from './histograms.ts';
import type { Known } from './known.ts';
import { MATCHING_LINTS } from './matching.ts';
import { NAME_LINTS } from './names.ts';
import { RATE_LINTS } from './rates.ts';
import type { Found, Lint } from './subject.ts';

/** Every lint there is; what is found in one rule comes in this order. */
export const LINTS: readonly Lint[] = [
  ...NAME_LINTS,
  ...HISTOGRAM_LINTS,
  ...COMPARISON_LINTS,
  ...CONTRADICTION_LINTS,
  ...RATE_LINTS,
  ...MATCHING_LINTS,
  ...ALERTING_LINTS,
];

/** One mistake in one rule. */
export type LintFinding = {
  readonly id: string;
  readonly severity: Severity;
  readonly group: RuleGroup;
  readonly rule: Rule;
  readonly what: string;
  readonly why: string;
  readonly fix: string | undefined;
};

export type LintOptions = {
  readonly known: Known;
  /** Milliseconds between two samples of a series. */
  readonly scrapeInterval: number;
  readonly version: 2 | 3;
};

/** How often one mistake is told of one rule: machines write expressions of thousands of parts. */
const MOST = 100;

function* firstOf(findings: Iterable<Found>): Iterable<Found> {
  let told = 0;
  for (const found of findings) {
    told += 1;
    if (told < MOST) yield found;
    else {
      yield { ...found, what: `${found.what}; there may be more of this kind, the first ${MOST} are told` };
      return;
    }
  }
}

/** What is wrong with rules that Prometheus would take as they are, in the order of the rules. */
export function lint(groups: readonly RuleGroup[], options: LintOptions): readonly LintFinding[] {
  const recorded = new Map<string, Rule>();
  for (const { rules } of groups)
    for (const rule of rules) if (rule.kind === 'record') recorded.set(rule.name, rule);
  return groups.flatMap((group) =>
    group.rules.flatMap((rule) => {
      const subject = { ...options, rule, group, recorded };
      return LINTS.flatMap(({ id, severity, find }) =>
        [...firstOf(find(subject))].map((found) => ({ severity, fix: undefined, ...found, id, group, rule })),
      );
    }),
  );
}
