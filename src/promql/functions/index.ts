import { DATES } from './dates.ts';
import type { PromFunction } from './function.ts';
import { HISTOGRAMS } from './histograms.ts';
import { LABELS } from './labels.ts';
import { MATH } from './math.ts';
import { OVER_TIME } from './over-time.ts';
import { RATES } from './rates.ts';
import { TRENDS } from './trends.ts';
import { VECTORS } from './vectors.ts';

/** Every function that some version can call, by name; which one can, and with what, says `signatureOf`. */
export const FUNCTIONS: ReadonlyMap<string, PromFunction> = new Map([
  ...DATES,
  ...HISTOGRAMS,
  ...LABELS,
  ...MATH,
  ...OVER_TIME,
  ...RATES,
  ...TRENDS,
  ...VECTORS,
]);
