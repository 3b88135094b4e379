import { type Bill, type Forest, traceByTrace } from '../model/index.ts';

const PICO_PER_DOLLAR = 1e12;

/**
 * Sums over subtrees, worked out for the traces that are asked about. Costs are kept as whole dollars and picodollars below
 * a dollar, both exact in a double at any total.
 */
export function subtreeSums(
  forest: Forest,
  cost: Bill['cost'],
  isCall: (position: number) => boolean,
  isUnpriced: (position: number) => boolean,
): Bill['subtree'] {
  const { length, parent } = forest;
  let sums: Sums | undefined;
  const see = traceByTrace(forest, (from, to) => {
    const { dollars, rest, calls, unpriced } = sums!;
    for (let p = to - 1; p >= from; p--) {
      add(sums!, p, 0, cost(p));
      if (isCall(p)) calls[p]!++;
      if (isUnpriced(p)) unpriced[p]!++;
      const up = parent[p]!;
      if (up < 0) continue;
      add(sums!, up, dollars[p]!, rest[p]!);
      calls[up]! += calls[p]!;
      unpriced[up]! += unpriced[p]!;
    }
  });
  return (p) => {
    sums ??= {
      dollars: new Float64Array(length),
      rest: new Float64Array(length),
      calls: new Int32Array(length),
      unpriced: new Int32Array(length),
    };
    see(p);
    return {
      cost: BigInt(sums.dollars[p]!) * BigInt(PICO_PER_DOLLAR) + BigInt(sums.rest[p]!),
      calls: sums.calls[p]!,
      unpricedCalls: sums.unpriced[p]!,
    };
  };
}

type Sums = {
  readonly dollars: Float64Array;
  readonly rest: Float64Array;
  readonly calls: Int32Array;
  readonly unpriced: Int32Array;
};

function add({ dollars, rest }: Sums, position: number, whole: number, pico: number): void {
  const full = Math.floor(pico / PICO_PER_DOLLAR);
  const sum = rest[position]! + (pico - full * PICO_PER_DOLLAR);
  const carry = sum >= PICO_PER_DOLLAR ? 1 : 0;
  dollars[position]! += whole + full + carry;
  rest[position] = sum - carry * PICO_PER_DOLLAR;
}
