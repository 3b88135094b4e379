import { instant } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { scaled, timeOf } from '../time.ts';
import { nameText, own, text } from '../values.ts';
import { first, objectIn, platformIds, put, putAll } from './platform.ts';
import { instantOr, type MutableAttributes } from './spans.ts';

/** Events of PostHog's LLM analytics. They are captured when the work is done: `timestamp` is the end. */
export const posthog: Format = {
  name: 'posthog',
  title: 'PostHog LLM analytics: $ai_generation, $ai_embedding, $ai_span and $ai_trace events',
  source: 'https://posthog.com/docs/llm-analytics/manual-capture',
  claims: (value) => {
    const event = own(value, 'event');
    if (typeof event !== 'string' || !EVENTS.has(event)) return false;
    return text(propertiesOf(value)['$ai_trace_id']) !== undefined;
  },
  read: (value, context) => readEvent(value, context),
};

const EVENTS: ReadonlySet<string> = new Set(['$ai_generation', '$ai_embedding', '$ai_span', '$ai_trace']);

const propertiesOf = (value: JsonObject): JsonObject => objectIn(own(value, 'properties')) ?? {};

function readEvent(value: JsonObject, context: ReadContext): void {
  const event = nameText(own(value, 'event'));
  const properties = propertiesOf(value);
  const end = instantOr(timeOf(own(value, 'timestamp')), context);
  const latency = scaled(own(properties, '$ai_latency'), 9) ?? 0n;
  const failed = isTrue(own(properties, '$ai_is_error'));
  const attributes: MutableAttributes = new Map();
  put(attributes, 'posthog.event', event, context);
  put(attributes, 'distinct_id', first(value, 'distinct_id') ?? own(properties, 'distinct_id'), context);
  putAll(attributes, '', properties, context, FIELDS);
  const trace = own(properties, '$ai_trace_id');
  context.sink.span(
    {
      ...platformIds(
        context,
        value,
        trace,
        // A trace is the parent of what names no other.
        first(properties, '$ai_span_id') ?? (event === '$ai_trace' ? trace : own(value, 'uuid')),
        own(properties, '$ai_parent_id'),
      ),
      name:
        nameText(own(properties, '$ai_span_name')) ||
        nameText(own(properties, '$ai_model')) ||
        event.slice(1),
      kind: undefined,
      start: end !== undefined && latency >= 0n && end >= latency ? instant(end - latency) : end,
      end,
      status: failed ? 'error' : 'unset',
      statusMessage: failed ? errorText(own(properties, '$ai_error')) : undefined,
      attributes,
      events: [],
      links: [],
      resource: context.resource(new Map()),
      scope: undefined,
    },
    context.at,
  );
}

/** Said above the properties too. */
const FIELDS: ReadonlySet<string> = new Set(['distinct_id']);

const isTrue = (value: JsonValue): boolean => value === true || value === 'true';

function errorText(value: JsonValue): string | undefined {
  const error = objectIn(value);
  return error === undefined ? text(value) : text(own(error, 'message'));
}
