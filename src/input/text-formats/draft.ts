import type { AttributeValue, SpanKind, SpanLink, StatusCode } from '../../model/index.ts';
import type { JsonValue, ReadContext } from '../format.ts';
import { spanIds } from '../formats/ids.ts';
import { eventTime, instantOr, isWanted, type MutableAttributes } from '../formats/spans.ts';
import type { TimeReading } from '../time.ts';
import type { TextOutput } from './text-format.ts';

/** A span as far as its lines have come. */
export type Draft = {
  /** Where it began. */
  readonly line: number;
  traceId: unknown;
  spanId: unknown;
  parentSpanId: unknown;
  name: string;
  kind: SpanKind | undefined;
  start: TimeReading;
  end: TimeReading;
  status: StatusCode;
  statusMessage: string | undefined;
  readonly attributes: MutableAttributes;
  readonly events: DraftEvent[];
  readonly links: SpanLink[];
  resource: ReadonlyMap<string, AttributeValue>;
  scopeName: string | undefined;
  scopeVersion: string | undefined;
  traceState: string | undefined;
  droppedAttributes: number | undefined;
};

type DraftEvent = { name: string; time: TimeReading; readonly attributes: MutableAttributes };

export function newDraft(line: number): Draft {
  return {
    line,
    traceId: undefined,
    spanId: undefined,
    parentSpanId: undefined,
    name: '',
    kind: undefined,
    start: undefined,
    end: undefined,
    status: 'unset',
    statusMessage: undefined,
    attributes: new Map(),
    events: [],
    links: [],
    resource: new Map(),
    scopeName: undefined,
    scopeVersion: undefined,
    traceState: undefined,
    droppedAttributes: undefined,
  };
}

/** Puts a span that is whole into the sink, as much of it as is wanted. */
export function addDraft(draft: Draft, output: TextOutput): void {
  output.read(draft.line, (context) => addSpan(draft, context));
}

function addSpan(draft: Draft, context: ReadContext): void {
  const { name, kind, status, statusMessage, links, traceState, droppedAttributes } = draft;
  const { traceId, spanId, parentSpanId } = spanIds(
    context,
    [name, String(draft.start), String(draft.end), ...draft.attributes] as JsonValue,
    draft.traceId,
    draft.spanId,
    draft.parentSpanId,
  );
  const attributes = new Map<string, AttributeValue>();
  for (const [key, value] of draft.attributes) if (isWanted(context, key)) attributes.set(key, value);
  context.sink.span(
    {
      traceId,
      spanId,
      parentSpanId,
      name,
      kind,
      start: instantOr(draft.start, context),
      end: instantOr(draft.end, context),
      status,
      statusMessage,
      attributes,
      events: context.projection.events
        ? draft.events.map((event) => ({ ...event, time: eventTime(event.time) }))
        : [],
      links,
      resource: context.resource(draft.resource),
      scope: context.scope(draft.scopeName, draft.scopeVersion),
      traceState,
      droppedAttributes,
    },
    context.at,
  );
}
