import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockingChildren, topLevel } from '../../src/analyses/blocking.ts';
import { bottlenecks } from '../../src/analyses/bottlenecks.ts';
import { BOTTLENECK_KEYS, type BottleneckKey } from '../../src/analyses/bottlenecks-groups.ts';
import { historyOf, isSlow, tells } from '../../src/analyses/bottlenecks-slow.ts';
import { criticalPath } from '../../src/analyses/critical-path.ts';
import { spendOnPath } from '../../src/analyses/path-spend.ts';
import { removableTime, removals } from '../../src/analyses/removable.ts';
import { slackOf, type Timing, timing } from '../../src/analyses/timing.ts';
import type { Bottlenecks, Forest, StepRow } from '../../src/model/index.ts';
import { assemble } from '../../src/trace/index.ts';
import { spanId, tableOf, traceId } from '../trace/table.ts';
import { datasetOf, type Scene } from './dataset.ts';

const MILLI = 1_000_000;
const KINDS = ['tool', 'llm', 'agent', 'http'] as const;

/** Runs of any shape: intervals in ticks that overlap, lie outside their parents, or have no end; several roots. */
const runs = fc
  .array(
    fc.record({
      trace: fc.integer({ min: 0, max: 2 }),
      parent: fc.option(fc.nat(), { freq: 6 }),
      from: fc.integer({ min: 0, max: 60 }),
      length: fc.option(fc.integer({ min: 0, max: 40 }), { freq: 12 }),
      name: fc.integer({ min: 0, max: 2 }),
      kind: fc.constantFrom(...KINDS),
      failed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((spans) =>
    spans.map(({ trace, parent, from, length, name, kind, failed }, i): Scene => {
      const before = spans.slice(0, i).flatMap((span, at) => (span.trace === trace ? [at] : []));
      return {
        id: (i + 1).toString(16),
        trace: `a${trace}`,
        name: `n${name}`,
        kind,
        from,
        failed,
        ...(length === null ? {} : { to: from + length }),
        ...(parent === null || before.length === 0
          ? {}
          : { parent: (before[parent % before.length]! + 1).toString(16) }),
        ...(kind === 'llm' ? { text: { model: `m${name}` }, tokens: [10, 1] as const } : {}),
        ...(kind === 'tool' ? { text: { tool: `n${name}` } } : {}),
        ...(kind === 'agent' ? { text: { agent: `n${name}` } } : {}),
      };
    }),
  );

const answerTo = (scenes: readonly Scene[], by: BottleneckKey = 'step', limit = 1000): Bottlenecks =>
  bottlenecks(datasetOf(scenes), { by, limit }).body as Bottlenecks;

const sumOf = (rows: readonly StepRow[], of: (row: StepRow) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

describe('rows of any runs, by any key', () => {
  it('add up to the critical paths, the own times, the spans and the spend', () => {
    fc.assert(
      fc.property(runs, fc.constantFrom(...BOTTLENECK_KEYS), (scenes, by) => {
        const data = datasetOf(scenes);
        const { rows, total } = answerTo(scenes, by);
        let length = 0;
        let duration = 0;
        let on = 0n;
        let off = 0n;
        for (let trace = 0; trace < data.forest.traces; trace++) {
          const path = criticalPath(data.forest, trace);
          length += path.length;
          duration += data.forest.traceDuration(trace);
          const spend = spendOnPath(data, path);
          on += spend.on.cost;
          off += spend.off.cost;
        }
        expect(sumOf(rows, (row) => row.critical_ms.nanos ?? 0)).toBe(length);
        expect(total.critical_ms.nanos ?? 0).toBe(length);
        expect(total.duration_ms.nanos ?? 0).toBe(duration);
        expect(sumOf(rows, (row) => row.self_ms.nanos ?? 0)).toBe(total.self_ms.nanos ?? 0);
        expect(sumOf(rows, (row) => row.calls)).toBe(total.calls);
        expect(sumOf(rows, (row) => row.errors)).toBe(total.errors);
        expect(total.critical_cost_usd.pico).toBe(on);
        expect(total.other_cost_usd.pico).toBe(off);
        expect(rows.reduce((sum, row) => sum + (row.cost_usd.pico ?? 0n), 0n)).toBe(on + off);
        if (by === 'step' || by === 'path') expect(total.calls).toBe(data.forest.length);
      }),
    );
  });

  it('would save no more than the runs took, and nothing where they decide nothing', () => {
    fc.assert(
      fc.property(runs, fc.constantFrom(...BOTTLENECK_KEYS), (scenes, by) => {
        const { rows, total } = answerTo(scenes, by);
        for (const { critical_ms: critical, removable_ms: removable } of rows) {
          expect(removable.nanos === undefined).toBe(critical.nanos === undefined);
          expect(removable.nanos ?? 0).toBeGreaterThanOrEqual(0);
          expect(removable.nanos ?? 0).toBeLessThanOrEqual(total.duration_ms.nanos ?? 0);
          if (critical.nanos === 0) expect(removable.nanos).toBe(0);
        }
      }),
    );
  });

  it('are what they are whatever the order of the spans', () => {
    fc.assert(
      fc.property(
        runs,
        fc.constantFrom(...BOTTLENECK_KEYS),
        fc.infiniteStream(fc.nat()),
        (scenes, by, keys) => {
          const shuffled = scenes
            .map((scene) => ({ scene, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ scene }) => scene);
          expect(answerTo(shuffled, by)).toEqual(answerTo(scenes, by));
        },
      ),
    );
  });

  it('are the first ones of all with a limit, and the others are told as a sum', () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 5 }), (scenes, limit) => {
        const all = answerTo(scenes);
        const { rows, others, total, verdict } = answerTo(scenes, 'step', limit);
        expect(rows).toEqual(all.rows.slice(0, limit));
        expect(others.rows).toBe(Math.max(0, all.rows.length - limit));
        expect((others.critical_ms.nanos ?? 0) + sumOf(rows, (row) => row.critical_ms.nanos ?? 0)).toBe(
          total.critical_ms.nanos ?? 0,
        );
        expect(others.calls + sumOf(rows, (row) => row.calls)).toBe(total.calls);
        expect(total).toEqual(all.total);
        expect(verdict).toEqual(all.verdict);
      }),
    );
  });

  it('count the chosen spans of the runs that have some', () => {
    fc.assert(
      fc.property(runs, fc.constantFrom(...BOTTLENECK_KEYS), (scenes, by) => {
        const data = datasetOf(scenes);
        const selected = (p: number) => data.forest.table.kindOf(data.forest.row[p]!) === 'tool';
        const { rows, total } = bottlenecks({ ...data, selected }, { by, limit: 1000 }).body as Bottlenecks;
        const own = new Map<string, number>();
        for (const row of rows) own.set(row.step, row.critical_ms.nanos ?? 0);
        const all = answerTo(scenes, by).rows;
        for (const [step, critical] of own) {
          expect(critical).toBeLessThanOrEqual(all.find((row) => row.step === step)!.critical_ms.nanos ?? 0);
        }
        const tools = scenes.filter(({ kind }) => kind === 'tool');
        expect(total.traces).toBe(new Set(tools.map(({ trace }) => trace)).size);
        if (by === 'step') expect(total.calls).toBe(tools.length);
      }),
    );
  });
});

