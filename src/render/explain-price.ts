import type { Money, PriceLineView, PriceView, RecordedView, TotalView } from '../model/index.ts';
import { exactUsd, type Fact, refText, type Section, signText } from './explain-words.ts';
import { formatCount } from './format.ts';
import { padRight, safeText } from './text.ts';

/** The price, line by line. */
export function priceSection(price: PriceView): Section {
  const { match, source } = price;
  const named = [price.provider, price.model].filter((part) => part !== null).join('/');
  const lead =
    match === null
      ? `none: ${price.reason ?? ''}`
      : price.status === 'free'
        ? `free: ${match.row}`
        : `${exactUsd(price.amount_usd)}   ${match.row}`;
  return {
    title: 'Price',
    lead: safeText(lead),
    facts: [
      ...lineFacts(price.lines, price.amount_usd),
      ...(match === null
        ? []
        : [
            {
              label: 'matched',
              text: safeText(`${named === '' ? '' : `${named}: `}${matchText(match)}`),
            },
            ...match.steps.map((step, i) => ({ label: i === 0 ? 'steps' : '', text: safeText(step) })),
          ]),
      ...(price.assumptions.length === 0
        ? []
        : [{ label: 'assumes', text: safeText(price.assumptions.join(', ')) }]),
      ...readingFacts(price),
      ...(price.bounds === null ? [] : [{ label: 'between', text: boundsText(price.bounds) }]),
      ...(price.hint === null ? [] : [{ label: 'to do', text: safeText(price.hint) }]),
      { label: 'prices', text: `list prices as of ${source.as_of} (${source.source} ${source.version})` },
    ],
  };
}

function matchText({ kind, layer, effective }: NonNullable<PriceView['match']>): string {
  const since = effective === null ? '' : `, rates since ${effective}`;
  return `${KINDS[kind] ?? kind} in the ${LAYERS[layer] ?? layer}${since}`;
}

const KINDS: Readonly<Record<string, string>> = {
  exact: 'listed by this name',
  alias: 'another name of the row',
  variant: 'a safe variant of the row',
  glob: 'falls under a glob',
};
const LAYERS: Readonly<Record<string, string>> = {
  config: 'configuration',
  file: 'price file',
  import: 'imported prices',
  preset: 'shipped preset',
  catalogue: 'catalogue',
};

/** `tokens × rate = amount`, digits below each other, and the sum. */
function lineFacts(lines: readonly PriceLineView[], sum: Money): Fact[] {
  const cells = lines.map(({ bucket, tokens, rate_usd: rate, amount_usd: amount, layer }) => ({
    bucket,
    layer,
    product: tokens === 0 ? '' : `${formatCount(tokens)} × ${rateText(bucket, rate)}`,
    amount: exactUsd(amount),
  }));
  const total = exactUsd(sum);
  const products = Math.max(0, ...cells.map(({ product }) => product.length));
  const amounts = Math.max(...[...cells.map(({ amount }) => amount), total].map((text) => text.length));
  const line = (product: string, amount: string): string =>
    `${padRight(product, products)} = ${padRight(amount, amounts)}`;
  const facts = cells.map(
    ({ bucket, layer, product, amount }): Fact => ({
      label: bucket,
      text: line(product, amount),
      ...(layer === null ? {} : { source: LAYERS[layer] ?? layer }),
    }),
  );
  return cells.length < 2 ? facts : [...facts, { label: 'sum', text: line('', total) }];
}

/** Fees for one of something; everything else is quoted for a million tokens. */
const SINGLE: ReadonlySet<string> = new Set(['request', 'web_search', 'call']);

function rateText(bucket: string, rate: Money): string {
  if (SINGLE.has(bucket)) return exactUsd(rate);
  return `${exactUsd({ unit: 'usd', pico: (rate.pico ?? 0n) * 1_000_000n })}/M`;
}

function readingFacts({ reading, amount_usd: amount }: PriceView): Fact[] {
  if (reading === null) return [];
  const holds = reading.taken === 'input_inclusive';
  const because =
    reading.because === 'recorded_cost' ? 'the recorded cost equals it' : 'its dialect usually means that';
  return [
    {
      label: 'two readings',
      text: `${exactUsd(amount)} if the input ${holds ? 'holds' : 'does not hold'} the cache: taken, ${because}`,
    },
    { label: '', text: `${exactUsd(reading.other_usd)} if it ${holds ? 'does not' : 'does'}` },
  ];
}

function boundsText({ low_usd: low, high_usd: high }: NonNullable<PriceView['bounds']>): string {
  return high.pico === undefined ? `at least ${exactUsd(low)}` : `${exactUsd(low)} and ${exactUsd(high)}`;
}

const AUTHORITIES: Readonly<Record<RecordedView['authority'], string>> = {
  billed: 'what the biller says',
  asserted: 'what an SDK, proxy or application says',
  not_billed: 'avoided: a gateway answered from its own cache',
};

/** What the telemetry says that it cost. */
export function recordedSection(recorded: RecordedView, { included }: TotalView): Section {
  const { conflict, ignored, said_by: saidBy } = recorded;
  const counts = recorded.counts ? 'counts' : included ? 'does not count' : 'is not in the total';
  return {
    title: 'Recorded',
    lead: `${exactUsd(recorded.amount_usd)}   ${AUTHORITIES[recorded.authority]}; ${counts}`,
    facts: [
      ...(saidBy === null ? [] : [{ label: 'said by', text: refText(saidBy) }]),
      ...(ignored === null ? [] : [{ label: 'because', text: ignored }]),
      ...(conflict
        ? [
            {
              label: 'conflict',
              text: 'the prices make something else of it; --cost-mode computed counts that',
            },
          ]
        : []),
      ...recorded.amounts.map(({ amount_usd: amount, sign, billed, chosen }, i) => ({
        label: i === 0 ? 'amounts' : '',
        text: `${amount.pico === undefined ? 'unusable' : exactUsd(amount)}${chosen ? '' : ', passed over'}${billed ? ', billed' : ''}`,
        source: signText(sign),
      })),
    ],
  };
}
