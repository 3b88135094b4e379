import {
  type AttributeView,
  type BucketsView,
  type Explanation,
  type SpanRef,
  type TotalView,
  type UnpricedReason,
  type UsageView,
  unpricedReason,
} from '../model/index.ts';
import { priceSection, recordedSection } from './explain-price.ts';
import { boundedUsd, exactUsd, type Fact, MOST, refText, type Section, signText } from './explain-words.ts';
import { formatCount } from './format.ts';
import { safeText } from './text.ts';

/** What is told of a span, the money first. */
export function sectionsOf(explanation: Explanation): Section[] {
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
