/** A number as Go's `strconv.ParseFloat` reads it, or undefined: what is too large is none. */
export function parseFloat64(text: string): number | undefined {
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = DECIMAL.test(text) ? Number(text.replaceAll('_', '')) : hexadecimal(text);
  return Number.isFinite(value) ? value : undefined;
}

const INFINITE = /^([+-]?)inf(?:inity)?$/i;
/** With `_` between digits. */
const DECIMAL =
  /^[+-]?(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:e[+-]?[0-9]+(?:_[0-9]+)*)?$/i;
/** The exponent is of two, and has to be there. */
const HEXADECIMAL =
  /^([+-]?)0x(?=_?\.?[0-9a-f])((?:_?[0-9a-f])*)(?:\.([0-9a-f]+(?:_[0-9a-f]+)*)?)?p([+-]?[0-9]{1,4})$/i;

function hexadecimal(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = match;
  const digits = fraction.replaceAll('_', '');
  const value = Number(`0x0${whole.replaceAll('_', '')}`) + Number(`0x0${digits}`) / 16 ** digits.length;
  return (sign === '-' ? -value : value) * 2 ** Number(exponent);
}
