import {
  type AgentSpan,
  type Attributes,
  type AttributeValue,
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
  readonly attributes?: Plain;
  readonly events?: readonly { readonly name: string; readonly attributes?: Plain }[];
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
    start: undefined,
    end: undefined,
    status: plain.status ?? 'unset',
    statusMessage: plain.statusMessage,
    attributes: attributesOf(plain.attributes),
    events: (plain.events ?? []).map(({ name, attributes }) => ({
      name,
      time: undefined,
      attributes: attributesOf(attributes),
    })),
    links: [],
    resource: plain.resource === undefined ? NO_RESOURCE : { attributes: attributesOf(plain.resource) },
    scope: plain.scope === undefined ? undefined : { name: plain.scope, version: plain.version },
  };
}

function attributesOf(plain: Plain | undefined): Attributes {
  return new Map(Object.entries(plain ?? {}));
}

/** What an agent span says, without what it does not say: no absent texts, no zero counts, no false flags. */
export function plainOf(agent: AgentSpan): object {
  const { span: _, kind, dialect, text, usage, failed, error, aggregateUsage, recordedCost, ...rest } = agent;
  return withoutAbsent({
    dialect: dialect ?? null,
    kind,
    ...text,
    failed: failed || undefined,
    error: error === undefined ? undefined : withoutAbsent(error),
    usage: typeof usage === 'object' ? withoutZeros(usage) : usage,
    aggregateUsage: aggregateUsage || undefined,
    recordedCost: recordedCost === undefined ? undefined : `${recordedCost.amount} ${recordedCost.authority}`,
    ...rest,
  });
}

function withoutAbsent(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function withoutZeros(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== 0));
}
