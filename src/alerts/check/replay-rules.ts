import {
  type Extent,
  type Families,
  INSTANCE,
  type Period,
  periodOf,
  seriesSource,
} from '../../metrics/index.ts';
import type { Labels } from '../../model/index.ts';
import { evaluateRules } from '../evaluate.ts';
import type { Evaluation } from '../outcome.ts';
import type { RuleGroup } from '../rule.ts';
import { longestLook, looksBackOnRecorded } from './inputs.ts';

/** Milliseconds. */
export type ReplayRulesOptions = {
  /** Between two scrapes, and two evaluations of groups that do not say it. */
  readonly interval: number;
  readonly version: 2 | 3;
  /** How long after the last span rules are evaluated; undefined: as long as something can still come of it. */
  readonly tail: number | undefined;
  /** How notes name a time; in UTC otherwise. */
  readonly timeText?: ((time: number) => string) | undefined;
};

export type ReplayedRules = {
  readonly evaluation: Evaluation;
  readonly families: Families;
  readonly period: Period;
  /** The first scrape that has seen all of the data. */
  readonly dataEnd: number;
  /** The same of what a result with these labels is about: where it is one process, that one was seen last. */
  readonly dataEndOf: (labels: Labels) => number;
};

/** The rules on the series of these spans; undefined where no span has a time. */
export function replayRules(
  families: Families,
  groups: readonly RuleGroup[],
  { interval, version, tail, timeText }: ReplayRulesOptions,
): ReplayedRules | undefined {
  const alerting = groups.flatMap(({ rules }) => rules.filter((rule) => rule.kind === 'alert'));
  const hold =
    alerting.reduce((longest, rule) => Math.max(longest, rule.for), 0) +
    alerting.reduce((longest, rule) => Math.max(longest, rule.keepFiringFor), 0);
  const range = longestLook(groups);
  const period = periodOf(families, { step: interval, range, hold, tail, timeText });
  if (period === undefined || families.end === undefined) return undefined;
  const warmUp = looksBackOnRecorded(groups) ? Math.floor(period.before / interval) * interval : 0;
  const { after } = period;
  const source = seriesSource(families, { interval, before: period.before + warmUp, after, version });
  const firstSeen = (labels: Labels): number =>
    Math.floor((processOf(families, labels)?.start ?? period.start) / interval) * interval;
  const evaluation = evaluateRules(groups, source, {
    start: period.start,
    warmUp,
    end: period.end,
    interval,
    version,
    ...(families.instances !== undefined && { judgedFrom: firstSeen }),
  });
  const scrapeAfter = (time: number): number => Math.min(Math.ceil(time / interval) * interval, period.end);
  const dataEnd = scrapeAfter(families.end);
  const dataEndOf = (labels: Labels): number => {
    const process = processOf(families, labels);
    return process === undefined ? dataEnd : scrapeAfter(process.end);
  };
  return { evaluation, families, period, dataEnd, dataEndOf };
}

/** When the process was seen that a result is about; undefined where it is about several, or processes are not told apart. */
function processOf({ instances }: Families, labels: Labels): Extent | undefined {
  const name = labels.get(INSTANCE);
  return name === undefined ? undefined : instances?.get(name);
}
