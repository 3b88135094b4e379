import { describe, expect, it } from 'vitest';
import {
  type AlertingOutcome,
  alertsAt,
  type Evaluation,
  evaluateRules,
  type RuleGroup,
} from '../../src/alerts/index.ts';
import type { SeriesSource } from '../../src/model/index.ts';
import { evaluate, parse } from '../../src/promql/index.ts';
import { alertRule, groupOf, type Points, recordRule, sourceOf } from './sources.ts';

const MINUTE = 60_000;

function evaluated(groups: readonly RuleGroup[], source: SeriesSource, minutes = 30): Evaluation {
  return evaluateRules(groups, source, { start: 0, end: minutes * MINUTE, interval: MINUTE, version: 2 });
}

function alerting(evaluation: Evaluation, index = 0): AlertingOutcome {
  const outcome = evaluation.outcomes[index]!;
  if (!('episodes' in outcome)) throw new Error('not an alerting rule');
  return outcome;
}

/** Minutes of what happened to the alerts of a rule. */
function lives(evaluation: Evaluation, index = 0): (readonly (number | undefined)[])[] {
  return alerting(evaluation, index).episodes.map(({ activeAt, firedAt, endedAt }) =>
    [activeAt, firedAt, endedAt].map((time) => (time === undefined ? undefined : time / MINUTE)),
  );
}

/** What `query` says at each minute. */
function course(evaluation: Evaluation, query: string, minutes = 10): (number | undefined)[] {
  return Array.from({ length: minutes + 1 }, (_, minute) => {
    const time = minute * MINUTE;
    const value = evaluate(parse(query, { version: 2 }), evaluation.source, {
      start: time,
      end: time,
      step: 1,
      version: 2,
    });
    return value.type === 'matrix' ? value.series[0]?.values[0] : undefined;
  });
}

const m = (points: Points) => sourceOf(MINUTE, [[{ __name__: 'm', a: 'x' }, points]]);
const high = (count: number): Points => Array.from({ length: count }, () => 1);

