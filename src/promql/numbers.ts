import { quoted } from './quoting.ts';

const DECIMAL =
  /^(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?$/;
const HEXADECIMAL = /^0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/;
const OCTAL = /^0(?:_?[0-7])+$/;
const LARGEST_INTEGER = 2n ** 63n - 1n;

/** The value of a number as it is written, by the rules of Go: `010` is eight. Throws an `Error` in Go's words. */
export function parseNumber(text: string): number {
  const lower = text.toLowerCase();
  if (lower === 'inf') return Number.POSITIVE_INFINITY;
  if (lower === 'nan') return Number.NaN;
  const digits = text.replaceAll('_', '');
  if (HEXADECIMAL.test(text)) {
    // Hexadecimal digits without an exponent are an integer of 64 bits or nothing.
    if (digits.length > 18 && !/^0[xX]0*[0-9a-fA-F]{1,16}$/.test(digits)) throw fault(text, 'invalid syntax');
    const value = BigInt(digits);
    if (value > LARGEST_INTEGER) throw fault(text, 'invalid syntax');
    return Number(value);
  }
  if (OCTAL.test(text)) {
    const value = digits.length > 30 ? LARGEST_INTEGER + 1n : BigInt(`0o${digits.slice(1)}`);
    if (value <= LARGEST_INTEGER) return Number(value);
  }
  if (!DECIMAL.test(text)) throw fault(text, 'invalid syntax');
  const value = Number(digits);
  if (!Number.isFinite(value)) throw fault(text, 'value out of range');
  return value;
}

/** The shortest digits that read back as this number, never with an exponent: how Prometheus prints numbers in expressions. */
export function plainNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', exponent] = String(value).split('e');
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

function fault(text: string, reason: string): Error {
  return new Error(`error parsing number: strconv.ParseFloat: parsing ${quoted(text)}: ${reason}`);
}
