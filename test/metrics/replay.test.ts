import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelMatcher } from '../../src/model/index.ts';
import { labelMatcher } from '../../src/promql/matchers.ts';
import type { Scene } from '../analyses/dataset.ts';
import { failures, familiesOf, HOUR, MINUTE, replayed, SECOND, times, valueAt, ZERO } from './replayed.ts';

const named = (name: string): LabelMatcher => labelMatcher('__name__', '=', name, 3);
const DAY = 24 * HOUR;

/** The samples of the only series of a name, times after `ZERO`. */
function samplesOf(scenes: readonly Scene[], name: string, from: number, to: number): [number, number][] {
  const series = replayed(familiesOf(scenes)).select([named(name)]);
  expect(series).toHaveLength(1);
  const samples: [number, number][] = [];
  series[0]!.read(ZERO + from, ZERO + to, (time, value, stale) => {
    expect(stale).toBe(false);
    samples.push([time - ZERO, value]);
  });
  return samples;
}

describe('what a scrape sees', () => {
  it('is 0 before the first event, and from then on what ended until the scrape', () => {
    const scenes = failures([9_000, 10_000, 10_001, 41_000]);
    // Scrapes are 10 s, 25 s, … after the origin.
    expect(samplesOf(scenes, 'tool_errors_total', -20 * SECOND, 55 * SECOND)).toEqual([
      [-20_000, 0],
      [-5_000, 0],
      [10_000, 2],
      [25_000, 3],
      [40_000, 3],
      [55_000, 4],
    ]);
  });

  it('begins and ends with the time around the data', () => {
    const source = replayed(familiesOf(failures([9_000])), { before: MINUTE, after: 2 * MINUTE });
    const [series] = source.select([named('tool_errors_total')]);
    const seen: number[] = [];
    series!.read(0, Number.MAX_SAFE_INTEGER, (time) => seen.push(time - ZERO));
    // The span begins at 6 s: the scrape before it, and a minute.
    expect([seen[0], seen.at(-1)]).toEqual([-65_000, 10_000 + 2 * MINUTE]);
    expect([source.start, source.end]).toEqual([ZERO - 65_000, ZERO + 10_000 + 2 * MINUTE]);
  });

  it('counts two that end in one millisecond, and one that ends a nanosecond after a scrape in the next', () => {
    expect(samplesOf(failures([10_000, 10_000]), 'tool_errors_total', 0, 10_000)).toEqual([[10_000, 2]]);
    expect(samplesOf(failures([10_000.000001]), 'tool_errors_total', 0, 25_000)).toEqual([
      [10_000, 0],
      [25_000, 1],
    ]);
  });

  it('has what runs from its start up to its end, also if it never ends', () => {
    const run = (id: string, from: number, to?: number): Scene => ({
      id,
      kind: 'agent',
      name: 'a',
      from,
      to,
    });
    const scenes = [run('1', 10_000, 25_000), run('2', 11_000, 39_999), run('3', 41_000)];
    expect(samplesOf(scenes, 'agent_active_executions', -5_000, 70_000)).toEqual([
      [-5_000, 0],
      [10_000, 1],
      [25_000, 1],
      [40_000, 0],
      [55_000, 1],
      [70_000, 1],
    ]);
  });

  it('has a level that is told from when it is told first', () => {
    const memory = (id: string, to: number, bytes: number): Scene => ({
      ...{ id, kind: 'memory', name: 'm', from: 0, to },
      observed: { numbers: { memoryBytes: bytes }, texts: {} },
    });
    const scenes = [memory('1', 12_000, 100), memory('2', 27_000, 50)];
    expect(samplesOf(scenes, 'memory_size_bytes', -5_000, 55_000)).toEqual([
      [25_000, 100],
      [40_000, 50],
      [55_000, 50],
    ]);
  });

  it('adds up money exactly, in any order', () => {
    const calls: Scene[] = times(30, SECOND, SECOND).map((to, i) => ({
      ...{ id: (i + 1).toString(16), kind: 'llm', name: 'c', from: 0, to, text: { model: 'm' } },
      recorded: i % 3 === 0 ? 0.1 : i % 3 === 1 ? 0.2 : 0.3,
    }));
    const total = 10 * 0.1 + 10 * 0.2 + 10 * 0.3;
    expect(samplesOf(calls, 'llm_cost_total', 40_000, 40_000)).toEqual([[40_000, Math.round(total)]]);
    expect(samplesOf(calls.toReversed(), 'llm_cost_total', 40_000, 40_000)).toEqual([[40_000, 6]]);
  });

  it('has buckets, a sum and a count of a histogram, and bounds as the version writes them', () => {
    const scenes = failures([1_000], 500);
    const bounds = (version: 2 | 3): (string | undefined)[] =>
      replayed(familiesOf(scenes), { version })
        .select([named('tool_execution_duration_seconds_bucket')])
        .map(({ labels }) => labels.get('le'));
    expect(bounds(3)).toEqual(['0.01', '0.05', '0.1', '0.5', '1.0', '5.0', '10.0', '+Inf']);
    expect(bounds(2)).toEqual(['0.01', '0.05', '0.1', '0.5', '1', '5', '10', '+Inf']);
    const source = replayed(familiesOf(scenes));
    const at = (query: string): number | undefined => valueAt(source, query, 10 * SECOND);
    expect(at('tool_execution_duration_seconds_bucket{le="0.1"}')).toBe(0);
    expect(at('tool_execution_duration_seconds_bucket{le="0.5"}')).toBe(1);
    expect(at('tool_execution_duration_seconds_sum')).toBe(0.5);
    expect(at('tool_execution_duration_seconds_count')).toBe(1);
    expect(source.select([named('tool_execution_duration_seconds')])).toEqual([]);
  });

  it('does not depend on the order of the dump', () => {
    const scenes = failures(times(20, 7_000, 3_000));
    const read = (given: readonly Scene[]) => samplesOf(given, 'tool_errors_total', -MINUTE, 5 * MINUTE);
    expect(read(scenes.toReversed())).toEqual(read(scenes));
  });

  it('has a child that ends after its parent where it says that it ended', () => {
    const scenes: Scene[] = [
      { id: 'a', kind: 'agent', name: 'a', from: 0, to: 9_000 },
      { ...failures([31_000])[0]!, id: 'b', parent: 'a' },
    ];
    expect(samplesOf(scenes, 'tool_errors_total', 10_000, 40_000)).toEqual([
      [10_000, 0],
      [25_000, 0],
      [40_000, 1],
    ]);
    expect(samplesOf(scenes, 'agent_executions_total', 10_000, 10_000)).toEqual([[10_000, 1]]);
  });

  it('is what counting the ends says, whatever they are and wherever one reads', () => {
    const end = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(fc.array(end, { minLength: 1, maxLength: 30 }), end, end, (ends, from, length) => {
        const seen = samplesOf(failures(ends), 'tool_errors_total', from, from + length);
        for (const [time, value] of seen) expect(value).toBe(ends.filter((one) => one <= time).length);
        const first = Math.ceil((from - 10_000) / 15_000) * 15_000 + 10_000;
        const expected = Math.max(0, Math.floor((from + length - first) / 15_000) + 1);
        expect(seen.map(([time]) => time)).toEqual(times(expected, 15_000, first));
      }),
    );
  });

  it('is made when it is read: a day of thousands of series costs nothing', () => {
    const scenes = failures(times(2_000, 10, 0)).map((scene, i) => ({
      ...scene,
      text: { tool: `tool ${i}` },
    }));
    const source = replayed(familiesOf(scenes), { interval: 1, before: 30 * DAY, after: 30 * DAY });
    const series = source.select([named('tool_errors_total')]);
    expect(series).toHaveLength(2_000);
    let read = 0;
    for (const one of series) one.read(ZERO, ZERO + 5, () => read++);
    expect(read).toBe(12_000);
  });
});

