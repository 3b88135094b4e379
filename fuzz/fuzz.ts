import type { RowPlan } from '../src/model/index.ts';
import { Comparison, Disagreement, type NamedScanner } from './check.ts';
import { randomInput } from './inputs.ts';
import { minimized } from './minimize.ts';
import { randomPlan } from './plans.ts';
import { Random } from './random.ts';

export type FuzzOptions = {
  readonly seed: number;
  readonly scanners: readonly NamedScanner[];
  /** Asked after each input, with how many rows were compared so far. */
  readonly goOn: (compared: number) => boolean;
};

export type FuzzResult = {
  readonly inputs: number;
  readonly bytes: number;
  readonly compared: number;
  readonly withPattern: number;
  readonly failure?: Failure;
};

/** The smallest input found on which readers disagree. */
export type Failure = {
  readonly message: string;
  readonly plan: RowPlan;
  readonly input: Buffer;
  /** Of the sizes of the pieces in which it is scanned. */
  readonly pieces: number;
  /** Not by itself: only behind inputs that came before it, or because nothing of it may be refused. */
  readonly later: boolean;
};

/** Inputs that share their scanners, whose numbers go on from one to the next. */
const SHARING = 100;
/** How often a failing input is made smaller. */
const TRIES = 1000;

/** Compares scanners on random inputs until they disagree with `JSON.parse` or each other, or nobody wants more. */
export function fuzz({ seed, scanners, goOn }: FuzzOptions): FuzzResult {
  const random = new Random(seed);
  const done = { inputs: 0, bytes: 0, compared: 0, withPattern: 0 };
  for (;;) {
    const plan = randomPlan(random);
    const comparison = new Comparison(plan, scanners);
    for (let i = 0; i < SHARING; i++) {
      const ordinary = random.chance(0.3);
      const input = randomInput(plan, random, ordinary);
      const pieces = random.below(2 ** 31);
      done.inputs++;
      done.bytes += input.length;
      try {
        comparison.check(input, pieces, ordinary);
      } catch (error) {
        if (!(error instanceof Disagreement)) throw error;
        const failure = { message: error.message, plan, input, pieces, later: false };
        return { ...done, failure: smallest(failure, scanners) };
      }
      const compared = done.compared + comparison.compared;
      if (!goOn(compared))
        return { ...done, compared, withPattern: done.withPattern + comparison.withPattern };
    }
    done.compared += comparison.compared;
    done.withPattern += comparison.withPattern;
  }
}

function smallest(failure: Failure, scanners: readonly NamedScanner[]): Failure {
  const { plan, pieces } = failure;
  const messageOf = (input: Buffer): string | undefined => {
    try {
      // Pieces of an ordinary input may be refused with good reason.
      new Comparison(plan, scanners).check(input, pieces, false);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  if (messageOf(failure.input) === undefined) return { ...failure, later: true };
  const input = minimized(failure.input, (smaller) => messageOf(smaller) !== undefined, TRIES);
  return { ...failure, input, message: messageOf(input)! };
}
