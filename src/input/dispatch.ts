import type { Projection, SkipReason, SpanSink } from '../model/index.ts';
import { Assemblers } from './assemblers.ts';
import type { Format, JsonObject, JsonValue, ReadContext, Syntax } from './format.ts';
import { isForeign } from './formats/foreign.ts';
import { FORMATS } from './formats/index.ts';
import { sharedParts } from './shared-parts.ts';
import { TEXT_FORMATS } from './text-formats/index.ts';
import type { TextFormat } from './text-formats/text-format.ts';

/** Finds the format that claims a record and lets it read. One per input and read; `acrossInputs` is the reader's of all inputs. */
export class Dispatcher {
  readonly #source: string;
  readonly #sink: SpanSink;
  readonly #projection: Projection;
  readonly #formats: readonly Format[];
  readonly #texts: readonly TextFormat[];
  readonly #parts = sharedParts();
  readonly #assemblers = new Assemblers();
  readonly #acrossInputs: Assemblers;
  /** Names of the formats found, in order of appearance. */
  readonly found = new Set<string>();

  constructor(
    source: string,
    sink: SpanSink,
    projection: Projection,
    formats = FORMATS,
    texts: readonly TextFormat[] = TEXT_FORMATS,
    acrossInputs?: Assemblers,
  ) {
    this.#source = source;
    this.#sink = sink;
    this.#projection = projection;
    this.#formats = formats;
    this.#texts = texts;
    this.#acrossInputs = acrossInputs ?? this.#assemblers;
  }

  /** Reads a record with the first format that claims it; false when none does. */
  read(value: JsonObject, syntax: Syntax, line: number): boolean {
    for (const format of this.#formats) {
      if (!format.claims(value, syntax)) continue;
      const reader =
        'read' in format ? format : (format.acrossInputs ? this.#acrossInputs : this.#assemblers).of(format);
      this.readAs(format.name, line, (context) => reader.read(value, context));
      return true;
    }
    return false;
  }

  /** Reads a record without the attributes that nobody wants; false, and nothing is done, where they may be missed. */
  readSkimmed(value: JsonObject, syntax: Syntax, line: number): boolean {
    const format = this.#formats.find(({ claims }) => claims(value, syntax));
    if (format === undefined || !('read' in format) || format.skims?.(value) !== true) return false;
    this.readAs(format.name, line, (context) => format.read(value, context));
    return true;
  }

  /** What is asked for. */
  get projection(): Projection {
    return this.#projection;
  }

  /** The format in which a record begins with this line. */
  textFormat(line: string): TextFormat | undefined {
    return this.#texts.find((format) => format.begins(line));
  }

  /** The input is over: spans that waited for more of its records are finished. */
  end(): void {
    this.#assemblers.end();
  }

  /** Lets a reader of bytes or of one record read. Nesting that goes too deep for it is refused. */
  readAs(format: string, line: number, read: (context: ReadContext) => void): void {
    this.found.add(format);
    try {
      read({
        sink: this.#sink,
        projection: this.#projection,
        at: { source: this.#source, line, format },
        ...this.#parts,
      });
    } catch (error) {
      // Other range errors come from the sink: no memory for another column.
      if (!(error instanceof RangeError) || !error.message.includes('call stack')) throw error;
      this.skip('too_deep', line);
    }
  }

  skip(reason: SkipReason, line: number, count = 1): void {
    this.#sink.skip(reason, { source: this.#source, line }, count);
  }

  /** Counts a record that nobody claimed. */
  skipRecord(value: JsonValue, line: number): void {
    this.skip(holdsForeign(value, 4) ? 'unsupported' : 'other_json', line);
  }

  /** Telemetry of a platform whose format is known and not read. */
  isUnsupported(value: JsonObject): boolean {
    return isForeign(value);
  }
}

/** Where documents of platforms keep their records. */
const LISTS = ['data', 'traces', 'spans', 'post', 'patch'] as const;

/** A document or an element of it belongs to a platform whose format is not read; the first elements tell. */
function holdsForeign(value: JsonValue, levels: number): boolean {
  if (levels === 0 || typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.slice(0, 2).some((element) => holdsForeign(element, levels - 1));
  return isForeign(value) || LISTS.some((key) => holdsForeign(value[key], levels - 1));
}
