import type { Timing } from './timing.ts';
import type { Suspect } from './waste-finding.ts';
import { isAfter, type Sequence, type Step } from './waste-steps.ts';

/** A first call and one more are nobody's fault: waste begins with the third. */
export const TOLERATED = 2;
/** As many steps take turns at most. */
const LONGEST_PERIOD = 4;

export type Loops = {
  readonly suspects: readonly Suspect[];
  /** Calls beyond the second in a row of which nobody can tell whether they were the same. */
  readonly undecided: number;
};

/**
 * Calls that gave what was known already. A loop is one call three times in a row or more, a cycle two to four calls that
 * take turns twice or more; all with the same arguments and the same result, each begun after the one before was over. Where
 * what breaks the row is the same call with another result, somebody was waiting for that: polling is no loop.
 */
export function loopsIn(sequence: Sequence, times: Timing): Loops {
  const acts = sequence.filter(({ model }) => !model);
  if (acts.length <= TOLERATED) return { suspects: [], undecided: 0 };
  const taken = new Uint8Array(acts.length);
  const asked = askedFor(sequence, acts, times);
  const suspects: Suspect[] = [];
  for (let period = 1; period <= LONGEST_PERIOD; period++) {
    const repeats = (i: number): boolean =>
      taken[i] === 0 && isRepeat(acts[i]!, acts[i - period]!, times) && !(period === 1 && acts[i]!.failed);
    for (const [from, to] of runs(acts.length, period, repeats)) {
      // Of a loop, the first of these is the second call.
      const first = period === 1 ? from + TOLERATED - 1 : from;
      if (to - from < Math.max(period, TOLERATED) || isPolling(acts[to], acts[to - period]!)) continue;
      taken.fill(1, first, to);
      const round = acts.slice(from - period, from);
      const repeated = acts.slice(first, to);
      suspects.push({
        kind: period === 1 ? 'loop' : 'cycle',
        reason: 'same_result',
        step: round.map(({ name }) => name).join(' → '),
        wasted: repeated.flatMap(({ position }, i) => [...asked[first + i]!, position]),
        gaps: [],
        calls: to - from + period,
        repeats: repeated.map(({ position }) => position),
        text: () => sentence(round, to - from + period),
      });
    }
  }
  return { suspects, undecided: undecided(acts, taken, times) };
}

function sentence(round: readonly Step[], calls: number): string {
  const [first] = round;
  if (round.length === 1)
    return `${first!.name} was called ${calls} times in a row with the same arguments and gave the same result each time`;
  const rounds = Math.floor(calls / round.length);
  const names = round.map(({ name }) => name).join(', ');
  return `${names} took turns ${rounds} times with the same arguments and the same results`;
}

const isSameCall = (a: Step, b: Step): boolean =>
  a.name === b.name && a.given !== undefined && a.given === b.given;

const isRepeat = (step: Step, before: Step, times: Timing): boolean =>
  isSameCall(step, before) &&
  step.gave !== undefined &&
  step.gave === before.gave &&
  isAfter(step, before, times);

/** The same call gave something else in the end. */
const isPolling = (next: Step | undefined, before: Step): boolean =>
  next !== undefined &&
  isSameCall(next, before) &&
  next.gave !== undefined &&
  before.gave !== undefined &&
  next.gave !== before.gave;

/** Stretches `[from, to)` of indexes from `start` on for which something holds. */
function runs(
  length: number,
  start: number,
  holds: (index: number) => boolean,
): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  for (let i = start; i < length; i++) {
    if (!holds(i)) continue;
    const last = found.at(-1);
    if (last !== undefined && last[1] === i) last[1]++;
    else found.push([i, i + 1]);
  }
  return found;
}

/** Calls beyond the second in a row of one tool that may be the same, as arguments or results are not told. */
function undecided(acts: readonly Step[], taken: Uint8Array, times: Timing): number {
  const differ = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && a !== b;
  const told = ({ given, gave }: Step): boolean => given !== undefined && gave !== undefined;
  const mayRepeat = (i: number): boolean => {
    const [step, before] = [acts[i]!, acts[i - 1]!];
    if (taken[i] === 1 || step.failed || step.name !== before.name || !isAfter(step, before, times))
      return false;
    return (
      !differ(step.given, before.given) && !differ(step.gave, before.gave) && !(told(step) && told(before))
    );
  };
  let calls = 0;
  for (const [from, to] of runs(acts.length, 1, mayRepeat)) calls += Math.max(0, to - from + 1 - TOLERATED);
  return calls;
}

/** Model calls between each call and the one before it: they asked for it. */
function askedFor(
  sequence: Sequence,
  acts: readonly Step[],
  { resolution }: Timing,
): readonly (readonly number[])[] {
  const asked: number[][] = acts.map(() => []);
  const models = sequence.filter(({ model }) => model);
  if (models.length === 0) return asked;
  let next = 0;
  let over = Number.NEGATIVE_INFINITY;
  for (const [i, { start, end }] of acts.entries()) {
    for (; next < models.length && models[next]!.start < start; next++) {
      const call = models[next]!;
      if (call.end <= start + resolution && call.start >= over - resolution) asked[i]!.push(call.position);
    }
    over = Math.max(over, end);
  }
  return asked;
}