describe('the traps of replaying', () => {
  // 20 failures over 28.5 s; scrapes are 5 s, 20 s, … after the first span began.
  const T0 = 5 * SECOND;
  const burst = replayed(familiesOf(failures(times(20, 1_500, T0 + 3_000))));
  const increase = (after: number, version: 2 | 3) =>
    valueAt(burst, 'increase(tool_errors_total[5m])', T0 + after, version);

  it.each([
    [33 * SECOND, 12.5],
    [45 * SECOND, 20.7],
    [60 * SECOND, 20.7],
    [300 * SECOND, 18.9],
  ])('a burst reads at +%i ms as a server would have read it: %f', (after, expected) => {
    expect(increase(after, 2)).toBeCloseTo(expected, 1 - 1e-9);
    expect(Math.abs(increase(after, 2)! - expected)).toBeLessThan(0.05);
    expect(increase(after, 3)).toBe(increase(after, 2));
  });

  it('a burst at the very first span does not come from nowhere', () => {
    const rate = times(40, 15 * SECOND, T0).map((t) => valueAt(burst, 'rate(tool_errors_total[5m])', t) ?? 0);
    expect(Math.max(...rate)).toBeLessThan(0.07);
  });

  it('what a window of five minutes says of half a minute holds for more than five minutes, so that it can fire', () => {
    const holds = times(60, 15 * SECOND, T0 + 5 * SECOND).filter(
      (t) => (valueAt(burst, 'increase(tool_errors_total[5m]) > 0', t) ?? 0) > 0,
    );
    // The first scrape with an error, and the last whose window has one without all of them.
    expect([holds[0], holds.at(-1)]).toEqual([T0 + 5 * SECOND, T0 + 305 * SECOND]);
    expect(holds).toHaveLength(21);
    const limit = times(60, 15 * SECOND, T0 + 5 * SECOND).filter(
      (t) => (valueAt(burst, 'increase(tool_errors_total[5m]) > 15', t) ?? 0) > 0,
    );
    expect(limit.length).toBeLessThan(21);
  });

  it('a rate is over its limit when it would have been: 0.2 per second over 0.1 after 2m45s', () => {
    const scenes = failures(times(240, 5 * SECOND, 10_000 + 5 * SECOND), SECOND);
    const source = replayed(familiesOf(scenes));
    const first = times(60, 15 * SECOND, 10_000).find(
      (t) => (valueAt(source, 'rate(tool_errors_total[5m]) > 0.1', t, 2) ?? 0) > 0,
    );
    expect(first).toBe(10_000 + 2 * MINUTE + 45 * SECOND);
  });

  it('an hour of a dump of 20 minutes is the dump', () => {
    const scenes = failures(times(21, MINUTE, 0));
    const source = replayed(familiesOf(scenes));
    const value = valueAt(source, 'increase(tool_errors_total[1h])', 20 * MINUTE + 10_000);
    expect(value).toBeCloseTo(21, 9);
    expect(valueAt(source, 'increase(tool_errors_total[1h]) > 10', 20 * MINUTE + 10_000)).toBe(value);
  });

  it('a window of one scrape has no rate', () => {
    expect(valueAt(burst, 'rate(tool_errors_total[15s])', T0 + 33 * SECOND)).toBeUndefined();
    expect(valueAt(burst, 'rate(tool_errors_total[30s])', T0 + 33 * SECOND)).toBeGreaterThan(0);
  });

  it('a silence of a day keeps the counter and has no rate', () => {
    const source = replayed(familiesOf(failures([0, DAY])));
    const noon = 12 * HOUR;
    expect(valueAt(source, 'tool_errors_total', noon)).toBe(1);
    expect(valueAt(source, 'rate(tool_errors_total[5m])', noon)).toBe(0);
    expect(valueAt(source, 'tool_errors_total', DAY + MINUTE)).toBe(2);
  });

  it('a series ends five minutes after its last scrape', () => {
    const source = replayed(familiesOf(failures([9_000])), { after: MINUTE });
    expect(valueAt(source, 'tool_errors_total', 10_000 + 6 * MINUTE - 1)).toBe(1);
    expect(valueAt(source, 'tool_errors_total', 10_000 + 6 * MINUTE)).toBeUndefined();
  });

  it('no usable time, no series', () => {
    const source = replayed(familiesOf([{ id: '1', kind: 'tool', name: 't' }]));
    expect(source.select([named('tool_calls_total')])).toEqual([]);
  });
});

