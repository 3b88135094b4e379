import type { RunMeasures } from './run-measures.ts';

/** How a figure is told: money in picodollars, durations in nanoseconds, everything else as counts. */
export type FigureUnit = 'usd' | 'ms' | 'tokens' | 'count';

/** A figure of a run that two sets of runs are compared by; all are whole numbers. */
export type Figure = {
  readonly unit: FigureUnit;
  /** What the average run may change by before it means anything, whatever that is in percent. */
  readonly floor: number;
  /** Undefined where the run does not tell all of it. */
  readonly of: (run: RunMeasures) => number | undefined;
};

/** Every figure that `--max-increase` knows. */
export const FIGURES = {
  cost: {
    unit: 'usd',
    floor: 100_000_000,
    of: ({ cost, unpricedCalls }) => (unpricedCalls > 0 ? undefined : Number(cost)),
  },
  duration: {
    unit: 'ms',
    floor: 1_000_000,
    of: ({ duration, open }) => (open ? undefined : duration),
  },
  errors: { unit: 'count', floor: 0.05, of: ({ errors }) => errors },
  tokens: { unit: 'tokens', floor: 10, of: ({ inputTokens, outputTokens }) => inputTokens + outputTokens },
  input_tokens: { unit: 'tokens', floor: 10, of: ({ inputTokens }) => inputTokens },
  output_tokens: { unit: 'tokens', floor: 10, of: ({ outputTokens }) => outputTokens },
  calls: { unit: 'count', floor: 0.1, of: ({ calls }) => calls },
  tool_calls: { unit: 'count', floor: 0.1, of: ({ toolCalls }) => toolCalls },
} as const satisfies Record<string, Figure>;

export type FigureName = keyof typeof FIGURES;
export const FIGURE_NAMES = Object.keys(FIGURES) as readonly FigureName[];
