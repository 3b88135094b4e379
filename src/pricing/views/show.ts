import type { Column, PriceMatch, PriceSource, Report, Value } from '../../model/index.ts';
import { UserError } from '../../model/index.ts';
import { type Card, cardOf, type Held } from '../card.ts';
import { decimal } from '../decimal.ts';
import type { Answer, Enquiry } from '../enquiry.ts';
import type { Layers } from '../layers.ts';
import { RATE_KEYS, type Rate, type RateKey, rateScale } from '../rates.ts';
import { dateOf, dayOf, quote, quoteAll, thousands } from '../written-rates.ts';
import { baseOf, rowView } from './rows.ts';
import { sourceLines, sourceView } from './source.ts';

/**
 * Which price a model has on a day and why: how its name is read, what every layer says, and for each rate the layer that
 * decides. Throws a `UserError` with the line to add where nothing lists the model.
 */
export function priceShow(
  model: string,
  enquiry: Enquiry,
  layers: Layers,
  options: { readonly at: number; readonly source: PriceSource },
): Report {
  const answer = enquiry.ask(undefined, model, options.at);
  if ('hint' in answer) throw new UserError(`${model}: nothing lists this model`, { hint: answer.hint() });
  const { resolved, held } = answer;
  if (held.length === 0)
    throw new UserError(`${model}: ${resolved.layers[0]!.row} has no price on ${dateOf(options.at)}`, {
      hint: 'agentobs prices list shows from when to when its prices hold.',
    });
  const card = cardOf(held, undefined);
  const rates = rateRows(answer, card);
  const assumptions = [...resolved.assumptions, ...held.flatMap(({ row }) => row.assume ?? [])];
  const { first, since } = card;
  const discount = resolved.biller === undefined ? undefined : discountOf(layers, resolved.biller);
  const steps = [
    `"${model}" as written`,
    ...resolved.steps,
    `listed as ${first.name} (${first.kind}, ${first.layer})`,
  ];
  return {
    command: 'prices show',
    body: {
      model,
      at: dateOf(options.at),
      row: first.name,
      layer: first.layer,
      kind: first.kind,
      biller: resolved.biller ?? null,
      effective: since === undefined ? null : dateOf(since),
      free: card.free,
      steps,
      assumptions,
      rates,
      service_tiers: tierRows(held),
      layers: layerRows(answer),
      discount_percent: discount === undefined ? null : discount,
      prices: sourceView(options.source),
    },
    table: { rows: 'rates', columns: COLUMNS },
    around: {
      above: [
        `${model} on ${dayOf(options.at)} → ${first.name}, ${first.layer}${since === undefined ? '' : `, since ${dateOf(since)}`}`,
        ...steps.map((step, index) => `  ${index + 1}. ${step}`),
        ...assumptions.map((one) => `  assumes ${one}`),
        ...(card.free ? ['  free: nothing is billed'] : []),
        ...(card.soldBy === undefined
          ? []
          : [`  sold by ${card.soldBy.join(' and ')}, which traces do not count`]),
        '',
      ],
      below: [
        ...tierLines(held),
        ...(discount === undefined ? [] : ['', `discount: ${discount} % off the whole bill`]),
        '',
        ...answer.resolved.layers.map((layer) => historyLine(layer)),
        '',
        ...sourceLines(options.source),
      ],
    },
    notes: [],
  };
}

type RateView = {
  readonly rate: RateKey;
  readonly per: string;
  readonly usd: string;
  readonly above: readonly { readonly tokens: number; readonly usd: string }[];
  readonly layer: PriceMatch['layer'];
  readonly row: string;
  /** Why this rate stands here although the row does not quote it. */
  readonly note: string | null;
  readonly instead: readonly {
    readonly layer: PriceMatch['layer'];
    readonly row: string;
    readonly usd: string;
  }[];
  /** For the table: in JSON the lists say it. */
  readonly shown: string | null;
  readonly passed: string | null;
};

function rateRows({ rates, held }: Answer, card: Card): RateView[] {
  return RATE_KEYS.flatMap((key): RateView[] => {
    const named = rates.find((one) => one.key === key);
    if (named !== undefined) {
      const derived = named.by.row.derived?.[key];
      const instead = named.instead.map(({ rate, by }) => ({
        layer: by.layer,
        row: by.name,
        usd: quote(key, baseOf(rate)),
      }));
      const passed = instead.map(({ layer, usd }) => `${usd} (${layer})`).join(', ');
      return [
        rateView(
          key,
          named.rate,
          named.by,
          derived === undefined ? null : `${key}=${derived}`,
          instead,
          passed,
        ),
      ];
    }
    // What stands in for a rate that nobody names.
    const part = STAND_INS.has(key) ? card.levels[0]?.parts[key] : undefined;
    const by = held.find(({ layer }) => layer === part?.layer);
    if (part?.assume === undefined || by === undefined) return [];
    return [rateView(key, part.rate, by, part.assume, [], '')];
  });
}

