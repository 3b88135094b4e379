import {
  type AgentSpan,
  type Attributes,
  type AttributeValue,
  type Instant,
  instant,
  NO_RESOURCE,
  type Span,
  type StatusCode,
} from '../../src/model/index.ts';

/** A span as a fixture writes it: only what matters to the case. */
export type PlainSpan = {
  readonly name: string;
  readonly scope?: string;
  readonly version?: string;
  /** The span has a parent. */
  readonly child?: boolean;
  readonly status?: StatusCode;
  readonly statusMessage?: string;
  /** RFC 3339, to the millisecond. */
  readonly start?: string;
  readonly attributes?: Plain;
  readonly events?: readonly { readonly name: string; readonly time?: string; readonly attributes?: Plain }[];
  readonly resource?: Plain;
};
type Plain = { readonly [key: string]: AttributeValue };

export function spanOf(plain: PlainSpan): Span {
  return {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    parentSpanId: plain.child === true ? '00f067aa0ba902b6' : undefined,
    name: plain.name,
    kind: undefined,
    start: timeOf(plain.start),
    end: undefined,
    status: plain.status ?? 'unset',
    statusMessage: plain.statusMessage,
    attributes: attributesOf(plain.attributes),
    events: (plain.events ?? []).map(({ name, time, attributes }) => ({
      name,
      time: timeOf(time),
      attributes: attributesOf(attributes),
    })),
    links: [],
    resource: plain.resource === undefined ? NO_RESOURCE : { attributes: attributesOf(plain.resource) },
    scope: plain.scope === undefined ? undefined : { name: plain.scope, version: plain.version },
  };
}

const timeOf = (time: string | undefined): Instant | undefined =>
  time === undefined ? undefined : instant(BigInt(Date.parse(time)) * 1_000_000n);

function attributesOf(plain: Plain | undefined): Attributes {
  return new Map(Object.entries(plain ?? {}));
}

/** What an agent span says, without what it does not say: no absent texts, no zero counts, no false flags. */
export function plainOf(agent: AgentSpan): object {
  const {
    span: _,
    kind,
    dialect,
    text,
    usage,
    failed,
    error,
    aggregateUsage,
    recordedCost,
    observed,
    ...rest
  } = agent;
  return withoutAbsent({
    dialect: dialect ?? null,
    kind,
    ...text,
    failed: failed || undefined,
    error: error === undefined ? undefined : withoutAbsent(error),
    usage: typeof usage === 'object' ? withoutZeros(usage) : usage,
    aggregateUsage: aggregateUsage || undefined,
    recordedCost: recordedCost === undefined ? undefined : `${recordedCost.amount} ${recordedCost.authority}`,
    observed: observed && { ...observed.numbers, ...observed.texts },
    ...rest,
  });
}

function withoutAbsent(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function withoutZeros(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== 0));
}
