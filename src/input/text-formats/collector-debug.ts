import type { AttributeValue } from '../../model/index.ts';
import { linkTo } from '../formats/ids.ts';
import { kindNamed, statusCode } from '../formats/spans.ts';
import { CollectorLog, LOG_FIELD } from './collector-log.ts';
import { collectorTime, collectorValue } from './collector-values.ts';
import { addDraft, type Draft, newDraft } from './draft.ts';
import type { TextFormat, TextOutput, TextRecord, TextTaken } from './text-format.ts';

/**
 * The debug exporter of the OpenTelemetry Collector (once `logging`) at `verbosity: detailed`: spans and log records below
 * their resource and scope. Its other verbosities have no times or are counts.
 */
export const collectorDebug: TextFormat = {
  name: 'collector-debug',
  title: 'the OpenTelemetry Collector: debug exporter, verbosity: detailed',
  source:
    'https://github.com/open-telemetry/opentelemetry-collector/blob/main/exporter/debugexporter/internal/otlptext/traces.go',
  begins: (line) => (line.includes('Resource') ? BATCH.test(line) : line.startsWith('    Trace ID  ')),
  record: (output) => new CollectorBatch(output),
};

/** A batch may begin behind the time and level of the collector's own logger. */
const BATCH = /(?:^|\t)Resource(?:Spans|Logs?) #\d+$/;
const SCOPE = /^(?:Scope|InstrumentationLibrary)(?:Spans|Logs) #\d+$/;
const SCOPE_NAME = /^Instrumentation(?:Scope|Library) (\S*) ?(.*)$/;
const SPAN = /^Span #\d+$/;
const LOG = /^LogRecord #\d+$/;
const FIELD =
  /^ {4}(Trace ID|Parent ID|ID|Name|Kind|TraceState|Start time|End time|Status code|Status message|Dropped\w+Count) *: ?(.*)$/s;
const HEADER =
  /^(Resource attributes|Resource labels|Resource entity refs|InstrumentationScope attributes|Attributes|Events|Links):$/;
const ITEM = /^Span(Event|Link) #\d+$/;
const ITEM_FIELD =
  /^ {5}-> (Name|Timestamp|Trace ID|ID|TraceState|DroppedAttributesCount|Attributes:): ?(.*)$/s;
