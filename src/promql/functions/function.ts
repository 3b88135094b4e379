import type { Call } from '../ast.ts';
import type { Modes, Rows, Scalars, Steps, Window } from '../engine/values.ts';

/** What a function is called with besides its vector. Arguments of each type in the order they are written. */
export type Context = {
  readonly call: Call;
  readonly steps: Steps;
  readonly modes: Modes;
  readonly scalars: readonly Scalars[];
  readonly strings: readonly string[];
};

/** A function by what it makes of what. Which arguments it takes stands in its signature. */
export type PromFunction =
  /** A number for every step, of nothing or of a vector (none: no rows). */
  | { readonly kind: 'scalar'; readonly of: (rows: Rows, context: Context) => Scalars }
  /**
   * A vector of a vector; names are dropped where they are to be. It may change the rows it is given and hand them on. Labels
   * may collide in what it returns: that is for the caller to refuse, step by step.
   */
  | { readonly kind: 'vector'; readonly of: (rows: Rows, context: Context) => Rows }
  | WindowFunction;

/** A sample of each window that holds at least one. */
export type WindowFunction = {
  readonly kind: 'window';
  /** The value, or undefined for no sample. `at` is the time of evaluation in milliseconds; `a` and `b` the scalars of the step. */
  readonly of: (window: Window, at: number, modes: Modes, a: number, b: number) => number | undefined;
  readonly keepsName: boolean;
  /** What becomes of the rows before labels are looked at for collisions. */
  readonly finish: ((rows: Rows, context: Context) => Rows) | undefined;
};

/** A function of windows that drops the name. */
export function windowed(of: WindowFunction['of']): WindowFunction {
  return { kind: 'window', of, keepsName: false, finish: undefined };
}
