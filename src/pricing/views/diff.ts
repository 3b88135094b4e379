import {
  type Column,
  type Price,
  type PriceBook,
  type PricedCall,
  type PriceImport,
  type Report,
  usd,
  type Value,
} from '../../model/index.ts';
import type { Held } from '../card.ts';
import type { Enquiry } from '../enquiry.ts';
import { changesOf, type RateChange } from '../import-plan.ts';
import { RATE_KEYS, type Rate, type RateKey, type RateRow } from '../rates.ts';
import { dateOf, quoteAll } from '../written-rates.ts';
import { rateName } from './import.ts';
import { baseOf } from './rows.ts';

/** Two sets of prices: those that hold here, and others to hold against them. */
export type Compared = {
  readonly here: Enquiry;
  readonly there: Enquiry;
  /** What the others are; undefined: the shipped prices. */
  readonly against: PriceImport | undefined;
  readonly at: number;
};

/** Differences of all models that both list. `models` are the names to look at. */
export function priceDiff(
  compared: Compared,
  models: readonly { readonly provider: string | undefined; readonly model: string }[],
): Report {
  const { rows, both, same } = differences(compared, models);
  const head = headOf(compared);
  return {
    command: 'prices diff',
    body: { ...head.body, compared: both, same, rows },
    table: { rows: 'rows', columns: RATE_COLUMNS },
    around: {
      above: [],
      below: [
        ...(rows.length === 0 ? [] : ['']),
        `${both} models that both list, ${same} at the same prices; there: ${head.text}`,
      ],
    },
    notes: [],
  };
}

/** What one run would have cost at the other prices: for every model that was called, and why it differs. */
export function priceDiffOfCalls(compared: Compared, calls: CallLedger): Report {
  const models = [...calls.models.values()];
  const { rows } = differences(compared, models);
  const head = headOf(compared);
  const used = models
    .map(({ provider, model, calls, here, there }) => ({
      model: nameOf(provider, model),
      calls,
      here_usd: usd(here.known === 0 ? undefined : here.sum, here.unknown > 0),
      there_usd: usd(there.known === 0 ? undefined : there.sum, there.unknown > 0),
      ...changeView(here.known === 0 || there.known === 0 ? null : share(here.sum, there.sum)),
    }))
    .sort((a, b) => b.calls - a.calls || (a.model < b.model ? -1 : 1));
  return {
    command: 'prices diff',
    body: { ...head.body, models: used, rows },
    table: { rows: 'models', columns: CALL_COLUMNS },
    around: {
      above: [],
      below: [
        '',
        ...rows.map((row) => `${row.model} ${row.rate}: ${row.here} here, ${row.there} there`),
        `there: ${head.text}`,
      ],
    },
    notes: models.length === 0 ? ['no calls with usage in the input'] : [],
  };
}

function headOf({ against, at }: Compared): {
  readonly body: { [key: string]: Value };
  readonly text: string;
} {
  return {
    body: { against: against === undefined ? null : { ...against }, at: dateOf(at) },
    text:
      against === undefined
        ? 'the shipped prices'
        : `${against.origin} (${against.format}, sha256 ${against.sha256.slice(0, 12)}…)`,
  };
}

type Row = {
  readonly model: string;
  readonly rate: string;
  readonly here: string;
  readonly there: string;
  readonly change: number | null;
  readonly shown: string;
};

