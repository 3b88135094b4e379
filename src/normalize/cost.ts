import { type AttributeValue, type Pico, pico, type RecordedCost } from '../model/index.ts';
import { compileCondition, type Test } from './conditions.ts';
import type { Condition, CostSource } from './dialect.ts';
import { isRecord, type Path, pathOf } from './json.ts';
import { exact, picoOf } from './money.ts';
import { ASK, type Keys, type Slots } from './slots.ts';
import type { For, Tables } from './tables.ts';
import { textOf } from './text.ts';
import { type AmountSeen, attributeSign, type Witness } from './witness.ts';

/** `invalid`: a cost is written down, but none that can be used. */
export type CostFound = {
  readonly cost: RecordedCost | undefined;
  readonly aggregate: boolean;
  readonly invalid: boolean;
};

/** The cost a span records: what the biller said, else a total, else the sum of parts; levels are never added. */
export function compileCost(tables: Tables): For<(slots: Slots, witness?: Witness) => CostFound> {
  // A source is the same one wherever it is listed: an amount is told once.
  const sources = new Map<CostSource, Source>();
  const compile = (source: CostSource, keys: Keys): Source => {
    const made = sources.get(source) ?? compileSource(source, keys);
    sources.set(source, made);
    return made;
  };
  const totalsOf = tables.part({
    listed: ({ cost }) => cost?.totals,
    compile,
    needs: ({ slot }) => [slot],
  });
  const partsOf = tables.part({
    listed: ({ cost }) => cost?.parts,
    compile: (group: readonly CostSource[], keys) => group.map((source) => compile(source, keys)),
    needs: (group) => group.map(({ slot }) => slot),
  });
  const notBilledOf = tables.part({
    listed: ({ cost }) => cost?.notBilled,
    compile: (condition: Condition, keys) => compileCondition(condition, keys),
    needs: ({ needs }) => needs,
  });

  return (dialect, shape) => {
    const totals = totalsOf(dialect, shape);
    const groups = partsOf(dialect, shape).map((group) => group.filter(({ slot }) => shape.has(slot)));
    const avoided = notBilledOf(dialect, shape);
    if (totals.length === 0 && groups.length === 0 && avoided.length === 0) return () => NOTHING;

    return (slots, witness) => {
      let found = best(totals, slots);
      let parts: readonly Source[] = [];
      for (let i = 0; i < groups.length && found.amount === undefined; i++) {
        parts = groups[i]!;
        const sum = sumOf(parts, slots);
        found = { ...found, amount: sum.amount, invalid: found.invalid || sum.invalid };
      }
      witness?.costs(costsSeen(totals, groups.flat(), [found.source, ...parts], slots));
      const { amount, billed, aggregate, invalid } = found;
      const notBilled = avoided.some((test) => test.holds(slots));
      if (amount === undefined && notBilled) return AVOIDED;
      if (amount === undefined) return invalid ? UNUSABLE : NOTHING;
      const authority = notBilled ? 'not_billed' : billed ? 'billed' : 'asserted';
      return { cost: { amount, authority }, aggregate, invalid: false };
    };
  };
}

const NOTHING: CostFound = { cost: undefined, aggregate: false, invalid: false };
/** Nobody billed the call, and nobody says what it would have cost. */
const AVOIDED: CostFound = {
  cost: { amount: pico(0), authority: 'not_billed' },
  aggregate: false,
  invalid: false,
};
const UNUSABLE: CostFound = { cost: undefined, aggregate: false, invalid: true };

type Source = {
  readonly slot: number;
  readonly key: string;
  readonly path: Path | undefined;
  readonly when: Test | undefined;
  readonly each: boolean;
  /** Where the decimal point goes. */
  readonly shift: number;
  readonly billed: (slots: Slots) => boolean;
  readonly currency: readonly number[];
  readonly withCurrency: boolean;
  readonly aggregate: boolean;
};

