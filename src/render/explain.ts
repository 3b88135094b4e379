import {
  type AttributeView,
  type BucketsView,
  type Explanation,
  isModelKind,
  type Money,
  type PriceLineView,
  type PriceView,
  type ReadFrom,
  type RecordedView,
  type Report,
  type Sign,
  type SpanRef,
  type TotalView,
  type UnpricedReason,
  type UsageView,
  unpricedReason,
} from '../model/index.ts';
import { exact } from './exact.ts';
import { formatCount, formatDuration, formatTime } from './format.ts';
import { markup } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { type Paint, paint } from './paint.ts';
import { cellWidth, padRight, safeText } from './text.ts';
import { wrapped } from './wrap.ts';

/** One fact: what it is called, what it is, and where that is said. */
type Fact = { readonly label: string; readonly text: string; readonly source?: string };
/** What belongs together; the lead stands beside the title. */
type Section = { readonly title: string; readonly lead: string; readonly facts: readonly Fact[] };

/** Why a span is what it is, the money first: sections with a fact a line. Where `width` is given, long lines are wrapped. */
export function* asText(report: Report, options: RenderOptions): Iterable<string> {
  const explanation = report.body as Explanation;
  const paints = paint(options.color);
  for (const line of headOf(explanation, options)) yield* screenLines(line, '', options.width, paints.bold);
  for (const { title, lead, facts } of sectionsOf(explanation)) {
    yield '\n';
    yield* screenLines(
      lead === '' ? title.toUpperCase() : padRight(title.toUpperCase(), LABEL) + lead,
      ' '.repeat(LABEL),
      options.width,
      (text) =>
        text.startsWith(title.toUpperCase())
          ? paints.bold(title.toUpperCase()) + text.slice(title.length)
          : text,
    );
    const widths = facts.filter(isSourced).map(({ text }) => cellWidth(text));
    const values = Math.max(0, ...widths.filter((width) => width <= WIDEST));
    for (const fact of facts) yield* factLines(fact, values, options.width, paints);
  }
}

/** The same with headings and lists. */
export function* asMarkdown(report: Report, options: Pick<RenderOptions, 'zone'>): Iterable<string> {
  const explanation = report.body as Explanation;
  const [head, ...rest] = headOf(explanation, options);
  yield `## ${markup(head!)}\n\n`;
  for (const line of rest) yield `${markup(line)}\n`;
  for (const { title, lead, facts } of sectionsOf(explanation)) {
    yield `\n**${title}**${lead === '' ? '' : ` ${markup(lead)}`}\n${facts.length === 0 ? '' : '\n'}`;
    for (const { label, text, source } of facts)
      yield `- ${markup(label)}: ${markup(text)}${source === undefined ? '' : ` (${markup(source)})`}\n`;
  }
}

const LABEL = 18;
/** Longer values do not push the sources of the others away. */
const WIDEST = 32;

const isSourced = ({ source }: Fact): boolean => source !== undefined;

function* factLines(
  { label, text, source }: Fact,
  values: number,
  width: number | undefined,
  paints: Paint,
): Iterable<string> {
  const head = padRight(`  ${label}`, LABEL);
  const value = source === undefined ? text : padRight(text, values);
  const plain = `${head}${value}${source === undefined ? '' : `  ${source}`}`;
  if (width === undefined || cellWidth(plain) <= width) {
    yield `${paints.dim(head)}${value}${source === undefined ? '' : `  ${paints.dim(source)}`}\n`;
  } else
    yield* screenLines(
      `${head}${text}${source === undefined ? '' : `  ${source}`}`,
      ' '.repeat(LABEL),
      width,
    );
}

function* screenLines(
  text: string,
  hanging: string,
  width: number | undefined,
  painted: (line: string) => string = (line) => line,
): Iterable<string> {
  for (const line of wrapped(text, width, hanging)) yield `${painted(line)}\n`;
}

function headOf(
  { span, read, total, failure, kind }: Explanation,
  { zone }: Pick<RenderOptions, 'zone'>,
): string[] {
  const mark = failure.failed ? '✖ failed' : span.status === 'ok' ? '✔ ok' : '✔';
  const money = isModelKind(kind.kind) || total.rule !== 'none' ? [costText(total)] : [];
  const scope =
    span.scope === null ? [] : [`scope ${[span.scope.name, span.scope.version].filter(Boolean).join(' ')}`];
  return [
    [span.step, mark, formatDuration(span.duration_ms.nanos), formatTime(span.start.at, zone), ...money],
    [`span ${span.span_id}`, `trace ${span.trace_id}`],
    [`read from ${placeText(read)}`, ...scope],
    ...(read.reports.length < 2 ? [] : [[repeatsText(read)]]),
  ].map((parts) => parts.map(safeText).join('   '));
}

