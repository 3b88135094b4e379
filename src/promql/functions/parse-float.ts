/** A number as Go's `strconv.ParseFloat` reads it, or undefined: what is too large is none. */
export function parseFloat64(text: string): number | undefined {
  const word = WORD.exec(text);
  if (word !== null) {
    if (word[2]!.toLowerCase() === 'nan') return word[1] === '' ? Number.NaN : undefined;
    return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (!DECIMAL.test(text)) return hexadecimal(text);
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const WORD = /^([+-]?)(inf|infinity|nan)$/i;
const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i;
/** The exponent is of two, and has to be there. */
const HEXADECIMAL = /^([+-]?)0x(?=\.?[0-9a-f])([0-9a-f]{0,12})(?:\.([0-9a-f]{0,12}))?p([+-]?[0-9]{1,4})$/i;

/** Of at most 12 digits on either side of the point: bounds of buckets have few. */
function hexadecimal(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = match;
  const value = Number(`0x0${whole}`) + Number(`0x0${fraction}`) / 16 ** fraction.length;
  const scaled = value * 2 ** Number(exponent);
  if (!Number.isFinite(scaled)) return undefined;
  return sign === '-' ? -scaled : scaled;
}