describe('alerts', () => {
  it('fires at 7m45s when 0.2 errors a second pass 0.1 for five minutes, and resolves at 19m45s', () => {
    // Three errors every 15 s from 0 to 15m15s, then none; seen every 15 s.
    const points = Array.from({ length: 121 }, (_, index) => 3 * Math.min(index, 61));
    const source = sourceOf(15_000, [[{ __name__: 'errors_total' }, points]]);
    const rule = alertRule('Errors', 'rate(errors_total[5m]) > 0.1', {
      for: 5 * MINUTE,
      keepFiringFor: 2 * MINUTE,
    });
    const evaluation = evaluateRules([groupOf('g', [rule])], source, {
      start: 0,
      end: 30 * MINUTE,
      interval: 15_000,
      version: 2,
    });
    const [episode] = alerting(evaluation).episodes;
    expect(episode).toMatchObject({
      activeAt: 2.75 * MINUTE,
      firedAt: 7.75 * MINUTE,
      endedAt: 19.75 * MINUTE,
    });
  });

  it('fires when it was pending for as long as `for` says', () => {
    const rule = alertRule('A', 'm > 0', { for: 3 * MINUTE });
    expect(lives(evaluated([groupOf('g', [rule])], m([0, 1, 1, 1, 1, 1, 0])))).toEqual([[1, 4, 6]]);
  });

  it('forgets what was pending at the first evaluation that is false', () => {
    const rule = alertRule('A', 'm > 0', { for: 3 * MINUTE });
    const points = [1, 1, 1, 0, 1, 1, 1, 1, 0];
    expect(lives(evaluated([groupOf('g', [rule])], m(points)))).toEqual([
      [0, undefined, 3],
      [4, 7, 8],
    ]);
  });

  it('fires on for `keep_firing_for` after the first evaluation that is false', () => {
    const rule = alertRule('A', 'm > 0', { keepFiringFor: 3 * MINUTE });
    expect(lives(evaluated([groupOf('g', [rule])], m([1, 0, 0, 0, 0, 0, 0])))).toEqual([[0, 0, 4]]);
    expect(lives(evaluated([groupOf('g', [rule])], m([1, 0, 0, 1, 0, 0, 0, 0, 0])))).toEqual([[0, 0, 7]]);
  });

  it('has a state for each set of final labels', () => {
    const labels = new Map([['value', '{{ $value }}']]);
    const rule = alertRule('A', 'm > 0', { for: 2 * MINUTE, labels });
    expect(lives(evaluated([groupOf('g', [rule])], m([1, 2, 3, 3, 3, 0])))).toEqual([
      [0, undefined, 1],
      [1, undefined, 2],
      [2, 4, 5],
    ]);
  });

  it('leaves out labels that become empty, and keeps its name', () => {
    const labels = new Map([
      ['a', ''],
      ['alertname', 'other'],
    ]);
    const rule = alertRule('A', 'm > 0', { labels });
    const evaluation = evaluated([groupOf('g', [rule])], m(high(2)));
    expect(alerting(evaluation).episodes[0]?.labels).toEqual(new Map([['alertname', 'A']]));
  });

  it('refuses two alerts with the same labels, and keeps what it knew', () => {
    const source = sourceOf(MINUTE, [
      [{ __name__: 'm', a: 'x' }, [1, 1, 1, 1]],
      [{ __name__: 'm', a: 'y' }, [undefined, 1, 1, 'stale']],
    ]);
    const rule = alertRule('A', 'm > 0', { labels: new Map([['a', 'z']]) });
    const evaluation = evaluated([groupOf('g', [rule])], source, 3);
    expect(lives(evaluation)).toEqual([[0, 0, undefined]]);
    const message = 'vector contains metrics with the same labelset after applying alert labels';
    expect(alerting(evaluation).failures).toEqual([{ message, first: MINUTE, count: 2 }]);
  });

  it('goes on where one evaluation fails', () => {
    const source = sourceOf(MINUTE, [
      [{ __name__: 'm', a: 'x' }, [1, 1, 1]],
      [{ __name__: 'n', b: 'x' }, [1, 1, 1]],
      [{ __name__: 'n', b: 'y' }, [undefined, 1, 'stale']],
    ]);
    const rule = alertRule('A', 'm * on() n > 0');
    const evaluation = evaluated([groupOf('g', [rule])], source, 2);
    expect(lives(evaluation)).toEqual([[0, 0, undefined]]);
    const [failure] = alerting(evaluation).failures;
    expect(failure).toMatchObject({ first: MINUTE, count: 1 });
    expect(failure?.message).toMatch(/many-to-many matching not allowed|duplicate series/);
  });

  it('has no more alerts than the group may have', () => {
    const source = sourceOf(MINUTE, [
      [{ __name__: 'm', a: 'x' }, [1, 1]],
      [{ __name__: 'm', a: 'y' }, [undefined, 1]],
    ]);
    const evaluation = evaluated([groupOf('g', [alertRule('A', 'm > 0')], { limit: 1 })], source, 1);
    expect(alerting(evaluation).failures).toEqual([
      { message: 'exceeded limit of 1 with 2 alerts', first: MINUTE, count: 1 },
    ]);
    expect(lives(evaluation)).toEqual([[0, 0, 1]]);
  });

  it('begins anew after there were more alerts than the group may have', () => {
    const source = sourceOf(MINUTE, [
      [{ __name__: 'm', a: 'x' }, [1, 1, 1, 1, 1, 1]],
      [{ __name__: 'm', a: 'y' }, [undefined, 1, 1, 'stale']],
    ]);
    const rule = alertRule('A', 'm > 0', { for: 2 * MINUTE });
    expect(lives(evaluated([groupOf('g', [rule], { limit: 1 })], source, 5))).toEqual([
      [0, undefined, 1],
      [3, 5, undefined],
    ]);
  });

  it('begins after the warm-up, in which only recording rules are evaluated and none is told to fail', () => {
    const source = sourceOf(MINUTE, [
      [{ __name__: 'm' }, [1, 1, 1, 1, 1, 1, 1]],
      [{ __name__: 'n', b: 'x' }, [1, 1, 1, 1, 1, 1, 1]],
      [{ __name__: 'n', b: 'y' }, [1, 1, 1, 1, 1, 'stale']],
    ]);
    const rules = [
      recordRule('r', 'm'),
      recordRule('faulty', 'm * on() n'),
      alertRule('Recorded', 'count_over_time(r[4m]) >= 4'),
      alertRule('Held', 'm > 0', { for: 2 * MINUTE }),
    ];
    const [start, warmUp, end] = [4 * MINUTE, 4 * MINUTE, 6 * MINUTE];
    const options = { start, warmUp, end, interval: MINUTE, version: 2 } as const;
    const evaluation = evaluateRules([groupOf('g', rules)], source, options);
    expect(lives(evaluation, 2)).toEqual([[4, 4, undefined]]);
    expect(lives(evaluation, 3)).toEqual([[4, 6, undefined]]);
    expect(evaluation.outcomes[1]?.failures).toMatchObject([{ first: 4 * MINUTE, count: 1 }]);
  });

  it('tells annotations with the value of the moment', () => {
    const annotations = new Map([['is', '{{ $labels.a }} {{ $value }}']]);
    const evaluation = evaluated([groupOf('g', [alertRule('A', 'm > 0', { annotations })])], m([1, 2, 0]));
    const at = (time: number) =>
      alertsAt(evaluation, alerting(evaluation), time).map((alert) => alert.annotations.get('is'));
    expect([at(0), at(MINUTE), at(1.5 * MINUTE), at(2 * MINUTE)]).toEqual([['x 1'], ['x 2'], ['x 2'], []]);
  });

  it('is a number that is not 0: a scalar is one sample', () => {
    expect(lives(evaluated([groupOf('g', [alertRule('A', 'scalar(m)')])], m([1, 1]), 1))).toEqual([
      [0, 0, undefined],
    ]);
  });
});

