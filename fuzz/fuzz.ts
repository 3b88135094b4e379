import { gzipSync } from 'node:zlib';
import type { ScannerChoice } from '../src/input/row-lane.ts';
import type { RowPlan } from '../src/model/index.ts';
import { Comparison, type NamedScanner } from './check.ts';
import { flatInput } from './flat.ts';
import { randomInput } from './inputs.ts';
import { minimized } from './minimize.ts';
import { nodeInput } from './node.ts';
import { randomPlan } from './plans.ts';
import { pythonInput } from './python.ts';
import { Random } from './random.ts';
import { checkThreads } from './threads.ts';
import { askedPlan, checkWhole, randomWay, repeated } from './whole.ts';
import { wireInput } from './wire.ts';
import { WireComparison } from './wire-rows.ts';

export type FuzzOptions = {
  readonly seed: number;
  readonly scanners: readonly NamedScanner[];
  /** Asked after each input, with how many rows were compared so far. */
  readonly goOn: (compared: number) => boolean;
};

export type FuzzResult = {
  readonly inputs: number;
  readonly bytes: number;
  /** Rows that were held against spans, and those of them that have a pattern. */
  readonly compared: number;
  readonly withPattern: number;
  /** Rows of tables that were filled both ways. */
  readonly wholeWay: number;
  readonly failure?: Failure | undefined;
};

/** The smallest input found on which readers disagree. */
export type Failure = {
  readonly error: Error;
  readonly input: Buffer;
  /** What else it takes: a plan, sizes of pieces. */
  readonly circumstances: string;
  /** Not by itself: only behind inputs that came before it, or because nothing of it may be refused. */
  readonly later: boolean;
};

/** One input and what is to hold for it: both functions throw where it does not. */
type Trial = {
  readonly input: Buffer;
  readonly circumstances: string;
  readonly check: () => Promise<void>;
  /** With scanners that have read nothing before. */
  readonly afresh: (input: Buffer) => Promise<void>;
};

/** Inputs that share their scanners, whose numbers go on from one to the next. */
const SHARING = 100;
/** One of so many inputs is read the whole way. */
const WHOLE = 25;
/** One of so many is protobuf; of these one of so many is read the whole way. */
const WIRE = 5;
const WHOLE_WIRE = 25;
/** One of so many is read by somebody else, up to rows. */
const THREAD = 100;
/** How often a failing input is made smaller. */
const TRIES = 1000;

/** Compares scanners on random inputs until readers disagree, or nobody wants more. */
export async function fuzz({ seed, scanners, goOn }: FuzzOptions): Promise<FuzzResult> {
  const random = new Random(seed);
  const done = { inputs: 0, bytes: 0, compared: 0, withPattern: 0, wholeWay: 0 };
  for (;;) {
    const plan = randomPlan(random);
    const comparison = new Comparison(plan, scanners);
    const names = scanners.map(({ name }) => name);
    const wire = new WireComparison(plan, names, 1 + random.below(random.pick([100, 4000])));
    const { compared, withPattern } = done;
    for (let i = 0; i < SHARING; i++) {
      const count = (rows: number) => {
        done.wholeWay += rows;
      };
      const trial =
        i % THREAD === 1
          ? threadTrial(scanners, random)
          : i % WHOLE === 0
            ? wholeTrial(scanners, textInput(random), random, count)
            : i % WHOLE_WIRE === 2
              ? wholeTrial(scanners, wireInput(askedPlan(random), random), random, count)
              : i % WIRE === 2
                ? wireTrial(plan, wire, names, random)
                : rowTrial(plan, comparison, scanners, random);
      done.inputs++;
      done.bytes += trial.input.length;
      const error = await failureOf(trial.check);
      done.compared = compared + comparison.compared + wire.compared;
      done.withPattern = withPattern + comparison.withPattern + wire.withPattern;
      if (error !== undefined) return { ...done, failure: await smallest(trial, error) };
      if (!goOn(done.compared)) return done;
    }
  }
}

/** Rows against the spans that they are about. */
function rowTrial(
  plan: RowPlan,
  comparison: Comparison,
  scanners: readonly NamedScanner[],
  random: Random,
): Trial {
  const ordinary = random.chance(0.3);
  const input = randomInput(plan, random, ordinary);
  const pieces = random.below(2 ** 31);
  return {
    input,
    circumstances: JSON.stringify({ pieces, ...plan, events: [...plan.events] }),
    check: async () => comparison.check(input, pieces, ordinary),
    // Part of an ordinary input may be refused with good reason; it may fail where other pieces end.
    afresh: async (smaller) => {
      const other = new Comparison(plan, scanners);
      for (const sizes of [pieces, 1, 2, 3]) other.check(smaller, sizes, false);
    },
  };
}

/** The same for protobuf. */
function wireTrial(
  plan: RowPlan,
  comparison: WireComparison,
  scanners: readonly ScannerChoice[],
  random: Random,
): Trial {
  const input = wireInput(plan, random);
  const size = 1 + random.below(random.pick([20, input.length + 1]));
  return {
    input,
    circumstances: JSON.stringify({ size, ...plan, events: [...plan.events] }),
    check: () => comparison.check(input, size),
    afresh: (smaller) => new WireComparison(plan, scanners, 64).check(smaller, size),
  };
}

/** Something in a format of text. */
function textInput(random: Random): Buffer {
  const make = random.pick([flatInput, pythonInput, nodeInput, randomInput, randomInput]);
  const once = make(askedPlan(random), random, random.chance(0.3));
  return random.chance(0.8) ? repeated(once, random) : once;
}

/** What an answer is made of, with a scanner and without. */
function wholeTrial(
  scanners: readonly NamedScanner[],
  input: Buffer,
  random: Random,
  count: (rows: number) => void,
): Trial {
  const way = randomWay(random.pick(scanners).name, input.length, random);
  return {
    input,
    circumstances: JSON.stringify(way),
    check: async () => count(await checkWhole(input, way)),
    afresh: async (smaller) => {
      await checkWhole(smaller, way);
    },
  };
}

/** What an answer is made of, with one thread and with two. */
function threadTrial(scanners: readonly NamedScanner[], random: Random): Trial {
  const input = repeated(randomInput(askedPlan(random), random, random.chance(0.5)), random);
  const scanner = random.pick(scanners).name;
  const chunk = 1 + random.below(input.length + 1);
  const packed = random.chance(0.25);
  const afresh = (bytes: Buffer) => checkThreads([packed ? gzipSync(bytes) : bytes], scanner, chunk);
  return {
    input,
    circumstances: JSON.stringify({ scanner, chunk, packed }),
    check: () => afresh(input),
    afresh,
  };
}

async function failureOf(check: () => Promise<void>): Promise<Error | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

async function smallest({ input, circumstances, afresh }: Trial, error: Error): Promise<Failure> {
  const failure = { error, input, circumstances, later: true };
  const again = (smaller: Buffer) => failureOf(() => afresh(smaller));
  if ((await again(input)) === undefined) return failure;
  const small = await minimized(input, async (smaller) => (await again(smaller)) !== undefined, TRIES);
  return { error: (await again(small)) ?? error, input: small, circumstances, later: false };
}