const SCHEMA = /^(?:Resource|Scope(?:Spans|Logs)) SchemaURL: /;
const ATTRIBUTE = /^( {5}| {10})-> (.+?): ([A-Z][A-Za-z]*\(.*)$/s;

type Section = 'resource' | 'ignored' | 'attributes' | 'event' | 'link' | undefined;

/** An attribute whose text has more lines than one. */
type Open = { readonly attributes: Map<string, AttributeValue>; readonly key: string; text: string };

class CollectorBatch implements TextRecord {
  readonly #output: TextOutput;
  #resource = new Map<string, AttributeValue>();
  #scope: { name: string | undefined; version: string | undefined } = { name: undefined, version: undefined };
  #section: Section;
  #draft: Draft | undefined;
  #whole = false;
  #log: CollectorLog | undefined;
  #linkTrace: string | undefined;
  #open: Open | undefined;

  constructor(output: TextOutput) {
    this.#output = output;
  }

  take(line: string, number: number): TextTaken {
    if (this.#head(line, number) || this.#field(line, number) || this.#attribute(line)) return 'inside';
    if (this.#goesOn(line)) return 'inside';
    this.#section = undefined;
    return 'foreign';
  }

  end(): void {
    this.#close();
    const [draft, log] = [this.#draft, this.#log];
    this.#draft = undefined;
    this.#log = undefined;
    if (draft !== undefined && !this.#whole) this.#output.skip('truncated', draft.line);
    else if (draft !== undefined) addDraft(draft, this.#output);
    log?.add(this.#output);
    this.#section = undefined;
    this.#whole = false;
  }

  /** A line at the left edge that says what follows. */
  #head(line: string, number: number): boolean {
    if (BATCH.test(line)) {
      this.end();
      this.#resource = new Map();
      this.#scope = { name: undefined, version: undefined };
    } else if (SCOPE.test(line)) {
      this.end();
      this.#scope = { name: undefined, version: undefined };
    } else if (SPAN.test(line)) this.#begin(number);
    else if (LOG.test(line)) {
      this.end();
      this.#log = new CollectorLog(number, this.#resource, this.#scope);
    } else if (HEADER.test(line)) {
      this.#close();
      this.#section = this.#sectionOf(HEADER.exec(line)![1]!);
    } else if (ITEM.test(line)) this.#item(ITEM.exec(line)![1]!);
    else if (!SCHEMA.test(line)) return this.#scopeName(line);
    return true;
  }

  #begin(number: number): void {
    this.end();
    this.#draft = {
      ...newDraft(number),
      resource: this.#resource,
      scopeName: this.#scope.name,
      scopeVersion: this.#scope.version,
    };
  }

  #scopeName(line: string): boolean {
    const [, name, version] = SCOPE_NAME.exec(line) ?? [];
    if (name === undefined || this.#draft !== undefined || this.#log !== undefined) return false;
    this.#scope = { name: name === '' ? undefined : name, version: version?.trim() || undefined };
    return true;
  }

  #sectionOf(header: string): Section {
    if (header === 'Resource attributes' || header === 'Resource labels') return 'resource';
    if (header === 'Attributes') return 'attributes';
    return header === 'Events' ? 'event' : header === 'Links' ? 'link' : 'ignored';
  }

  #item(kind: string): void {
    this.#close();
    this.#section = kind === 'Event' ? 'event' : 'link';
    if (kind === 'Event') this.#draft?.events.push({ name: '', time: undefined, attributes: new Map() });
  }

  #field(line: string, number: number): boolean {
    const field = FIELD.exec(line);
    if (field !== null) {
      // The lines before were lost: a stream that is joined in the middle.
      if (this.#draft === undefined && field[1] === 'Trace ID') this.#begin(number);
      if (this.#draft !== undefined) this.#spanField(field[1]!, field[2]!, this.#draft);
      return this.#draft !== undefined;
    }
    const logged = this.#log === undefined ? null : LOG_FIELD.exec(line);
    if (logged !== null) {
      this.#close();
      const open = this.#log!.field(logged[1]!, logged[2]!);
      if (open !== undefined) this.#open = open;
      return true;
    }
    const item = this.#section === 'event' || this.#section === 'link' ? ITEM_FIELD.exec(line) : null;
    if (item !== null) this.#itemField(item[1]!, item[2]!.trim());
    return item !== null;
  }

  #spanField(name: string, value: string, draft: Draft): void {
    const text = value.trim();
    if (name === 'Trace ID') draft.traceId = text;
    else if (name === 'ID') draft.spanId = text;
    else if (name === 'Parent ID') draft.parentSpanId = text;
    else if (name === 'Name') draft.name = value;
    else if (name === 'Kind') draft.kind = kindNamed(text);
    else if (name === 'TraceState') draft.traceState = text || undefined;
    else if (name === 'DroppedAttributesCount') draft.droppedAttributes = Number(text) || undefined;
    else if (name === 'Start time') draft.start = collectorTime(text);
    else if (name === 'End time') draft.end = collectorTime(text);
    else if (name === 'Status code') {
      draft.status = statusCode(text);
      this.#whole = true;
    } else if (name === 'Status message' && text !== '') draft.statusMessage = value;
  }

  #itemField(name: string, value: string): void {
    const event = this.#draft?.events.at(-1);
    if (this.#section === 'link') {
      if (name === 'Trace ID') this.#linkTrace = value;
      else if (name === 'ID') this.#draft?.links.push(...linkTo(this.#linkTrace, value));
    } else if (event !== undefined && name === 'Name') event.name = value;
    else if (event !== undefined && name === 'Timestamp') event.time = collectorTime(value);
  }

  #attribute(line: string): boolean {
    if (this.#section === undefined) return false;
    if (this.#section === 'ignored') return /^ +-> /.test(line);
    const found = ATTRIBUTE.exec(line);
    const attributes = this.#attributes(found?.[1]?.length);
    if (found === null || attributes === undefined) return false;
    this.#close();
    this.#set(attributes, found[2]!, found[3]!);
    return true;
  }

  #attributes(depth: number | undefined): Map<string, AttributeValue> | undefined {
    if (this.#section === 'event') return depth === 10 ? this.#draft?.events.at(-1)?.attributes : undefined;
    if (this.#section === 'link') return new Map();
    if (depth !== 5) return undefined;
    if (this.#section === 'resource') return this.#resource;
    return this.#draft?.attributes ?? this.#log?.attributes;
  }

  #set(attributes: Map<string, AttributeValue>, key: string, text: string): void {
    if (text.endsWith(')')) attributes.set(key, collectorValue(text));
    else this.#open = { attributes, key, text };
  }

  /** Texts are printed as they are: one with line feeds goes on until a line ends with its bracket. */
  #goesOn(line: string): boolean {
    if (this.#open === undefined) return false;
    this.#open.text += `\n${line}`;
    if (line.endsWith(')')) this.#close();
    return true;
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) open.attributes.set(open.key, collectorValue(open.text));
  }
}
