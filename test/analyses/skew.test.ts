import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySkew, countSkewed, findSkew } from '../../src/analyses/skew.ts';
import { isHandedOver } from '../../src/analyses/timing.ts';
import { FLAG, type Forest, type Skew, type SpanTable, stepName } from '../../src/model/index.ts';
import { assemble } from '../../src/trace/index.ts';
import { root } from '../agentobs.ts';
import { ORIGIN, type Sketch, tableOf } from '../trace/table.ts';
import { forestOf, hostResource, parseDrawing } from './drawing.ts';

const MILLI = 1_000_000;
const folder = join(root, 'fixtures/skew');

function fixed(table: SpanTable): { forest: Forest; skew: Skew } {
  let skew: Skew | undefined;
  const forest = assemble(table, (found) => {
    skew = findSkew(found);
    return applySkew(found, skew);
  });
  return { forest, skew: skew! };
}

// Above the line what was recorded, below it what `--fix-skew` makes of it.
describe('clocks that differ', () => {
  it.each(readdirSync(folder))('%s', async (file) => {
    const path = join(folder, file);
    const [text = ''] = readFileSync(path, 'utf8').split('\n--fix-skew', 1);
    const drawing = parseDrawing(text);
    const before = forestOf(drawing);
    const { forest, skew } = fixed(tableOf(drawing.sketches));
    const { table } = forest;
    const told = (what: string, { row, nanos, host, spans }: Skew['corrections'][number]): string =>
      `${what}: ${stepName(table, row)} by ${nanos / MILLI} (${host})${spans > 1 ? `, ${spans} spans` : ''}`;
    const lines = drawing.lines.map(({ label, id, time }) => {
      const p = forest.row.findIndex((row) => table.spanIdOf(row) === id.padStart(16, '0'));
      const start = table.startOf(forest.row[p]!);
      if (start === undefined) return `${label}|${time}`;
      const from = Number(start - ORIGIN) / MILLI;
      const drawn = time.trim().replace(/[=~]/g, '-');
      return `${label}|${' '.repeat(from)}${drawn}`;
    });
    const shown = [
      text.trimEnd(),
      '--fix-skew',
      ...lines,
      ...skew.corrections.map((one) => told('moved', one)),
      ...skew.refused.map((one) => told('left', one)),
      ...(countSkewed(before, undefined) === 0 ? [] : [`hint: ${countSkewed(before, undefined)}`]),
    ];
    await expect(`${shown.join('\n')}\n`).toMatchFileSnapshot(path);
  });

  it('are not believed to differ by more than a day', () => {
    const day = 24 * 3600 * 1000;
    const spans = (late: number): Sketch[] => [
      { id: '1', from: 0, to: 100, resource: hostResource('a') },
      { id: '2', parent: '1', from: late, to: late + 100, resource: hostResource('b') },
      { id: '3', parent: '2', from: late + 10, to: late + 20, resource: hostResource('b') },
    ];
    const { forest, skew } = fixed(tableOf(spans(day + 1)));
    expect(skew.shifts.size).toBe(0);
    expect(skew.refused).toMatchObject([{ nanos: -(day + 1) * MILLI, host: 'b' }]);
    expect(forest.traceDuration(0)).toBe((day + 101) * MILLI);
    expect(fixed(tableOf(spans(day))).forest.traceDuration(0)).toBe(100 * MILLI);
  });

  it('every report of a span is moved, and what was first stays first', () => {
    const spans: Sketch[] = [
      { id: '1', from: 50, to: 150, resource: hostResource('a') },
      { id: '2', parent: '1', from: 0, to: 20, resource: hostResource('b') },
      { id: '2', parent: '1', from: 0, to: 20, resource: hostResource('b') },
      { id: '3', parent: '1', from: 60, to: 70, resource: hostResource('a') },
    ];
    const { forest, skew } = fixed(tableOf(spans));
    expect([...skew.shifts.values()]).toEqual([
      { nanos: 90 * MILLI, host: 'b' },
      { nanos: 90 * MILLI, host: 'b' },
    ]);
    expect(forest.counts.duplicates).toBe(1);
    expect([...forest.row].map((row) => forest.table.spanIdOf(row).at(-1))).toEqual(['1', '3', '2']);
    expect(forest.traceStart(0)).toBe(ORIGIN + 50_000_000n);
  });
});

/** Trees over three hosts, one process that names none, and one that tells nothing. */
const traces = fc
  .array(
    fc.record({
      parent: fc.nat(),
      from: fc.integer({ min: 0, max: 300 }),
      length: fc.integer({ min: 0, max: 100 }),
      host: fc.integer({ min: 0, max: 4 }),
      kind: fc.constantFrom('internal' as const, 'producer' as const, 'consumer' as const),
      isOpen: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((spans) =>
    spans.map(
      ({ parent, from, length, host, kind, isOpen }, i): Sketch => ({
        id: (i + 1).toString(16),
        ...(i === 0 ? {} : { parent: ((parent % i) + 1).toString(16) }),
        from,
        to: isOpen ? undefined : from + length,
        spanKind: kind,
        ...(host === 4 ? {} : { resource: host === 3 ? PROCESS : hostResource(`h${host}`) }),
      }),
    ),
  );

const PROCESS = { attributes: new Map([['service.name', 's']]) };

describe('spans of any trace', () => {
  it('lie inside their parents afterwards, unless they are longer, messages, or of the same clock', () => {
    fc.assert(
      fc.property(traces, (sketches) => {
        const { forest, skew } = fixed(tableOf(sketches));
        const { table, row, parent } = forest;
        for (let p = 0; p < forest.length; p++) {
          const above = parent[p]!;
          if (above < 0) {
            expect(skew.shifts.has(row[p]!)).toBe(false);
            continue;
          }
          const [from, start] = [forest.offset(above)!, forest.offset(p)!];
          if (table.resourceIdOf(row[p]!) === table.resourceIdOf(row[above]!)) {
            const isKnown = table.resourceOf(row[p]!).attributes.size > 0;
            if (isKnown) expect(skew.shifts.get(row[p]!)?.nanos).toBe(skew.shifts.get(row[above]!)?.nanos);
            continue;
          }
          expect(start).toBeGreaterThanOrEqual(from - MILLI);
          const isOpen = !table.has(row[p]!, FLAG.hasEnd) || !table.has(row[above]!, FLAG.hasEnd);
          if (isOpen || isHandedOver(forest, above, p) || forest.duration(p) > forest.duration(above))
            continue;
          expect(start + forest.duration(p)).toBeLessThanOrEqual(from + forest.duration(above) + MILLI);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are left alone the second time', () => {
    fc.assert(
      fc.property(traces, (sketches) => {
        const { forest } = fixed(tableOf(sketches));
        const again = findSkew(forest);
        expect(again.corrections).toEqual([]);
      }),
    );
  });

  it('are left alone where one clock timed all of them', () => {
    fc.assert(
      fc.property(traces, (sketches) => {
        const onOne = sketches.map((sketch) => ({ ...sketch, resource: PROCESS }));
        expect(fixed(tableOf(onOne)).skew.shifts.size).toBe(0);
        expect(countSkewed(assemble(tableOf(onOne)), undefined)).toBe(0);
      }),
    );
  });
});