describe('selecting', () => {
  const scenes = failures([1_000, 2_000, 3_000]).map((scene, i) => ({
    ...scene,
    text: { tool: `t${i}` },
  }));
  const source = replayed(familiesOf(scenes));
  const count = (...matchers: LabelMatcher[]): number => source.select(matchers).length;

  it('takes names by any matcher', () => {
    expect(count(named('tool_errors_total'))).toBe(3);
    expect(count(labelMatcher('__name__', '=~', 'tool_(errors|calls)_total', 3))).toBe(6);
    expect(count(labelMatcher('__name__', '!~', 'tool_.*', 3))).toBe(0);
    expect(count(named('tool_errors_total'), labelMatcher('__name__', '!=', 'tool_errors_total', 3))).toBe(0);
  });

  it('takes labels by any matcher; a missing one is empty', () => {
    const errors = named('tool_errors_total');
    expect(count(errors, labelMatcher('tool_name', '=', 't1', 3))).toBe(1);
    expect(count(errors, labelMatcher('tool_name', '!=', 't1', 3))).toBe(2);
    expect(count(errors, labelMatcher('tool_name', '=~', 't[01]', 3))).toBe(2);
    expect(count(errors, labelMatcher('job', '=', '', 3))).toBe(3);
    expect(count(errors, labelMatcher('job', '=', 'api', 3))).toBe(0);
    expect(count(labelMatcher('tool_name', '=', 't1', 3))).toBeGreaterThan(2);
  });
});
