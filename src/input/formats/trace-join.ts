import type { Attributes, Place, SpanSink } from '../../model/index.ts';
import type { ReadContext } from '../format.ts';
import { type GrowingSpan, putMissing } from './platform.ts';
import type { MutableAttributes } from './spans.ts';

/** So many spans wait for their traces; beyond that one of every trace does, its root if it is there. */
const PATIENCE = 10_000;
/** So many wait at most, of which nobody asked for everything that they say. */
const PATIENCE_OF_ROOTS = 100_000;

type Waiting = { readonly span: GrowingSpan; readonly at: Place; readonly sink: SpanSink };

/**
 * Brings together spans and the records that describe their traces, whichever comes first. A span of a known trace leaves
 * at once; others wait until their trace is told or nothing more comes.
 */
export class TraceJoin {
  readonly #traces = new Map<string, Attributes>();
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #withSpans = new Set<string>();
  #held = 0;
  #limit = PATIENCE;

  /** What all spans of a trace say from now on, where they do not say it themselves. */
  trace(traceId: string, attributes: MutableAttributes): void {
    putMissing(attributes, this.#traces.get(traceId) ?? new Map());
    this.#traces.set(traceId, attributes);
    const waiting = this.#waiting.get(traceId);
    if (waiting === undefined) return;
    this.#waiting.delete(traceId);
    this.#release(waiting);
  }

  span(span: GrowingSpan, context: ReadContext): void {
    const waiting: Waiting = { span, at: context.at, sink: context.sink };
    this.#withSpans.add(span.traceId);
    if (this.#traces.has(span.traceId)) {
      this.#leave(waiting);
      return;
    }
    const others = this.#waiting.get(span.traceId);
    if (others === undefined) this.#waiting.set(span.traceId, [waiting]);
    else others.push(waiting);
    if (++this.#held > this.#limit) this.#makeRoom(context);
  }

  /** Whether a span of the trace was read, of any trace where none is named. */
  hasSpans(traceId?: string): boolean {
    return traceId === undefined ? this.#withSpans.size > 0 : this.#withSpans.has(traceId);
  }

  /** Nobody waits any longer. */
  end(): void {
    for (const waiting of this.#waiting.values()) this.#release(waiting);
    this.#waiting.clear();
  }

  /** The others leave: what a root says is theirs too. */
  #makeRoom(context: ReadContext): void {
    for (const [traceId, waiting] of this.#waiting) {
      const kept = waiting.find(({ span }) => span.parentSpanId === undefined) ?? waiting[0]!;
      this.#release(waiting.filter((one) => one !== kept));
      this.#waiting.set(traceId, [kept]);
    }
    const most = context.projection.attributes === undefined ? PATIENCE : PATIENCE_OF_ROOTS;
    if (this.#held > most / 2) this.end();
    this.#limit = Math.min(most, Math.max(PATIENCE, this.#held * 2));
  }

  #release(waiting: readonly Waiting[]): void {
    this.#held -= waiting.length;
    for (const one of waiting) this.#leave(one);
  }

  #leave({ span, at, sink }: Waiting): void {
    const known = this.#traces.get(span.traceId);
    if (known !== undefined) putMissing(span.attributes, known);
    sink.span(span, at);
  }
}
