import {
  type AgentKind,
  type AgentSpan,
  instant,
  NO_ATTRIBUTES,
  type Pico,
  type Resource,
  type Span,
  SpanTable,
  type TextField,
  type Usage,
} from '../../src/model/index.ts';

/** One span in a few words; times are whole milliseconds after an arbitrary origin. */
export type Sketch = {
  readonly id: string;
  readonly parent?: string;
  readonly trace?: string;
  readonly name?: string;
  readonly kind?: AgentKind;
  readonly from?: number;
  /** Undefined: still open. */
  readonly to?: number | undefined;
  readonly status?: Span['status'];
  readonly half?: Span['half'];
  readonly spanKind?: Span['kind'];
  readonly dialect?: string;
  readonly text?: Partial<Record<TextField, string>>;
  /** Prompt and output tokens. */
  readonly tokens?: readonly [number, number];
  readonly usage?: Partial<Usage> | 'invalid';
  /** Dollars. */
  readonly recorded?: number;
  readonly authority?: 'billed' | 'asserted' | 'not_billed';
  readonly answer?: string;
  readonly failed?: boolean;
  readonly resource?: Resource;
  readonly fromEvent?: boolean;
  readonly followsFrom?: boolean;
};

export const ORIGIN = 1_790_000_000_000_000_000n;
const RESOURCE: Resource = { attributes: NO_ATTRIBUTES };

export function tableOf(sketches: readonly Sketch[]): SpanTable {
  const table = new SpanTable();
  for (const sketch of sketches) table.push(agentSpan(sketch));
  return table;
}

/** Ids are padded to hex where they are hex digits, so `a1` is a span id. */
export const spanId = (short: string): string => short.padStart(16, '0');
export const traceId = (short: string): string => short.padStart(32, '0');

export function agentSpan(sketch: Sketch): AgentSpan {
  const at = (milliseconds: number) => instant(ORIGIN + BigInt(Math.round(milliseconds * 1e6)));
  const usage = usageOf(sketch);
  return {
    span: {
      traceId: traceId(sketch.trace ?? 'f'),
      spanId: spanId(sketch.id),
      parentSpanId: sketch.parent === undefined ? undefined : spanId(sketch.parent),
      name: sketch.name ?? sketch.id,
      kind: sketch.spanKind,
      start: sketch.from === undefined && sketch.to === undefined ? undefined : at(sketch.from ?? 0),
      end: sketch.to === undefined ? undefined : at(sketch.to),
      status: sketch.status ?? 'unset',
      statusMessage: undefined,
      attributes: NO_ATTRIBUTES,
      events: [],
      links: [],
      resource: sketch.resource ?? RESOURCE,
      scope: undefined,
      half: sketch.half,
      fromEvent: sketch.fromEvent,
      followsFrom: sketch.followsFrom,
    },
    kind: sketch.kind ?? 'other',
    dialect: sketch.dialect,
    failed: sketch.failed ?? sketch.status === 'error',
    error: undefined,
    text: sketch.text ?? {},
    usage,
    aggregateUsage: false,
    recordedCost:
      sketch.recorded === undefined
        ? undefined
        : { amount: Math.round(sketch.recorded * 1e12) as Pico, authority: sketch.authority ?? 'asserted' },
    responseId: sketch.answer,
    attempt: undefined,
  };
}

function usageOf({ tokens, usage }: Sketch): AgentSpan['usage'] {
  if (usage === 'invalid') return 'invalid';
  if (tokens === undefined && usage === undefined) return undefined;
  const [input, output] = tokens ?? [0, 0];
  return {
    reportedInput: input,
    reportedOutput: output,
    uncachedInput: input,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output,
    reasoning: 0,
    audioInput: 0,
    audioOutput: 0,
    webSearches: 0,
    totalOnly: 0,
    ...usage,
  };
}
