import { NANOS_PER_MILLI, PICO_PER_USD, type Quantity } from '../model/index.ts';

/** Money, a duration or a time as the JSON contract writes it: nothing rounded, null where it is not known. */
export function exact(quantity: Quantity): string | number | null {
  if (quantity.unit === 'usd') return exactUsd(quantity.pico);
  if (quantity.unit === 'ms') return exactMillis(quantity.nanos);
  return exactTime(quantity.at);
}

/** Rows may have a `unit` of their own. */
export function isQuantity(value: object): value is Quantity {
  if (!('unit' in value)) return false;
  if (value.unit === 'usd') return 'pico' in value;
  return value.unit === 'ms' ? 'nanos' in value : value.unit === 'time' && 'at' in value;
}

/** USD as a decimal string with every digit and no other: `0.0165`, `0`. */
function exactUsd(pico: bigint | undefined): string | null {
  if (pico === undefined) return null;
  if (pico === 0n) return '0';
  const sign = pico < 0n ? '-' : '';
  const amount = pico < 0n ? -pico : pico;
  const fraction = String(amount % PICO_PER_USD)
    .padStart(12, '0')
    .replace(/0+$/, '');
  return `${sign}${amount / PICO_PER_USD}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Milliseconds: a whole nanosecond never needs an exponent. */
function exactMillis(nanos: number | undefined): number | null {
  return nanos === undefined ? null : nanos / NANOS_PER_MILLI;
}

const NANOS = 1_000_000_000n;
/** RFC 3339 knows four-digit years only: 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z. */
const FIRST_SECOND = -62_167_219_200n;
const LAST_SECOND = 253_402_300_799n;

/** RFC 3339 in UTC with 3, 6 or 9 fractional digits, the fewest that lose nothing. */
function exactTime(at: bigint | undefined): string | null {
  if (at === undefined) return null;
  const remainder = Number(at % NANOS);
  const nano = remainder < 0 ? remainder + Number(NANOS) : remainder;
  const second = (at - BigInt(nano)) / NANOS;
  if (second < FIRST_SECOND || second > LAST_SECOND) return null;
  return `${secondText(Number(second))}.${fraction(nano)}Z`;
}

function fraction(nano: number): string {
  if (nano % 1_000_000 === 0) return String(nano / 1_000_000).padStart(3, '0');
  if (nano % 1000 === 0) return String(nano / 1000).padStart(6, '0');
  return String(nano).padStart(9, '0');
}

let known = { second: Number.NaN, text: '' };

/** Times come close together: the last second written is remembered. */
function secondText(second: number): string {
  if (second !== known.second) {
    known = { second, text: new Date(second * 1000).toISOString().slice(0, 19) };
  }
  return known.text;
}
