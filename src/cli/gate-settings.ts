import { FIGURE_NAMES, type FigureName } from '../analyses/figures.ts';
import { didYouMean } from '../model/index.ts';
import type { ConfigContext, ConfigPath } from '../pricing/index.ts';
import { entries, kindOf, mapping } from '../pricing/parse-values.ts';
import { DIMENSIONS, findDimension } from '../rollup/index.ts';
import { amountFor, COUNT, DOLLARS, PERCENT, TEXT, TIME, type Typed } from './gate-values.ts';

/** What `agentobs.yaml` says under `gates:`, and the command line in its options. Undefined and empty: no such gate. */
export type GateSettings = {
  /** Picodollars. */
  readonly budget: bigint | undefined;
  /** Picodollars by dimension. */
  readonly budgetPer: ReadonlyMap<string, bigint>;
  /** Nanoseconds. */
  readonly maxDuration: number | undefined;
  readonly maxErrors: number | undefined;
  readonly maxTokens: number | undefined;
  /** A fraction. */
  readonly maxWaste: number | undefined;
  readonly maxUnpriced: number | undefined;
  /** Files, as they are named. */
  readonly baseline: string | undefined;
  readonly shape: string | undefined;
  /** Fractions. */
  readonly maxIncrease: ReadonlyMap<FigureName, number>;
  /** In the smallest unit of the figure. */
  readonly minChange: ReadonlyMap<FigureName, number>;
  /** A dimension. */
  readonly pairBy: string | undefined;
  readonly seed: number | undefined;
};

/** Reads the section; says every fault it finds. */
export function parseGates(section: unknown, at: ConfigPath, context: ConfigContext): GateSettings {
  const said = mapping(section, at, context, KEYS);
  const one = <T>(key: string, typed: Typed<T>): T | undefined =>
    said.has(key) ? typedValue(said.get(key), [...at, key], context, typed) : undefined;
  const each = <K extends string, T>(key: string, known: Known<K>, typedOf: (name: K) => Typed<T>) => {
    const found = new Map<K, T>();
    for (const [name, value] of entries(said.get(key), [...at, key], context)) {
      const path = [...at, key, name];
      const meant = known.find(name);
      const amount = meant && typedValue(value, path, context, typedOf(meant));
      if (meant === undefined)
        context.fault(path, `unknown ${known.what} "${name}"${didYouMean(name, known.names)}`);
      else if (amount !== undefined) found.set(meant, amount);
    }
    return found;
  };
  return {
    budget: one('budget', DOLLARS),
    budgetPer: each('budget_per', DIMENSION, () => DOLLARS),
    maxDuration: one('max_duration', TIME),
    maxErrors: one('max_errors', COUNT),
    maxTokens: one('max_tokens', COUNT),
    maxWaste: one('max_waste', PERCENT),
    maxUnpriced: one('max_unpriced', COUNT),
    baseline: one('baseline', TEXT),
    shape: one('shape', TEXT),
    maxIncrease: each('max_increase', FIGURE, () => PERCENT),
    minChange: each('min_change', FIGURE, amountFor),
    pairBy: one('pair_by', PAIR_KEY),
    seed: one('seed', COUNT),
  };
}

const KEYS = [
  ...['budget', 'budget_per', 'max_duration', 'max_errors', 'max_tokens', 'max_waste', 'max_unpriced'],
  ...['baseline', 'max_increase', 'min_change', 'pair_by', 'seed', 'shape'],
];

/** Names that there are, of one sort. */
export type Known<K extends string> = {
  readonly what: string;
  readonly names: readonly string[];
  readonly find: (name: string) => K | undefined;
};

export const DIMENSION: Known<string> = {
  what: 'dimension',
  names: Object.keys(DIMENSIONS),
  find: (name) => (findDimension(name) === undefined ? undefined : name),
};

export const FIGURE: Known<FigureName> = {
  what: 'figure',
  names: FIGURE_NAMES,
  find: (name) => FIGURE_NAMES.find((figure) => figure === name),
};

/** A trace never comes twice, and people do not belong into a file that is kept. */
export const PAIR_KEY: Typed<string> = {
  like: 'a dimension other than user and trace, such as attr:eval.case',
  read: (text) => (text === 'user' || text === 'trace' ? undefined : DIMENSION.find(text)),
};

function typedValue<T>(
  value: unknown,
  at: ConfigPath,
  context: ConfigContext,
  { like, read }: Typed<T>,
): T | undefined {
  const found = typeof value === 'string' || typeof value === 'number' ? read(plain(value)) : undefined;
  if (found === undefined) context.fault(at, `expected ${like}, found ${kindOf(value)}`);
  return found;
}

/** As a person writes a number: without an exponent. */
const plain = (value: string | number): string =>
  typeof value === 'number' && /e-/.test(String(value))
    ? value.toFixed(12).replace(/0+$/, '')
    : String(value);
