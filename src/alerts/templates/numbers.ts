/** Digits that say more than enough about what is behind a rounding. */
const BEHIND = 25;

/** `%e`: one digit before the point, `precision` behind it; undefined: as many as are needed to read it back. */
export function exponential(value: number, precision: number | undefined): string {
  if (!Number.isFinite(value)) return infinite(value);
  const { digits, exponent } = digitsOf(Math.abs(value), precision === undefined ? undefined : precision + 1);
  return signOf(value) + scientific(digits, exponent);
}

/** `%f`. */
export function fixed(value: number, precision: number | undefined): string {
  if (!Number.isFinite(value)) return infinite(value);
  const size = Math.abs(value);
  if (size >= 2 ** 53) {
    const digits = String(BigInt(size));
    return signOf(value) + plain(digits, digits.length - 1, precision ?? 0);
  }
  const whole = digitsOf(size, undefined);
  const wanted =
    precision === undefined ? undefined : value === 0 ? precision + 1 : whole.exponent + 1 + precision;
  if (wanted !== undefined && wanted <= 0) {
    const up = wanted === 0 && aboveHalf(size);
    return `${signOf(value)}${plain(up ? '1' : '0', up ? -precision! : 0, precision!)}`;
  }
  const { digits, exponent } = wanted === undefined ? whole : digitsOf(size, wanted);
  return signOf(value) + plain(digits, exponent, precision ?? Math.max(0, digits.length - 1 - exponent));
}

/** `%g`, with `precision` significant digits, or as many as are needed: then an exponent is used from 10^6 on, as `%v` does. */
export function general(value: number, precision: number | undefined): string {
  if (!Number.isFinite(value)) return infinite(value);
  const wanted = precision === undefined ? undefined : Math.max(1, precision);
  const { digits, exponent } = digitsOf(Math.abs(value), wanted);
  const shown = digits.replace(/0+$/, '') || '0';
  if (exponent < -4 || exponent >= (wanted ?? 6)) return signOf(value) + scientific(shown, exponent);
  return signOf(value) + plain(shown, exponent, Math.max(0, shown.length - 1 - exponent));
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : '';
}

function infinite(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}

function plain(digits: string, exponent: number, behind: number): string {
  const padded = exponent < 0 ? '0'.repeat(-exponent) + digits : digits.padEnd(exponent + 1, '0');
  const point = Math.max(0, exponent) + 1;
  const fraction = padded.slice(point).padEnd(behind, '0').slice(0, behind);
  return padded.slice(0, point) + (behind > 0 ? `.${fraction}` : '');
}

type Digits = { readonly digits: string; readonly exponent: number };

/** `d.ddd × 10^exponent` rounded half to even as Go does, where JavaScript rounds a half up. */
function digitsOf(size: number, count: number | undefined): Digits {
  const rounded = split(
    count === undefined ? size.toExponential() : size.toExponential(Math.min(100, count - 1)),
  );
  if (count === undefined || count + BEHIND > 100) return rounded;
  const exact = split(size.toExponential(count - 1 + BEHIND));
  const isHalf = /^50*$/.test(exact.digits.slice(count));
  const kept = exact.digits.slice(0, count);
  if (isHalf && Number(kept.at(-1)) % 2 === 0) return { digits: kept, exponent: exact.exponent };
  return rounded;
}

function split(text: string): Digits {
  const [mantissa = '', exponent = '0'] = text.split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** More than half of the power of ten above it. */
function aboveHalf(size: number): boolean {
  const { digits } = split(size.toExponential(BEHIND));
  return digits > '5'.padEnd(digits.length, '0');
}
