import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bottleneck } from '../../src/analyses/bottleneck.ts';
import {
  type CriticalPath,
  criticalPath,
  criticalSegments,
  type Segment,
} from '../../src/analyses/critical-path.ts';
import { asyncTails, detachedSpans } from '../../src/analyses/detached.ts';
import { offPath } from '../../src/analyses/off-path.ts';
import { removableTime } from '../../src/analyses/removable.ts';
import { selfTimes } from '../../src/analyses/timing.ts';
import { type Forest, stepName } from '../../src/model/index.ts';
import { assemble } from '../../src/trace/index.ts';
import { root } from '../agentobs.ts';
import { ORIGIN, type Sketch, tableOf } from '../trace/table.ts';
import { forestOf, parseDrawing, redraw, type Stretch } from './drawing.ts';

const MILLI = 1_000_000;
const folder = join(root, 'fixtures/traces');

describe('critical path of a drawn trace', () => {
  it.each(readdirSync(folder))('%s', async (file) => {
    const path = join(folder, file);
    const drawing = parseDrawing(readFileSync(path, 'utf8'));
    const forest = forestOf(drawing);
    await expect(redraw(drawing, criticalColumns(forest), footer(forest))).toMatchFileSnapshot(path);
  });
});

/** The critical stretches of every span, by the id it has in the drawing, in columns. */
function criticalColumns(forest: Forest): Map<string, Stretch[]> {
  const columns = new Map<string, Stretch[]>();
  const earliest = Number((forest.traceStart(0)! - ORIGIN) / BigInt(MILLI));
  for (const { position, from, to, uncertain } of criticalSegments(forest, criticalPath(forest, 0))) {
    const id = forest.table.spanIdOf(forest.row[position]!).replace(/^0+/, '');
    const mark = uncertain ? '~' : '=';
    columns.set(id, [...(columns.get(id) ?? []), [earliest + from / MILLI, earliest + to / MILLI, mark]]);
  }
  return columns;
}

/** What is not drawn: the slowest step, and what is beside the path. */
function footer(forest: Forest): string[] {
  const path = criticalPath(forest, 0);
  const duration = forest.traceDuration(0);
  const { beside, idle } = offPath(forest, path);
  const nameOf = (p: number): string => stepName(forest.table, forest.row[p]!);
  return [
    bottleneckLine(forest, path),
    ...(path.length === duration
      ? []
      : [
          `path: ${path.length / MILLI} of ${duration / MILLI}, beside it ${beside / MILLI}, idle ${idle / MILLI}`,
        ]),
    ...[...asyncTails(forest, path.timing)].map(
      ({ position, past }) => `outlives its parent: ${nameOf(position)} by ${past / MILLI}`,
    ),
    ...[...detachedSpans(forest, path.timing)].map(
      ({ position, why }) => `detached: ${nameOf(position)} (${why})`,
    ),
  ];
}

function bottleneckLine(forest: Forest, path: CriticalPath): string {
  const slowest = bottleneck(forest, path);
  if (slowest === undefined) return 'bottleneck: none';
  const same = (p: number) => stepName(forest.table, forest.row[p]!) === slowest.step;
  const duration = forest.traceDuration(0);
  const without = duration - removableTime(forest, path.timing, same);
  return `bottleneck: ${slowest.step} ${slowest.own / MILLI} of ${duration / MILLI}, without it ${without / MILLI}`;
}

