import type { Attributes, Place, SpanSink } from '../../model/index.ts';
import type { ReadContext } from '../format.ts';
import { type GrowingSpan, putMissing } from './platform.ts';

/** So many spans wait for their trace; beyond that they leave without what it says. */
const PATIENCE = 10_000;

type Waiting = { readonly span: GrowingSpan; readonly at: Place; readonly sink: SpanSink };

/**
 * Brings together spans and the records that describe their traces, whichever comes first. A span of a known trace leaves
 * at once; others wait until their trace is told or the input is over.
 */
export class TraceJoin {
  readonly #traces = new Map<string, Attributes>();
  readonly #waiting = new Map<string, Waiting[]>();
  #held = 0;

  /** What all spans of a trace say from now on, where they do not say it themselves. */
  trace(traceId: string, attributes: Attributes): void {
    this.#traces.set(traceId, attributes);
    const waiting = this.#waiting.get(traceId);
    if (waiting === undefined) return;
    this.#waiting.delete(traceId);
    this.#release(waiting);
  }

  span(span: GrowingSpan, context: ReadContext): void {
    const waiting: Waiting = { span, at: context.at, sink: context.sink };
    if (this.#traces.has(span.traceId)) {
      this.#leave(waiting);
      return;
    }
    const others = this.#waiting.get(span.traceId);
    if (others === undefined) this.#waiting.set(span.traceId, [waiting]);
    else others.push(waiting);
    if (++this.#held > PATIENCE) this.end();
  }

  /** Nobody waits any longer. */
  end(): void {
    for (const waiting of this.#waiting.values()) this.#release(waiting);
    this.#waiting.clear();
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
