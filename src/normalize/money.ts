import type { AttributeValue } from '../model/index.ts';
import { type Pico, pico } from '../model/index.ts';

/** Decimal digits of a picodollar below a dollar. */
const PICO_DIGITS = 12;
/** Digits of the largest whole number that a double holds exactly: about 9,007 dollars, more than any call costs. */
const MOST_DIGITS = String(Number.MAX_SAFE_INTEGER).length;

const PICO_PER_DOLLAR = 1e12;
/** Below this many dollars doubles lie closer together than picodollars. */
const EXACT_BELOW = 2_000;

const DECIMAL = /^\+?(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/**
 * Dollars as they were written, in whole picodollars, without passing through binary fractions: `0.0165` is exactly
 * 16,500,000,000. Digits below a picodollar round half to even. Undefined for anything that is not an amount, and for amounts beyond what whole
 * picodollars in a double hold exactly.
 * `shift` moves the decimal point: -6 for micro-dollars.
 */
export function picoOf(value: AttributeValue | undefined, shift = 0): Pico | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  if (typeof value === 'number' && shift === 0 && value > 0 && value < EXACT_BELOW) {
    // At most one amount of whole picodollars reads back as this double; if this one does, it is what was written.
    const amount = Math.round(value * PICO_PER_DOLLAR);
    if (amount / PICO_PER_DOLLAR === value) return pico(amount);
  }
  // The shortest text that reads back as the same double is the text that was written.
  const parts = DECIMAL.exec(String(value).trim());
  if (parts === null) return undefined;
  const whole = parts[1] ?? '';
  const fraction = parts[2] ?? '';
  if (whole === '' && fraction === '') return undefined;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return pico(0);
  const point = PICO_DIGITS + shift + Number(parts[3] ?? 0) - fraction.length;
  if (digits.length + point > MOST_DIGITS) return undefined;
  if (point >= 0) return exact(Number(digits.padEnd(digits.length + point, '0')));
  const kept = digits.length + point;
  if (kept < 0) return pico(0);
  return exact(Number(roundHalfEven(digits.slice(0, kept), digits.slice(kept))));
}

/** The amount if no digit of it is lost. */
export function exact(amount: number): Pico | undefined {
  return Number.isSafeInteger(amount) ? pico(amount) : undefined;
}

function roundHalfEven(kept: string, dropped: string): bigint {
  const floor = BigInt(kept === '' ? '0' : kept);
  const first = dropped.charCodeAt(0) - 48;
  const half = first === 5 && /^50*$/.test(dropped);
  const up = half ? floor % 2n === 1n : first >= 5;
  return up ? floor + 1n : floor;
}
