import type { SpanEvent, SpanLink, StatusCode } from '../../model/index.ts';
import type { JsonObject, JsonValue, ReadContext } from '../format.ts';
import { linkTo, spanIds } from '../formats/ids.ts';
import { eventTime, instantOr, kindNamed } from '../formats/spans.ts';
import { stringEnd } from '../json.ts';
import { epochTime } from '../time.ts';
import { isObject, list, nameText, plainAttributes, text } from '../values.ts';
import { type Nesting, PrintedRecord } from './printed-record.ts';
import { rubyValue } from './ruby-values.ts';
import type { TextFormat } from './text-format.ts';

const OPENING = '#<struct OpenTelemetry::SDK::Trace::SpanData';

/** The console exporter of OpenTelemetry Ruby: `pp` of the struct `SpanData`. */
export const rubyConsole: TextFormat = {
  name: 'ruby-console',
  title: 'OpenTelemetry Ruby: ConsoleSpanExporter',
  source:
    'https://github.com/open-telemetry/opentelemetry-ruby/blob/main/sdk/lib/opentelemetry/sdk/trace/export/console_span_exporter.rb',
  begins,
  record: (output) =>
    new PrintedRecord(output, {
      begins,
      nesting: rubyNesting(),
      wrapped: false,
      read: (printed, line) => output.read(line, (context) => readSpan(printed, context)),
    }),
};

function begins(line: string): boolean {
  return line.startsWith(OPENING);
}

function readSpan(printed: string, context: ReadContext): void {
  const span = parsed(printed);
  if (span === undefined) {
    context.sink.skip('bad_span', context.at);
    return;
  }
  const { projection } = context;
  const status = span['status'];
  const scope = span['instrumentation_scope'] ?? span['instrumentation_library'];
  const resource = span['resource'];
  const ids = spanIds(context, span, span['trace_id'], span['span_id'], span['parent_span_id']);
  context.sink.span(
    {
      ...ids,
      name: nameText(span['name']),
      kind: kindNamed(span['kind']),
      start: instantOr(epochTime(span['start_timestamp'], 'ns'), context),
      end: instantOr(epochTime(span['end_timestamp'], 'ns'), context),
      status: isObject(status) ? (STATUS.get(status['code']) ?? 'unset') : 'unset',
      statusMessage: isObject(status) ? text(status['description']) : undefined,
      attributes: plainAttributes(span['attributes'], projection.attributes),
      events: projection.events ? list(span['events']).flatMap(eventOf) : [],
      links: list(span['links']).flatMap(linkOf),
      resource: context.resource(plainAttributes(isObject(resource) ? resource['attributes'] : undefined)),
      scope: isObject(scope) ? context.scope(text(scope['name']), text(scope['version'])) : undefined,
    },
    context.at,
  );
}

/** OpenTelemetry::Trace::Status: OK is 0, UNSET 1. */
const STATUS: ReadonlyMap<JsonValue, StatusCode> = new Map<JsonValue, StatusCode>([
  [0, 'ok'],
  [1, 'unset'],
  [2, 'error'],
]);

function parsed(printed: string): JsonObject | undefined {
  try {
    const value = rubyValue(printed);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event)) return [];
  const time = eventTime(epochTime(event['timestamp'], 'ns'));
  return [{ name: nameText(event['name']), time, attributes: plainAttributes(event['attributes']) }];
}

function linkOf(link: JsonValue): readonly SpanLink[] {
  const context = isObject(link) ? link['span_context'] : undefined;
  return isObject(context) ? linkTo(context['trace_id'], context['span_id']) : [];
}

/** Strings never run over the end of a line. The `>` of `=>` closes nothing. */
function rubyNesting(): Nesting {
  let depth = 0;
  return {
    feed(line) {
      for (let at = 0; at < line.length; ) {
        const code = line.charCodeAt(at);
        if (code === 0x22) {
          at = stringEnd(line, at + 1, code);
          continue;
        }
        if (code === 0x7b || code === 0x5b || (code === 0x3c && line[at - 1] === '#')) depth++;
        else if (code === 0x7d || code === 0x5d || (code === 0x3e && line[at - 1] !== '=')) depth--;
        if (depth === 0 && (code === 0x3e || code === 0x7d)) return true;
        at++;
      }
      return depth <= 0;
    },
  };
}
