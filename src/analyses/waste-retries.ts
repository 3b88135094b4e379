import type { Timing } from './timing.ts';
import type { Suspect } from './waste-finding.ts';
import { TOLERATED } from './waste-loops.ts';
import { isAfter, type Sequence, type Step } from './waste-steps.ts';

/** Attempts of one call that failed, one after the other. */
type Attempts = { readonly steps: Step[]; readonly places: number[] };

export type Retries = {
  readonly storms: readonly Suspect[];
  /** Failed attempts after which the same call was tried again. */
  readonly retried: readonly number[];
};

/**
 * Calls that were tried again after they had failed, and those of them that failed three times or more. What was given is the
 * same as far as it is told; where it is not, only attempts with nothing between them are taken for the same call, as a model
 * that was asked in between may have given something else. A success ends the row, and so does an attempt that is told to be
 * an earlier one.
 */
export function retriesIn(sequence: Sequence, times: Timing): Retries {
  const open = new Map<string, Attempts>();
  const storms: Suspect[] = [];
  const retried: number[] = [];
  const close = (key: string, rescued: boolean): void => {
    const attempts = open.get(key);
    if (attempts === undefined) return;
    open.delete(key);
    const { steps } = attempts;
    for (let n = 0; n < (rescued ? steps.length : steps.length - 1); n++) retried.push(steps[n]!.position);
    if (steps.length > TOLERATED) storms.push(storm(sequence, attempts, rescued, times));
  };
  for (const [i, step] of sequence.entries()) {
    const key = `${step.name}\n${step.given ?? ''}`;
    const before = open.get(key);
    const goesOn = before !== undefined && isRetry(step, before, i, times);
    if (step.failed && goesOn) {
      before.steps.push(step);
      before.places.push(i);
      continue;
    }
    close(key, goesOn);
    if (step.failed) open.set(key, { steps: [step], places: [i] });
  }
  for (const key of [...open.keys()]) close(key, false);
  return { storms, retried };
}

function isRetry(step: Step, { steps, places }: Attempts, at: number, times: Timing): boolean {
  const before = steps.at(-1)!;
  if (!isAfter(step, before, times)) return false;
  if (step.attempt !== undefined && before.attempt !== undefined && step.attempt <= before.attempt)
    return false;
  return step.given !== undefined || at === places.at(-1)! + 1;
}

function storm(sequence: Sequence, { steps, places }: Attempts, rescued: boolean, times: Timing): Suspect {
  const [first] = steps;
  const repeats = steps.slice(TOLERATED);
  const wasted: number[] = [];
  const gaps: [number, number][] = [];
  for (let n = TOLERATED; n < steps.length; n++) {
    const [step, before] = [steps[n]!, steps[n - 1]!];
    const between = askedBetween(sequence, places[n - 1]!, places[n]!, times);
    if (between !== undefined) {
      for (const { position } of between) wasted.push(position);
      if (step.start > before.end) gaps.push([before.end, step.start]);
    }
    wasted.push(step.position);
  }
  const same = first!.given !== undefined && !first!.model ? ' with the same arguments' : '';
  return {
    kind: 'retry_storm',
    reason: 'repeated_failure',
    step: first!.name,
    wasted,
    gaps,
    calls: steps.length,
    repeats: repeats.map(({ position }) => position),
    text: () =>
      `${first!.name} failed ${steps.length} times in a row${same}${rescued ? ' before it succeeded' : ''}`,
  };
}

/**
 * The models that were asked between two attempts of a tool: they asked for the second. Undefined where something else went
 * on between them, too.
 */
function askedBetween(
  sequence: Sequence,
  from: number,
  to: number,
  { resolution }: Timing,
): readonly Step[] | undefined {
  const [before, after] = [sequence[from]!, sequence[to]!];
  const asked: Step[] = [];
  for (let i = from + 1; i < to; i++) {
    const step = sequence[i]!;
    if (after.model || !step.model) return undefined;
    if (step.start < before.end - resolution || step.end > after.start + resolution) return undefined;
    asked.push(step);
  }
  return asked;
}
