import type { AttributeValue, Pico, RecordedCost } from '../model/index.ts';
import { pico } from '../model/index.ts';
import type { CostSource, CostTable, Dialect } from './dialect.ts';
import { picoOf } from './money.ts';
import { ownFirst } from './order.ts';
import { compileCondition, isRecord, type Keys, type Path, pathOf, type Slots, type Test } from './slots.ts';
import { textOf } from './text.ts';

/** `invalid`: a cost is written down, but none that can be used. */
export type CostFound = {
  readonly cost: RecordedCost | undefined;
  readonly aggregate: boolean;
  readonly invalid: boolean;
};

type CostOf = (dialect: number, slots: Slots) => CostFound;

/** The cost a span records: what the biller said, else a total, else the sum of parts; levels are never added. */
export function compileCost(dialects: readonly Dialect[], keys: Keys): CostOf {
  const compiled = new Map<CostTable, Table>();
  for (const { cost } of dialects) if (cost !== undefined) compiled.set(cost, compileTable(cost, keys));

  const plans = ownFirst(dialects, (order, own) => {
    const tables = order.flatMap((dialect) =>
      dialect.cost === undefined ? [] : [{ table: compiled.get(dialect.cost)!, believed: dialect === own }],
    );
    const allowed = (source: Source, believed: boolean): boolean => believed || !source.own;
    return {
      totals: tables.flatMap(({ table, believed }) =>
        table.totals.filter((source) => allowed(source, believed)),
      ),
      parts: tables.flatMap(({ table }) => table.parts),
      notBilled: tables.flatMap(({ table }) => table.notBilled),
    };
  });

  return (dialect, slots) => {
    const { totals, parts, notBilled } = plans(dialect);
    const total = best(totals, slots);
    let { amount, invalid } = total;
    for (let i = 0; i < parts.length && amount === undefined; i++) {
      const sum = sumOf(parts[i]!, slots);
      amount = sum.amount;
      invalid ||= sum.invalid;
    }
    if (amount === undefined) return invalid ? UNUSABLE : NOTHING;
    const avoided = notBilled.some((test) => test(slots));
    const authority = avoided ? 'not_billed' : total.billed ? 'billed' : 'asserted';
    return { cost: { amount, authority }, aggregate: total.aggregate, invalid: false };
  };
}

const NOTHING: CostFound = { cost: undefined, aggregate: false, invalid: false };
const UNUSABLE: CostFound = { cost: undefined, aggregate: false, invalid: true };

type Source = {
  readonly slot: number;
  readonly path: Path | undefined;
  readonly each: boolean;
  /** Where the decimal point goes. */
  readonly shift: number;
  readonly billed: Test;
  readonly currency: number | undefined;
  readonly aggregate: boolean;
  readonly own: boolean;
};

type Table = {
  readonly totals: readonly Source[];
  readonly parts: readonly (readonly Source[])[];
  readonly notBilled: readonly Test[];
};

function compileTable(table: CostTable, keys: Keys): Table {
  return {
    totals: (table.totals ?? []).map((source) => compileSource(source, keys)),
    parts: (table.parts ?? []).map((group) => group.map((source) => compileSource(source, keys))),
    notBilled: (table.notBilled ?? []).map((condition) => compileCondition(condition, keys)),
  };
}

function compileSource(source: CostSource, keys: Keys): Source {
  const data = typeof source === 'string' ? { key: source } : source;
  const { billed } = data;
  return {
    slot: keys.slot(data.key),
    path: data.path === undefined ? undefined : pathOf(data.path),
    each: data.each === true,
    shift: data.unit === 'micro_usd' ? -6 : 0,
    billed: billed === undefined || billed === true ? () => billed === true : compileCondition(billed, keys),
    currency: data.currency === undefined ? undefined : keys.slot(data.currency),
    aggregate: data.aggregate === true,
    own: data.own === true,
  };
}

type Found = {
  readonly amount: Pico | undefined;
  readonly billed: boolean;
  readonly aggregate: boolean;
  readonly invalid: boolean;
};

/** The biller's figure before anyone else's, and among equals the first that is not 0: a 0 says least. */
function best(sources: readonly Source[], slots: Slots): Found {
  let found: Found = { amount: undefined, billed: false, aggregate: false, invalid: false };
  for (const source of sources) {
    if (!slots.has(source.slot)) continue;
    const value = source.path === undefined ? slots.values[source.slot] : slots.at(source.slot, source.path);
    if (value === undefined || value === '') continue;
    const amount = usable(source, value, slots);
    if (amount === undefined) {
      found = { ...found, invalid: true };
      continue;
    }
    const billed = source.billed(slots);
    const rank = (amount > 0 ? 1 : 0) + (billed && amount > 0 ? 2 : 0);
    const known = found.amount === undefined ? -1 : (found.amount > 0 ? 1 : 0) + (found.billed ? 2 : 0);
    if (rank > known) found = { amount, billed, aggregate: source.aggregate, invalid: found.invalid };
  }
  return found;
}

function usable(source: Source, value: AttributeValue, slots: Slots): Pico | undefined {
  const currency = source.currency === undefined ? undefined : textOf(slots.values[source.currency]);
  return currency === undefined || currency.toUpperCase() === 'USD' ? picoOf(value, source.shift) : undefined;
}

function sumOf(
  group: readonly Source[],
  slots: Slots,
): { readonly amount: Pico | undefined; readonly invalid: boolean } {
  let sum: number | undefined;
  for (const source of group) {
    if (!slots.has(source.slot)) continue;
    for (const value of source.each ? members(slots, source.slot) : [slots.values[source.slot]!]) {
      const amount = usable(source, value, slots);
      if (amount === undefined) return { amount: undefined, invalid: true };
      sum = (sum ?? 0) + amount;
    }
  }
  return { amount: sum === undefined ? undefined : pico(sum), invalid: false };
}

function members(slots: Slots, slot: number): readonly AttributeValue[] {
  const value = slots.json(slot);
  return isRecord(value) ? Object.values(value) : [];
}
