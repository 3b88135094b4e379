import type { SpanEvent } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { timeOf } from '../time.ts';
import { isObject, list, nameText, own, plainAttributes, text } from '../values.ts';
import { first, objectIn, platformIds, put } from './platform.ts';
import { eventTime, instantOr, type MutableAttributes, statusCode } from './spans.ts';

/**
 * Arize Phoenix: spans of its REST API (`{ data: [span], next_cursor }` or lines), and its span dataframe as JSON, one row
 * (`context.trace_id`, `attributes.…`) or one column a member. Sums over descendants (`cumulative_…`) go nowhere.
 */
export const phoenix: Format = {
  name: 'phoenix',
  title: 'Arize Phoenix: spans of its REST API, its span dataframe as JSON by rows or by columns',
  source: 'https://github.com/Arize-ai/phoenix/blob/main/schemas/openapi.json',
  claims: (value) => isSpan(value) || isRow(value) || isTable(value),
  read(value, context) {
    if (!isTable(value)) readSpan(value, undefined, context);
    else for (const [index, row] of rowsOf(value)) readSpan(row, index, context);
  },
};

function isSpan(value: JsonObject): boolean {
  const context = own(value, 'context');
  if (!isObject(context) || own(context, 'trace_id') === undefined) return false;
  return own(value, 'span_kind') !== undefined && own(value, 'start_time') !== undefined;
}

function isRow(value: JsonObject): boolean {
  const traceId = own(value, 'context.trace_id');
  return traceId !== undefined && !isObject(traceId) && own(value, 'start_time') !== undefined;
}

/** What pandas writes unless told otherwise: `{ column: { index: value } }`, the index being the span's id. */
function isTable(value: JsonObject): boolean {
  return isObject(own(value, 'context.trace_id')) && isObject(own(value, 'start_time'));
}

/** Column by column: most cells of a wide table may be missing. */
function rowsOf(table: JsonObject): ReadonlyMap<string, JsonObject> {
  const indices = Object.keys(table['context.trace_id'] as JsonObject);
  const rows = new Map(indices.map((index): [string, JsonObject] => [index, Object.create(null)]));
  for (const [name, column] of Object.entries(table)) {
    if (!isObject(column)) continue;
    for (const index of Object.keys(column)) {
      const row = rows.get(index);
      if (row !== undefined) row[name] = column[index];
    }
  }
  return rows;
}

function readSpan(value: JsonObject, index: string | undefined, context: ReadContext): void {
  const ids = own(value, 'context');
  const within = isObject(ids) ? ids : {};
  const attributes: MutableAttributes = new Map();
  const kind = text(own(value, 'span_kind'));
  put(attributes, 'openinference.span.kind', kind === 'UNKNOWN' ? undefined : kind, context);
  addFlat(attributes, '', objectIn(own(value, 'attributes')), context);
  for (const key of Object.keys(value))
    if (key.startsWith('attributes.'))
      addFlat(attributes, '', { [key.slice('attributes.'.length)]: value[key] }, context);
  context.sink.span(
    {
      ...platformIds(
        context,
        value,
        own(within, 'trace_id') ?? own(value, 'context.trace_id'),
        own(within, 'span_id') ?? own(value, 'context.span_id') ?? index,
        first(value, 'parent_id', 'parent_span_id'),
      ),
      name: nameText(own(value, 'name')),
      kind: undefined,
      start: instantOr(timeOf(own(value, 'start_time')), context),
      end: instantOr(timeOf(own(value, 'end_time')), context),
      status: statusCode(own(value, 'status_code')),
      statusMessage: text(own(value, 'status_message')),
      attributes,
      events: context.projection.events ? list(own(value, 'events')).flatMap(eventOf) : [],
      links: [],
      resource: context.resource(new Map()),
      scope: undefined,
    },
    context.at,
  );
}

/** Values that are objects themselves in OpenInference's conventions. */
const WHOLE: ReadonlySet<string> = new Set([
  'metadata',
  'llm.invocation_parameters',
  'llm.function_call',
  'tool.parameters',
  'tool.json_schema',
  'input.value',
  'output.value',
]);
/** Names are never nested deeper. */
const LEVELS = 8;

/** `{ llm: { token_count: { prompt: 1 } } }` is `llm.token_count.prompt`. */
function addFlat(
  attributes: MutableAttributes,
  prefix: string,
  members: JsonObject | undefined,
  context: ReadContext,
  level = 0,
): void {
  for (const [name, value] of Object.entries(members ?? {})) {
    const key = prefix + name;
    if (isObject(value) && !WHOLE.has(key) && level < LEVELS)
      addFlat(attributes, `${key}.`, value, context, level + 1);
    else put(attributes, key, value, context);
  }
}

function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event)) return [];
  const time = eventTime(timeOf(own(event, 'timestamp')));
  return [
    { name: nameText(own(event, 'name')), time, attributes: plainAttributes(own(event, 'attributes')) },
  ];
}
