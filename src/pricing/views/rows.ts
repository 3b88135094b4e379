import { RATE_KEYS, type Rate, type RateRow, type Rates, rateScale } from '../rates.ts';
import { clock, dateOf, quote, thousands } from '../written-rates.ts';

/** Rates of one row as reports hold them: decimals as text, null where the row says nothing. */
type RatesView = {
  readonly usd_per_mtok: { readonly [rate: string]: string };
  readonly usd_per_thousand: { readonly [rate: string]: string };
  /** For prompts longer than that many tokens, the whole call. */
  readonly above: readonly {
    readonly tokens: number;
    readonly usd_per_mtok: { readonly [rate: string]: string };
  }[];
};

function ratesView(rates: Rates): RatesView {
  const tokens: [string, string][] = [];
  const pieces: [string, string][] = [];
  const levels = new Map<number, [string, string][]>();
  for (const key of RATE_KEYS) {
    const rate = rates[key];
    if (rate === undefined) continue;
    (rateScale(key) === 6 ? tokens : pieces).push([key, quote(key, baseOf(rate))]);
    if (typeof rate === 'number') continue;
    for (const [above, upper] of rate.above) {
      const level = levels.get(above) ?? [];
      level.push([key, quote(key, upper)]);
      levels.set(above, level);
    }
  }
  return {
    usd_per_mtok: Object.fromEntries(tokens),
    usd_per_thousand: Object.fromEntries(pieces),
    above: [...levels]
      .sort(([a], [b]) => a - b)
      .map(([above, level]) => ({ tokens: above, usd_per_mtok: Object.fromEntries(level) })),
  };
}

export const baseOf = (rate: Rate): number => (typeof rate === 'number' ? rate : rate.base);

export type RowView = RatesView & {
  readonly from: string | null;
  readonly until: string | null;
  readonly hours: string | null;
  readonly weekdays: readonly number[] | null;
  readonly free: boolean;
  readonly service_tiers: readonly (RatesView & { readonly tier: string })[];
  readonly sold_by: readonly string[] | null;
};

export function rowView(row: RateRow): RowView {
  const { from, until, window, weekdays, rates, serviceTiers, free, soldBy } = row;
  return {
    from: from === undefined ? null : dateOf(from),
    until: until === undefined ? null : dateOf(until),
    hours: window === undefined ? null : window.map(clock).join('-'),
    weekdays: weekdays ?? null,
    free: free === true,
    ...ratesView(rates),
    service_tiers: [...(serviceTiers ?? [])].map(([tier, own]) => ({ tier, ...ratesView(own) })),
    sold_by: soldBy ?? null,
  };
}

/** What a table has no columns for: thresholds, hours, service tiers. */
export function rowRemarks(view: RowView): string | null {
  const remarks = [
    ...(view.free ? ['free'] : []),
    ...view.above.map(({ tokens }) => `dearer > ${thousands(tokens)}`),
    ...(view.hours === null ? [] : [view.hours]),
    ...view.service_tiers.map(({ tier }) => tier),
    ...(view.sold_by === null ? [] : [`by ${view.sold_by.join(', ')}`]),
  ];
  return remarks.length === 0 ? null : remarks.join(', ');
}