function differences(
  { here, there, against, at }: Compared,
  models: readonly { readonly provider: string | undefined; readonly model: string }[],
): { readonly rows: Row[]; readonly both: number; readonly same: number } {
  const rows = new Map<string, readonly Row[]>();
  let both = 0;
  let same = 0;
  for (const { provider, model } of models) {
    const ours = here.ask(provider, model, at);
    const theirs = there.ask(provider, model, at);
    if ('hint' in ours || 'hint' in theirs) continue;
    // A list that does not name a model inherits the shipped prices, which are not its own.
    const said = against === undefined ? theirs.held : theirs.held.filter(({ layer }) => layer === 'import');
    if (said.length === 0 || ours.held.length === 0) continue;
    both++;
    const changes = changesOf(
      merged(said),
      ours.held.map(({ row }) => row),
    ).filter(({ before }) => before !== undefined);
    if (changes.length === 0) same++;
    else
      rows.set(
        nameOf(provider, model),
        changes.map((one) => rowOf(nameOf(provider, model), one)),
      );
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { rows: sorted.flatMap(([, own]) => own), both, same };
}

const nameOf = (provider: string | undefined, model: string): string =>
  provider === undefined ? model : `${provider}/${model}`;

function rowOf(model: string, change: RateChange): Row {
  const before = change.before!;
  return {
    model,
    rate: rateName(change),
    here: quoteAll(change.rate, before),
    there: quoteAll(change.rate, change.after),
    ...changeView(baseOf(before) === 0 ? null : baseOf(change.after) / baseOf(before) - 1),
  };
}

/** Rows of several layers as one, the first that names a rate deciding. */
function merged(held: readonly Held[]): RateRow {
  const rates: { [K in RateKey]?: Rate } = {};
  const tiers = new Map<string, { [K in RateKey]?: Rate }>();
  for (const { row } of held) {
    for (const key of RATE_KEYS) if (row.rates[key] !== undefined) rates[key] ??= row.rates[key];
    for (const [tier, own] of row.serviceTiers ?? []) {
      const all = tiers.get(tier) ?? {};
      for (const key of RATE_KEYS) if (own[key] !== undefined) all[key] ??= own[key];
      tiers.set(tier, all);
    }
  }
  return tiers.size === 0 ? { rates } : { rates, serviceTiers: tiers };
}

/** A change of a price as a fraction, and as a person reads it: `+20%`, `-16.7%`. */
function changeView(change: number | null): { readonly change: number | null; readonly shown: string } {
  if (change === null) return { change, shown: '–' };
  const percent = Number((change * 100).toPrecision(3));
  return { change: Number(change.toFixed(6)), shown: `${percent > 0 ? '+' : ''}${percent}%` };
}

function share(here: bigint, there: bigint): number | null {
  return here === 0n ? null : Number(there) / Number(here) - 1;
}

type Sum = { sum: bigint; known: number; unknown: number };
type CalledModel = {
  readonly provider: string | undefined;
  readonly model: string;
  calls: number;
  readonly here: Sum;
  readonly there: Sum;
};

/** A price book that prices every call a second time with other prices and keeps both sums. */
export type CallLedger = { readonly book: PriceBook; readonly models: ReadonlyMap<string, CalledModel> };

export function keepLedger(here: PriceBook, there: PriceBook, theirOwn: boolean): CallLedger {
  const models = new Map<string, CalledModel>();
  const entryOf = (call: PricedCall): CalledModel | undefined => {
    const model = call.model ?? call.requestModel;
    if (model === undefined) return undefined;
    const key = JSON.stringify([call.provider, model]);
    let entry = models.get(key);
    if (entry === undefined) {
      entry = { provider: call.provider, model, calls: 0, here: newSum(), there: newSum() };
      models.set(key, entry);
    }
    return entry;
  };
  return {
    models,
    book: {
      ...here,
      source: here.source,
      // A tariff prices calls that nobody sees.
      tariffOf: undefined,
      priceOf: (call) => {
        const price = here.priceOf(call);
        const entry = entryOf(call);
        if (entry !== undefined) {
          const other = there.priceOf(call);
          entry.calls++;
          add(entry.here, price);
          add(entry.there, theirOwn && !isImported(other) ? undefined : other);
        }
        return price;
      },
    },
  };
}

const newSum = (): Sum => ({ sum: 0n, known: 0, unknown: 0 });
const isImported = (price: Price): boolean => price.status !== 'unpriced' && price.match.layer === 'import';

function add(sum: Sum, price: Price | undefined): void {
  if (price === undefined || price.status === 'unpriced') sum.unknown++;
  else {
    sum.known++;
    if (price.status === 'computed') sum.sum += BigInt(price.amount);
  }
}

const RATE_COLUMNS: readonly Column[] = [
  { path: ['model'], name: 'model', label: 'model', show: 'text' },
  { path: ['rate'], name: 'rate', label: 'rate', show: 'text' },
  { path: ['here'], name: 'here', label: 'here', show: 'rate' },
  { path: ['there'], name: 'there', label: 'there', show: 'rate' },
  { path: ['shown'], name: 'change', label: 'there is', show: 'rate' },
];
const CALL_COLUMNS: readonly Column[] = [
  { path: ['model'], name: 'model', label: 'model', show: 'text' },
  { path: ['calls'], name: 'calls', label: 'calls', show: 'count' },
  { path: ['here_usd'], name: 'here_usd', label: 'here', show: 'money' },
  { path: ['there_usd'], name: 'there_usd', label: 'there', show: 'money' },
  { path: ['shown'], name: 'change', label: 'there is', show: 'rate' },
];
