import { withoutName } from '../engine/label-sets.ts';
import type { Rows } from '../engine/values.ts';
import type { PromFunction } from './function.ts';

/** Functions of one number that are the same in all versions (prometheus/promql/functions.go, `simpleFloatFunc`). */
const OF_A_NUMBER: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  deg: (value) => (value * 180) / Math.PI,
  exp: Math.exp,
  floor: Math.floor,
  ln: Math.log,
  log2,
  log10,
  rad: (value) => (value * Math.PI) / 180,
  sgn: (value) => (value < 0 ? -1 : value > 0 ? 1 : value),
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

/** `abs` to `tanh`, `round`, `clamp`, `clamp_min`, `clamp_max`. */
export const MATH: readonly (readonly [string, PromFunction])[] = [
  ...Object.entries(OF_A_NUMBER).map(([name, of]): [string, PromFunction] => [
    name,
    { kind: 'vector', of: (rows) => mapped(rows, of) },
  ]),
  [
    'round',
    {
      kind: 'vector',
      of: (rows, { scalars: [nearest] }) =>
        mapped(rows, (value, step) => roundTo(value, nearest === undefined ? 1 : nearest[step]!)),
    },
  ],
  [
    'clamp',
    {
      kind: 'vector',
      of: (rows, { scalars }) => {
        const [low, high] = [scalars[0]!, scalars[1]!];
        // Nothing lies between bounds that are the wrong way round.
        for (const { present } of rows)
          for (let step = 0; step < present.length; step++) if (high[step]! < low[step]!) present[step] = 0;
        return mapped(rows, (value, step) => maximum(low[step]!, minimum(high[step]!, value)));
      },
    },
  ],
  [
    'clamp_max',
    {
      kind: 'vector',
      of: (rows, { scalars }) => mapped(rows, (value, step) => minimum(scalars[0]![step]!, value)),
    },
  ],
  [
    'clamp_min',
    {
      kind: 'vector',
      of: (rows, { scalars }) => mapped(rows, (value, step) => maximum(scalars[0]![step]!, value)),
    },
  ],
];

/** The rows with every sample changed and without their names. */
export function mapped(rows: Rows, of: (value: number, step: number) => number): Rows {
  return rows.map(({ labels, values, present }) => {
    for (let step = 0; step < values.length; step++)
      if (present[step] === 1) values[step] = of(values[step]!, step);
    return { labels: withoutName(labels), values, present };
  });
}

/** Halves are rounded up, also those below zero. */
function roundTo(value: number, nearest: number): number {
  const perUnit = 1 / nearest;
  return Math.floor(value * perUnit + 0.5) / perUnit;
}

/** Go's `math.Max`: unlike that of JavaScript it knows that nothing is above infinity, not even NaN. */
function maximum(a: number, b: number): number {
  return a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY
    ? Number.POSITIVE_INFINITY
    : Math.max(a, b);
}

/** Go's `math.Min`. */
function minimum(a: number, b: number): number {
  return a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY
    ? Number.NEGATIVE_INFINITY
    : Math.min(a, b);
}

/** Go's `math.Log2`: the exponent, and the logarithm of what is left. It is not the last digit of V8's. */
function log2(value: number): number {
  if (!(value > 0) || value === Number.POSITIVE_INFINITY) return Math.log2(value);
  const [fraction, exponent] = parts(value);
  return fraction === 0.5 ? exponent - 1 : Math.log(fraction) * (1 / Math.LN2) + exponent;
}

/** Go's `math.Log10` on amd64, measured there: of 1e15 it is 14.999999999999998. */
function log10(value: number): number {
  return Math.log(value) * Math.LOG10E;
}

const bits = new DataView(new ArrayBuffer(8));

/** `value = fraction * 2 ** exponent` with 0.5 <= fraction < 1, for finite numbers above zero. */
function parts(value: number): readonly [fraction: number, exponent: number] {
  const subnormal = value < 2 ** -1022;
  bits.setFloat64(0, subnormal ? value * 2 ** 54 : value);
  const high = bits.getUint32(0);
  const exponent = ((high >>> 20) & 0x7ff) - 1022;
  bits.setUint32(0, (high & ~(0x7ff << 20)) | (1022 << 20));
  return [bits.getFloat64(0), subnormal ? exponent - 54 : exponent];
}
