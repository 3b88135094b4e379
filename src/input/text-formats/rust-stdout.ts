import type { AttributeValue } from '../../model/index.ts';
import { linkTo } from '../formats/ids.ts';
import { kindNamed, statusCode } from '../formats/spans.ts';
import { isoTime } from '../time.ts';
import { addDraft, type Draft, newDraft } from './draft.ts';
import { rustDebug, unescaped } from './rust-debug.ts';
import type { TextFormat, TextOutput, TextRecord, TextTaken } from './text-format.ts';

/** Which part of a span a line belongs to. */
type Section = 'resource' | 'scope' | 'span' | 'attributes' | 'event' | 'link';

const SPAN = /^Span #\d+$/;
/** One of the fields of a span, its scope, its events or its links. */
const FIELD =
  /^(Name|Version|SchemaUrl|Resource SchemaUrl|TraceId|SpanId|TraceFlags|TraceState|ParentSpanId|Kind|Start time|End time|Status|Timestamp|Dropped attributes count) *: ?(.*)$/s;
const HEADER = /^(?:Instrumentation Scope|Scope Attributes:|Attributes:|Events:|Links:|(Event|Link) #\d+)$/;
const ERROR = /^Error \{ description: "(.*)" \}$/s;

/**
 * The stdout exporter of OpenTelemetry Rust, as text (0.5 and later; before, it wrote a kind of OTLP JSON). The resource
 * stands above the first batch only; later batches of the process share it.
 */
export const rustStdout: TextFormat = {
  name: 'rust-stdout',
  title: 'OpenTelemetry Rust: opentelemetry-stdout',
  source:
    'https://github.com/open-telemetry/opentelemetry-rust/blob/main/opentelemetry-stdout/src/trace/exporter.rs',
  begins: (line) => line === 'Spans' || line === 'Resource' || SPAN.test(line),
  record: (output) => new RustSpans(output),
};

class RustSpans implements TextRecord {
  readonly #output: TextOutput;
  #resource = new Map<string, AttributeValue>();
  #section: Section | undefined;
  #draft: Draft | undefined;
  /** Something besides its first line has come. */
  #confirmed = false;
  /** It has all of its fields. */
  #whole = false;
  /** The edge at which the fields of the span stand. */
  #edge = 0;
  #link: { traceId: string | undefined } = { traceId: undefined };

  constructor(output: TextOutput) {
    this.#output = output;
  }

  take(line: string, number: number): TextTaken {
    if (line === 'Spans') {
      this.end();
      return 'inside';
    }
    if (line === 'Resource') {
      this.end();
      this.#resource = new Map();
      this.#section = 'resource';
      return 'inside';
    }
    if (SPAN.test(line)) {
      this.end();
      this.#draft = newDraft(number);
      this.#section = 'span';
      return 'inside';
    }
    const text = line.trimStart();
    if (this.#section === undefined || text.length === line.length) return 'foreign';
    const taken = this.#own(text, depthOf(line));
    this.#confirmed ||= taken;
    return taken ? 'inside' : 'foreign';
  }

  end(): void {
    const draft = this.#draft;
    this.#draft = undefined;
    if (draft !== undefined && this.#whole) addDraft({ ...draft, resource: this.#resource }, this.#output);
    else if (draft !== undefined && this.#confirmed) this.#output.skip('truncated', draft.line);
    this.#section = undefined;
    this.#confirmed = false;
    this.#whole = false;
  }

  #own(text: string, depth: number): boolean {
    if (this.#section === 'resource') return this.#resourceAttribute(text);
    const draft = this.#draft;
    if (draft === undefined) return false;
    const header = HEADER.exec(text);
    if (header !== null) {
      this.#enter(header[0], header[1], depth, draft);
      return true;
    }
    if (text.startsWith('->')) return this.#attribute(text.slice(2).trimStart(), draft);
    const field = FIELD.exec(text);
    if (field !== null && this.#field(field[1]!, field[2]!, depth, draft)) return true;
    // Without arrows, deeper than the fields: the way of 0.5.
    return depth > this.#edge && this.#attribute(text, draft);
  }

  #enter(header: string, item: string | undefined, depth: number, draft: Draft): void {
    if (header === 'Instrumentation Scope') {
      this.#section = 'scope';
      this.#edge = depth;
    } else if (header === 'Attributes:') {
      if (this.#section === 'span') this.#section = 'attributes';
    } else if (header === 'Events:') this.#section = 'event';
    else if (header === 'Links:') this.#section = 'link';
    else if (item === 'Event') {
      this.#section = 'event';
      draft.events.push({ name: '', time: undefined, attributes: new Map() });
    }
  }

  #field(name: string, value: string, depth: number, draft: Draft): boolean {
    if (name === 'Dropped attributes count') {
      draft.droppedAttributes = Number(value) || undefined;
      return true;
    }
    if (this.#section === 'scope' && depth > this.#edge) {
      if (name === 'Name') draft.scopeName = unquoted(value);
      else if (name === 'Version') draft.scopeVersion = unquoted(value);
      return true;
    }
    if (this.#section === 'event') return eventField(name, value, draft);
    if (this.#section === 'link') return this.#linkField(name, value, draft);
    if (this.#section === 'attributes' && depth > this.#edge) return false;
    this.#section = 'span';
    return this.#spanField(name, value, draft);
  }

  #spanField(name: string, value: string, draft: Draft): boolean {
    if (name === 'Name') draft.name = unquoted(value);
    else if (name === 'TraceId') draft.traceId = value.trim();
    else if (name === 'SpanId') draft.spanId = value.trim();
    else if (name === 'ParentSpanId')
      draft.parentSpanId = /^[0-9a-f]+$/.test(value.trim()) ? value.trim() : '';
    else if (name === 'Kind') draft.kind = kindNamed(value.trim());
    else if (name === 'Start time') draft.start = isoTime(value.trim());
    else if (name === 'End time') draft.end = isoTime(value.trim());
    else if (name === 'Status') {
      const error = ERROR.exec(value.trim())?.[1];
      draft.status = error === undefined ? statusCode(value.trim()) : 'error';
      draft.statusMessage = error === undefined || error === '' ? undefined : unescaped(error);
      this.#whole = true;
    }
    return true;
  }

  #linkField(name: string, value: string, draft: Draft): boolean {
    if (name === 'TraceId') this.#link = { traceId: value.trim() };
    else if (name === 'SpanId') draft.links.push(...linkTo(this.#link.traceId, value.trim()));
    return true;
  }

  #attribute(text: string, draft: Draft): boolean {
    const colon = text.indexOf(': ');
    if (colon <= 0) return false;
    const key = text.slice(0, colon);
    const value = () => rustDebug(text.slice(colon + 2));
    if (this.#section === 'attributes') draft.attributes.set(key, value());
    else if (this.#section === 'event') draft.events.at(-1)?.attributes.set(key, value());
    return this.#section !== 'span';
  }

  /** ` ->  service.name=String(Static("shop"))`, in 0.5 without the arrow. */
  #resourceAttribute(line: string): boolean {
    const text = line.startsWith('->') ? line.slice(2).trimStart() : line;
    const equals = text.indexOf('=');
    if (equals > 0) this.#resource.set(text.slice(0, equals), rustDebug(text.slice(equals + 1)));
    return equals > 0 || text.startsWith('Resource SchemaUrl');
  }
}

function eventField(name: string, value: string, draft: Draft): boolean {
  let event = draft.events.at(-1);
  // 0.5 has no line in front of each event.
  if (name === 'Name' && (event === undefined || event.name !== '')) {
    event = { name: '', time: undefined, attributes: new Map() };
    draft.events.push(event);
  }
  if (name === 'Name') event!.name = unquoted(value);
  else if (name === 'Timestamp' && event !== undefined) event.time = isoTime(value.trim());
  return true;
}

/** Columns of white space in front of a line; a tab reaches to the next eighth. */
function depthOf(line: string): number {
  let depth = 0;
  for (const char of line) {
    if (char === '\t') depth += 8 - (depth % 8);
    else if (char === ' ') depth++;
    else break;
  }
  return depth;
}

/** Names are printed as they are, or (0.5, and scopes) in quotes. */
function unquoted(value: string): string {
  const quoted = /^"(.*)"$/s.exec(value.trim())?.[1];
  return quoted === undefined ? value : unescaped(quoted);
}
