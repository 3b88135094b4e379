import {
  KeptTexts,
  type Projection,
  ROW,
  ROW_WORDS,
  type RowBatch,
  type RowSink,
  type RowSource,
  type SpanSink,
} from '../../model/index.ts';
import type { ReadContext } from '../format.ts';
import { spanOf } from '../scan/read-span.ts';
import type { ScanContext } from '../scan/scanner.ts';
import { jsonText } from '../scan/texts.ts';
import type { PostedRows } from './messages.ts';

/** What is read of rows' spans here, and where its warnings go. */
export type Rereads = {
  readonly sink: SpanSink;
  readonly projection: Projection;
  readonly parts: Pick<ReadContext, 'resource' | 'scope'>;
};

/** Hands on the rows that another thread made. */
export class RowsIn implements RowSource {
  readonly #take: (batch: RowBatch) => void;
  readonly #rereads: Rereads;
  /** Most of them are asked for once or never. */
  readonly #texts = new KeptTexts();
  readonly #patterns: (readonly number[])[] = [[]];
  readonly #contexts: ScanContext[] = [];

  constructor(sink: RowSink, rereads: Rereads) {
    this.#take = sink.from(this);
    this.#rereads = rereads;
  }

  readonly text = (number: number): string => this.#texts.text(number);

  readonly slotsOf = (pattern: number): readonly number[] => this.#patterns[pattern]!;

  readonly context = (number: number): ScanContext => this.#contexts[number - 1]!;

  take({ source, count, memory, bytes, texts, patterns, contexts }: PostedRows): void {
    const { sink, projection, parts } = this.#rereads;
    for (const text of texts) this.#texts.add(text);
    for (const slots of patterns) this.#patterns.push(slots);
    for (const context of contexts) {
      // Content that is equal is one object here, too.
      const { resource, scope } = context;
      const shared = {
        resource: parts.resource(resource.attributes),
        scope: parts.scope(scope?.name, scope?.version),
      };
      this.#contexts.push({ ...context, ...shared });
    }
    const size = count * ROW_WORDS;
    const words = new Uint32Array(memory, 0, size);
    const text = Buffer.from(memory, 4 * size, bytes);
    this.#take({
      count,
      words,
      doubles: new Float64Array(memory, 0, size / 2),
      passage: (row, from, length) => {
        const at = words[row * ROW_WORDS + ROW.offset]! + from;
        return jsonText(text, at, at + length);
      },
      read: (row) => {
        const at = row * ROW_WORDS;
        const context = this.context(words[at + ROW.context]!);
        const place = { source, line: words[at + ROW.line]!, format: context.format };
        const from = words[at + ROW.offset]!;
        const span = spanOf(text.subarray(from, from + words[at + ROW.length]!), context, {
          ...{ sink, projection, at: place },
          ...parts,
        });
        return span && { span, at: place };
      },
    });
  }
}
