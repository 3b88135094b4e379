import { describe, expect, it } from 'vitest';
import {
  EvaluationError,
  type EvaluationOptions,
  evaluate,
  metricText,
  parse,
} from '../../src/promql/index.ts';
import { memorySource, written } from './memory.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

type Answers = Record<string, number | number[]>;

/** The values of an expression by series, at an instant or at all steps of a range. Times are seconds. */
function asking(
  series: string,
  interval = 15,
): (
  query: string,
  at: number | readonly [start: number, end: number, step: number],
  options?: Partial<EvaluationOptions>,
) => Answers {
  const source = memorySource(written(series, interval * SECOND));
  return (query, at, options = {}) => {
    const [start, end, step] = typeof at === 'number' ? [at, at, 1] : at;
    const version = options.version ?? 2;
    const value = evaluate(parse(query, { version }), source, {
      start: start * SECOND,
      end: end * SECOND,
      step: step * SECOND,
      version,
      ...options,
    });
    if (value.type === 'string') throw new Error('no numbers');
    if (value.type === 'scalar') return { scalar: [...value.points.values] };
    return Object.fromEntries(
      value.series.map(({ labels, values }) => [
        metricText(labels),
        typeof at === 'number' && values.length === 1 ? values[0]! : [...values],
      ]),
    );
  };
}

/** What both versions answer: 2, then 3. */
const versions = [{ version: 2 }, { version: 3 }] as const;

describe('a sample is seen for five minutes', () => {
  const ask = asking('m 7');

  it.each([
    [299, { m: 7 }, { m: 7 }],
    [299.999, { m: 7 }, { m: 7 }],
    // Its age is the lookback itself: version 3 leaves that edge out.
    [300, { m: 7 }, {}],
    [300.001, {}, {}],
  ])('%s s old', (age, two, three) => {
    expect(versions.map((version) => ask('m', age, version))).toEqual([two, three]);
  });

  it('or for as long as lookback says', () => {
    const lookback = 10 * SECOND;
    expect(ask('m', 10, { lookback })).toEqual({ m: 7 });
    expect(ask('m', 10, { lookback, version: 3 })).toEqual({});
    expect(ask('m', 9, { lookback, version: 3 })).toEqual({ m: 7 });
  });
});

describe('a stale marker', () => {
  const ask = asking('m 1 2 stale _ 5');

  it('hides a series at once, until its next sample', () => {
    expect(ask('m', [0, 75, 15])).toEqual({ m: [1, 2, 5, 5] });
    expect(ask('m', 29.999)).toEqual({ m: 2 });
    expect(ask('m', 30)).toEqual({});
  });

  it('is not seen by windows', () => {
    expect(ask('count_over_time(m[2m])', 60)).toEqual({ '{}': 3 });
    expect(ask('m[2m]', 60)).toEqual({ m: [1, 2, 5] });
  });
});

