import { type BehindTrace, behind, type Metric, whyNothing } from '../../metrics/index.ts';
import type { LabelMatcher, Labels } from '../../model/index.ts';
import { METRIC_NAME } from '../../promql/index.ts';
import { annotationsOf } from '../alerts-at.ts';
import type { AlertingOutcome, Episode, RecordingOutcome, RuleFailure } from '../outcome.ts';
import type { Rule, RuleGroup } from '../rule.ts';
import { DUPLICATE_SAMPLE } from '../series-writer.ts';
import { keyOf } from '../written-series.ts';
import { type RuleInputs, ruleInputs } from './inputs.ts';
import type { ReplayedRules } from './replay-rules.ts';
import { holdsInSilence, worstIsLowest } from './silence.ts';

export type VerdictState = 'firing' | 'pending' | 'inactive' | 'no_data' | 'error';

/** What became of a rule, or of one alert of it. Times are integer milliseconds. */
export type Verdict = {
  readonly group: RuleGroup;
  readonly rule: Rule;
  readonly state: VerdictState;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Of a firing or pending alert: the worst that it was. */
  readonly value: number | undefined;
  readonly peakAt: number | undefined;
  readonly activeAt: number | undefined;
  readonly firedAt: number | undefined;
  readonly resolvedAt: number | undefined;
  /** How long the expression held, from its first to its last evaluation. */
  readonly heldFor: number | undefined;
  /** How often it fired. */
  readonly fired: number;
  readonly traces: readonly BehindTrace[];
  /** Traces behind it that are not listed. */
  readonly moreTraces: number;
  /** Why there is no data, in sentences. */
  readonly missing: readonly string[];
  readonly failures: readonly RuleFailure[];
  /** It was not judged after the end of the data. */
  readonly untilDataEnd: boolean;
};

/** Verdicts on every alerting rule, one for each of its alerts, and on recording rules that failed; in the order of the rules. */
export function verdictsOf(replayed: ReplayedRules, metrics: readonly Metric[]): readonly Verdict[] {
  const { outcomes } = replayed.evaluation;
  const groups = [...new Set(outcomes.map(({ group }) => group))];
  const inputs = ruleInputs(groups);
  return outcomes.flatMap((outcome) =>
    'episodes' in outcome
      ? verdictsOfAlert(outcome, replayed, inputs, metrics)
      : verdictsOfRecording(outcome),
  );
}

/** What a rule comes to where there is nothing to evaluate it on. */
export function nothingToJudge(group: RuleGroup, rule: Rule): Verdict {
  return { ...bare(group, rule), state: 'no_data', missing: ['no span has a time'] };
}

function bare(group: RuleGroup, rule: Rule): Omit<Verdict, 'state'> {
  return {
    group,
    rule,
    labels: new Map([...rule.labels, ['alertname', rule.name]]),
    annotations: new Map(),
    value: undefined,
    peakAt: undefined,
    activeAt: undefined,
    firedAt: undefined,
    resolvedAt: undefined,
    heldFor: undefined,
    fired: 0,
    traces: [],
    moreTraces: 0,
    missing: [],
    failures: [],
    untilDataEnd: false,
  };
}

function verdictsOfRecording({ group, rule, failures }: RecordingOutcome): readonly Verdict[] {
  if (!failures.some(isFailure)) return [];
  return [{ ...bare(group, rule), labels: rule.labels, state: 'error', failures }];
}

