/**
 * What kinds of runs look like, without ids, times and texts: the committed expectation of `check --shape`, and what is
 * found in runs.
 */
export type Shape = {
  /** By name. */
  readonly kinds: readonly RunShape[];
  /** What a written shape does not keep; undefined of one that was read from a file. */
  readonly found?: FoundRuns | undefined;
};

/** `tool *` is any number of tools of any name, `*` anything at all; what they call is not told. */
export const ANY = '*';

export const isAny = (step: string): boolean => /^(?:[a-z]+ )?\*$/.test(step);

/** The order of names: the same on every machine. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Runs with the same root step and workflow. */
export type RunShape = {
  readonly name: string;
  readonly steps: readonly StepShape[];
  readonly seen?: Seen | undefined;
};

/** All calls of a step at one place: below the same steps, in runs of the same kind. */
export type StepShape = {
  readonly step: string;
  /** How often one call of the step above calls it: fewest and most; `Infinity` where no number is too high. */
  readonly low: number;
  readonly high: number;
  readonly fails: Fails;
  /** The steps below stand in the order in which they begin, which is always the same; else they are sorted by name. */
  readonly inOrder: boolean;
  readonly steps: readonly StepShape[];
  readonly seen?: SeenStep | undefined;
};

export type Fails = 'never' | 'sometimes' | 'always';

type FoundRuns = {
  readonly runs: number;
  /** The id of a trace by its place in the forest. */
  readonly traceId: (trace: number) => string;
};

/** How many runs, and one of them. */
export type Seen = { readonly runs: number; readonly example: number };

export type SeenStep = Seen & {
  /** Runs by what they did: fewest and most calls below one call of the step above, and how these ended. */
  readonly ways: readonly Way[];
  /** A run that calls the step above and never this one. */
  readonly without: number | undefined;
  /** Runs in which, below this step, one step had ended before another one began, by the names of both. */
  readonly before: (first: string, second: string) => Seen | undefined;
};

export type Way = Seen & {
  readonly low: number;
  readonly high: number;
  readonly failed: boolean;
  readonly succeeded: boolean;
};

export type ShapeDifference = {
  /** `+` new or more often, `−` gone or more seldom, `~` otherwise unlike. */
  readonly sign: '+' | '−' | '~';
  /** The kind of run, and the steps from its root down to the one above the difference. */
  readonly where: readonly string[];
  /** The step it is about; the kind of run where that is new or gone. */
  readonly step: string;
  /** What differs, such as `called 3× (was 1)`. */
  readonly text: string;
  /** Runs that differ, of those of this kind; 0 of 0 where there is none of this kind. */
  readonly runs: number;
  readonly of: number;
  /** The trace id of one of them. */
  readonly example: string | undefined;
  /** All of it in one line. */
  readonly line: string;
};

export type ShapeComparison = {
  readonly ok: boolean;
  readonly differences: readonly ShapeDifference[];
};
