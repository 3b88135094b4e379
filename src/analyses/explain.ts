import {
  type AgentSpan,
  type AttributeView,
  type Attribution,
  type BucketsView,
  CALL_RULES,
  type CostStatus,
  costOfCalls,
  type Explanation,
  type FamilyEvidence,
  type Forest,
  isUnpriced,
  ms,
  NANOS_PER_MILLI,
  type Place,
  type Price,
  type PriceSource,
  type PriceView,
  type ReadFrom,
  type Reckoning,
  type RecordedView,
  type Report,
  type Span,
  type SpanEvidence,
  type SpanRef,
  stepName,
  type TextField,
  type TotalView,
  time,
  type Usage,
  type UsageView,
  usd,
} from '../model/index.ts';
import type { Origin } from '../trace/index.ts';
import type { Dataset } from './dataset.ts';
import { usageRuleHelp } from './usage-rules.ts';

/** What explaining a span takes besides the trees: the span read again, and why it means what it means. */
export type Witnesses = {
  readonly span: Span;
  readonly at: Place;
  readonly reports: readonly Place[];
  readonly evidence: SpanEvidence;
  readonly origin: (field: keyof Attribution) => Origin | undefined;
  /** Of another span of the trace. */
  readonly evidenceAt: (position: number) => SpanEvidence | undefined;
  readonly prices: PriceSource;
};

/** Why one span is what every answer says it is. */
export function explain(data: Dataset, position: number, witnesses: Witnesses): Report {
  const { forest } = data;
  const { span, at, evidence } = witnesses;
  const { table } = forest;
  const row = forest.row[position]!;
  const { agent } = evidence;
  const explanation: Explanation = {
    span: {
      ...spanRef(forest, position),
      parent_span_id: forest.parentIdOf(position) ?? null,
      start: time(table.startOf(row)),
      duration_ms: ms(table.durationOf(row)),
      status: span.status,
      scope: span.scope === undefined ? null : { name: span.scope.name, version: span.scope.version ?? null },
    },
    read: { ...readFrom(at), reports: witnesses.reports.map(readFrom) },
    total: totalView(data, position),
    price: priceView(data, position, witnesses.prices),
    recorded: recordedView(data, position, evidence),
    usage: evidence.usage === undefined ? null : usageView(evidence.usage),
    dialect: evidence.dialect ?? null,
    kind: {
      kind: agent.kind,
      strength: evidence.kind?.strength ?? null,
      dialect: evidence.kind?.dialect ?? null,
      signs: evidence.kind?.signs ?? [],
    },
    attributes: attributeViews(data, position, witnesses),
    failure: failureView(agent, evidence),
    attempt:
      agent.attempt === undefined || evidence.attempt === undefined
        ? null
        : { attempt: agent.attempt, sign: evidence.attempt },
  };
  return {
    command: 'explain',
    body: explanation,
    page: 'explanation',
    table: { rows: 'attributes', columns: COLUMNS },
    notes: [],
  };
}

/** For rows of text: CSV and JSON lines tell the attributes, everything else is in JSON. */
const COLUMNS: Report['table']['columns'] = [
  { path: ['name'], name: 'name', label: 'attribute', show: 'text' },
  { path: ['value'], name: 'value', label: 'value', show: 'text' },
  { path: ['from'], name: 'from', label: 'from', show: 'text' },
  { path: ['sign', 'key'], name: 'key', label: 'key', show: 'text' },
  { path: ['said_by', 'span_id'], name: 'said_by', label: 'said by', show: 'id' },
];

/** Fields that are inherited, and where `explain` looks for who says them. */
export const INHERITED = [
  'user',
  'organization',
  'workspace',
  'session',
  'workflow',
  'agent',
  'tool',
] as const satisfies readonly (keyof Attribution)[];

/** Fields that count for the spans below where these are silent. */
const HANDED_DOWN = [
  'node',
  'connector',
  'model',
  'provider',
  'service',
  'environment',
] as const satisfies readonly TextField[];

function attributeViews(data: Dataset, position: number, witnesses: Witnesses): AttributeView[] {
  const { evidence } = witnesses;
  const own = (name: string): AttributeView[] => {
    const found = evidence.fields.get(name);
    if (found === undefined) return [];
    const { value, sign } = found;
    return [{ name: snake(name), value, from: fromSign(sign.at), sign, said_by: null }];
  };
  return [
    ...INHERITED.flatMap((field) => attributed(data, position, field, witnesses)),
    ...HANDED_DOWN.flatMap((field) => {
      const mine = own(field);
      return mine.length > 0 ? mine : handedDown(data.forest, position, field);
    }),
    ...['requestModel', 'serviceTier', 'operation', 'responseId'].flatMap(own),
    ...observedViews(evidence),
  ];
}