function verdictsOfAlert(
  outcome: AlertingOutcome,
  replayed: ReplayedRules,
  inputs: RuleInputs,
  metrics: readonly Metric[],
): readonly Verdict[] {
  const { group, rule, failures } = outcome;
  const untilDataEnd = [rule, ...inputs.writers(rule.expr)].some(({ expr }) => holdsInSilence(expr));
  const episodes = untilDataEnd
    ? outcome.episodes.flatMap((episode) => cutAt(episode, replayed.dataEndOf(episode.sample)))
    : outcome.episodes;
  const base = { ...bare(group, rule), failures, untilDataEnd };
  const byLabels = new Map<string, Episode[]>();
  for (const episode of episodes) {
    const key = keyOf(episode.labels);
    const known = byLabels.get(key);
    if (known === undefined) byLabels.set(key, [episode]);
    else known.push(episode);
  }
  const alerts = [...byLabels.values()].flatMap((lives): readonly Verdict[] => {
    const fired = lives.filter(({ firedAt }) => firedAt !== undefined);
    const open = lives
      .filter(({ endedAt }) => endedAt === undefined || endedAt > replayed.dataEnd)
      .sort((a, b) => lengthOf(b) - lengthOf(a));
    const [shown] = fired.length > 0 ? fired : open;
    if (shown === undefined) return [];
    const alert = alertOf(shown, outcome, replayed, inputs);
    return [{ ...base, ...alert, state: fired.length > 0 ? 'firing' : 'pending', fired: fired.length }];
  });
  if (alerts.length > 0) return alerts;
  if (failures.some(isFailure)) return [{ ...base, state: 'error' }];
  const empty = inputs
    .of(rule.expr)
    .filter(({ matchers }) => replayed.evaluation.source.select(matchers).length === 0);
  const missing = [...new Set(empty.map(({ matchers }) => why(matchers, replayed, metrics)))];
  const hasNone = empty.length > 0 && empty.length === inputs.of(rule.expr).length;
  // How long it held where it was over before the data was.
  const longest = episodes.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  const heldFor = longest === undefined ? undefined : lengthOf(longest);
  return [{ ...base, state: hasNone && longest === undefined ? 'no_data' : 'inactive', missing, heldFor }];
}

/** Whether an evaluation failed; a sample that was not taken is no failure of the expression. */
export function isFailure({ message }: RuleFailure): boolean {
  return message !== DUPLICATE_SAMPLE;
}

function why(
  matchers: readonly LabelMatcher[],
  { families }: ReplayedRules,
  metrics: readonly Metric[],
): string {
  return whyNothing(families, metrics, matchers);
}

function alertOf(
  episode: Episode,
  outcome: AlertingOutcome,
  { evaluation, families }: ReplayedRules,
  inputs: RuleInputs,
): Partial<Verdict> {
  const { times, values, labels, activeAt, firedAt, endedAt } = episode;
  const { rule, group } = outcome;
  const peak = worst(values, worstIsLowest(rule.expr));
  const read = inputs.of(rule.expr);
  const look = read.reduce((longest, { before }) => Math.max(longest, before), 0) + group.queryOffset;
  const sample = new Map([...episode.sample].filter(([name]) => name !== METRIC_NAME));
  const { traces, more } = behind(
    families,
    read.map(({ matchers }) => matchers),
    activeAt - look - evaluation.options.interval,
    times.at(-1)!,
    { labels: sample },
  );
  return {
    labels,
    annotations: annotationsOf(evaluation, outcome, episode, times[peak]!),
    value: values[peak]!,
    peakAt: times[peak]!,
    activeAt,
    firedAt,
    resolvedAt: firedAt === undefined ? undefined : endedAt,
    heldFor: lengthOf(episode),
    traces,
    moreTraces: more,
  };
}

/** The index of the first value that none is worse than. */
function worst(values: readonly number[], isLowest: boolean): number {
  let found = 0;
  for (const [index, value] of values.entries()) {
    const known = values[found]!;
    if (Number.isNaN(known) ? !Number.isNaN(value) : isLowest ? value < known : value > known) found = index;
  }
  return found;
}

function lengthOf({ times }: Episode): number {
  return times.at(-1)! - times[0]!;
}

/** What of an episode is known at a time; nothing where it began later. */
function cutAt(episode: Episode, at: number): readonly Episode[] {
  if (episode.activeAt > at) return [];
  const { times, values, firedAt, endedAt } = episode;
  const kept = times.findLastIndex((time) => time <= at) + 1;
  return [
    {
      ...episode,
      firedAt: firedAt !== undefined && firedAt <= at ? firedAt : undefined,
      endedAt: endedAt !== undefined && endedAt <= at ? endedAt : undefined,
      times: times.slice(0, kept),
      values: values.slice(0, kept),
    },
  ];
}