const STAND_INS: ReadonlySet<RateKey> = new Set(['cache_read', 'cache_write', 'cache_write_1h']);

function rateView(
  key: RateKey,
  rate: Rate,
  by: Held,
  note: string | null,
  instead: RateView['instead'],
  passed: string,
): RateView {
  const above = typeof rate === 'number' ? [] : rate.above;
  return {
    rate: key,
    per: rateScale(key) === 6 ? 'million tokens' : 'thousand',
    usd: quote(key, baseOf(rate)),
    above: above.map(([tokens, upper]) => ({ tokens, usd: quote(key, upper) })),
    layer: by.layer,
    row: by.name,
    note,
    instead,
    shown: orNull(above.map(([tokens, upper]) => `${quote(key, upper)} > ${thousands(tokens)}`).join(', ')),
    passed: orNull(passed),
  };
}

const orNull = (text: string): string | null => (text === '' ? null : text);

function tierRows(held: readonly Held[]): Value[] {
  return held.flatMap(({ layer, name, row }) =>
    rowView(row).service_tiers.map((tier) => ({ layer, row: name, ...tier })),
  );
}

function tierLines(held: readonly Held[]): string[] {
  const lines = held.flatMap(({ layer, row }) =>
    [...(row.serviceTiers ?? [])].map(([tier, rates]) => {
      const quotes = RATE_KEYS.flatMap((key) => {
        const rate = rates[key];
        return rate === undefined ? [] : [`${key} ${quoteAll(key, rate)}`];
      });
      return `service tier ${tier} (${layer}): ${quotes.join(', ')}`;
    }),
  );
  return lines.length === 0 ? [] : ['', ...lines];
}

function layerRows({ resolved, held, rates }: Answer): Value[] {
  return resolved.layers.map(({ layer, row, kind, rows }) => {
    const holds = held.find((one) => one.layer === layer && one.name === row);
    return {
      layer,
      row,
      kind,
      holds: holds !== undefined,
      wins: rates.filter(({ by }) => by === holds).map(({ key }) => key),
      rows: rows.map((one) => rowView(one)),
    };
  });
}

/** All dates of one layer in one line. */
function historyLine({ layer, row, rows }: Answer['resolved']['layers'][number]): string {
  const spans = rows.map(({ from, until, window, rates, free }) => {
    const when = [
      ...(from === undefined ? [] : [`from ${dateOf(from)}`]),
      ...(until === undefined ? [] : [`until ${dateOf(until)}`]),
      ...(window === undefined ? [] : [rowView({ window, rates }).hours ?? '']),
    ].join(' ');
    const { input, output } = rates;
    const price =
      free === true
        ? 'free'
        : [input, output]
            .map((rate, i) => (rate === undefined ? '–' : quote(i === 0 ? 'input' : 'output', baseOf(rate))))
            .join('/');
    return when === '' ? price : `${price} ${when}`;
  });
  return `${layer} ${row}: ${spans.join('; ')}`;
}

/** Percent off, as it was written. */
function discountOf(layers: Layers, biller: string): string | undefined {
  for (const { discountOf: of } of layers.overrides) {
    const discount = of(biller);
    if (discount !== undefined) return decimal(100_000_000 - discount.keep, 6);
  }
  return undefined;
}

const COLUMNS: readonly Column[] = [
  { path: ['rate'], name: 'rate', label: 'rate', show: 'text' },
  { path: ['usd'], name: 'usd', label: 'usd', show: 'rate' },
  { path: ['per'], name: 'per', label: 'per', show: 'text', droppable: 2 },
  { path: ['shown'], name: 'above', label: 'large prompts', show: 'text', droppable: 1 },
  { path: ['layer'], name: 'layer', label: 'layer', show: 'text' },
  { path: ['row'], name: 'row', label: 'row', show: 'text', droppable: 4 },
  { path: ['note'], name: 'note', label: 'note', show: 'text', droppable: 5 },
  { path: ['passed'], name: 'instead_of', label: 'instead of', show: 'text', droppable: 3 },
];
