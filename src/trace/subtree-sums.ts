import type { Bill, Forest } from '../model/index.ts';

const PICO_PER_DOLLAR = 1e12;

/**
 * Subtrees are ranges of positions, so a subtree's sum is the difference of two running sums. The running sum is kept as
 * whole dollars and picodollars below a dollar, both exact in a double at any total.
 */
export function subtreeSums(
  forest: Forest,
  cost: Float64Array,
  isCall: (position: number) => boolean,
  isUnpriced: (position: number) => boolean,
): Bill['subtree'] {
  const { length, size } = forest;
  const dollars = new Float64Array(length + 1);
  const rest = new Float64Array(length + 1);
  const calls = new Int32Array(length + 1);
  const unpriced = new Int32Array(length + 1);
  for (let p = 0; p < length; p++) {
    const whole = Math.floor(cost[p]! / PICO_PER_DOLLAR);
    let below = rest[p]! + (cost[p]! - whole * PICO_PER_DOLLAR);
    let carry = 0;
    if (below >= PICO_PER_DOLLAR) {
      below -= PICO_PER_DOLLAR;
      carry = 1;
    }
    dollars[p + 1] = dollars[p]! + whole + carry;
    rest[p + 1] = below;
    calls[p + 1] = calls[p]! + (isCall(p) ? 1 : 0);
    unpriced[p + 1] = unpriced[p]! + (isUnpriced(p) ? 1 : 0);
  }
  return (p) => {
    const end = p + size[p]!;
    return {
      cost: BigInt(dollars[end]! - dollars[p]!) * BigInt(PICO_PER_DOLLAR) + BigInt(rest[end]! - rest[p]!),
      calls: calls[end]! - calls[p]!,
      unpricedCalls: unpriced[end]! - unpriced[p]!,
    };
  };
}