describe('the left edge of a window belongs to it in version 2 only', () => {
  // 0 at 0 s, then 10 for ever: all that ever happened lies between the first two samples.
  const ask = asking('burst_total 0 10x40\nm 1+1x40');

  it.each([
    // [0 s, 5m] has 21 samples 15 s apart, (0 s, 5m] 20.
    ['count_over_time(m[5m])', 21, 20],
    ['count_over_time(m[15s])', 2, 1],
    // 1 … 21 and 2 … 21.
    ['sum_over_time(m[5m])', 231, 230],
    ['avg_over_time(m[5m])', 11, 11.5],
    ['min_over_time(m[5m])', 1, 2],
    // Samples 0, 10 … 10 over the whole window: 10. Without the first there is no increase to be seen.
    ['increase(burst_total[5m])', 10, 0],
    ['delta(burst_total[5m])', 10, 0],
    ['changes(m[1m])', 4, 3],
  ])('%s at 5m', (query, two, three) => {
    expect(versions.map((version) => ask(query, 300, version))).toEqual([{ '{}': two }, { '{}': three }]);
  });

  it('off the grid of the samples both see the same', () => {
    for (const query of ['count_over_time(m[5m])', 'increase(burst_total[5m])', 'sum_over_time(m[1m])'])
      expect(ask(query, 307, { version: 3 })).toEqual(ask(query, 307));
  });

  it('a rate over two samples of a window of two intervals', () => {
    // (30 s, 60 s] has 4 at 45 s and 5 at 60 s: 1 in 15 s, and 15 s to the edge, which is less than 1.1 intervals, so that
    // the 30 s hold 2. [30 s, 60 s] has a sample at its edge: 2 in 30 s.
    expect(versions.map((version) => ask('rate(m[30s])', 60, version))).toEqual([
      { '{}': 2 / 30 },
      { '{}': 2 / 30 },
    ]);
    // One interval holds one sample in version 3: no rate.
    expect(versions.map((version) => ask('rate(m[15s])', 60, version))).toEqual([{ '{}': 1 / 15 }, {}]);
  });

  it('of a subquery, too', () => {
    // At 2m: 60, 75, 90, 105, 120 s, which have 5 … 9; version 3 begins at 75 s.
    expect(versions.map((version) => ask('sum_over_time(m[1m:15s])', 120, version))).toEqual([
      { '{}': 35 },
      { '{}': 30 },
    ]);
  });

  it('the edge and the clamp of rate are set apart from each other', () => {
    const mixed = { version: 2, modes: { leftOpen: true } } as const;
    expect(ask('count_over_time(m[5m])', 300, mixed)).toEqual({ '{}': 20 });
    expect(ask('count_over_time(m[5m])', 300, { version: 3, modes: { leftOpen: false } })).toEqual({
      '{}': 21,
    });
    // Samples 1 … 4 from 45 s to 90 s in [0 s, 90 s]: a clamp to where the counter was 0 leaves 15 s of the 45 s in front of them.
    // Clamped first, these are less than 1.1 intervals, and all are added. Clamped last, the 45 s are too many, and half an
    // interval is added, 7.5 s.
    const late = asking('late_total _x3 1 2 3 4');
    expect(late('increase(late_total[90s])', 90)).toEqual({ '{}': 3 * (60 / 45) });
    expect(late('increase(late_total[90s])', 90, { modes: { clampLast: true } })).toEqual({
      '{}': 3 * (52.5 / 45),
    });
  });
});

describe('offset and @', () => {
  const ask = asking('m 0+1x40');

  it.each([
    ['m offset 1m', [6, 7]],
    ['m offset -1m', [14, 15]],
    ['m @ 30', [2, 2]],
    ['m @ start()', [10, 10]],
    ['m @ end()', [11, 11]],
    ['m @ 60 offset 15s', [3, 3]],
    ['sum_over_time(m[30s] @ 60)', [9, 9]],
    ['sum_over_time(m[30s] @ end())', [30, 30]],
    ['sum_over_time((m @ 30)[30s:15s])', [6, 6]],
    ['m - m @ start()', [0, 1]],
    ['timestamp(m @ 30)', [30, 30]],
    ['timestamp(m offset 1m)', [90, 105]],
    ['max_over_time((m @ end())[1m:15s])', [11, 11]],
  ])('%s', (query, values) => {
    expect(Object.values(ask(query, [150, 165, 15]))).toEqual([values]);
  });
});

describe('subqueries', () => {
  const ask = asking('m 0+1x400');

  it('look at multiples of their step, whenever they are asked', () => {
    expect(ask('m[30s:10s]', 47)).toEqual({ m: [1, 2, 2] });
    expect(ask('timestamp(m)[30s:10s]', 47)).toEqual({ '{}': [15, 30, 30] });
  });

  it('have the default step where they name none', () => {
    expect(ask('count_over_time(m[5m:])', 400)).toEqual({ '{}': 5 });
    expect(ask('count_over_time(m[5m:])', 400, { defaultStep: 15 * SECOND })).toEqual({ '{}': 20 });
  });

  it('may be of numbers', () => {
    expect(ask('max_over_time(vector(time())[1m:30s])', 100)).toEqual({ '{}': 90 });
  });
});

