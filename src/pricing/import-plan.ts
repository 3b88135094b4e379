import type { PriceImport } from '../model/index.ts';
import type { ConfigModel } from './config.ts';
import type { Enquiry } from './enquiry.ts';
import { rowOn } from './enquiry.ts';
import type { Imported } from './imported.ts';
import { inOrder, RATE_KEYS, type Rate, type RateKey, type RateRow } from './rates.ts';
import type { SourceModel } from './sources/source.ts';
import { dateOf, sameRate } from './written-rates.ts';

/** What an import would change of one model, rate by rate; a tier's rates have its name. */
export type RateChange = {
  readonly rate: RateKey;
  readonly tier: string | undefined;
  readonly before: Rate | undefined;
  readonly after: Rate;
};
export type ModelChange = {
  readonly model: string;
  readonly change: 'added' | 'changed';
  readonly rates: readonly RateChange[];
};

export type ImportPlan = {
  readonly changes: readonly ModelChange[];
  /** Models whose prices are already these. */
  readonly unchanged: number;
  /** Imported before from a list of the same kind and not in this one: their prices stay. */
  readonly removed: readonly string[];
  /** Models that had a price and have one here, and those whose price would more than double or halve. */
  readonly common: number;
  readonly leaps: readonly ModelChange[];
  readonly imported: Imported;
};

/**
 * What importing a price list on a day means. Only what differs from the prices of that day is added, as rows that hold
 * from then on, so no call of the past changes its price; nothing is taken away. Where the shipped prices know of a
 * later change, the imported price ends there.
 */
export function planImport(
  before: Imported | undefined,
  models: readonly SourceModel[],
  enquiry: Enquiry,
  made: PriceImport,
): ImportPlan {
  const asOf = Date.parse(made.as_of) / 1000;
  const rows = new Map((before?.models ?? []).map((model) => [model.key, model]));
  const changes: ModelChange[] = [];
  const leaps: ModelChange[] = [];
  const listed = new Set<string>();
  let unchanged = 0;
  let common = 0;
  for (const { provider, model, rows: theirs } of models) {
    const key = `${provider}/${model}`;
    listed.add(key);
    const held = rowOn(theirs, asOf);
    const row = held !== undefined && saysPrice(held) ? held : undefined;
    // Hours of some days of the week have no place in a price file.
    const later = theirs.filter(
      (one) => (one.from ?? asOf) > asOf && one.weekdays === undefined && saysPrice(one),
    );
    if (row === undefined && later.length === 0) continue;
    const answer = enquiry.ask(provider, model, asOf);
    const known = 'hint' in answer ? undefined : answer;
    const rates =
      row === undefined ? [] : changesOf(row, known === undefined ? [] : known.held.map(({ row }) => row));
    const change: ModelChange = { model: key, change: known === undefined ? 'added' : 'changed', rates };
    if (known !== undefined) common++;
    if (rates.some(isLeap)) leaps.push(change);
    if (rates.length === 0 && (known !== undefined || later.length === 0)) {
      unchanged++;
      continue;
    }
    changes.push(change);
    const until = known === undefined ? undefined : enquiry.nextChange(known, asOf);
    rows.set(key, withRows(key, rows.get(key), rates.length === 0 ? undefined : row, later, asOf, until));
  }
  const days = new Set(
    (before?.imports ?? []).filter(({ format }) => format === made.format).map((one) => one.as_of),
  );
  const removed = (before?.models ?? [])
    .filter(
      ({ key, rows }) =>
        !listed.has(key) && rows.some(({ from }) => from !== undefined && days.has(dateOf(from))),
    )
    .map(({ key }) => key);
  const imports = [...(before?.imports ?? []).filter((one) => !isSame(one, made)), made].sort((a, b) =>
    a.as_of < b.as_of ? -1 : a.as_of > b.as_of ? 1 : 0,
  );
  // What changes is what a person wants to see; thousands of models may be new.
  changes.sort((a, b) =>
    a.change === b.change ? (a.model < b.model ? -1 : 1) : a.change === 'changed' ? -1 : 1,
  );
  return {
    changes,
    unchanged,
    removed,
    common,
    leaps,
    imported: { imports, models: [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1)) },
  };
}

function saysPrice({ free, rates, serviceTiers }: RateRow): boolean {
  return free === true || Object.keys(rates).length > 0 || serviceTiers !== undefined;
}

const isSame = (a: PriceImport, b: PriceImport): boolean => a.sha256 === b.sha256 && a.as_of === b.as_of;

/** Every rate that a row names and that is another one, or none, in the rows before it. */
export function changesOf(row: RateRow, before: readonly RateRow[]): RateChange[] {
  const changes: RateChange[] = [];
  const compare = (rate: RateKey, tier: string | undefined, after: Rate, known: Rate | undefined): void => {
    if (known === undefined || !sameRate(known, after)) changes.push({ rate, tier, before: known, after });
  };
  for (const key of RATE_KEYS) {
    const after = row.rates[key];
    if (after === undefined) continue;
    const known = before.find((one) => one.free === true || one.rates[key] !== undefined);
    compare(key, undefined, after, known?.free === true ? 0 : known?.rates[key]);
  }
  for (const [tier, rates] of row.serviceTiers ?? [])
    for (const key of RATE_KEYS) {
      const after = rates[key];
      if (after === undefined) continue;
      const known = before.find((one) => one.serviceTiers?.get(tier)?.[key] !== undefined);
      compare(key, tier, after, known?.serviceTiers?.get(tier)?.[key]);
    }
  if (row.free === true && before.every((one) => one.free !== true && Object.keys(one.rates).length > 0))
    compare('input', undefined, 0, before.find((one) => one.rates.input !== undefined)?.rates.input);
  return changes;
}

/** More than twice or less than half of what input or output cost. */
function isLeap({ rate, tier, before, after }: RateChange): boolean {
  if (tier !== undefined || before === undefined || (rate !== 'input' && rate !== 'output')) return false;
  const [old, now] = [before, after].map((one) => (typeof one === 'number' ? one : one.base)) as [
    number,
    number,
  ];
  return now > 2 * old || old > 2 * now;
}

/** The model's rows and the new ones; a row of the same day gives way. */
function withRows(
  key: string,
  model: ConfigModel | undefined,
  row: RateRow | undefined,
  later: readonly RateRow[],
  asOf: number,
  until: number | undefined,
): ConfigModel {
  const added: RateRow[] = [];
  if (row !== undefined) {
    const { from: _from, until: own, window: _window, weekdays: _weekdays, derived: _derived, ...rest } = row;
    const ends = [own, until].filter((end) => end !== undefined);
    added.push({ from: asOf, ...(ends.length === 0 ? {} : { until: Math.min(...ends) }), ...rest });
  }
  for (const { weekdays: _weekdays, derived: _derived, ...rest } of later) added.push(rest);
  const starts = new Set(added.map(startOf));
  const kept = (model?.rows ?? []).filter((one) => !starts.has(startOf(one)));
  return { key, rows: inOrder([...kept, ...added]), at: model?.at ?? key };
}

const startOf = ({ from, window }: RateRow): string => `${from ?? ''} ${window?.join('-') ?? ''}`;
