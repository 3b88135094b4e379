import type { Audit, AuditCheck, Column, PriceSource, Report } from '../model/index.ts';
import type { RenderOptions } from './options.ts';
import { renderSections, type Section, sectionsMarkdown } from './sections.ts';

/** The proof of a total: the sheet first, then what it rests on, then whether it is whole. */
export function asText(report: Report, options: RenderOptions): Iterable<string> {
  return renderSections(sectionsOf(report), options);
}

/** The same as Markdown. */
export function asMarkdown(report: Report, options: Pick<RenderOptions, 'zone'>): Iterable<string> {
  return sectionsMarkdown(sectionsOf(report), options);
}

function sectionsOf({ body, table }: Report): readonly Section[] {
  const { audit, prices } = body as { readonly audit: Audit; readonly prices: PriceSource };
  const found = [
    balanceSection(audit, table.columns),
    groupSection(audit),
    recordedSection(audit),
    conflictSection(audit),
    unpricedSection(audit),
    residualSection(audit),
    assumptionSection(audit),
    inputSection(audit),
    priceSection(prices),
  ];
  const empty = found.filter(isEmpty).map(({ title }) => title.replace(/[:,].*/, '').toLowerCase());
  const none = {
    title: 'Looked for and not found',
    columns: [],
    rows: [],
    below: [{ text: empty.join('; ') }],
  };
  return [...found.filter((section) => !isEmpty(section)), ...(empty.length === 0 ? [] : [none])];
}

const isEmpty = ({ rows, below }: Section): boolean => rows.length === 0 && below.length === 0;

function balanceSection({ balance, checks }: Audit, columns: readonly Column[]): Section {
  const failed = checks.filter(({ ok }) => !ok);
  return {
    title: 'Balance',
    columns,
    rows: balance.lines,
    total: balance.total,
    below:
      failed.length === 0
        ? [{ text: `✔ adds up to the last picodollar: ${checks.map(nameOf).join('; ')}`, tone: 'good' }]
        : failed.map((check) => ({ text: `✖ does not add up: ${nameOf(check)}`, tone: 'bad' })),
  };
}

const nameOf = ({ name }: AuditCheck): string => (name === 'balance' ? 'lines of this sheet' : name);

function groupSection({ dimensions }: Audit): Section {
  return {
    title: 'Groups, and what belongs to none',
    columns: [
      text('by', 'by'),
      count('rows', 'rows'),
      { path: ['sum_usd'], name: 'sum_usd', label: 'sum', show: 'exact' },
      { path: ['absent', 'label'], name: 'absent', label: 'without a value', show: 'text' },
      { path: ['absent', 'calls'], name: 'absent_calls', label: 'calls', show: 'count' },
      { path: ['absent', 'cost_usd'], name: 'absent_cost_usd', label: 'cost', show: 'money' },
      { path: ['absent', 'share'], name: 'absent_share', label: 'share', show: 'share' },
    ],
    rows: dimensions.map((one) => ({ ...one, by: one.by.join(',') })),
    below: [],
  };
}

function recordedSection({ recorded }: Audit): Section {
  const unusable = recorded.unusable;
  return {
    title: 'Recorded against computed cost',
    columns: [
      text('class', 'recorded as'),
      count('calls', 'calls'),
      { path: ['recorded_usd'], name: 'recorded_usd', label: 'recorded', show: 'money' },
      { path: ['computed_usd'], name: 'computed_usd', label: 'computed', show: 'money' },
      count('without_price', 'no price', 3),
      text('verdict', 'counts'),
      text('help', 'what it is', 9),
    ],
    rows: recorded.classes.map((one) => ({ ...one, verdict: one.counted ? 'yes' : 'no' })),
    below:
      unusable === 0
        ? []
        : [
            {
              text: `${unusable} recorded costs are no amounts in US dollars and were left out`,
              tone: 'bad',
            },
          ],
  };
}

function conflictSection({ recorded: { conflicts } }: Audit): Section {
  const more = conflicts.calls - conflicts.worst.length;
  return {
    title: 'Disagreement of recorded and computed cost, the worst first',
    columns: [
      ...SPAN_COLUMNS,
      { path: ['recorded_usd'], name: 'recorded_usd', label: 'recorded', show: 'money' },
      { path: ['computed_usd'], name: 'computed_usd', label: 'computed', show: 'money' },
      { path: ['difference_usd'], name: 'difference_usd', label: 'difference', show: 'money' },
    ],
    rows: conflicts.worst,
    below: more > 0 ? [{ text: `and ${more} more` }] : [],
  };
}