/** Any tree of intervals in ticks: children may start early, end late, overlap, or lie outside. */
const trees = fc
  .array(
    fc.record({
      parent: fc.nat(),
      from: fc.integer({ min: 0, max: 60 }),
      length: fc.integer({ min: 0, max: 40 }),
      tool: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((spans) =>
    spans.map(({ parent, from, length, tool }, i): Sketch => {
      const sketch = {
        id: (i + 1).toString(16),
        name: `t${tool}`,
        kind: 'tool' as const,
        from,
        to: from + length,
      };
      return i === 0
        ? { ...sketch, from: 0, to: 50 }
        : { ...sketch, parent: ((parent % i) + 1).toString(16) };
    }),
  );

describe('critical path of any trace', () => {
  it('covers every instant of the root exactly once', () => {
    fc.assert(
      fc.property(trees, (sketches) => {
        const forest = assemble(tableOf(sketches));
        const segments = criticalSegments(forest, criticalPath(forest, 0));
        const rootFrom = forest.offset(rootOf(forest))!;
        let at = rootFrom;
        for (const { from, to } of segments) {
          expect(from).toBe(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at).toBe(rootFrom + forest.duration(rootOf(forest)));
      }),
    );
  });

  it('gives a span no time outside its own, and sums that agree with its stretches', () => {
    fc.assert(
      fc.property(trees, (sketches) => {
        const forest = assemble(tableOf(sketches));
        const path = criticalPath(forest, 0);
        const own = new Float64Array(forest.length);
        for (const { position, from, to } of criticalSegments(forest, path)) {
          own[position]! += to - from;
          expect(from).toBeGreaterThanOrEqual(forest.offset(position)!);
          expect(to).toBeLessThanOrEqual(forest.offset(position)! + forest.duration(position));
        }
        expect(path.own).toEqual(own);
        expect(path.length).toBe(own.reduce((sum, nanos) => sum + nanos, 0));
      }),
    );
  });

  it('is what the slow version finds', () => {
    fc.assert(
      fc.property(trees, (sketches) => {
        const forest = assemble(tableOf(sketches));
        const fast = criticalSegments(forest, criticalPath(forest, 0));
        expect(fast).toEqual(slowPath(forest, rootOf(forest)));
      }),
      { numRuns: 500 },
    );
  });

  it('does not go beyond the wall clock, however many roots there are', () => {
    fc.assert(
      fc.property(trees, fc.array(fc.boolean()), (sketches, cut) => {
        const rootless = sketches.map(({ parent, ...sketch }, i) =>
          parent === undefined || cut[i] === true ? sketch : { ...sketch, parent },
        );
        const forest = assemble(tableOf(rootless));
        let until = 0;
        for (const { from, to } of criticalSegments(forest, criticalPath(forest, 0))) {
          expect(from).toBeGreaterThanOrEqual(until);
          until = to;
        }
        expect(until).toBeLessThanOrEqual(forest.traceDuration(0));
      }),
    );
  });
});

/** Whatever can be wrong with a trace: parents that are missing, in a circle, or the span itself; no end, no time, no length. */
const wildTraces = fc
  .array(
    fc.record({
      parent: fc.oneof(
        { weight: 6, arbitrary: fc.nat() },
        { weight: 1, arbitrary: fc.constantFrom('none', 'lost', 'self', 'last') },
      ),
      from: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 60 }) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
      length: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }) },
        { weight: 1, arbitrary: fc.constantFrom(0, 'open' as const) },
      ),
      spanKind: fc.constantFrom('internal' as const, 'producer' as const, 'consumer' as const),
      followsFrom: fc.boolean(),
    }),
    { minLength: 1, maxLength: 16 },
  )
  .map((spans) =>
    spans.map(({ parent, from, length, spanKind, followsFrom }, i): Sketch => {
      const own = (i + 1).toString(16);
      const parents: Record<string, string | undefined> = {
        none: undefined,
        lost: 'dead',
        self: own,
        last: spans.length.toString(16),
      };
      const above = typeof parent === 'string' ? parents[parent] : ((parent % (i + 1)) + 1).toString(16);
      return {
        id: own,
        ...(above === undefined ? {} : { parent: above }),
        ...(from === undefined ? {} : { from, to: typeof length === 'string' ? undefined : from + length }),
        spanKind,
        followsFrom,
      };
    }),
  );

