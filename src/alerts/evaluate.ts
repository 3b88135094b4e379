import type { SeriesSource } from '../model/index.ts';
import { AlertingRun } from './alerting-run.ts';
import type { EvaluateOptions, Evaluation } from './outcome.ts';
import { RecordingRun } from './recording-run.ts';
import { namesKnownLater, type RuleStep, resultsAt, resultsOver } from './results.ts';
import type { RuleGroup } from './rule.ts';
import { WrittenSource } from './written-series.ts';

/**
 * What the rules of these groups yield on a source, at every time of their grids: `origin + k * interval` from `start` to
 * `end`, recording rules `warmUp` earlier. Groups are evaluated in the order in which they are given, their rules one after the other, so that a rule sees
 * what those before it wrote at the same time. What fails is told in the outcome of its rule.
 *
 * A rule is evaluated over all times at once where that is the same: where it reads nothing that itself or a later rule
 * writes. Otherwise all rules are evaluated time by time.
 */
export function evaluateRules(
  groups: readonly RuleGroup[],
  base: SeriesSource,
  options: EvaluateOptions,
): Evaluation {
  const source = new WrittenSource(base);
  const steps: RuleStep[] = groups.flatMap((group) => {
    const interval = options.sameInterval === true ? options.interval : (group.interval ?? options.interval);
    return group.rules.map((rule) => {
      const start = rule.kind === 'record' ? options.start - (options.warmUp ?? 0) : options.start;
      return { group, rule, ...gridOf(interval, { ...options, start }) };
    });
  });
  const runs = steps.map(({ group, rule }) =>
    rule.kind === 'record'
      ? new RecordingRun(group, rule, source, options.start)
      : new AlertingRun(group, rule, source, options),
  );
  if (namesKnownLater(steps)) {
    for (const { time, rules } of timeline(steps)) {
      for (const index of rules) runs[index]!.step(time, resultsAt(steps[index]!, time, source, options));
    }
  } else {
    for (const [index, step] of steps.entries()) {
      for (const { time, result } of resultsOver(step, source, options)) runs[index]!.step(time, result);
    }
  }
  return { outcomes: runs.map((run) => run.outcome()), source, options };
}

function gridOf(
  interval: number,
  { start, end, origin = 0 }: EvaluateOptions,
): Pick<RuleStep, 'first' | 'interval' | 'count'> {
  const first = origin + Math.ceil((start - origin) / interval) * interval;
  return { first, interval, count: Math.max(0, Math.floor((end - first) / interval) + 1) };
}

/** Every time at which something is evaluated, in order, with the rules in theirs. */
function* timeline(
  steps: readonly RuleStep[],
): Generator<{ readonly time: number; readonly rules: readonly number[] }> {
  const next = steps.map(({ first }) => first);
  for (;;) {
    let time = Number.POSITIVE_INFINITY;
    for (const [index, { first, interval, count }] of steps.entries()) {
      if (next[index]! < first + interval * count) time = Math.min(time, next[index]!);
    }
    if (time === Number.POSITIVE_INFINITY) return;
    const rules: number[] = [];
    for (const [index, { interval }] of steps.entries()) {
      if (next[index] !== time) continue;
      rules.push(index);
      next[index] = time + interval;
    }
    yield { time, rules };
  }
}