function unpricedSection({ unpriced, balance }: Audit): Section {
  const below = unpriced.groups.reduce((sum, group) => sum + group.below_residual_calls, 0);
  const explained = `below a roll-up with a residual, which may hold their cost: ${below} of these calls`;
  return {
    title: 'Calls without a price',
    columns: [
      text('model', 'model'),
      text('provider', 'provider', 4),
      text('reason', 'reason'),
      count('calls', 'calls'),
      count('failed_calls', 'failed', 3),
      count('input_tokens', 'in', 2),
      count('output_tokens', 'out', 2),
      count('total_only_tokens', 'in or out', 2),
      { path: ['low_usd'], name: 'low_usd', label: 'at least', show: 'money' },
      { path: ['high_usd'], name: 'high_usd', label: 'at most', show: 'money' },
    ],
    rows: unpriced.groups.map((group) => ({
      ...group,
      high_usd: group.high_usd.pico === undefined ? null : group.high_usd,
    })),
    below: [
      ...(below === 0 ? [] : [{ text: explained }]),
      ...(unpriced.calls === 0 || balance.total.cost_usd.pico === undefined
        ? []
        : [{ text: 'the total is a lower bound; agentobs cost --unpriced says how to price them' }]),
    ],
  };
}

function residualSection({ residuals }: Audit): Section {
  const more = residuals.spans - residuals.worst.length;
  return {
    title: 'Residuals of roll-ups: what they report beyond the calls below them, never added',
    columns: [
      ...SPAN_COLUMNS,
      count('input_tokens', 'in'),
      count('output_tokens', 'out'),
      count('total_only_tokens', 'in or out', 2),
      { path: ['cost_usd'], name: 'cost_usd', label: 'cost', show: 'money' },
      count('calls_without_usage', 'silent calls', 1),
    ],
    rows: residuals.worst,
    below: more > 0 ? [{ text: `and ${more} more` }] : [],
  };
}

function assumptionSection({ assumptions }: Audit): Section {
  return {
    title: 'Assumptions, and how much rests on them',
    columns: [
      text('assumption', 'assumption'),
      count('calls', 'calls'),
      { path: ['cost_usd'], name: 'cost_usd', label: 'cost', show: 'money' },
      { path: ['otherwise_usd'], name: 'otherwise_usd', label: 'otherwise', show: 'money', droppable: 1 },
    ],
    rows: assumptions,
    below: [],
  };
}

function inputSection({ input }: Audit): Section {
  return {
    title: 'Damaged input',
    columns: [
      text('kind', 'kind'),
      count('count', 'count'),
      text('help', 'what it is'),
      text('first', 'first at', 1),
    ],
    rows: input.missing,
    below: input.complete ? [] : [{ text: 'the total is what is left: a lower bound', tone: 'bad' }],
  };
}

function priceSection(prices: PriceSource): Section {
  const { source, version, as_of: asOf, sha256, overrides, imports } = prices;
  const digest = sha256 === undefined ? [] : [`sha256 ${sha256}`];
  return {
    title: 'Prices',
    columns: [],
    rows: [],
    below: [
      {
        text: [
          `${source} ${version}, as of ${asOf}`,
          ...digest,
          `${overrides} ${overrides === 1 ? 'override' : 'overrides'}`,
        ].join('; '),
      },
      ...(imports ?? []).map(({ origin, format, sha256: sha, as_of: day }) => ({
        text: `imported from ${origin} (${format}), as of ${day}; sha256 ${sha}`,
      })),
    ],
  };
}

const SPAN_COLUMNS: readonly Column[] = [
  text('step', 'span'),
  { path: ['span_id'], name: 'span_id', label: 'span id', show: 'id', droppable: 4 },
  { path: ['trace_id'], name: 'trace_id', label: 'trace', show: 'id', droppable: 5 },
];

function text(name: string, label: string, droppable = 0): Column {
  return { path: [name], name, label, show: 'text', droppable };
}

function count(name: string, label: string, droppable = 0): Column {
  return { path: [name], name, label, show: 'count', droppable };
}
