import type { PriceMatch } from '../model/index.ts';
import { RATE_KEYS, type Rate, type RateKey, type RateRow } from './rates.ts';

type Layer = PriceMatch['layer'];

/** One rate of a call, where it comes from, and what using it assumes. */
export type Part = { readonly rate: number; readonly layer: Layer; readonly assume: string | undefined };
type Parts = { readonly [K in RateKey]: Part | undefined };

/** The rates for prompts longer than `above` tokens. */
export type Level = { readonly above: number; readonly parts: Parts };

/** What a call of one model costs at one moment: the rates of all layers, the first that names a rate deciding. */
export type Card = {
  readonly free: boolean;
  /** The first layer that has a say. */
  readonly first: Held;
  /** In rising order of `above`; the first is -1. */
  readonly levels: readonly Level[];
  /** No layer has rates for the service tier that was asked for. */
  readonly tierUnknown: boolean;
  readonly soldBy: readonly string[] | undefined;
  /** When the rates began to hold, in seconds; undefined if nobody says. */
  readonly since: number | undefined;
};

/** A layer's row that holds at the time of the call, and what a match says about the layer. */
export type Held = {
  readonly layer: Layer;
  readonly name: string;
  readonly kind: PriceMatch['kind'];
  readonly row: RateRow;
};

/** Merges rows, the first layer first. */
export function cardOf(held: readonly Held[], serviceTier: string | undefined): Card {
  const tiered = held.some(({ row }) => namesTier(row, serviceTier));
  const sources = RATE_KEYS.map(
    (key) => [key, sourceOf(held, key, tiered ? serviceTier : undefined)] as const,
  );
  const thresholds = new Set<number>([-1]);
  for (const [, source] of sources)
    if (typeof source?.rate === 'object') for (const [above] of source.rate.above) thresholds.add(above);
  const levels = [...thresholds]
    .sort((a, b) => a - b)
    .map((above): Level => ({ above, parts: partsAt(sources, above) }));
  const first =
    held.find(
      ({ row }) => row.free === true || Object.keys(row.rates).length > 0 || namesTier(row, serviceTier),
    ) ?? held[0]!;
  const soldBy =
    first.row.free === true ? undefined : held.find(({ row }) => row.soldBy !== undefined)?.row.soldBy;
  // A catalogue row without any rate is a free model; a configured one only if it says so.
  const complete = levels[0]!.parts.output !== undefined || held.some(({ layer }) => layer === 'catalogue');
  return {
    free: complete && soldBy === undefined && levels.every(isFree),
    first,
    levels,
    tierUnknown: serviceTier !== undefined && !tiered,
    soldBy,
    since: held.map(({ row }) => row.from).reduce(later, undefined),
  };
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function namesTier(row: RateRow, tier: string | undefined): boolean {
  return tier !== undefined && row.serviceTiers?.has(tier) === true;
}

type Source = { readonly rate: Rate; readonly layer: Layer; readonly assume: string | undefined };

function sourceOf(held: readonly Held[], key: RateKey, tier: string | undefined): Source | undefined {
  if (tier !== undefined)
    for (const { layer, row } of held) {
      const rate = row.serviceTiers?.get(tier)?.[key];
      if (rate !== undefined) return { rate, layer, assume: undefined };
    }
  for (const { layer, row } of held) {
    const rate = row.free === true ? 0 : row.rates[key];
    const derived = row.derived?.[key];
    const assume = tier === undefined ? derived && `${key}=${derived}` : `${key}=standard`;
    if (rate !== undefined) return { rate, layer, assume };
  }
  return undefined;
}

type Sources = readonly (readonly [RateKey, Source | undefined])[];

/** The rates above a threshold, with what stands in for the ones nobody names. */
function partsAt(sources: Sources, above: number): Parts {
  const parts: { [K in RateKey]?: Part | undefined } = {};
  for (const [key, source] of sources)
    parts[key] = source && {
      rate: rateAbove(source.rate, above),
      layer: source.layer,
      assume: source.assume,
    };
  const { input, output } = parts;
  parts.cache_read ??= standIn(input, 'cache_read=input');
  parts.cache_write_1h ??=
    standIn(parts.cache_write, 'cache_write_1h=cache_write') ?? standIn(input, 'cache_write=input');
  parts.cache_write ??= standIn(input, 'cache_write=input');
  parts.input_audio ??= standIn(input, 'input_audio=input');
  parts.cache_read_audio ??= parts.cache_read;
  parts.output_audio ??= standIn(output, 'output_audio=output');
  return parts as Parts;
}

function standIn(part: Part | undefined, assume: string): Part | undefined {
  return part && { rate: part.rate, layer: part.layer, assume };
}

function rateAbove(rate: Rate, above: number): number {
  if (typeof rate === 'number') return rate;
  let found = rate.base;
  for (const [threshold, upper] of rate.above) if (threshold <= above) found = upper;
  return found;
}

function isFree({ parts }: Level): boolean {
  return RATE_KEYS.every((key) => key === 'web_search' || (parts[key]?.rate ?? 0) === 0);
}
