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