function compileSource(source: CostSource, keys: Keys): Source {
  const data = typeof source === 'string' ? { key: source } : source;
  const { billed } = data;
  return {
    slot: keys.slot(data.key, isPlain(data) ? ASK.amount : ASK.value),
    key: data.key,
    path: data.path === undefined ? undefined : pathOf(data.path),
    when: data.when === undefined ? undefined : compileCondition(data.when, keys),
    each: data.each === true,
    shift: data.unit === 'micro_usd' ? -6 : 0,
    billed: typeof billed === 'object' ? compileCondition(billed, keys).holds : () => billed === true,
    currency: (data.currency ?? []).map((key) => keys.slot(key)),
    withCurrency: data.withCurrency === true,
    aggregate: data.aggregate === true,
  };
}

/** The value is the amount: no text around it, no JSON text in which it stands. */
function isPlain({ path, each, withCurrency }: Exclude<CostSource, string>): boolean {
  return path === undefined && each !== true && withCurrency !== true;
}

type Found = {
  readonly source: Source | undefined;
  readonly amount: Pico | undefined;
  readonly billed: boolean;
  readonly aggregate: boolean;
  readonly invalid: boolean;
};

/** The biller's figure before anyone else's, and among equals the first that is not 0: a 0 says least. */
function best(sources: readonly Source[], slots: Slots): Found {
  let found: Found = NOTHING_FOUND;
  for (const source of sources) {
    const value = totalIn(source, slots);
    if (value === undefined) continue;
    const amount = usable(source, value, slots);
    if (amount === undefined) {
      found = { ...found, invalid: true };
      continue;
    }
    const billed = source.billed(slots);
    if (weight(amount, billed) > weight(found.amount, found.billed))
      found = { source, amount, billed, aggregate: source.aggregate, invalid: found.invalid };
  }
  return found;
}

const NOTHING_FOUND: Found = {
  source: undefined,
  amount: undefined,
  billed: false,
  aggregate: false,
  invalid: false,
};

function totalIn({ slot, path, when }: Source, slots: Slots): AttributeValue | undefined {
  if (slots.values[slot] === undefined || when?.holds(slots) === false) return undefined;
  const value = path === undefined ? slots.values[slot] : slots.at(slot, path);
  return value === '' ? undefined : value;
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
  if (foreign) return undefined;
  if (!source.withCurrency || typeof value !== 'string') return picoOf(value, source.shift);
  // An amount in another currency is none in dollars.
  return value.endsWith('USD') ? picoOf(value.slice(0, -3), source.shift) : undefined;
}

function sumOf(
  group: readonly Source[],
  slots: Slots,
): { readonly amount: Pico | undefined; readonly invalid: boolean } {
  let sum: number | undefined;
  for (const source of group) {
    if (slots.values[source.slot] === undefined) continue;
    for (const value of partsIn(source, slots)) {
      const amount = usable(source, value, slots);
      if (amount === undefined) return { amount: undefined, invalid: true };
      sum = (sum ?? 0) + amount;
    }
  }
  if (sum === undefined) return { amount: undefined, invalid: false };
  const amount = exact(sum);
  return { amount, invalid: amount === undefined };
}

function partsIn({ each, slot }: Source, slots: Slots): readonly AttributeValue[] {
  return each ? members(slots, slot) : [slots.values[slot]!];
}

/** Every amount that is written down, and which of them are the answer. */
function costsSeen(
  totals: readonly Source[],
  parts: readonly Source[],
  chosen: readonly (Source | undefined)[],
  slots: Slots,
): AmountSeen[] {
  return [...new Set([...totals, ...parts])].flatMap((source) => {
    if (slots.values[source.slot] === undefined) return [];
    const value = totalIn(source, slots);
    const values = source.each ? partsIn(source, slots) : value === undefined ? [] : [value];
    return values.map((one) => ({
      sign: attributeSign(source.key, source.path?.whole, textOf(one)),
      amount: usable(source, one, slots),
      billed: source.billed(slots),
      chosen: chosen.includes(source),
      part: !totals.includes(source),
      aggregate: source.aggregate,
      shift: source.shift,
    }));
  });
}

function members(slots: Slots, slot: number): readonly AttributeValue[] {
  const value = slots.json(slot);
  return isRecord(value) ? Object.values(value).filter((amount) => amount !== null) : [];
}