/** What the span tells besides usage and money. */
function observedViews({ observed }: SpanEvidence): AttributeView[] {
  return [...observed].map(([name, { value, sign }]) => {
    const from = fromSign(sign.at);
    if (name !== 'timeToFirstToken')
      return { name: snake(name), value: String(value), from, sign, said_by: null };
    const milliseconds = String((value as number) / NANOS_PER_MILLI);
    return { name: 'time_to_first_token_ms', value: milliseconds, from, sign, said_by: null };
  });
}

const fromSign = (at: string): AttributeView['from'] =>
  at === 'resource' ? 'resource' : at === 'model_name' ? 'model' : 'own';

function attributed(
  { forest, attribution }: Dataset,
  position: number,
  field: (typeof INHERITED)[number],
  { evidence, origin, evidenceAt }: Witnesses,
): AttributeView[] {
  const value = forest.table.strings.text(attribution[field](position));
  const from = origin(field);
  if (value === undefined || from === undefined) return [];
  if (from.from === 'resource') {
    return [
      { name: field, value, from: 'resource', sign: { at: 'resource', key: from.key, value }, said_by: null },
    ];
  }
  const told = from.at === position ? evidence : evidenceAt(from.at);
  const spelled = told?.fields.get(field) ?? (field === 'user' ? told?.fields.get('customer') : undefined);
  // A tool or workflow that no key names is called by its span.
  const sign = spelled?.sign ?? { at: 'name', value };
  const saidBy = from.at === position ? null : spanRef(forest, from.at);
  return [{ name: field, value, from: from.from, sign, said_by: saidBy }];
}

function handedDown(forest: Forest, position: number, field: TextField): AttributeView[] {
  const { table, row, parent } = forest;
  for (let p = parent[position]!; p >= 0; p = parent[p]!) {
    const value =
      table.textOf(field, row[p]!) ?? (field === 'model' ? table.textOf('requestModel', row[p]!) : undefined);
    if (value !== undefined)
      return [{ name: snake(field), value, from: 'ancestor', sign: null, said_by: spanRef(forest, p) }];
  }
  return [];
}

function totalView({ forest, bill }: Dataset, position: number): TotalView {
  const included = bill.isCall(position);
  const status = bill.status(position);
  const { rule, of } = bill.verdict(position);
  const below = bill.subtree(position);
  const { effect, help } = CALL_RULES[rule];
  const refs = (positions: readonly number[]): SpanRef[] => positions.map((p) => spanRef(forest, p));
  const others = effect === 'duplicate' ? of.flatMap((p) => [p, ...bill.verdict(p).of]) : included ? of : [];
  return {
    included,
    cost_usd: costOf(included, status, bill.cost(position)),
    cost_status: status,
    counted: bill.reckon(position)?.counted ?? null,
    rule,
    why: help,
    stood_for_by: included ? [] : refs(of),
    same_call: refs([...new Set(others)].filter((p) => p !== position)),
    alone_usd: included || rule === 'none' ? null : usd(BigInt(bill.alone(forest.row[position]!))),
    subtree_usd: costOfCalls(below.cost, below.calls, below.unpricedCalls),
  };
}

function costOf(included: boolean, status: CostStatus, cost: number): TotalView['cost_usd'] {
  if (!included) return usd(0n);
  return usd(isUnpriced(status) ? undefined : BigInt(cost));
}

function priceView({ forest, bill }: Dataset, position: number, source: PriceSource): PriceView | null {
  const price = bill.reckon(position)?.price;
  if (price === undefined) return null;
  const { table } = forest;
  const row = forest.row[position]!;
  const match = price.status === 'unpriced' ? undefined : price.match;
  return {
    status: price.status,
    amount_usd: amountOf(price),
    model: table.textOf('model', row) ?? table.textOf('requestModel', row) ?? null,
    provider: table.textOf('provider', row) ?? null,
    match:
      match === undefined
        ? null
        : {
            row: match.row,
            layer: match.layer,
            kind: match.kind,
            effective: match.effective ?? null,
            steps: match.steps ?? [],
          },
    lines: price.status === 'computed' ? price.lines.map(lineView) : [],
    assumptions: match?.assumptions ?? [],
    reading: readingView(price),
    reason: price.status === 'unpriced' ? price.reason : null,
    hint: price.status === 'unpriced' ? (price.hint ?? null) : null,
    bounds: boundsView(price),
    source: { source: source.source, version: source.version, as_of: source.as_of },
  };
}