function repeatsText({ reports }: Explanation['read']): string {
  const places = reports.slice(0, MOST).map(placeText);
  const more = reports.length > MOST ? [`… ${reports.length - MOST} more`] : [];
  return `reported ${reports.length} times, counted once: ${[...places, ...more].join(', ')}`;
}

const placeText = ({ source, line, format }: ReadFrom): string =>
  `${source}:${line}${format === null ? '' : ` (${format})`}`;

/** Lists of spans are cut here: JSON has them all. */
const MOST = 5;

function sectionsOf(explanation: Explanation): Section[] {
  const { total, price, recorded, usage, attributes, failure, attempt } = explanation;
  return [
    totalSection(total),
    ...(price === null ? [] : [priceSection(price)]),
    ...(recorded === null ? [] : [recordedSection(recorded, total)]),
    ...(usage === null ? [] : [usageSection(usage)]),
    kindSection(explanation),
    {
      title: 'Attributes',
      lead: attributes.length === 0 ? 'none' : '',
      facts: attributes.map(attributeFact),
    },
    ...(failure.failed ? [failureSection(failure)] : []),
    ...(attempt === null
      ? []
      : [{ title: 'Attempt', lead: `${attempt.attempt}   ${signText(attempt.sign)}`, facts: [] }]),
  ];
}

function totalSection(total: TotalView): Section {
  const { included, why, rule, stood_for_by: below, same_call: same } = total;
  const lead = `${included ? 'yes' : 'no'}: ${why} (${rule})`;
  return {
    title: 'In the total',
    lead,
    facts: [
      ...unpricedFacts(total),
      ...(included ? [] : refFacts('instead', below)),
      ...refFacts('same call', same),
      ...(total.alone_usd === null || total.alone_usd.pico === 0n
        ? []
        : [{ label: 'left out', text: `${exactUsd(total.alone_usd)}, what this span comes to by itself` }]),
      ...(included || total.subtree_usd.pico === 0n
        ? []
        : [
            {
              label: 'below it',
              text: `Σ ${boundedUsd(total.subtree_usd)}`,
            },
          ]),
    ],
  };
}

function unpricedFacts({ cost_status: status }: TotalView): Fact[] {
  const reason = unpricedReason(status);
  if (reason === undefined) return [];
  return [
    { label: 'no price', text: `${UNPRICED[reason]} (${reason}); totals that hold it are lower bounds` },
  ];
}

const UNPRICED: Readonly<Record<UnpricedReason, string>> = {
  no_usage: 'the call reports no token counts',
  no_model: 'the call names no model',
  unknown_model: 'no price list knows the model',
  invalid_usage: 'its token counts cannot be counts',
  missing_rate: 'the price of the model lacks a rate',
  total_only: 'only a sum of tokens is told, and input and output do not cost the same',
  no_recorded_cost: 'no cost is recorded, and --cost-mode recorded looks at nothing else',
  conflicting_prices: 'its prices contradict each other',
};

function refFacts(label: string, refs: readonly SpanRef[]): Fact[] {
  const facts = refs.slice(0, MOST).map((ref, i) => ({ label: i === 0 ? label : '', text: refText(ref) }));
  return refs.length > MOST
    ? [...facts, { label: '', text: `… ${formatCount(refs.length - MOST)} more` }]
    : facts;
}

const refText = ({ step, span_id: id }: SpanRef): string => safeText(`${step} ${id}`);

function costText(total: TotalView): string {
  if (!total.included) return '$0 in the total';
  if (total.cost_usd.pico === undefined) return 'no price';
  return `${exactUsd(total.cost_usd)} in the total`;
}

