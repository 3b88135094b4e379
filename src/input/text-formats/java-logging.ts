import { kindNamed } from '../formats/spans.ts';
import { addDraft, newDraft } from './draft.ts';
import type { TextFormat, TextOutput, TextRecord, TextTaken } from './text-format.ts';

const LOGGER = 'LoggingSpanExporter';
const TRACER = '[tracer:';

/**
 * The logging exporter of OpenTelemetry Java: a line a span, behind what the logger puts in front. It tells neither times nor
 * parents, and values of attributes as text.
 */
export const javaLogging: TextFormat = {
  name: 'java-logging',
  title: 'OpenTelemetry Java: LoggingSpanExporter, which tells no times and no parents',
  source:
    'https://github.com/open-telemetry/opentelemetry-java/blob/main/exporters/logging/src/main/java/io/opentelemetry/exporter/logging/LoggingSpanExporter.java',
  begins: (line) => line.includes(LOGGER) || (line.includes(TRACER) && SPAN.test(line)),
  record: (output) => new JavaSpan(output),
};

/** The part of a span that nobody else writes so. White space may be that of lines wrapped anew. */
const SPAN =
  /' :\s+([0-9a-f]{32})\s+([0-9a-f]{16})\s+(INTERNAL|SERVER|CLIENT|PRODUCER|CONSUMER)\s+\[tracer:\s*([^\]]*)\]\s*/;
/** The name stands in quotes behind what the logger put in front, which ends in white space. */
const QUOTE = /(?:^|\s)'/;
const END = /(?:totalAddedValues=\s*\d+\}|\])\s*$/;
/** So many lines may be one span that was wrapped, or has line feeds in an attribute. */
const LINES = 200;

class JavaSpan implements TextRecord {
  readonly #output: TextOutput;
  #line = 0;
  #lines: string[] | undefined;

  constructor(output: TextOutput) {
    this.#output = output;
  }

  take(line: string, number: number): TextTaken {
    const quote = QUOTE.exec(line);
    if (this.#lines === undefined) {
      // java.util.logging names the logger in a line of its own.
      if (quote === null) return line.includes(LOGGER) ? 'inside' : 'foreign';
      if (!line.includes(LOGGER) && !line.includes(TRACER)) return 'foreign';
      this.#line = number;
      this.#lines = [line.slice(quote.index).trimStart()];
    } else if (line.includes(LOGGER) || this.#lines.length > LINES) return 'foreign';
    else this.#lines.push(line);
    if (!isLast(line)) return 'inside';
    return this.#read() ? 'over' : 'inside';
  }

  end(): void {
    if (this.#lines !== undefined) this.#output.skip('truncated', this.#line);
    this.#lines = undefined;
  }

  #read(): boolean {
    const text = this.#lines!.join('\n');
    const found = SPAN.exec(text);
    if (found === null) return false;
    const attributes = text.slice(found.index + found[0].length).trimEnd();
    if (attributes.startsWith('AttributesMap') && !END.test(attributes)) return false;
    const [, traceId, spanId, kind, tracer = ''] = found;
    const draft = newDraft(this.#line);
    draft.traceId = traceId;
    draft.spanId = spanId;
    draft.name = text.slice(1, found.index);
    draft.kind = kindNamed(kind);
    const colon = tracer.lastIndexOf(':');
    draft.scopeName = (colon < 0 ? tracer : tracer.slice(0, colon)) || undefined;
    draft.scopeVersion = (colon < 0 ? '' : tracer.slice(colon + 1)) || undefined;
    for (const [key, value] of pairsOf(attributes)) draft.attributes.set(key, value);
    this.#lines = undefined;
    addDraft(draft, this.#output);
    return true;
  }
}

/** Both ways to print attributes end in a bracket. */
const isLast = (line: string): boolean => /[}\]]\s*$/.test(line);

const DATA =
  /^(?:AttributesMap\s*\{\s*data\s*=\s*)?\{([\s\S]*?)\}(?:\s*,\s*capacity\s*=\s*\d+\s*,\s*totalAddedValues\s*=\s*\d+\s*\})?$/;
const SEPARATOR = /,\s+(?=[\w.-]+=)/;

/** `AttributesMap{data={k=v, l=w}, capacity=128, totalAddedValues=2}`, or `{k="v", l=5}`. */
function* pairsOf(text: string): Generator<readonly [string, string]> {
  const data = DATA.exec(text)?.[1];
  if (data === undefined || data === '') return;
  for (const pair of data.split(SEPARATOR)) {
    const equals = pair.indexOf('=');
    const value = pair.slice(equals + 1);
    if (equals > 0) yield [pair.slice(0, equals).trim(), /^".*"$/s.test(value) ? value.slice(1, -1) : value];
  }
}
