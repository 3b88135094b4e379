import {
  ANY,
  byName,
  isAny,
  type RunShape,
  type Seen,
  type SeenStep,
  type Shape,
  type ShapeComparison,
  type ShapeDifference,
  type StepShape,
  type Way,
} from './shape-model.ts';
import { MISSING_PARENT, MOST_NAMES } from './shape-places.ts';

type Sign = ShapeDifference['sign'];

/** Runs that differ, and one of them. */
type Unlike = { readonly runs: number; readonly example: number | undefined };

/** One kind of run, while it is compared. */
type Asked = {
  readonly of: number;
  readonly add: (sign: Sign, where: readonly string[], step: string, text: string, unlike: Unlike) => void;
};

/**
 * What differs between what is expected and what was found, by kind of run and in the order of the tree. A count inside
 * its band is no difference, and neither is what an expected `*` stands for. Below a step that is new or gone nothing
 * more is told.
 */
export function compareShapes(expected: Shape, found: Shape): ShapeComparison {
  const differences: ShapeDifference[] = [];
  const runs = found.found?.runs ?? 0;
  const wanted = new Map(expected.kinds.map((kind) => [kind.name, kind]));
  const seen = new Map(found.kinds.map((kind) => [kind.name, kind]));
  for (const name of [...new Set([...wanted.keys(), ...seen.keys()])].sort(byName)) {
    const [before, now] = [wanted.get(name), seen.get(name)];
    const asked = (of: number): Asked => ({
      of,
      add: (sign, where, step, text, { runs, example }) => {
        const trace = example === undefined ? undefined : found.found?.traceId(example);
        const difference = { sign, where, step, text, runs, of, example: trace };
        differences.push({ ...difference, line: lineOf(difference) });
      },
    });
    if (now === undefined) {
      if (isAny(name) || seen.has(`${kindOf(name)} ${ANY}`)) continue;
      const text = runs === 0 ? 'not seen: there are no runs' : 'not seen';
      asked(runs).add('−', [], `run ${name}`, text, NONE);
    } else if (before !== undefined) {
      compareSteps(before, now, [`run ${name}`], now.seen, asked(now.seen?.runs ?? 0));
    } else if (!wanted.has(`${kindOf(name)} ${ANY}`)) {
      asked(runs).add('+', [], `run ${name}`, 'is new', now.seen ?? NONE);
    }
  }
  return { ok: differences.length === 0, differences };
}

const NONE: Unlike = { runs: 0, example: undefined };

const kindOf = (step: string): string => step.split(' ', 1)[0]!;

/** The steps below one step. The depth of both trees is limited. */
function compareSteps(
  before: Pick<RunShape, 'steps'>,
  now: Pick<RunShape, 'steps'>,
  where: readonly string[],
  seenAbove: Seen | undefined,
  asked: Asked,
): void {
  const wanted = new Map(before.steps.map((step) => [step.step, step]));
  const found = new Map(now.steps.map((step) => [step.step, step]));
  const isAnyOf = (steps: ReadonlyMap<string, StepShape>, name: string): boolean =>
    steps.has(ANY) || steps.has(`${kindOf(name)} ${ANY}`);
  for (const name of [...new Set([...wanted.keys(), ...found.keys()])].sort(byName)) {
    const [old, step] = [wanted.get(name), found.get(name)];
    if (isAny(name)) {
      if (old === undefined && !wanted.has(ANY))
        asked.add('+', where, name, tooMany(name, before), seenAbove ?? NONE);
    } else if (step === undefined) {
      if (old!.low > 0 && !isAnyOf(found, name))
        asked.add('−', where, name, `not called (was ${band(old!)})`, seenAbove ?? NONE);
    } else if (old === undefined) {
      if (!isAnyOf(wanted, name)) asked.add('+', where, name, isNew(step), step.seen ?? NONE);
    } else compareStep(old, step, where, seenAbove, asked);
  }
}

function isNew({ step, steps, seen, low, high }: StepShape): string {
  if (step === MISSING_PARENT) return `of ${steps.map((orphan) => orphan.step).join(', ')} (was there)`;
  return called(seen?.ways ?? [{ low, high }], '0');
}