describe('what a trace would lose without some of its spans', () => {
  const questions = fc.array(fc.array(fc.nat({ max: 19 })), { maxLength: 4 });
  const holds = (scenes: readonly Scene[], asked: readonly (readonly number[])[]): void => {
    const forest = assemble(tableOf(scenes.map((scene) => ({ ...scene, trace: 'a' }))));
    const times = timing(forest, 0);
    const timeWithout = removals(forest, times);
    for (const question of asked) {
      const chosen = [...new Set(question.map((number) => number % forest.length))];
      const slow = slowDrag(forest, times, (p) => chosen.includes(p));
      expect(timeWithout(chosen)).toBe(slow);
      expect(removableTime(forest, times, (p) => chosen.includes(p))).toBe(slow);
    }
  };

  it('is what the slow version finds, asked one after the other', () => {
    fc.assert(fc.property(runs, questions, holds), { numRuns: 300 });
  });

  it('is what the slow version finds of steps one after the other, a clock tick apart', () => {
    fc.assert(fc.property(strands, questions, holds), { numRuns: 500 });
  });
});

/** Siblings one after the other, a tick early, at once or later, and now and then beside the one before. */
const strands = fc
  .array(
    fc.record({
      gap: fc.constantFrom(-2, -1, -1, 0, 0, 1, 3),
      length: fc.integer({ min: 0, max: 5 }),
      beside: fc.boolean(),
      below: fc.boolean(),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((steps) => {
    let [at, latest] = [2, 2];
    const spans = steps.flatMap(({ gap, length, beside, below }, i): Scene[] => {
      const from = (beside ? at : latest) + gap;
      at = from;
      latest = Math.max(latest, from + length);
      const span = { id: `a${i}`, parent: '1', from, to: from + length };
      return below
        ? [span, { id: `b${i}`, parent: `a${i}`, from: from + 1, to: from + Math.max(1, length - 1) }]
        : [span];
    });
    return [{ id: '1', from: 2, to: latest + 1 }, ...spans];
  });

/** The definition, word for word: every interval again, and for every child all that ended before it began. */
function slowDrag(forest: Forest, times: Timing, chosen: (position: number) => boolean): number {
  const { first, start, end, resolution } = times;
  const lengthOf = (position: number): number => {
    const i = position - first;
    return without(blockingChildren(forest, times, position), start[i]!, end[i]!, chosen(position));
  };
  const without = (
    { positions, ends }: ReturnType<typeof topLevel>,
    from: number,
    to: number,
    idle: boolean,
  ): number => {
    const slack = slackOf(resolution, to - from);
    const starts = positions.map((position) => start[position - first]!);
    const seenEnding = ends.map((finish, i) => Math.max(starts[i]!, finish - slack));
    const moved: number[] = [];
    const latest = (seen: readonly number[], of: readonly number[], least: number): number =>
      seen.reduce((most, child) => Math.max(most, of[child]!), least);
    for (let i = 0; i < positions.length; i++) {
      // In the order of their ends, up to the first that did not begin before this one.
      const order = positions
        .map((_, child) => child)
        .sort((a, b) => seenEnding[a]! - seenEnding[b]! || a - b);
      const stop = order.findIndex((child) => seenEnding[child]! > starts[i]! || child >= i);
      const seen = stop < 0 ? order : order.slice(0, stop);
      const gap = starts[i]! - latest(seen, ends, from);
      const begin = latest(seen, moved, 0) + (idle ? Math.min(gap, 0) : gap);
      const length = Math.min(lengthOf(positions[i]!), ends[i]! - starts[i]!);
      moved.push(Math.max(begin, Math.min(0, starts[i]! - from)) + length);
    }
    const all = positions.map((_, child) => child);
    return Math.max(0, latest(all, moved, 0) + (idle ? 0 : to - latest(all, ends, from)));
  };
  const duration = forest.traceDuration(times.trace);
  return duration - without(topLevel(forest, times), 0, duration, false);
}

/** `install` beside `scan`, then `test`: 18 s, of which only 8 can be saved. */
const parallel: readonly Scene[] = [
  { id: '1', name: 'deploy', kind: 'agent', from: 0, to: 30_000, text: { agent: 'deploy' } },
  { id: '2', parent: '1', kind: 'tool', name: 'install', from: 0, to: 18_000, text: { tool: 'install' } },
  { id: '3', parent: '1', kind: 'tool', name: 'scan', from: 0, to: 10_000, text: { tool: 'scan' } },
  { id: '4', parent: '1', kind: 'tool', name: 'test', from: 18_000, to: 29_000, text: { tool: 'test' } },
  { id: '5', parent: '2', kind: 'http', name: 'GET', from: 1000, to: 17_000 },
];

const named = (body: Bottlenecks, step: string): StepRow => body.rows.find((row) => row.step === step)!;

describe('a run', () => {
  it('is decided by the steps on its path, and what each would save is known', () => {
    const body = answerTo(parallel);
    const told = body.rows.map((row) => [
      row.step,
      row.critical_ms.nanos! / 1e9,
      row.self_ms.nanos! / 1e9,
      row.removable_ms.nanos! / 1e9,
    ]);
    expect(told).toEqual([
      ['http GET', 16, 16, 8],
      ['tool test', 11, 11, 11],
      ['tool install', 2, 2, 2],
      ['agent deploy', 1, 1, 1],
      ['tool scan', 0, 10, 0],
    ]);
    expect(named(body, 'http GET')).toMatchObject({
      kind: 'http',
      traces: 1,
      calls: 1,
      critical_share: 0.533333333,
      p50_ms: { nanos: 16e9 },
      p95_ms: { nanos: 16e9 },
      slow: { rule: 'share', share: 0.533333333 },
    });
  });

  it('says which step saves more than the one that decides most', () => {
    const seconds = (value: number) => ({ unit: 'ms', nanos: value * 1e9 });
    expect(answerTo(parallel).verdict).toEqual({
      step: 'http GET',
      kind: 'http',
      critical_share: 0.533333333,
      p50_ms: seconds(16),
      p95_ms: seconds(16),
      per_run: { critical_ms: seconds(16), removable_ms: seconds(8) },
      compared_traces: 0,
      run_ms: seconds(30),
      without_ms: seconds(22),
      slow: { rule: 'share', share: 0.533333333 },
      saves_more: { step: 'tool test', kind: 'tool', without_ms: seconds(19) },
    });
  });

  it('gives a tool the time of all that it did', () => {
    const body = answerTo(parallel, 'tool');
    expect(
      body.rows.map(({ step, kind, calls, critical_ms: own }) => [step, kind, calls, own.nanos! / 1e9]),
    ).toEqual([
      ['install', 'tool', 1, 18],
      ['test', 'tool', 1, 11],
      ['(agent loop)', null, 1, 1],
      ['scan', 'tool', 1, 0],
    ]);
    expect(named(body, 'install')).toMatchObject({ p50_ms: { nanos: 18e9 }, removable_ms: { nanos: 8e9 } });
  });

  it('does not advise to leave out what runs outside of any tool', () => {
    const body = answerTo(
      parallel.filter(({ id }) => id === '1' || id === '4'),
      'tool',
    );
    expect(body.rows[0]).toMatchObject({ step: '(agent loop)', kind: null });
    expect(body.verdict).toMatchObject({ step: 'test', saves_more: null });
  });

  it('has a row for a call path, however often it was taken', () => {
    const again = parallel.map(({ parent, ...scene }) => ({
      ...scene,
      id: `b${scene.id}`,
      from: scene.from! + 40_000,
      to: scene.to! + 40_000,
      ...(parent === undefined ? {} : { parent: `b${parent}` }),
    }));
    const body = answerTo([...parallel, ...again], 'path');
    expect(named(body, 'agent deploy › tool install › http GET')).toMatchObject({
      kind: 'http',
      path: ['agent deploy', 'tool install', 'http GET'],
      traces: 1,
      calls: 2,
      critical_ms: { nanos: 32e9 },
    });
    expect(body.rows).toHaveLength(5);
  });

  it('has no verdict where nothing took time', () => {
    expect(answerTo([{ id: '1', from: 0, to: 0 }]).verdict).toBeNull();
    expect(answerTo([{ id: '1', from: 0, to: 0 }]).total).toMatchObject({
      duration_ms: { nanos: 0 },
      critical_share: 0,
    });
  });

  it('knows nothing of times where there are none', () => {
    const unknown = { unit: 'ms', nanos: undefined };
    const { rows, total } = answerTo([{ id: '1' }]);
    const each = { critical_ms: unknown, self_ms: unknown, critical_share: null };
    expect(rows[0]).toMatchObject({ ...each, removable_ms: unknown, p50_ms: unknown });
    expect(rows[0]!.per_run).toEqual({ critical_ms: unknown, removable_ms: unknown });
    expect(total).toMatchObject({ ...each, duration_ms: unknown, timed_traces: 0 });
  });

  it('is one of the mean, if it tells times', () => {
    const { rows, total } = answerTo([
      { id: '1', trace: '1', name: 'a', from: 0, to: 1000 },
      { id: '2', trace: '2', name: 'a' },
      { id: '3', trace: '2', parent: '2', name: 'b' },
    ]);
    expect(total).toMatchObject({ traces: 2, timed_traces: 1, per_run: { duration_ms: { nanos: 1000e6 } } });
    expect(rows.map(({ critical_ms: own }) => own.nanos)).toEqual([1000e6, undefined]);
  });

  it('tells the end of a path that is too long', () => {
    const deep = Array.from(
      { length: 100 },
      (_, i): Scene => ({
        id: (i + 1).toString(16),
        ...(i === 0 ? {} : { parent: i.toString(16) }),
        name: `s${i}`,
        from: i,
        to: 200 - i,
      }),
    );
    const paths = answerTo(deep, 'path').rows.map(({ path }) => path!);
    const last = paths.find((path) => path.at(-1) === 'other s99')!;
    expect(last).toHaveLength(33);
    expect(last.slice(0, 2)).toEqual(['…', 'other s68']);
  });

  it('keeps names apart that are called like what stands for none', () => {
    const body = answerTo(
      [
        { id: '1', name: 'a', kind: 'agent', from: 0, to: 4000 },
        { id: '2', parent: '1', kind: 'tool', from: 0, to: 3000, text: { tool: '(agent loop)' } },
        { id: '3', parent: '1', kind: 'tool', from: 3000, to: 3700, text: { tool: '__proto__' } },
      ],
      'tool',
    );
    expect(body.rows.map(({ step, kind, critical_ms: own }) => [step, kind, own.nanos! / MILLI])).toEqual([
      ['(agent loop)', 'tool', 3000],
      ['__proto__', 'tool', 700],
      ['(agent loop)', null, 300],
    ]);
  });
});

/** Runs that install in about so many milliseconds and then call a model for a second. */
const history = (installs: readonly number[]): Scene[] =>
  installs.flatMap((took, i): Scene[] => {
    const trace = `${i + 1}`;
    const at = i * 100_000;
    return [
      { id: '1', trace, name: 'run', kind: 'agent', from: at, to: at + took + 1000 },
      { id: '2', trace, parent: '1', name: 'install', kind: 'tool', from: at, to: at + took },
      {
        id: '3',
        trace,
        parent: '1',
        kind: 'llm',
        from: at + took,
        to: at + took + 1000,
        text: { model: 'm' },
      },
    ];
  });

describe('slow marks', () => {
  it('compare a step with what it took in other runs', () => {
    const usual = [2000, 2100, 1900, 2050, 1950, 2020, 1980, 2000, 2010];
    const body = answerTo(history([...usual, 6000, 7000]));
    expect(named(body, 'tool install').slow).toEqual({
      rule: 'history',
      traces: 2,
      compared_traces: 11,
      usual_ms: { unit: 'ms', nanos: 2010e6 },
      worst: {
        trace_id: traceId('11'),
        span_id: spanId('2'),
        self_ms: { unit: 'ms', nanos: 7000e6 },
        factor: 3.482587065,
      },
    });
    expect(named(body, 'llm m').slow).toBeNull();
    expect(body.verdict).toMatchObject({ step: 'tool install', slow: { rule: 'history', traces: 2 } });
    // Long because of what was below it, not by itself.
    expect(named(body, 'agent run').slow).toBeNull();
  });

  it('compare a run that was chosen with all others', () => {
    const data = datasetOf(history([2000, 2100, 1900, 2050, 1950, 2020, 1980, 2000, 7000]));
    const { forest } = data;
    const selected = (p: number) => p >= forest.traceFrom[8]!;
    const body = bottlenecks({ ...data, selected }, { by: 'step', limit: 20 }).body as Bottlenecks;
    expect(body.total.traces).toBe(1);
    expect(named(body, 'tool install').slow).toMatchObject({
      rule: 'history',
      traces: 1,
      compared_traces: 1,
    });
  });

  it('are none of what mixes unlike spans', () => {
    const body = answerTo(history([2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 9000]), 'tool');
    expect(named(body, '(agent loop)')).toMatchObject({ kind: null, slow: null, compared_traces: 0 });
    expect(named(body, 'install').slow).toMatchObject({ rule: 'history' });
  });

  it('go by the share of the runs where there is too little history', () => {
    const body = answerTo(history([2000, 2000, 2000, 2000, 2000, 2000, 9000]));
    expect(named(body, 'tool install').slow).toEqual({
      rule: 'share',
      share: named(body, 'tool install').critical_share,
    });
    expect(named(body, 'agent run').slow).toBeNull();
  });

  it('need other runs: what a run did often is no history of its own', () => {
    const steps = Array.from(
      { length: 12 },
      (_, i): Scene => ({
        id: `a${i}`,
        parent: '1',
        kind: 'tool',
        name: 'poll',
        from: i * 100,
        to: i === 11 ? 5000 : i * 100 + 100,
      }),
    );
    const body = answerTo([{ id: '1', kind: 'agent', name: 'run', from: 0, to: 5000 }, ...steps]);
    expect(named(body, 'tool poll').slow).toMatchObject({ rule: 'share' });
  });

  const seconds = (...values: number[]) => Float64Array.from(values, (value) => value * 1e9);

  it('take neither chance nor milliseconds for slow', () => {
    const spread = historyOf(seconds(1, 2, 4, 8, 1, 2, 4, 8, 3));
    expect(isSlow(16e9, spread)).toBe(false);
    const fast = historyOf(seconds(0.001, 0.0011, 0.0009, 0.001, 0.001, 0.0012, 0.001, 0.0011, 0.001));
    expect(isSlow(0.05e9, fast)).toBe(false);
    expect(isSlow(0.2e9, fast)).toBe(true);
    expect(isSlow(Number.NaN, fast)).toBe(false);
  });

  it('know what to do where most values are equal, or all', () => {
    const all = historyOf(seconds(2, 2, 2, 2, 2, 2, 2, 2));
    expect(all).toMatchObject({ count: 8, spread: 0.05 });
    expect(isSlow(2.2e9, all)).toBe(false);
    expect(isSlow(2.5e9, all)).toBe(true);
    const most = historyOf(seconds(2, 2, 2, 2, 2, 1, 1, 1, 1));
    expect(most.spread).toBeCloseTo(Math.log(2) / 1.349, 9);
    expect(tells(all, 0)).toBe(true);
    expect(tells(all, 1)).toBe(false);
  });
});

describe('traces of any size', { timeout: 120_000 }, () => {
  it('300,000 spans under one root, in twenty steps', () => {
    const wide = 300_000;
    const body = answerTo([
      { id: '1', name: 'run', kind: 'agent', from: 0, to: wide },
      ...Array.from(
        { length: wide },
        (_, i): Scene => ({
          id: (i + 2).toString(16),
          parent: '1',
          kind: 'tool',
          name: `t${i % 20}`,
          from: i,
          to: i + 1,
        }),
      ),
    ]);
    expect(body.rows).toHaveLength(21);
    for (const row of body.rows.slice(0, 20)) {
      expect(row.removable_ms.nanos).toBe((wide / 20) * MILLI);
      expect(row.critical_ms.nanos).toBe((wide / 20) * MILLI);
    }
  });

  it('100,000 deep, by path', () => {
    const depth = 100_000;
    const chain = Array.from(
      { length: depth },
      (_, i): Scene => ({
        id: (i + 1).toString(16),
        ...(i === 0 ? {} : { parent: i.toString(16) }),
        kind: 'tool',
        name: `t${i % 3}`,
        from: i / 1000,
        to: (2 * depth - i) / 1000,
      }),
    );
    const { rows, others, total } = answerTo(chain, 'path', 5);
    expect(rows).toHaveLength(5);
    expect(others.rows).toBe(depth - 5);
    expect(total.critical_ms.nanos).toBe(2 * depth * 1000);
  });
});
