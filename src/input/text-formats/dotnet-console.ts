import { type AttributeValue, type Instant, instant } from '../../model/index.ts';
import { linkTo } from '../formats/ids.ts';
import { addLog } from '../formats/logs.ts';
import { kindNamed, type MutableAttributes, statusCode } from '../formats/spans.ts';
import { durationText, isoTime, type TimeReading } from '../time.ts';
import { addDraft, type Draft, newDraft } from './draft.ts';
import type { TextFormat, TextOutput, TextRecord, TextTaken } from './text-format.ts';

/**
 * The console exporter of OpenTelemetry .NET: one key a line, tags indented. Every value is printed as text. Log records of
 * the same exporter stand in the same stream.
 */
export const dotnetConsole: TextFormat = {
  name: 'dotnet-console',
  title: 'OpenTelemetry .NET: console exporter, spans and log records',
  source:
    'https://github.com/open-telemetry/opentelemetry-dotnet/blob/main/src/OpenTelemetry.Exporter.Console/ConsoleActivityExporter.cs',
  begins: (line) =>
    line.startsWith('Activity.') ? ACTIVITY.test(line) : line.startsWith('LogRecord.Timestamp:'),
  record: (output) => new DotnetRecords(output),
};

/** Since 1.3 the ids stand apart; before, `Activity.Id` was a W3C trace parent. */
const ACTIVITY = /^Activity\.(?:TraceId|Id):/;
const KEY = /^ {0,4}(Activity|LogRecord)\.(\w+(?: \(Key:Value\))?) *: *(.*)$/s;
const STATUS = /^ {0,4}StatusCode ?: *(\w+)/;
/** Four columns in, or eight below an event or a link. No JSON, `util.inspect` member or stack frame begins so. */
const TAG = /^(?: {4}){1,2}(?!at )[^\s"'{}[\]]/;
const EVENT = /^ {4}(\S.*) \[([^[\]]*)\]$/s;
const LINK = /^ {4}([0-9a-f]{32}) ([0-9a-f]{16})\s*$/;
/** The resource of a log record stands at the left edge: names of attributes have a dot, levels of loggers do not. */
const EDGE_TAG = /^([a-z][\w-]*(?:\.[\w-]+)+): (.*)$/s;

type Section =
  | 'head'
  | 'tags'
  | 'events'
  | 'links'
  | 'scope'
  | 'resource'
  | 'log attributes'
  | 'log resource';

const SECTIONS: ReadonlyMap<string, Section> = new Map<string, Section>([
  ['Activity.Tags', 'tags'],
  ['Activity.TagObjects', 'tags'],
  ['Activity.Events', 'events'],
  ['Activity.Links', 'links'],
  ['LogRecord.Attributes (Key:Value)', 'log attributes'],
  ['LogRecord.State (Key:Value)', 'log attributes'],
  ['LogRecord.StateValues (Key:Value)', 'log attributes'],
]);

/** A log record as far as its lines have come. */
type LogDraft = {
  readonly line: number;
  readonly fields: Map<string, string>;
  readonly attributes: MutableAttributes;
  readonly resource: Map<string, AttributeValue>;
};

class DotnetRecords implements TextRecord {
  readonly #output: TextOutput;
  #section: Section | undefined;
  #draft: Draft | undefined;
  #duration: string | undefined;
  #resource = new Map<string, AttributeValue>();
  #log: LogDraft | undefined;

  constructor(output: TextOutput) {
    this.#output = output;
  }

  take(line: string, number: number): TextTaken {
    if (dotnetConsole.begins(line)) this.#begin(line, number);
    if (this.#section === undefined) return 'foreign';
    if (this.#key(line) || this.#header(line) || this.#member(line)) return 'inside';
    // The resource comes last: what follows a line of others belongs to them. Tags may have more lines than one.
    if (this.#section === 'resource' || this.#section === 'log resource') this.end();
    return 'foreign';
  }

  end(): void {
    const [draft, duration, log] = [this.#draft, this.#duration, this.#log];
    this.#section = undefined;
    this.#draft = undefined;
    this.#duration = undefined;
    this.#log = undefined;
    if (draft !== undefined && duration === undefined) this.#output.skip('truncated', draft.line);
    else if (draft !== undefined)
      addDraft({ ...draft, end: endOf(draft.start, duration!), resource: this.#resource }, this.#output);
    if (log !== undefined) addLogDraft(log, this.#output);
  }

  #begin(line: string, number: number): void {
    this.end();
    this.#section = 'head';
    this.#resource = new Map();
    if (line.startsWith('Activity')) this.#draft = newDraft(number);
    else this.#log = { line: number, fields: new Map(), attributes: new Map(), resource: new Map() };
  }

  /** `Activity.Kind:   Server` and the like, at the left edge. */
  #key(line: string): boolean {
    const found = KEY.exec(line);
    if (found === null) return false;
    const [, owner, name, value] = found as unknown as [string, string, string, string];
    if (owner === 'LogRecord') this.#log?.fields.set(name, value);
    else if (this.#draft !== undefined) this.#field(name, value.trimEnd(), this.#draft);
    const section = SECTIONS.get(`${owner}.${name}`);
    // A status stands between the tags and goes on with them: its description may come with it.
    if (section !== undefined) this.#section = section;
    else if (!line.startsWith(' ')) this.#section = 'head';
    return (owner === 'LogRecord' ? this.#log : this.#draft) !== undefined;
  }

  #field(name: string, value: string, draft: Draft): void {
    if (name === 'TraceId') draft.traceId = value;
    else if (name === 'SpanId') draft.spanId = value;
    else if (name === 'ParentSpanId') draft.parentSpanId = value;
    else if (name === 'Id') [, draft.traceId, draft.spanId] = value.split('-');
    else if (name === 'ParentId') [, , draft.parentSpanId] = value.split('-');
    else if (name === 'TraceState') draft.traceState = value;
    else if (name === 'ActivitySourceName') draft.scopeName = value;
    else if (name === 'DisplayName') draft.name = value;
    else if (name === 'Kind') draft.kind = kindNamed(value);
    else if (name === 'StartTime') draft.start = isoTime(value);
    else if (name === 'Duration') this.#duration = value;
    else if (name === 'StatusDescription') draft.statusMessage = value;
  }

  #header(line: string): boolean {
    const status = STATUS.exec(line)?.[1];
    if (status !== undefined && this.#draft !== undefined) {
      this.#draft.status = statusCode(status);
      return true;
    }
    if (line.startsWith('Resource associated with Activity')) this.#section = 'resource';
    else if (line.startsWith('Resource associated with LogRecord')) this.#section = 'log resource';
    else if (line.startsWith('Instrumentation scope (ActivitySource)')) this.#section = 'scope';
    else return this.#log !== undefined && line.startsWith('[Scope.');
    return true;
  }

  /** What is indented below a header. */
  #member(line: string): boolean {
    const draft = this.#draft;
    if (this.#section === 'log resource') {
      const tag = EDGE_TAG.exec(line);
      if (tag !== null) this.#log?.resource.set(tag[1]!, tag[2]!.trimEnd());
      return tag !== null;
    }
    if (!line.startsWith('    ')) return false;
    if (this.#section === 'events' && draft !== undefined) {
      const event = EVENT.exec(line);
      if (event !== null && line[4] !== ' ') {
        draft.events.push({
          name: event[1]!,
          time: eventTime(event[2]!, draft.start),
          attributes: new Map(),
        });
        return true;
      }
    }
    if (this.#section === 'links' && draft !== undefined) {
      const link = LINK.exec(line);
      if (link !== null) {
        draft.links.push(...linkTo(link[1], link[2]));
        return true;
      }
    }
    const tag = TAG.test(line) ? tagOf(line) : undefined;
    if (tag === undefined) return false;
    if (this.#section === 'scope' && draft !== undefined) {
      if (!tag.deep && tag.key === 'Name') draft.scopeName = tag.value;
      else if (!tag.deep && tag.key === 'Version') draft.scopeVersion = tag.value;
      return true;
    }
    const tags = this.#tags(tag.deep);
    tags?.set(tag.key, tag.value);
    return tags !== undefined;
  }

  /** Where the tags of this section go; undefined where there are none. */
  #tags(deep: boolean): Map<string, AttributeValue> | undefined {
    if (this.#section === 'events') return deep ? this.#draft?.events.at(-1)?.attributes : undefined;
    if (this.#section === 'links') return deep ? new Map() : undefined;
    if (deep) return undefined;
    if (this.#section === 'tags') return this.#draft?.attributes;
    if (this.#section === 'resource') return this.#resource;
    return this.#section === 'log attributes' ? this.#log?.attributes : undefined;
  }
}

type Tag = { readonly deep: boolean; readonly key: string; readonly value: string };

/** `key: value`; what strips white space at the ends of lines takes the space of an empty value. */
function tagOf(line: string): Tag | undefined {
  const colon = line.indexOf(': ');
  const end = colon < 0 && line.endsWith(':') ? line.length - 1 : colon;
  if (end < 0) return undefined;
  return { deep: line[4] === ' ', key: line.slice(0, end).trimStart(), value: line.slice(end + 2).trimEnd() };
}

function endOf(start: TimeReading, duration: string): TimeReading {
  if (start === 'bad' || start === undefined) return start;
  const nanos = durationText(duration.trim());
  return nanos === undefined ? 'bad' : instant(start + nanos);
}

const CLOCK = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d):(\d\d)(?: ([AP])M)? ([+-]\d\d:\d\d)$/;
const DAY = 86_400_000_000_000n;

/**
 * The time of an event is printed as the machine's language has it. Month before day is taken for granted, and dropped
 * where that would be another day than the span's.
 */
function eventTime(text: string, start: TimeReading): Instant | undefined {
  const iso = isoTime(text);
  if (iso !== 'bad') return iso;
  const parts = CLOCK.exec(text);
  if (parts === null) return undefined;
  const [, month, day, year, hour, minute, second, half, zone] = parts as unknown as readonly string[];
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'P' ? 12 : 0);
  const two = (part: string | number | undefined): string => String(part).padStart(2, '0');
  const time = isoTime(`${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}${zone}`);
  if (time === 'bad' || time === undefined || typeof start !== 'bigint') return undefined;
  return time > start - DAY && time < start + DAY ? time : undefined;
}

function addLogDraft({ line, fields, attributes, resource }: LogDraft, output: TextOutput): void {
  const original = attributes.get('OriginalFormat (a.k.a Body)');
  const kept = new Map([...attributes].filter(([key]) => key !== 'OriginalFormat (a.k.a Body)'));
  const category = fields.get('CategoryName');
  output.read(line, (context) =>
    addLog(context, {
      traceId: fields.get('TraceId'),
      spanId: fields.get('SpanId'),
      time: isoTime(fields.get('Timestamp')?.trim() ?? ''),
      severity: fields.get('SeverityText') ?? fields.get('Severity') ?? fields.get('LogLevel'),
      severityNumber: undefined,
      eventName: fields.get('EventName'),
      body: fields.get('FormattedMessage') ?? fields.get('Body') ?? original ?? '',
      attributes: kept,
      resource: context.resource(resource),
      scope: context.scope(category, undefined),
    }),
  );
}
