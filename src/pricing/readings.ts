import { isInclusive, type Pico, pico, type Reading, type Usage } from '../model/index.ts';
import type { Billed } from './bill.ts';

export type Sum = Exclude<Billed, 'too_large'>;

/** Amounts that differ by less say nothing about who is right. */
const APART = 0.01;
/** A recorded cost is the sum of one reading when it is as near to it as this. */
const EQUAL = 0.005;

/**
 * Which of two readings of the same counts is billed. They have to differ, and a recorded cost has to equal exactly one
 * of them, to decide anything; otherwise the first, which is what the dialect usually means, is taken.
 */
export function chosen(
  usual: Sum,
  other: Sum,
  usage: Usage,
  recorded: Pico | undefined,
): { readonly taken: Sum; readonly reading?: Reading } {
  if (near(usual.amount, other.amount, APART)) return { taken: usual };
  const inclusive = isInclusive(usage);
  const fitsUsual = recorded !== undefined && near(recorded, usual.amount, EQUAL);
  const fitsOther = recorded !== undefined && near(recorded, other.amount, EQUAL);
  const because = fitsUsual === fitsOther ? 'dialect' : 'recorded_cost';
  const swapped = because === 'recorded_cost' && fitsOther;
  return {
    taken: swapped ? other : usual,
    reading: {
      taken: inclusive === swapped ? 'input_exclusive' : 'input_inclusive',
      because,
      other: pico(swapped ? usual.amount : other.amount),
    },
  };
}

const near = (a: number, b: number, share: number): boolean => Math.abs(a - b) <= share * Math.max(a, b);