function tooMany(name: string, before: Pick<RunShape, 'steps'>): string {
  if (name === ANY) return 'more levels of steps than are told';
  const kind = kindOf(name);
  const known = before.steps.filter(({ step }) => kindOf(step) === kind).length;
  return `more than ${MOST_NAMES} different names (was ${known})`;
}

function compareStep(
  before: StepShape,
  now: StepShape,
  where: readonly string[],
  seenAbove: Seen | undefined,
  asked: Asked,
): void {
  const { seen } = now;
  if (seen !== undefined) {
    compareCalls(before, seen, where, seenAbove, asked);
    compareFailures(before, seen, where, asked);
    if (before.inOrder) compareOrder(before, seen, where, asked);
  }
  compareSteps(before, now, [...where, before.step], seen, asked);
}

function compareCalls(
  before: StepShape,
  seen: SeenStep,
  where: readonly string[],
  seenAbove: Seen | undefined,
  asked: Asked,
): void {
  const outside = seen.ways.filter(({ low, high }) => low < before.low || high > before.high);
  const absent: Way[] = [];
  if (before.low > 0 && seen.without !== undefined) {
    const runs = (seenAbove?.runs ?? seen.runs) - seen.runs;
    absent.push({ runs, example: seen.without, low: 0, high: 0, failed: false, succeeded: false });
  }
  const unlike = [...outside, ...absent];
  if (unlike.length === 0) return;
  const more = unlike.some(({ high }) => high > before.high);
  const fewer = unlike.some(({ low }) => low < before.low);
  const sign = more && fewer ? '~' : more ? '+' : '−';
  asked.add(sign, where, before.step, called(unlike, band(before)), unite(unlike));
}

function compareFailures(
  { fails, step }: StepShape,
  { ways }: SeenStep,
  where: readonly string[],
  asked: Asked,
): void {
  if (fails === 'sometimes') return;
  const unlike = ways.filter(({ failed, succeeded }) => (fails === 'never' ? failed : succeeded));
  if (unlike.length === 0) return;
  asked.add(
    '~',
    where,
    step,
    fails === 'never' ? 'fails (never did)' : 'succeeds (always failed)',
    unite(unlike),
  );
}

/** The first pair that stood the other way round, and how many more there are. */
function compareOrder(before: StepShape, seen: SeenStep, where: readonly string[], asked: Asked): void {
  const names = before.steps.map(({ step }) => step);
  const turned: { readonly first: string; readonly second: string; readonly unlike: Seen }[] = [];
  for (const [i, second] of names.entries()) {
    for (const first of names.slice(i + 1)) {
      const unlike = seen.before(first, second);
      if (unlike !== undefined) turned.push({ first, second, unlike });
    }
  }
  if (turned.length === 0) return;
  const { first, second, unlike } = turned[0]!;
  const others = turned.length - 1;
  const more = others === 0 ? '' : `, and ${others} more such ${others === 1 ? 'pair' : 'pairs'}`;
  asked.add('~', [...where, before.step], first, `before ${second} (was after)${more}`, unlike);
}

const called = (ways: readonly Pick<Way, 'low' | 'high'>[], was: string): string =>
  `called ${band(boundsOf(ways))}× (was ${was})`;

function boundsOf(ways: readonly Pick<Way, 'low' | 'high'>[]): {
  readonly low: number;
  readonly high: number;
} {
  const low = ways.reduce((least, way) => Math.min(least, way.low), Number.POSITIVE_INFINITY);
  return { low, high: ways.reduce((most, way) => Math.max(most, way.high), 0) };
}

/** Every run is in one way only. The example is the earliest. */
function unite(ways: readonly Way[]): Unlike {
  return {
    runs: ways.reduce((sum, { runs }) => sum + runs, 0),
    example: ways.reduce((least, { example }) => Math.min(least, example), ways[0]!.example),
  };
}

function band({ low, high }: { readonly low: number; readonly high: number }): string {
  if (high === Number.POSITIVE_INFINITY) return `${low} or more`;
  return low === high ? String(low) : `${low}–${high}`;
}

function lineOf({ sign, where, step, text, runs, of, example }: Omit<ShapeDifference, 'line'>): string {
  const place = where.length === 0 ? '' : ` · in ${where.join(' › ')}`;
  const trace = example === undefined ? '' : `, such as trace ${example}`;
  return `${sign} ${step} ${text}${place} · ${runs} of ${of} ${of === 1 ? 'run' : 'runs'}${trace}`;
}
