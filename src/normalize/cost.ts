import type { AttributeValue, Pico, RecordedCost } from '../model/index.ts';
import { compileCondition, type Test } from './conditions.ts';
import type { Condition, CostSource, Dialect } from './dialect.ts';
import { isRecord, type Path, pathOf } from './json.ts';
import { exact, picoOf } from './money.ts';
import { believed, type For } from './order.ts';
import type { Keys, Slots } from './slots.ts';
import { textOf } from './text.ts';

/** `invalid`: a cost is written down, but none that can be used. */
export type CostFound = {
  readonly cost: RecordedCost | undefined;
  readonly aggregate: boolean;
  readonly invalid: boolean;
};

/** The cost a span records: what the biller said, else a total, else the sum of parts; levels are never added. */
export function compileCost(dialects: readonly Dialect[], keys: Keys): For<(slots: Slots) => CostFound> {
  const sources = new Map<CostSource, Source>();
  const conditions = new Map<Condition, Test>();
  for (const { cost } of dialects) {
    for (const source of [...(cost?.totals ?? []), ...(cost?.parts ?? []).flat()]) {
      sources.set(source, compileSource(source, keys));
    }
    for (const condition of cost?.notBilled ?? [])
      conditions.set(condition, compileCondition(condition, keys));
  }

  const totalsOf = believed(dialects, ({ cost }) => cost?.totals);
  const partsOf = believed(dialects, ({ cost }) => cost?.parts);
  const notBilledOf = believed(dialects, ({ cost }) => cost?.notBilled);

  return (dialect, has) => {
    const present = (list: readonly CostSource[]): readonly Source[] =>
      list.map((source) => sources.get(source)!).filter(({ slot }) => has(slot));
    const totals = present(totalsOf(dialect));
    const groups = partsOf(dialect)
      .map(present)
      .filter((group) => group.length > 0);
    const avoided = notBilledOf(dialect)
      .map((condition) => conditions.get(condition)!)
      .filter(({ needs }) => needs.some(has));
    if (totals.length === 0 && groups.length === 0) return () => NOTHING;

    return (slots) => {
      let found = best(totals, slots);
      for (let i = 0; i < groups.length && found.amount === undefined; i++) {
        const sum = sumOf(groups[i]!, slots);
        found = { ...found, amount: sum.amount, invalid: found.invalid || sum.invalid };
      }
      const { amount, billed, aggregate, invalid } = found;
      if (amount === undefined) return invalid ? UNUSABLE : NOTHING;
      const notBilled = avoided.some((test) => test.holds(slots));
      const authority = notBilled ? 'not_billed' : billed ? 'billed' : 'asserted';
      return { cost: { amount, authority }, aggregate, invalid: false };
    };
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
  readonly billed: (slots: Slots) => boolean;
  readonly currency: readonly number[];
  readonly aggregate: boolean;
};

function compileSource(source: CostSource, keys: Keys): Source {
  const data = typeof source === 'string' ? { key: source } : source;
  const { billed } = data;
  return {
    slot: keys.slot(data.key),
    path: data.path === undefined ? undefined : pathOf(data.path),
    each: data.each === true,
    shift: data.unit === 'micro_usd' ? -6 : 0,
    billed: typeof billed === 'object' ? compileCondition(billed, keys).holds : () => billed === true,
    currency: (data.currency ?? []).map((key) => keys.slot(key)),
    aggregate: data.aggregate === true,
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
    if (slots.values[source.slot] === undefined) continue;
    const value = source.path === undefined ? slots.values[source.slot] : slots.at(source.slot, source.path);
    if (value === undefined || value === '') continue;
    const amount = usable(source, value, slots);
    if (amount === undefined) {
      found = { ...found, invalid: true };
      continue;
    }
    const billed = source.billed(slots);
    if (weight(amount, billed) > weight(found.amount, found.billed))
      found = { amount, billed, aggregate: source.aggregate, invalid: found.invalid };
  }
  return found;
}

function weight(amount: number | undefined, billed: boolean): number {
  if (amount === undefined) return -1;
  if (amount === 0) return 0;
  return billed ? 2 : 1;
}

function usable(source: Source, value: AttributeValue, slots: Slots): Pico | undefined {
  const foreign = source.currency.some((slot) => {
    const currency = textOf(slots.values[slot]);
    return currency !== undefined && currency.toUpperCase() !== 'USD';
  });
  return foreign ? undefined : picoOf(value, source.shift);
}

function sumOf(
  group: readonly Source[],
  slots: Slots,
): { readonly amount: Pico | undefined; readonly invalid: boolean } {
  let sum: number | undefined;
  for (const source of group) {
    if (slots.values[source.slot] === undefined) continue;
    for (const value of source.each ? members(slots, source.slot) : [slots.values[source.slot]!]) {
      const amount = usable(source, value, slots);
      if (amount === undefined) return { amount: undefined, invalid: true };
      sum = (sum ?? 0) + amount;
    }
  }
  if (sum === undefined) return { amount: undefined, invalid: false };
  const amount = exact(sum);
  return { amount, invalid: amount === undefined };
}

function members(slots: Slots, slot: number): readonly AttributeValue[] {
  const value = slots.json(slot);
  return isRecord(value) ? Object.values(value).filter((amount) => amount !== null) : [];
}