describe('what rules write', () => {
  it('is seen by later rules at the same time, and ends with a stale marker', () => {
    const rules = [recordRule('r', 'm > 1', new Map([['b', 'y']])), alertRule('A', 'r{b="y"} > 2')];
    const evaluation = evaluated([groupOf('g', rules)], m([1, 2, 3, 3, 1, 1]), 5);
    expect(course(evaluation, 'r', 5)).toEqual([undefined, 2, 3, 3, undefined, undefined]);
    expect(lives(evaluation, 1)).toEqual([[2, 2, 4]]);
  });

  it('is seen by earlier rules one evaluation later', () => {
    const rules = [alertRule('A', 'r > 2'), recordRule('r', 'm')];
    expect(lives(evaluated([groupOf('g', rules)], m([1, 3, 3, 1, 1]), 4))).toEqual([[2, 2, 4]]);
  });

  it('can be read by the rule itself', () => {
    const rules = [recordRule('total', 'm + (last_over_time(total[2m]) or m * 0)')];
    const evaluation = evaluated([groupOf('g', rules)], m([1, 1, 1, 1]), 3);
    const totals = course({ ...evaluation }, 'total', 3);
    expect(totals).toEqual([1, 2, 3, 4]);
  });

  it('is `ALERTS` and `ALERTS_FOR_STATE`', () => {
    const rule = alertRule('A', 'm > 0', { for: 2 * MINUTE });
    const evaluation = evaluated([groupOf('g', [rule])], m([0, 1, 1, 1, 0, 0]), 5);
    expect(course(evaluation, 'ALERTS{alertstate="pending"}', 5)).toEqual([
      undefined,
      1,
      1,
      undefined,
      undefined,
      undefined,
    ]);
    expect(course(evaluation, 'ALERTS{alertname="A",a="x",alertstate="firing"}', 5)[3]).toBe(1);
    expect(course(evaluation, 'ALERTS_FOR_STATE', 5)).toEqual([undefined, 60, 60, 60, undefined, undefined]);
  });

  it('is what the first rule wrote where two write the same series', () => {
    const rules = [recordRule('r', 'm > 1'), recordRule('r', 'm * 10')];
    const evaluation = evaluated([groupOf('g', rules)], m([1, 2, 1]), 2);
    expect(course(evaluation, 'r', 2)).toEqual([10, 2, undefined]);
    const message = 'duplicate sample for timestamp';
    expect(evaluation.outcomes[1]?.failures).toEqual([{ message, first: MINUTE, count: 2 }]);
  });

  it('is evaluated when the group says', () => {
    const group = groupOf('g', [recordRule('r', 'm')], { interval: 2 * MINUTE, queryOffset: MINUTE });
    const evaluation = evaluated([group], m([1, 2, 3, 4, 5]), 4);
    expect(course(evaluation, 'r', 4)).toEqual([undefined, 2, 2, 4, 4]);
  });
});