function amountOf(price: Price): PriceView['amount_usd'] {
  if (price.status === 'free') return usd(0n);
  return usd(price.status === 'computed' ? BigInt(price.amount) : undefined);
}

function lineView({
  bucket,
  tokens,
  rate,
  amount,
  layer,
}: Extract<Price, { status: 'computed' }>['lines'][number]): PriceView['lines'][number] {
  return {
    bucket,
    tokens,
    rate_usd: usd(BigInt(rate)),
    amount_usd: usd(BigInt(amount)),
    layer: layer ?? null,
  };
}

function readingView(price: Price): PriceView['reading'] {
  if (price.status !== 'computed' || price.reading === undefined) return null;
  const { taken, because, other } = price.reading;
  return { taken, because, other_usd: usd(BigInt(other)) };
}

function boundsView(price: Price): PriceView['bounds'] {
  if (price.status !== 'unpriced' || price.bounds === undefined) return null;
  const { low, high } = price.bounds;
  return { low_usd: usd(BigInt(low)), high_usd: usd(high === undefined ? undefined : BigInt(high)) };
}

/** Why a recorded cost is no evidence. */
const IGNORED: Readonly<Record<NonNullable<Reckoning['ignored']>, string>> = {
  cost_mode: '--cost-mode computed looks at no recorded cost',
  own_price: 'your own price for the model goes before what an SDK asserts',
  zero_with_usage: '0 for a call that used tokens is no evidence of a price',
};

function recordedView(
  { forest, bill }: Dataset,
  position: number,
  { agent, costs }: SpanEvidence,
): RecordedView | null {
  const reckoned = bill.reckon(position);
  const recorded = reckoned?.recorded ?? agent.recordedCost;
  if (recorded === undefined) return null;
  const from = reckoned?.recorded?.from ?? position;
  return {
    amount_usd: usd(BigInt(recorded.amount)),
    authority: recorded.authority,
    said_by: from === position ? null : spanRef(forest, from),
    counts: reckoned?.counted === 'recorded' || bill.status(position) === 'not_billed',
    ignored: reckoned?.ignored === undefined ? null : IGNORED[reckoned.ignored],
    conflict: reckoned?.conflict === true,
    amounts: costs.map(({ sign, amount, billed, chosen }) => ({
      amount_usd: usd(amount === undefined ? undefined : BigInt(amount)),
      billed,
      chosen,
      sign,
    })),
  };
}

function usageView(usage: NonNullable<SpanEvidence['usage']>): UsageView {
  const { rule, derived, buckets, otherReading, aggregate, discarded, passedOver } = usage;
  return {
    ...familyView(usage),
    rule: rule ?? null,
    why: rule === undefined ? 'what is written there cannot be token counts' : usageRuleHelp(rule),
    derived: derived ?? null,
    buckets: buckets === undefined ? null : bucketsView(buckets),
    other_reading: otherReading === undefined ? null : bucketsView(otherReading),
    accumulated: aggregate,
    discarded,
    passed_over: passedOver.map((family) => ({ ...familyView(family), agrees: family.agrees })),
  };
}

function familyView({ family, dialect, counts }: FamilyEvidence) {
  return {
    family,
    dialect,
    counts: counts.map(({ count, tokens, sign }) => ({
      count: snake(count),
      tokens: tokens === 'invalid' ? null : tokens,
      sign,
    })),
  };
}

function bucketsView(usage: Usage): BucketsView {
  const { reportedInput: _, reportedOutput: __, ...buckets } = usage;
  return Object.fromEntries(
    Object.entries(buckets)
      .filter(([name, tokens]) => tokens > 0 || name === 'uncachedInput' || name === 'output')
      .map(([name, tokens]) => [snake(name), tokens]),
  );
}

function failureView({ failed, error }: AgentSpan, { failure }: SpanEvidence): Explanation['failure'] {
  return {
    failed,
    sign: failure ?? null,
    error: error === undefined ? null : { type: error.type ?? null, message: error.message ?? null },
  };
}

function spanRef({ table, row }: Forest, position: number): SpanRef {
  const r = row[position]!;
  return {
    trace_id: table.traceIdOf(r),
    span_id: table.spanIdOf(r),
    name: table.nameOf(r),
    step: stepName(table, r),
  };
}

function readFrom({ source, line, format }: Place): ReadFrom {
  return { source, line, format: format ?? null };
}

/** `cacheWrite5m` as JSON has it: `cache_write_5m`. */
const snake = (name: string): string =>
  name.replace(/[A-Z]|\d+(?=[a-z])/g, (part) => `_${part.toLowerCase()}`);
