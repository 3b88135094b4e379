const SLOWEST = 20;

/** Adds up what any correct answer about a corpus must be. */
export class Truth {
  spans = 0;
  calls = 0;
  traces = 0;
  errors = 0;
  #users = new Map();
  #slowest = [];
  #shown;

  add({ traceId, user, spans }, isShown) {
    this.traces++;
    this.spans += spans.length;
    const sums = this.#users.get(user) ?? { calls: 0, input: 0, cached: 0, output: 0, pico: 0n };
    this.#users.set(user, sums);
    let begin = spans[0].start;
    let end = spans[0].end;
    let calls = 0;
    for (const span of spans) {
      if (span.start < begin) begin = span.start;
      if (span.end > end) end = span.end;
      if (span.failure !== undefined) this.errors++;
      if (span.call === undefined) continue;
      calls++;
      sums.calls++;
      for (const key in span.call) sums[key] += span.call[key];
    }
    this.calls += calls;
    this.#slowest.push({ trace: traceId, nanoseconds: Number(end - begin), spans: spans.length });
    if (this.#slowest.length > 2000) this.#keepSlowest();
    if (isShown) this.#shown = { trace: traceId, spans: spans.length, calls, user };
  }

  /** As written beside the corpus. */
  written(bytes) {
    this.#keepSlowest();
    const users = [...this.#users]
      .filter(([, { calls }]) => calls > 0)
      .map(([user, sums]) => ({ user, ...sums, pico: String(sums.pico) }));
    const { spans, calls, traces, errors } = this;
    return { bytes, spans, calls, traces, errors, users, slowest: this.#slowest, shown: this.#shown };
  }

  #keepSlowest() {
    this.#slowest.sort((a, b) => b.nanoseconds - a.nanoseconds || (a.trace < b.trace ? -1 : 1));
    this.#slowest.length = Math.min(SLOWEST, this.#slowest.length);
  }
}