describe('whatever is wrong with a trace', () => {
  it('its time is on the path, beside it, or idle: together all of it', () => {
    fc.assert(
      fc.property(wildTraces, (sketches) => {
        const forest = assemble(tableOf(sketches));
        const path = criticalPath(forest, 0);
        const { first, start, end } = path.timing;
        let until = 0;
        let sum = 0;
        for (const { position, from, to } of criticalSegments(forest, path)) {
          expect(from).toBeGreaterThanOrEqual(until);
          expect(from).toBeGreaterThanOrEqual(start[position - first]!);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(end[position - first]!);
          sum += to - from;
          until = to;
        }
        expect(sum).toBe(path.length);
        const { beside, idle } = offPath(forest, path);
        expect(beside).toBeGreaterThanOrEqual(0);
        expect(idle).toBe(forest.traceDuration(0) - path.length - beside);
        expect(idle).toBe(idleTicks(path) * MILLI);
      }),
      { numRuns: 500 },
    );
  });

  it('no span that its parent did not see whole is passed over in silence', () => {
    fc.assert(
      fc.property(wildTraces, (sketches) => {
        const forest = assemble(tableOf(sketches));
        const { timing } = criticalPath(forest, 0);
        const begin = (p: number): number => timing.start[p]!;
        const end = (p: number): number => timing.end[p]!;
        const tails = new Map([...asyncTails(forest, timing)].map(({ position, past }) => [position, past]));
        const detached = new Map(
          [...detachedSpans(forest, timing)].map(({ position, why }) => [position, why]),
        );
        for (let p = 0; p < forest.length; p++) {
          const parent = forest.parent[p]!;
          if (parent < 0 || Number.isNaN(begin(p)) || Number.isNaN(begin(parent))) continue;
          const past = end(p) - end(parent);
          if (detached.has(p)) expect(tails.has(p)).toBe(false);
          else if (past > MILLI) expect(tails.get(p)).toBe(past);
          const seen = Math.min(end(p), end(parent)) - Math.max(begin(p), begin(parent));
          if (end(p) > begin(p) && seen <= 0) expect(detached.has(p)).toBe(true);
          if (detached.has(p)) expect(detached.get(p) === 'handed_over' || seen <= 0).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Ticks of the trace in which no span ran, counted one by one. */
function idleTicks({ timing: { start, end, length } }: CriticalPath): number {
  let latest = 0;
  for (let i = 0; i < length; i++) if (end[i]! > latest) latest = end[i]!;
  let idle = 0;
  for (let at = 0; at < latest; at += MILLI) {
    let isIdle = true;
    for (let i = 0; i < length; i++) if (start[i]! <= at && at < end[i]!) isIdle = false;
    if (isIdle) idle++;
  }
  return idle;
}

const rootOf = (forest: Forest): number => forest.row.findIndex((_, p) => forest.top(p) === 'root');

/** The definition, word for word: recursive, and every child looked at again for every stretch. */
function slowPath(forest: Forest, root: number): Segment[] {
  const begin = (p: number): number => forest.offset(p)!;
  const end = (p: number): number => begin(p) + forest.duration(p);
  const slack = (length: number): number => Math.max(MILLI, length / 100);
  const explain = (span: number, from: number, to: number): Segment[] => {
    const children: number[] = [];
    for (let p = 0; p < forest.length; p++) if (forest.parent[p] === span) children.push(p);
    const length = end(span) - begin(span);
    const inside = children.filter((p) => begin(p) < end(span) && end(p) > begin(span));
    const seen = inside.filter((p) => end(p) <= end(span) + slack(length));
    const lastSeen = Math.max(Number.NEGATIVE_INFINITY, ...seen.map(end));
    const blocking = inside.filter((p) => seen.includes(p) || begin(p) >= lastSeen - slack(length));

    const segments: Segment[] = [];
    let cursor = to;
    for (;;) {
      const finish = (p: number): number => Math.min(end(p), end(span), to);
      const before = blocking.filter(
        (p) =>
          begin(p) < cursor &&
          finish(p) > from &&
          finish(p) - cursor <= slack(to - from) &&
          end(p) > begin(p),
      );
      const until = (p: number): number => Math.min(finish(p), cursor);
      before.sort((a, b) => until(b) - until(a) || begin(a) - begin(b) || a - b);
      const child = before[0];
      if (child === undefined || cursor <= from) break;
      segments.unshift(...own(span, until(child), cursor, blocking));
      segments.unshift(...explain(child, Math.max(begin(child), from), until(child)));
      cursor = Math.max(begin(child), from);
    }
    segments.unshift(...own(span, from, cursor, blocking));
    return segments;
  };
  /** Tick by tick: uncertain are those at which a child was running that may have been waited for. */
  const own = (span: number, from: number, to: number, blocking: readonly number[]): Segment[] => {
    const segments: Segment[] = [];
    for (let at = from; at < to; at += MILLI) {
      const uncertain = blocking.some((p) => begin(p) <= at && at < end(p));
      const last = segments.at(-1);
      if (last?.uncertain === uncertain) segments[segments.length - 1] = { ...last, to: at + MILLI };
      else segments.push({ position: span, from: at, to: at + MILLI, uncertain });
    }
    return segments;
  };
  return explain(root, begin(root), end(root));
}

describe('what a run would lose without some of its spans', () => {
  it('is nothing without nothing, and all of it without everything', () => {
    fc.assert(
      fc.property(trees, (sketches) => {
        const forest = assemble(tableOf(sketches));
        const { timing } = criticalPath(forest, 0);
        expect(removableTime(forest, timing, () => false)).toBe(0);
        const alone = assemble(
          tableOf(sketches.map((sketch) => ({ ...sketch, from: 0, to: sketch.to! - sketch.from! }))),
        );
        const times = criticalPath(alone, 0).timing;
        const own = alone.duration(rootOf(alone));
        expect(removableTime(alone, times, () => true)).toBe(Math.max(own, 0));
      }),
    );
  });

  it('never grows the run, and grows with what is left out', () => {
    fc.assert(
      fc.property(
        trees,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        (sketches, one, other) => {
          const forest = assemble(tableOf(sketches));
          const { timing } = criticalPath(forest, 0);
          const called = (p: number, ...tools: number[]) =>
            tools.some((t) => forest.table.nameOf(forest.row[p]!) === `t${t}`);
          const less = removableTime(forest, timing, (p) => called(p, one));
          const more = removableTime(forest, timing, (p) => called(p, one, other));
          expect(less).toBeGreaterThanOrEqual(0);
          expect(more).toBeGreaterThanOrEqual(less);
          expect(more).toBeLessThanOrEqual(forest.traceDuration(0));
        },
      ),
    );
  });

  it('is no more than the own time of what is left out, where no clocks disagree', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }), (lengths) => {
        let at = 0;
        const steps = lengths.map((length, i): Sketch => {
          at += length;
          return { id: `a${i}`, parent: '1', kind: 'tool', name: `t${i % 3}`, from: at - length, to: at };
        });
        const forest = assemble(tableOf([{ id: '1', from: 0, to: at }, ...steps]));
        const path = criticalPath(forest, 0);
        const chosen = (p: number) => forest.table.nameOf(forest.row[p]!) === 't0';
        const own = path.own.reduce((sum, nanos, p) => sum + (chosen(p) ? nanos : 0), 0);
        expect(removableTime(forest, path.timing, chosen)).toBe(own);
      }),
    );
  });
});

describe('own time', () => {
  it('is the time in which no child ran, counted tick by tick', () => {
    fc.assert(
      fc.property(trees, (sketches) => {
        const forest = assemble(tableOf(sketches));
        const self = selfTimes(forest, criticalPath(forest, 0).timing);
        for (let p = 0; p < forest.length; p++) {
          let ticks = 0;
          for (let at = forest.offset(p)!; at < forest.offset(p)! + forest.duration(p); at += MILLI) {
            const busy = [...self.keys()].some((c) => {
              const from = forest.offset(c)!;
              return forest.parent[c] === p && from <= at && at < from + forest.duration(c);
            });
            if (!busy) ticks += MILLI;
          }
          expect(self[p]).toBe(ticks);
        }
      }),
    );
  });

  it('is not known of a span that is still open', () => {
    const forest = assemble(
      tableOf([
        { id: '1', from: 0 },
        { id: '2', parent: '1', from: 1, to: 3 },
      ]),
    );
    expect([...selfTimes(forest, criticalPath(forest, 0).timing)]).toEqual([Number.NaN, 2 * MILLI]);
  });
});

/** Generous: machines that run tests are busy. */
const PATIENCE = 120_000;

describe('traces of any size', { timeout: PATIENCE }, () => {
  it('100,000 deep', () => {
    const depth = 100_000;
    const chain = Array.from({ length: depth }, (_, i): Sketch => {
      const parent = i === 0 ? {} : { parent: i.toString(16) };
      return { id: (i + 1).toString(16), ...parent, from: i / 1000, to: (2 * depth - i) / 1000 };
    });
    const forest = assemble(tableOf(chain));
    const path = criticalPath(forest, 0);
    expect(path.length).toBe(forest.traceDuration(0));
    expect(path.own[0]).toBe(2000);
    expect(removableTime(forest, path.timing, (p) => p === 0)).toBe(2000);
    expect(selfTimes(forest, path.timing)[depth - 1]).toBe(2000);
  });

  it('200,000 wide, one after the other and all at once', () => {
    const wide = 200_000;
    for (const step of [1, 0]) {
      const children = Array.from({ length: wide }, (_, i): Sketch => {
        const from = i * step;
        return {
          id: (i + 2).toString(16),
          parent: '1',
          from,
          to: from + 1 + (step === 0 ? (i * 7919) % wide : 0),
        };
      });
      const forest = assemble(tableOf([{ id: '1', from: 0, to: wide + 1 }, ...children]));
      const path = criticalPath(forest, 0);
      expect(path.length).toBe((wide + 1) * MILLI);
      expect(removableTime(forest, path.timing, () => false)).toBe(0);
    }
  });
});