function priceSection(price: PriceView): Section {
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

function recordedSection(recorded: RecordedView, { included }: TotalView): Section {
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

function usageSection(usage: UsageView): Section {
  const { counts, buckets, passed_over: passed } = usage;
  return {
    title: 'Usage',
    lead: `${usage.family} (${usage.dialect}); ${usage.why}${usage.rule === null ? '' : ` (${usage.rule})`}`,
    facts: [
      ...counts.map(({ count, tokens, sign }) => ({
        label: count,
        text: tokens === null ? 'not a count' : formatCount(tokens),
        source: signText(sign),
      })),
      ...(usage.derived === null ? [] : [{ label: usage.derived, text: 'worked out from the total' }]),
      ...(usage.accumulated
        ? [{ label: '', text: 'an accumulated sum: not billed beside what is below' }]
        : []),
      ...(usage.discarded
        ? [{ label: '', text: 'all 0 on a call that failed: defaults, so the usage is unknown' }]
        : []),
      ...(buckets === null ? [] : [{ label: 'billed as', text: bucketsText(buckets) }]),
      ...(usage.other_reading === null
        ? []
        : [
            {
              label: 'or else',
              text: `${bucketsText(usage.other_reading)}, if the cache is meant the other way`,
            },
          ]),
      ...passed.map(({ family, dialect, agrees, counts: others }, i) => ({
        label: i === 0 ? 'passed over' : '',
        text: `${family} (${dialect}): ${others.map(({ count, tokens }) => `${count} ${tokens === null ? '?' : formatCount(tokens)}`).join(', ')}`,
        source: agrees ? 'agrees' : 'does not agree',
      })),
    ],
  };
}

const bucketsText = (buckets: BucketsView): string =>
  Object.entries(buckets)
    .map(([bucket, tokens]) => `${formatCount(tokens)} ${bucket.replaceAll('_', ' ')}`)
    .join(' · ');

const STRENGTHS: Readonly<Record<string, string>> = {
  declared: "the emitter's own type",
  operation: 'an operation',
  name: "the span's name",
  presence: 'a key that is there',
  transport: 'the transport',
};

function kindSection({ kind, dialect }: Explanation): Section {
  const why = kind.signs.map((sign) => signText(sign)).join(', ');
  return {
    title: 'Kind',
    lead:
      kind.strength === null
        ? `${kind.kind}: nothing on the span says what it is`
        : `${kind.kind}   ${why}: ${STRENGTHS[kind.strength] ?? kind.strength}${kind.dialect === null ? '' : ` (${kind.dialect})`}`,
    facts: [
      dialect === null
        ? { label: 'dialect', text: 'none recognised' }
        : {
            label: 'dialect',
            text: dialect.name,
            source: dialect.signs
              .slice(0, MOST)
              .map((sign) => signText(sign))
              .join(', '),
          },
    ],
  };
}

function attributeFact({ name, value, from, sign, said_by: by }: AttributeView): Fact {
  const key = sign === null ? '' : signText(sign, value);
  const who = by === null ? '' : refText(by);
  const source = {
    own: key,
    ancestor: `${key === '' ? 'from' : `${key} of`} ${who}, above`,
    trace: `${key} of ${who}: the only one in the trace`,
    resource: key,
    model: `from the model's name`,
  }[from];
  return { label: name, text: safeText(value), source };
}

function failureSection({ sign, error }: Explanation['failure']): Section {
  const said = [error?.type, error?.message].filter((part) => part !== null && part !== undefined);
  return {
    title: 'Failure',
    lead: sign === null ? '' : signText(sign),
    facts: said.length === 0 ? [] : [{ label: 'error', text: safeText(said.join(': ')) }],
  };
}

const PLACES: Readonly<Record<Sign['at'], string>> = {
  attribute: '',
  name: 'name',
  scope: 'scope',
  resource: 'resource',
  event: 'event',
  status: 'status',
  model_name: 'model name',
};

/** `gen_ai.operation.name = chat`; a value that stands beside it already is left out. */
function signText({ at, key, path, value }: Sign, beside?: string): string {
  const where = [PLACES[at], key, path === undefined ? undefined : `› ${path}`].filter(Boolean).join(' ');
  const said = value === undefined || value === beside ? where : `${where} = ${value}`;
  return safeText(said === '' ? 'status message' : said);
}

const boundedUsd = (money: Money): string =>
  `${money.lowerBound === true && money.pico !== undefined ? '≥ ' : ''}${exactUsd(money)}`;

function exactUsd(money: Money): string {
  const text = exact(money);
  if (text === null) return 'unknown';
  return String(text).startsWith('-') ? `-$${String(text).slice(1)}` : `$${text}`;
}
