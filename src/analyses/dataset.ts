import type { Selection, Skew } from '../model/index.ts';
import type { Measured } from '../rollup/index.ts';

/** What questions about traces are asked of: trees, whom they belong to, what they cost, and which spans were chosen. */
export type Dataset = Measured & {
  /** Undefined: all spans. Figures count the chosen ones; trees keep what is above them. */
  readonly selected?: Selection | undefined;
  /** What was moved because clocks differ; undefined where that was not asked for. */
  readonly skew?: Skew | undefined;
};
