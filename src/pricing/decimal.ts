/**
 * A decimal times 10^`digits` as a safe integer, read from its text so that no binary fraction ever enters.
 * Undefined when the text is no plain decimal, or the product is not whole, negative or beyond 2^53.
 */
export function scaled(decimal: number | string, digits: number): number | undefined {
  const match = /^(\d{1,30})(?:\.(\d{1,30}))?(?:e([+-]?\d{1,2}))?$/i.exec(String(decimal));
  if (match === null) return undefined;
  const fraction = match[2] ?? '';
  const exponent = Number(match[3] ?? 0) + digits - fraction.length;
  let whole = BigInt(match[1]! + fraction);
  if (exponent >= 0) whole *= 10n ** BigInt(exponent);
  else {
    const divisor = 10n ** BigInt(-exponent);
    if (whole % divisor !== 0n) return undefined;
    whole /= divisor;
  }
  return whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : undefined;
}

/** `amount` × `numerator` / `denominator`, rounded once, ties to the even neighbour. Exact for every safe integer. */
export function scaleHalfEven(amount: number, numerator: number, denominator: number): number {
  const product = BigInt(amount) * BigInt(numerator);
  const divisor = BigInt(denominator);
  let quotient = product / divisor;
  const twice = (product % divisor) * 2n;
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) quotient += 1n;
  return Number(quotient);
}

/**
 * A quoted price times 10^`digits`. Price lists hold products of doubles (0.18000000000000002): twelve digits are the
 * price, the rest is noise. What is finer than a whole number is rounded to the nearest, and undefined where that is
 * off by more than 5 millionths.
 */
export function quoted(price: number, digits: number): number | undefined {
  const short = Number(price.toPrecision(12));
  const isNoise = Math.abs(short - price) <= price * 1e-14;
  const whole =
    (isNoise ? scaled(short, digits) : undefined) ?? scaled(price.toFixed(Math.min(digits, 100)), digits);
  if (whole === undefined || Math.abs(whole / 10 ** digits - price) > price * 5e-6) return undefined;
  return whole;
}

/** A whole number divided by 10^`digits` as a plain decimal with every digit. */
export function decimal(whole: number, digits: number): string {
  const text = String(BigInt(whole)).padStart(digits + 1, '0');
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  const units = text.slice(0, text.length - digits);
  return fraction === '' ? units : `${units}.${fraction}`;
}