describe('names of metrics', () => {
  const ask = asking('a{x="1"} 4\nb{x="1"} 2\nb{x="2"} 3');

  it('stay where samples are chosen, go where numbers are made', () => {
    expect(ask('a > 1', 0)).toEqual({ 'a{x="1"}': 4 });
    expect(ask('a > bool 1', 0)).toEqual({ '{x="1"}': 1 });
    expect(ask('1 < a', 0)).toEqual({ 'a{x="1"}': 4 });
    expect(ask('a + 1', 0)).toEqual({ '{x="1"}': 5 });
    expect(ask('-a', 0)).toEqual({ '{x="1"}': -4 });
    expect(ask('+a', 0)).toEqual({ 'a{x="1"}': 4 });
    expect(ask('a > b', 0)).toEqual({ 'a{x="1"}': 4 });
    expect(ask('a > bool b', 0)).toEqual({ '{x="1"}': 1 });
    expect(ask('last_over_time(a[1m])', 0)).toEqual({ 'a{x="1"}': 4 });
    expect(ask('topk(1, b)', 0)).toEqual({ 'b{x="2"}': 3 });
  });

  it('atan2 drops them since version 3', () => {
    expect(versions.map((version) => Object.keys(ask('a atan2 0', 0, version)))).toEqual([
      ['a{x="1"}'],
      ['{x="1"}'],
    ]);
  });

  it.each(['abs({__name__=~"a|b"})', 'rate({__name__=~"a|b"}[5m]) * 0 or -{__name__=~"a|b"}', '{x="1"} * 2'])(
    '%s leaves two series with the same labels',
    (query) => {
      expect(() => ask(query, 0)).toThrow(
        new EvaluationError('vector cannot contain metrics with the same labelset'),
      );
    },
  );

  it('series that only the name tells apart are one where they are never there together', () => {
    const turns = asking('a 1 stale\nb _ 2');
    expect(turns('abs({__name__=~"a|b"})', [0, 15, 15])).toEqual({ '{}': [1, 2] });
    // What a minus does of old is to refuse them.
    expect(() => turns('-{__name__=~"a|b"}', [0, 15, 15])).toThrow('same labelset');
    expect(turns('-{__name__=~"a|b"}', [0, 15, 15], { version: 3 })).toEqual({ '{}': [-1, -2] });
  });
});

