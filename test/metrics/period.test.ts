import { describe, expect, it } from 'vitest';
import { periodOf, windowNotes } from '../../src/metrics/index.ts';
import { failures, familiesOf, HOUR, MINUTE, SECOND, times, ZERO } from './replayed.ts';

const DAY = 24 * HOUR;
const FIVE = 5 * MINUTE;

describe('when expressions are evaluated', () => {
  // 30 s of work, the first span from ZERO on.
  const short = familiesOf(failures(times(10, 3 * SECOND, 3 * SECOND)));

  it('is from before the first span until nothing can come of the last one any more', () => {
    const period = periodOf(short, { step: 15 * SECOND, range: FIVE, hold: FIVE })!;
    expect(period).toMatchObject({ start: ZERO - 5 * SECOND, before: FIVE, after: 15 * MINUTE });
    // The first evaluation that sees the last span, and the tail.
    expect(period.end).toBe(ZERO + 40 * SECOND + 15 * MINUTE);
    expect(period.notes).toEqual([
      'the data covers 30s: a window of 5m means since it began, and zeros before',
    ]);
  });

  it('is on absolute multiples of the step', () => {
    const { start, end } = periodOf(short, { step: MINUTE, range: 0, hold: 0 })!;
    expect([start % MINUTE, end % MINUTE]).toEqual([0, 0]);
    expect(start).toBeLessThanOrEqual(ZERO);
  });

  it('has at least the lookback before, a day at most, and an hour at most behind', () => {
    expect(periodOf(short, { step: MINUTE, range: 0, hold: 0 })).toMatchObject({ before: FIVE, after: FIVE });
    const long = periodOf(short, { step: MINUTE, range: 7 * DAY, hold: DAY });
    expect(long).toMatchObject({ before: DAY, after: HOUR });
    expect(long!.notes).toEqual([
      'a window of 7d: no series is told further back than a day before the data',
    ]);
    expect(periodOf(short, { step: MINUTE, range: FIVE, hold: FIVE, tail: 0 })).toMatchObject({ after: 0 });
  });

  it('leaves out a span three days from the rest where there would be too many steps, and says so', () => {
    const families = familiesOf(failures([3 * SECOND, ...times(50, MINUTE, 3 * DAY)]));
    const { start, end, notes } = periodOf(families, { step: 15 * SECOND, range: FIVE, hold: 0 })!;
    expect((end - start) / (15 * SECOND) + 1).toBe(11_000);
    expect(start).toBeGreaterThan(ZERO + HOUR);
    expect(start).toBeLessThanOrEqual(ZERO + 3 * DAY);
    expect(end).toBeGreaterThan(ZERO + 3 * DAY + 50 * MINUTE);
    expect(notes.join()).toMatch(/evaluations would be needed, and 11000 are made: .* outside/);
    const wider = periodOf(families, { step: MINUTE, range: FIVE, hold: 0 })!;
    expect(wider.start).toBeLessThanOrEqual(ZERO);
    expect(wider.notes.join()).toMatch(/^nothing was counted from .* to /);
  });

  it('tells of a silence of a day, not of one of an hour', () => {
    const notes = (gap: number) =>
      periodOf(familiesOf(failures([0, gap])), { step: MINUTE, range: FIVE, hold: 0 })!.notes;
    expect(notes(DAY)).toEqual([
      expect.stringMatching(/^nothing was counted from .*: counters stand still there, and rates are 0$/),
    ]);
    expect(notes(HOUR)).toEqual([]);
  });

  it('names times as it is told to', () => {
    const families = familiesOf(failures([0, DAY]));
    const timeText = (time: number) => `<${time}>`;
    const { notes } = periodOf(families, { step: MINUTE, range: FIVE, hold: 0, timeText })!;
    expect(notes[0]).toMatch(/^nothing was counted from <\d+> to <\d+>:/);
  });

  it('is never where no span has a time', () => {
    const none = familiesOf([{ id: '1', kind: 'tool', name: 't' }]);
    expect(periodOf(none, { step: MINUTE, range: FIVE, hold: 0 })).toBeUndefined();
    expect(windowNotes(none, DAY)).toEqual([]);
  });
});
