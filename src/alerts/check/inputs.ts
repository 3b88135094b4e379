import type { LabelMatcher } from '../../model/index.ts';
import { type Expr, METRIC_NAME, selectorsOf } from '../../promql/index.ts';
import type { RecordingRule, Rule, RuleGroup } from '../rule.ts';

/** What an expression reads of the data itself, through recording rules where there are any between. */
type RuleInput = {
  readonly matchers: readonly LabelMatcher[];
  /** How far before the time of evaluation it looks, in milliseconds; lookback is not in it. */
  readonly before: number;
};

export type RuleInputs = {
  readonly of: (expr: Expr) => readonly RuleInput[];
  /** The recording rules that write what an expression reads, those that they read from among them. */
  readonly writers: (expr: Expr) => readonly RecordingRule[];
};

/** Rules that read what others write: deeper than this they lead in a circle. */
const DEEPEST = 50;

/** Looks rules up by what they record. */
export function ruleInputs(groups: readonly RuleGroup[]): RuleInputs {
  const recording = groups.flatMap(({ rules }) => rules.filter((rule) => rule.kind === 'record'));
  return {
    of: (expr) => inputsOf(expr, 0, recording, new Set()),
    writers: (expr) => [...writersOf(expr, recording, new Set())],
  };
}

/** How far back the rules look, in milliseconds. */
export function longestLook(groups: readonly RuleGroup[]): number {
  const inputs = ruleInputs(groups);
  let longest = 0;
  for (const { rules, queryOffset } of groups) {
    for (const { expr } of rules) {
      for (const { before } of inputs.of(expr)) longest = Math.max(longest, before + queryOffset);
    }
  }
  return longest;
}

/** Whether a rule looks back on what another one recorded: it has to be recorded before the data begins. */
export function looksBackOnRecorded(groups: readonly RuleGroup[]): boolean {
  const inputs = ruleInputs(groups);
  const rules: Rule[] = groups.flatMap((group) => group.rules);
  return rules.some(
    ({ expr }) =>
      inputs.writers(expr).length > 0 &&
      selectorsOf(expr).some(({ range, before }) => range > 0 || before !== 0),
  );
}

function inputsOf(
  expr: Expr,
  later: number,
  recording: readonly RecordingRule[],
  path: ReadonlySet<Rule>,
): readonly RuleInput[] {
  return selectorsOf(expr).flatMap(({ selector, before }): readonly RuleInput[] => {
    const back = later + Math.max(0, before ?? 0);
    const writers = recorders(selector.matchers, recording).filter((rule) => !path.has(rule));
    if (writers.length === 0 || path.size >= DEEPEST) return [{ matchers: selector.matchers, before: back }];
    return writers.flatMap((rule) => inputsOf(rule.expr, back, recording, new Set([...path, rule])));
  });
}

function writersOf(
  expr: Expr,
  recording: readonly RecordingRule[],
  found: Set<RecordingRule>,
): Set<RecordingRule> {
  for (const { selector } of selectorsOf(expr)) {
    for (const rule of recorders(selector.matchers, recording)) {
      if (found.has(rule) || found.size >= DEEPEST) continue;
      found.add(rule);
      writersOf(rule.expr, recording, found);
    }
  }
  return found;
}

function recorders(
  matchers: readonly LabelMatcher[],
  recording: readonly RecordingRule[],
): readonly RecordingRule[] {
  const ofName = matchers.filter(({ name }) => name === METRIC_NAME);
  return ofName.length === 0
    ? []
    : recording.filter(({ name }) => ofName.every(({ matches }) => matches(name)));
}