describe('vector matching', () => {
  const ask = asking(`
    errors{job="a", code="1"} 10
    errors{job="a", code="2"} 20
    errors{job="b", code="1"} 30
    all{job="a", team="x"} 100
    all{job="b", team="y"} 200
  `);

  it('takes labels from the side of many and those that group_left names', () => {
    expect(ask('errors / on (job) group_left (team) all', 0)).toEqual({
      '{code="1", job="a", team="x"}': 0.1,
      '{code="2", job="a", team="x"}': 0.2,
      '{code="1", job="b", team="y"}': 0.15,
    });
    expect(ask('all - on (job) group_right () errors{code="1"}', 0)).toEqual({
      '{code="1", job="a"}': 90,
      '{code="1", job="b"}': 170,
    });
    expect(ask('sum by (job) (errors) / on (job) all', 0)).toEqual({ '{job="a"}': 0.3, '{job="b"}': 0.15 });
    expect(ask('errors{code="1"} / ignoring (code, team) all', 0)).toEqual({
      '{job="a"}': 0.1,
      '{job="b"}': 0.15,
    });
  });

  it.each([
    [
      'errors / on (job) all',
      'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
    ],
    [
      'all / on (job) errors',
      'found duplicate series for the match group {job="a"} on the right hand-side of the operation: [{__name__="errors", code="2", job="a"}, {__name__="errors", code="1", job="a"}];many-to-many matching not allowed: matching labels must be unique on one side',
    ],
    [
      'errors * on (job) group_right () all',
      'found duplicate series for the match group {job="a"} on the left hand-side of the operation: [{__name__="errors", code="2", job="a"}, {__name__="errors", code="1", job="a"}];many-to-many matching not allowed: matching labels must be unique on one side',
    ],
    [
      'errors * on (job) group_left (code) label_replace(all, "code", "9", "", "")',
      'multiple matches for labels: grouping labels must ensure unique matches',
    ],
    ['topk(NaN, all)', 'Scalar value NaN overflows int64'],
    ['topk(1e20, all)', 'Scalar value 100000000000000000000 overflows int64'],
    ['count_values("1", all)', 'invalid label name "1"'],
  ])('%s', (query, message) => {
    expect(() => ask(query, 0)).toThrow(new EvaluationError(message));
  });

  it('finds nothing wrong where one side is empty', () => {
    expect(ask('nothing / on (job) errors', 0)).toEqual({});
  });

  it('takes whichever partner is there at a step', () => {
    const turns = asking('a 10 20 30\nb{i="1"} 1 stale\nb{i="2"} _ 2 stale\nb{i="3"} _x2 3');
    expect(turns('a / on () b', [0, 30, 15])).toEqual({ '{}': [10, 10, 10] });
    expect(turns('a * on () group_left (i) b', [0, 30, 15])).toEqual({
      '{i="1"}': [10],
      '{i="2"}': [40],
      '{i="3"}': [90],
    });
    expect(() => turns('a / on () b{i!="1"}', [0, 45, 15])).not.toThrow();
    expect(() => asking('a 1 1\nb{i="1"} 1 1\nb{i="2"} _ 2')('a / on () b', [0, 15, 15])).toThrow(
      'found duplicate series for the match group {} on the right hand-side',
    );
  });

  it('looks at pairs that are filtered away since version 3', () => {
    const query = 'errors > on (job) all';
    expect(ask(query, 0)).toEqual({});
    expect(() => ask(query, 0, { version: 3 })).toThrow('many-to-one matching must be explicit');
  });

  it('tells numbers too large from those too small, and NaN from both, since version 3', () => {
    const version = { version: 3 } as const;
    expect(() => ask('topk(NaN, all)', 0, version)).toThrow('Parameter value is NaN');
    expect(() => ask('topk(-Inf, all)', 0, version)).toThrow('Scalar value -Inf underflows int64');
    expect(() => ask('topk(Inf, all)', 0, version)).toThrow('Scalar value +Inf overflows int64');
  });
});

describe('set operators', () => {
  const ask = asking('a{x="1"} 1\na{x="2"} 2\nb{x="2"} 3\nb{x="3"} 4');

  it.each([
    ['a and b', { 'a{x="2"}': 2 }],
    ['a unless b', { 'a{x="1"}': 1 }],
    ['a or b', { 'a{x="1"}': 1, 'a{x="2"}': 2, 'b{x="3"}': 4 }],
    ['a or on () b', { 'a{x="1"}': 1, 'a{x="2"}': 2 }],
    ['a and on () nothing', {}],
    ['a unless on () b', {}],
    ['a and on () vector(1)', { 'a{x="1"}': 1, 'a{x="2"}': 2 }],
  ])('%s', (query, answers) => {
    expect(ask(query, 0)).toEqual(answers);
  });

  it('decide step by step', () => {
    const turns = asking('a 1 1 1 1\nb _ 1 stale 1');
    expect(turns('a and on () b', [0, 45, 15])).toEqual({ a: [1, 1] });
    expect(turns('b or a', [0, 45, 15])).toEqual({ a: [1, 1], b: [1, 1] });
  });
});

