import type { LogRecord, ObservedNumber, Span, SpanTable } from '../model/index.ts';
import type { Normalizer } from '../normalize/index.ts';

/** What log records say of spans that they name, as events of these would; the spans may stand anywhere in the input. */
export class Judgements {
  readonly #normalizer: Normalizer;
  readonly #found = new Map<string, Map<ObservedNumber, number>>();

  constructor(normalizer: Normalizer) {
    this.#normalizer = normalizer;
  }

  /** Keeps what a record says, if it is one of those that tables look into. */
  take(record: LogRecord): void {
    const { traceId, spanId } = record;
    if (traceId === undefined || spanId === undefined) return;
    const { events } = this.#normalizer.asks;
    const name = [record.eventName, record.body, record.attributes.get('event.name')].find(
      (one): one is string => typeof one === 'string' && events.has(one),
    );
    if (name === undefined) return;
    const { observed } = this.#normalizer.normalize(asEvent(record, traceId, spanId, name));
    if (observed === undefined) return;
    const key = keyOf(traceId, spanId);
    const known = this.#found.get(key) ?? new Map<ObservedNumber, number>();
    this.#found.set(key, known);
    for (const [number, value] of Object.entries(observed.numbers))
      known.set(number as ObservedNumber, value);
  }

  /** Says it of the rows of a table that has all of them; what spans say themselves goes before. */
  settle(table: SpanTable): void {
    if (this.#found.size === 0) return;
    const { observations } = table;
    for (let row = 0; row < table.length; row++) {
      const found = this.#found.get(keyOf(table.traceIdOf(row), table.spanIdOf(row)));
      if (found === undefined) continue;
      for (const [number, value] of found)
        if (observations.number(number, row) === undefined) observations.judge(number, row, value);
    }
  }
}

const keyOf = (traceId: string, spanId: string): string => `${traceId} ${spanId}`;

function asEvent(
  { time, attributes, resource, scope }: LogRecord,
  traceId: string,
  spanId: string,
  name: string,
): Span {
  return {
    traceId,
    spanId,
    parentSpanId: undefined,
    name: '',
    kind: undefined,
    start: undefined,
    end: undefined,
    status: 'unset',
    statusMessage: undefined,
    attributes: new Map(),
    events: [{ name, time, attributes }],
    links: [],
    resource,
    scope,
  };
}
