import type { Expr } from '../ast.ts';
import type { Modes, Row, Rows, Scalars, Steps, Window } from '../engine/values.ts';

/** An argument of a call over all steps, in the order of the text. */
export type Argument =
  | { readonly type: 'scalar'; readonly values: Scalars }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly rows: Rows; readonly expr: Expr }
  /** A range vector for a `vector` function: `values` count the samples in the window, `present` where there is one. */
  | { readonly type: 'matrix'; readonly rows: Rows; readonly expr: Expr };

/** What a call knows besides its arguments. */
export type CallContext = { readonly steps: Steps; readonly modes: Modes };

/**
 * How a function is computed. The engine evaluates the arguments, drops the name of the metric for `map` and `window`, and
 * refuses results in which two series have the same labels.
 */
export type FunctionBody =
  /** One sample from one sample; `parameters` are the scalar arguments at that step. A vector left out is the time in seconds. */
  | { readonly kind: 'map'; readonly of: (value: number, parameters: readonly number[]) => number }
  /** One sample from the samples in a window that is not empty; undefined: none. `time` is that of the evaluation, in ms. */
  | {
      readonly kind: 'window';
      readonly keepsName?: boolean;
      readonly of: (
        window: Window,
        parameters: readonly number[],
        time: number,
        modes: Modes,
      ) => number | undefined;
    }
  /** Whole vectors from whole vectors. Its rows are in the order in which an instant query shows them. */
  | {
      readonly kind: 'vector';
      readonly of: (args: readonly Argument[], context: CallContext) => readonly Row[];
    }
  | {
      readonly kind: 'scalar';
      readonly of: (args: readonly Argument[], context: CallContext) => Scalars;
    };
