import type {
  Place,
  Resource,
  RowBatch,
  RowContext,
  RowSink,
  RowSource,
  Scope,
  Span,
} from '../../model/index.ts';
import { ROW, ROW_WORDS } from '../../model/index.ts';
import { RowBuffer } from '../scan/row-buffer.ts';
import { WireSpan } from './wire-span.ts';

/** Reads one span as an object; undefined where it is none. */
export type ReadObject = (item: Uint8Array, context: RowContext) => Span | undefined;

/** The faster way for spans of OTLP in protobuf: collects rows and hands them on, in order. */
export class WireRows implements RowSource {
  readonly #spans: WireSpan;
  readonly #take: (batch: RowBatch) => void;
  readonly #rows = new RowBuffer();
  readonly #items: Uint8Array[] = [];
  readonly #contexts: RowContext[] = [];
  readonly #numbers = new Map<Resource, Map<Scope | undefined, number>>();
  #last = 0;

  constructor(sink: RowSink) {
    this.#spans = new WireSpan(sink.plan);
    this.#take = sink.from(this);
  }

  readonly text = (number: number): string => this.#spans.text(number);

  readonly slotsOf = (pattern: number): readonly number[] => this.#spans.slotsOf(pattern);

  readonly context = (number: number): RowContext => this.#contexts[number - 1]!;

  get isFull(): boolean {
    return this.#rows.isFull;
  }

  /** Adds a span that can be put into numbers; false where it has to be read. There has to be room for it. */
  add(item: Uint8Array, resource: Resource, scope: Scope | undefined): boolean {
    const bytes = Buffer.from(item.buffer, item.byteOffset, item.byteLength);
    if (!this.#spans.read(bytes, this.#contextOf(resource, scope), this.#rows)) return false;
    this.#items.push(item);
    return true;
  }

  /** Adds a span that is to be read as an object. */
  addObject(item: Uint8Array, resource: Resource, scope: Scope | undefined): void {
    const { words, next } = this.#rows;
    words[next + ROW.pattern] = 0;
    words[next + ROW.context] = this.#contextOf(resource, scope);
    this.#rows.count++;
    this.#items.push(item);
  }

  /** Hands on what was added; tells how many spans that were. They stand at `at`. */
  flush(read: ReadObject, at: Place): number {
    const { count, words, doubles } = this.#rows;
    if (count === 0) return 0;
    let spans = count;
    this.#take({
      count,
      words,
      doubles,
      passage: (row, from, length) => {
        const { buffer, byteOffset } = this.#items[row]!;
        return Buffer.from(buffer, byteOffset + from, length).toString('utf8');
      },
      read: (row) => {
        const context = this.context(words[row * ROW_WORDS + ROW.context]!);
        const span = read(this.#items[row]!, context);
        if (span !== undefined) return { span, at };
        spans--;
        return undefined;
      },
    });
    this.#rows.count = 0;
    this.#items.length = 0;
    return spans;
  }

  #contextOf(resource: Resource, scope: Scope | undefined): number {
    const last = this.#contexts[this.#last - 1];
    if (last?.resource === resource && last.scope === scope) return this.#last;
    let scopes = this.#numbers.get(resource);
    if (scopes === undefined) {
      scopes = new Map();
      this.#numbers.set(resource, scopes);
    }
    let number = scopes.get(scope);
    if (number === undefined) {
      number = this.#contexts.push({ resource, scope });
      scopes.set(scope, number);
    }
    this.#last = number;
    return number;
  }
}