describe('aggregations', () => {
  const ask = asking(`
    m{g="a", i="1"} 3
    m{g="a", i="2"} NaN
    m{g="b", i="1"} 1
    m{g="b", i="2"} 5
    m{g="b", i="3"} -3
    huge{i="1"} 1e308
    huge{i="2"} 1e308
    tiny{i="1"} 1
    tiny{i="2"} 1e100
    tiny{i="3"} 1
    tiny{i="4"} -1e100
  `);

  it.each([
    ['sum by (g) (m)', { '{g="a"}': Number.NaN, '{g="b"}': 3 }],
    ['min by (g) (m)', { '{g="a"}': 3, '{g="b"}': -3 }],
    ['max by (g) (m)', { '{g="a"}': 3, '{g="b"}': 5 }],
    ['avg without (i) (m{g="b"})', { '{g="b"}': 1 }],
    ['count(m)', { '{}': 5 }],
    ['group by (nothing) (m)', { '{}': 1 }],
    ['stdvar(m{g="b"})', { '{}': 32 / 3 }],
    ['quantile by (g) (0.5, m{g="b"})', { '{g="b"}': 1 }],
    ['quantile(0.75, m{g="b"})', { '{}': 3 }],
    ['quantile(2, m)', { '{}': Infinity }],
    ['quantile(-1, m)', { '{}': -Infinity }],
    ['quantile(NaN, m)', { '{}': Number.NaN }],
    ['avg(huge)', { '{}': 1e308 }],
    ['count_values("v", m)', { '{v="-3"}': 1, '{v="1"}': 1, '{v="3"}': 1, '{v="5"}': 1, '{v="NaN"}': 1 }],
    ['count_values by (g) ("g", huge)', { [`{g="1${'0'.repeat(308)}"}`]: 2 }],
    ['sum(nothing)', {}],
  ])('%s', (query, answers) => {
    expect(ask(query, 0)).toEqual(answers);
    expect(ask(query, 0, { version: 3 })).toEqual(answers);
  });

  it('carry what rounding loses, since version 3', () => {
    expect(versions.map((version) => ask('sum(tiny)', 0, version))).toEqual([{ '{}': 0 }, { '{}': 2 }]);
    expect(ask('avg(tiny)', 0, { version: 3 })).toEqual({ '{}': 0.5 });
  });

  it('have no deviation of one NaN, but NaN since version 3', () => {
    expect(versions.map((version) => ask('stddev(m{g="a",i="2"})', 0, version))).toEqual([
      { '{}': 0 },
      { '{}': Number.NaN },
    ]);
  });

  it('rank by value, NaN last, group by group', () => {
    expect(Object.entries(ask('topk(2, m)', 0))).toEqual([
      ['m{g="b", i="2"}', 5],
      ['m{g="a", i="1"}', 3],
    ]);
    expect(Object.entries(ask('bottomk by (g) (2, m)', 0))).toEqual([
      ['m{g="a", i="1"}', 3],
      ['m{g="a", i="2"}', Number.NaN],
      ['m{g="b", i="3"}', -3],
      ['m{g="b", i="1"}', 1],
    ]);
    expect(ask('topk(0, m)', 0)).toEqual({});
  });

  it('keep of equal values those that the heap of the version keeps', () => {
    const equals = asking('t{i="0"} 1\nt{i="1"} 5\nt{i="2"} 5\nt{i="3"} 5\nt{i="4"} 6');
    const kept = (version: 2 | 3): string[] => Object.keys(equals('topk(3, t)', 0, { version })).toSorted();
    expect(kept(2)).toEqual(['t{i="1"}', 't{i="3"}', 't{i="4"}']);
    expect(kept(3)).toEqual(['t{i="1"}', 't{i="2"}', 't{i="4"}']);
  });

  it('rank at each step for itself', () => {
    const turns = asking('m{i="1"} 1 4 1\nm{i="2"} 2 3 0');
    expect(turns('topk(1, m)', [0, 30, 15])).toEqual({ 'm{i="1"}': [4, 1], 'm{i="2"}': [2] });
  });
});

describe('the order of an answer', () => {
  const ask = asking('m{i="b"} 1\nm{i="a"} 2\nm{i="c"} 0');

  it('is that of the labels over a range, and at an instant what sort says', () => {
    const range = Object.keys(ask('sort(m)', [0, 15, 15]));
    expect(range).toEqual(['m{i="a"}', 'm{i="b"}', 'm{i="c"}']);
    expect(Object.values(ask('sort(m)', 0))).toEqual([0, 1, 2]);
    expect(Object.values(ask('sort_desc(m)', 0))).toEqual([2, 1, 0]);
  });
});

