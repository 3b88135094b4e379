import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { epochTime, timeOf } from '../time.ts';
import { isObject, list, nameText, own, text } from '../values.ts';
import { first, objectIn, platformIds, put } from './platform.ts';
import { instantOr, type MutableAttributes, spanObjects } from './spans.ts';

/** Rows of Braintrust's project logs and experiments: as lines, in answers of its API (`{ events }`, `{ data }`). */
export const braintrust: Format = {
  name: 'braintrust',
  title: 'Braintrust: rows of project logs and experiments',
  source: 'https://www.braintrust.dev/docs/reference/api/Logs#fetch-project-logs-get-form',
  claims: (value) => isRow(value) || isRow(list(own(value, 'events'))[0]),
  read(value, context) {
    if (isRow(value)) readRow(value, context);
    else for (const row of spanObjects(own(value, 'events'), context)) readRow(row, context);
  },
};

function isRow(value: JsonValue): boolean {
  return (
    isObject(value) &&
    own(value, 'span_id') !== undefined &&
    own(value, 'root_span_id') !== undefined &&
    (Object.hasOwn(value, 'span_attributes') || Object.hasOwn(value, 'span_parents'))
  );
}

function readRow(value: JsonObject, context: ReadContext): void {
  const metrics = objectIn(own(value, 'metrics')) ?? {};
  const about = objectIn(own(value, 'span_attributes')) ?? {};
  const metadata = objectIn(own(value, 'metadata'));
  const error = own(value, 'error');
  const failed = error !== undefined && error !== null && error !== '';
  const attributes: MutableAttributes = new Map();
  const add = (key: string, field: JsonValue) => put(attributes, `braintrust.${key}`, field, context);
  add('span_attributes', about);
  add('metadata', metadata);
  add('metrics', metrics);
  add('scores', own(value, 'scores'));
  add('tags', own(value, 'tags'));
  add('input_json', own(value, 'input'));
  add('output_json', own(value, 'output'));
  const start = first(metrics, 'start');
  context.sink.span(
    {
      ...platformIds(
        context,
        value,
        own(value, 'root_span_id'),
        own(value, 'span_id'),
        list(own(value, 'span_parents'))[0],
      ),
      name: nameText(own(about, 'name')) || nameText(own(about, 'type')),
      kind: undefined,
      start: instantOr(
        start === undefined ? timeOf(first(value, 'created')) : epochTime(start, 's'),
        context,
      ),
      end: instantOr(epochTime(first(metrics, 'end'), 's'), context),
      status: failed ? 'error' : 'unset',
      statusMessage: isObject(error) ? text(own(error, 'message')) : text(error),
      attributes,
      events: [],
      links: [],
      resource: context.resource(new Map()),
      scope: undefined,
    },
    context.at,
  );
}
