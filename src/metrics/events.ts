const FIRST = 256;

/** The events of one metric as they are found: columns that grow. */
export class Events {
  length = 0;
  #series = new Uint32Array(FIRST);
  #times = new Float64Array(FIRST);
  #values = new Float64Array(FIRST);
  #spans = new Int32Array(FIRST);

  add(series: number, time: number, value: number, span: number): void {
    const at = this.length++;
    if (at === this.#series.length) this.#grow();
    this.#series[at] = series;
    this.#times[at] = time;
    this.#values[at] = value;
    this.#spans[at] = span;
  }

  /** How many events each of so many series has. */
  counts(series: number): Uint32Array {
    const counts = new Uint32Array(series);
    for (let i = 0; i < this.length; i++) counts[this.#series[i]!]!++;
    return counts;
  }

  /** Series by series, in the order of time, then of value; `as` tells which series each one is now, of `count`. */
  sorted(as: Uint32Array, count: number): SortedEvents {
    const from = new Uint32Array(count + 1);
    for (let i = 0; i < this.length; i++) from[as[this.#series[i]!]! + 1]!++;
    for (let s = 0; s < count; s++) from[s + 1]! += from[s]!;
    const order = new Uint32Array(this.length);
    const next = from.slice(0, count);
    for (let i = 0; i < this.length; i++) order[next[as[this.#series[i]!]!]!++] = i;
    for (let s = 0; s < count; s++) this.#sort(order.subarray(from[s], from[s + 1]));
    const pick = <T extends Float64Array | Int32Array>(column: T, into: T): T => {
      for (let i = 0; i < into.length; i++) into[i] = column[order[i]!]!;
      return into;
    };
    return {
      from,
      times: pick(this.#times, new Float64Array(this.length)),
      values: pick(this.#values, new Float64Array(this.length)),
      spans: pick(this.#spans, new Int32Array(this.length)),
    };
  }

  #sort(events: Uint32Array): void {
    const [times, values, spans] = [this.#times, this.#values, this.#spans];
    const compare = (a: number, b: number): number =>
      times[a]! - times[b]! || values[a]! - values[b]! || spans[a]! - spans[b]!;
    for (let i = 1; i < events.length; i++) {
      if (compare(events[i - 1]!, events[i]!) <= 0) continue;
      events.sort(compare);
      return;
    }
  }

  #grow(): void {
    const room = this.length * 2;
    this.#series = enlarged(this.#series, new Uint32Array(room));
    this.#times = enlarged(this.#times, new Float64Array(room));
    this.#values = enlarged(this.#values, new Float64Array(room));
    this.#spans = enlarged(this.#spans, new Int32Array(room));
  }
}

function enlarged<T extends Uint32Array | Int32Array | Float64Array>(column: T, into: T): T {
  into.set(column);
  return into;
}

export type SortedEvents = {
  readonly from: Uint32Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly spans: Int32Array;
};