describe('numbers', () => {
  const ask = asking('m 1');

  it.each([
    ['1 + 2 * 3 ^ 2', 19],
    ['-2 ^ 2', -4],
    ['7 % -4', 3],
    ['1 ^ NaN', 1],
    ['(-1) ^ Inf', 1],
    ['1 > bool 2', 0],
    ['scalar(m) + time()', 16],
  ])('%s', (query, value) => {
    expect(ask(query, 15)).toEqual({ scalar: [value] });
  });
});

describe('what is refused', () => {
  const source = memorySource(written('m 1', 15 * SECOND));
  const ask = (query: string, options: Partial<EvaluationOptions>) =>
    evaluate(parse(query, { version: 3 }), source, { start: 0, end: 0, step: 1, version: 3, ...options });

  it('range vectors and texts over a range', () => {
    const range = { end: MINUTE, step: MINUTE };
    expect(() => ask('m[5m]', range)).toThrow(
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    );
    expect(() => ask('"text"', range)).toThrow('invalid expression type "string" for range query');
    expect(ask('"text"', {})).toEqual({ type: 'string', value: 'text' });
  });

  it('more than 11,000 steps, and steps and times that make no sense', () => {
    expect(() => ask('m', { end: 11_001 })).toThrow(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
    expect(() => ask('m', { end: 11_000 })).not.toThrow();
    expect(() => ask('m', { end: 11_001, maxSteps: 20_000 })).not.toThrow();
    expect(() => ask('m', { end: 1, step: 0 })).toThrow('zero or negative query resolution step widths');
    expect(() => ask('m', { end: -1 })).toThrow('end timestamp must not be before start time');
  });

  it('more samples than the budget', () => {
    const tooMany = 'query processing would load too many samples into memory in query execution';
    expect(() => ask('m[1h:1ms]', { maxSamples: 1000 })).toThrow(tooMany);
    expect(() => ask('max_over_time(vector(time())[100y:1ms])', {})).toThrow(tooMany);
    expect(() => ask('absent_over_time(absent(nothing)[100y:1ms])', {})).toThrow(tooMany);
  });
});

it('labels that only look alike are not taken for each other', () => {
  const sample = { time: 0, value: 1, stale: false };
  const source = memorySource([
    { labels: new Map([['a', 'x\0\0b\0\0y']]), samples: [sample] },
    {
      labels: new Map([
        ['a', 'x'],
        ['b', 'y'],
      ]),
      samples: [sample],
    },
    { labels: new Map([['a', 'x1:b1:y']]), samples: [sample] },
    { labels: new Map([['__proto__', 'x']]), samples: [sample] },
  ]);
  const count = (query: string): number => {
    const value = evaluate(parse(query, { version: 3 }), source, { start: 0, end: 0, step: 1, version: 3 });
    return value.type === 'matrix' ? value.series.length : Number.NaN;
  };
  for (const query of ['{a=~".+"} + 1', 'sum by (a, b) ({a=~".+"})', 'count without (c) ({a=~".+"})'])
    expect(count(query)).toBe(3);
  expect(count('{__proto__="x"} * 1')).toBe(1);
});

it('regular expressions are RE2, match whole values, and in version 3 their dot matches a line feed', () => {
  const labels = new Map([
    ['__name__', 'm'],
    ['l', 'one\ntwo'],
  ]);
  const source = memorySource([{ labels, samples: [{ time: 0, value: 1, stale: false }] }]);
  const found = (query: string, version: 2 | 3): boolean => {
    const value = evaluate(parse(query, { version }), source, { start: 0, end: 0, step: 1, version });
    return value.type === 'matrix' && value.series.length === 1;
  };
  expect([found('m{l=~"one.two"}', 2), found('m{l=~"one.two"}', 3)]).toEqual([false, true]);
  expect(found('m{l=~"(?i)ONE\\\\s(?P<rest>[[:alpha:]]+)"}', 2)).toBe(true);
  expect(found('m{l=~"one"}', 3)).toBe(false);
  expect(found('m{l!~"two"}', 3)).toBe(true);
});
