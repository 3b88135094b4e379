import {
  type LogRecord,
  type Place,
  SKIP_REASONS,
  type SkipReason,
  type Span,
  type SpanSink,
  type WarningKind,
} from '../model/index.ts';

/** Passes spans, logs and warnings on, counts them (logs as far as they name a trace), and keeps what was skipped until the input is over. */
export class Tally implements SpanSink {
  readonly #sink: SpanSink;
  readonly #skipped = new Map<SkipReason, { count: number; first: Place }>();
  spans = 0;
  logs = 0;

  constructor(sink: SpanSink) {
    this.#sink = sink;
  }

  readonly span = (span: Span, at: Place): void => {
    this.spans++;
    this.#sink.span(span, at);
  };

  readonly log = (log: LogRecord, at: Place): void => {
    if (log.traceId !== undefined) this.logs++;
    this.#sink.log(log, at);
  };

  readonly warn = (kind: WarningKind, at: Place): void => this.#sink.warn(kind, at);

  readonly skip = (reason: SkipReason, at: Place, count = 1): void => {
    const known = this.#skipped.get(reason);
    if (known === undefined) this.#skipped.set(reason, { count, first: at });
    else known.count += count;
  };

  /** Reasons, how often, and where first. */
  get reasons(): readonly (readonly [SkipReason, number, Place])[] {
    return [...this.#skipped].map(([reason, { count, first }]) => [reason, count, first]);
  }

  /** Something was skipped that may have been telemetry. */
  get damaged(): boolean {
    return [...this.#skipped.keys()].some((reason) => reason !== 'nul_bytes' && SKIP_REASONS[reason].damaged);
  }

  get skipped(): number {
    let sum = 0;
    for (const { count } of this.#skipped.values()) sum += count;
    return sum;
  }

  /** Tells the sink what was skipped, every reason once. */
  tellSkipped(): void {
    for (const [reason, { count, first }] of this.#skipped) this.#sink.skip(reason, first, count);
  }
}
