import type {
  Instant,
  LogRecord,
  Place,
  Resource,
  Scope,
  SourceInfo,
  Span,
  SpanSink,
  SpanSource,
} from '../model/index.ts';
import { DIALECTS } from './dialects/index.ts';
import { createEventReader, type Group, type Reported } from './events.ts';

/**
 * The same source, in which log records that report calls and steps are spans. Records without a trace are put together by
 * the session and the turn they name, each a span around its events. All other records stay what they are; those that name
 * no trace are counted as such.
 *
 * Lines of an application's log with token counts in them are calls only where no span can tell of the same call: in a
 * trace without any span, or, where they name no trace, in an input without any. `knows` tells whether a trace (undefined:
 * any) has spans once everything has been read; what was decided in the first read holds in later ones.
 */
export function withEvents(source: SpanSource, knows: (traceId: string | undefined) => boolean): SpanSource {
  const read = createEventReader(DIALECTS);
  const decided = new Map<string | undefined, boolean>();
  const { reread } = source;
  /** Spans of events stand among the others: rows are counted otherwise here than there. */
  let counted = true;
  return {
    ...(reread && { reread: async (...asked) => counted && reread(...asked) }),
    read: async (sink, projection) => {
      const events = new Events(sink);
      const sources = await source.read(
        {
          skip: sink.skip,
          warn: sink.warn,
          span: sink.span,
          rows: sink.rows,
          log: (log, at) => {
            const report = read(log);
            if (report === undefined || report === 'repeated') events.pass(log, at);
            else if (report.span !== undefined && report.loose) events.hold(log, report, at);
            else events.add(log, report, at);
          },
        },
        projection,
      );
      const spansBefore = knows(undefined) || events.reported;
      events.end((traceId) => {
        const alone = decided.get(traceId) ?? !(traceId === undefined ? spansBefore : knows(traceId));
        decided.set(traceId, alone);
        return alone;
      });
      counted = !events.reported;
      return events.recounted(sources);
    },
  };
}

/** What one read makes of log records. */
class Events {
  readonly #sink: SpanSink;
  readonly #groups = new Map<string, OpenGroup>();
  readonly #held: { readonly log: LogRecord; readonly report: Reported; readonly at: Place }[] = [];
  /** What the counts of each input are short of, or have too many of. */
  readonly #changes = new Map<string, { spans: number; logs: number; skipped: number }>();
  /** Some record reported a call on its own. */
  reported = false;

  constructor(sink: SpanSink) {
    this.#sink = sink;
  }

  /** A log record and nothing else. */
  pass(log: LogRecord, at: Place): void {
    if (log.traceId !== undefined) {
      this.#sink.log(log, at);
      return;
    }
    this.#change(at).skipped++;
    this.#sink.skip('log_without_trace', at);
  }

  hold(log: LogRecord, report: Reported, at: Place): void {
    this.#held.push({ log, report, at });
  }

  add(log: LogRecord, report: Reported, at: Place): void {
    this.reported = true;
    let parentSpanId: string | undefined;
    for (const group of report.groups) {
      this.#extend(group, parentSpanId, report, log, at);
      parentSpanId = group.spanId;
    }
    if (report.span === undefined) {
      opened(this.#groups.get(`${report.traceId} ${parentSpanId}`)!, log);
      return;
    }
    const change = this.#change(at);
    change.spans++;
    if (log.traceId !== undefined) change.logs--;
    this.#sink.span(report.span, at);
  }

  /** Everything has been read: lines that had to wait are settled, and groups are closed. */
  end(isAlone: (traceId: string | undefined) => boolean): void {
    for (const { log, report, at } of this.#held) {
      if (isAlone(log.traceId)) this.add(log, report, at);
      else this.pass(log, at);
    }
    for (const { span, at } of [...this.#groups.values()].map(closed)) {
      this.#change(at).spans++;
      this.#sink.span(span, at);
    }
  }

  recounted(sources: readonly SourceInfo[]): readonly SourceInfo[] {
    return sources.map((info) => {
      const change = this.#changes.get(info.name);
      if (change === undefined) return info;
      const { spans, logs, skipped } = change;
      return {
        ...info,
        spans: info.spans + spans,
        logs: info.logs + logs,
        skipped: info.skipped + skipped,
      };
    });
  }

  /** A group lasts from the start of its first event to the end of its last; the first also says where it ran. */
  #extend(group: Group, parentSpanId: string | undefined, report: Reported, log: LogRecord, at: Place): void {
    const id = `${report.traceId} ${group.spanId}`;
    const start = report.span === undefined ? report.time : report.span.start;
    const known = this.#groups.get(id);
    if (known === undefined) {
      this.#groups.set(id, {
        group,
        traceId: report.traceId,
        parentSpanId,
        start,
        end: report.time,
        opening: undefined,
        resource: log.resource,
        scope: log.scope,
        at,
      });
      return;
    }
    if (start !== undefined && (known.start === undefined || start < known.start)) {
      known.start = start;
      known.resource = log.resource;
      known.scope = log.scope;
    }
    if (report.time !== undefined && (known.end === undefined || report.time > known.end))
      known.end = report.time;
  }

  #change(at: Place): { spans: number; logs: number; skipped: number } {
    let change = this.#changes.get(at.source);
    if (change === undefined) {
      change = { spans: 0, logs: 0, skipped: 0 };
      this.#changes.set(at.source, change);
    }
    return change;
  }
}

type OpenGroup = {
  readonly group: Group;
  readonly traceId: string;
  readonly parentSpanId: string | undefined;
  start: Instant | undefined;
  end: Instant | undefined;
  /** The earliest record that says that it begins. */
  opening: LogRecord | undefined;
  resource: Resource;
  scope: Scope | undefined;
  readonly at: Place;
};

function opened(group: OpenGroup, log: LogRecord): void {
  const { opening } = group;
  const earlier = opening?.time === undefined || (log.time !== undefined && log.time < opening.time);
  if (opening === undefined || earlier) group.opening = log;
}

function closed(open: OpenGroup): { readonly span: Span; readonly at: Place } {
  const { group, traceId, parentSpanId, start, end, opening, resource, scope, at } = open;
  return {
    at,
    span: {
      traceId,
      spanId: group.spanId,
      parentSpanId,
      name: group.name,
      kind: undefined,
      start,
      end,
      status: 'unset',
      statusMessage: undefined,
      attributes: opening?.attributes ?? new Map([[group.key, group.value]]),
      events: [],
      links: [],
      resource,
      scope,
    },
  };
}
