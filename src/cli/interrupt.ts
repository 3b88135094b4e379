import type { OpenedInputs } from '../input/index.ts';
import type { RowSink, SourceInfo, SpanSink, SpanSource } from '../model/index.ts';

/**
 * The same source, whose first read ends when the signal is given: the answer is then what is known by that time, with all
 * that came through a pipe. A later read (the details of a few spans) is not begun any more.
 */
export function interruptible(
  source: OpenedInputs,
  signal: AbortSignal,
  soFar: () => Pick<SourceInfo, 'name' | 'bytes'>,
): SpanSource {
  const { reread } = source;
  return {
    ...(reread && { reread: async (...asked) => signal.aborted || reread(...asked) }),
    read: async (sink, projection) => {
      if (signal.aborted) return [];
      const counts = { spans: 0, logs: 0, skipped: 0 };
      const stopped = new AbortController();
      const gate = gated(sink, { faults: signal, all: stopped.signal }, counts);
      let stop = (): void => undefined;
      const partial = new Promise<readonly SourceInfo[]>((resolve, reject) => {
        stop = () => {
          const close = (): void => {
            stopped.abort();
            resolve([{ ...soFar(), format: undefined, ...counts }]);
          };
          source.stop().then(close, reject);
        };
      });
      signal.addEventListener('abort', stop);
      try {
        return await Promise.race([source.read(gate, projection), partial]);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

/** Lets records pass, and counts them, until a signal is given; for faults another one, since what is cut off is none. */
function gated(
  sink: SpanSink,
  { faults, all: signal }: { readonly faults: AbortSignal; readonly all: AbortSignal },
  counts: { spans: number; logs: number; skipped: number },
): SpanSink {
  return {
    span: (span, at) => {
      if (signal.aborted) return;
      counts.spans++;
      sink.span(span, at);
    },
    log: (log, at) => {
      if (signal.aborted) return;
      counts.logs++;
      sink.log(log, at);
    },
    skip: (reason, at, count) => {
      if (faults.aborted) return;
      counts.skipped += count ?? 1;
      sink.skip(reason, at, count);
    },
    warn: (kind, at) => {
      if (!faults.aborted) sink.warn(kind, at);
    },
    rows: sink.rows && gatedRows(sink.rows, signal, counts),
  };
}

function gatedRows(rows: RowSink, signal: AbortSignal, counts: { spans: number }): RowSink {
  return {
    get plan() {
      return rows.plan;
    },
    from: (source) => {
      const take = rows.from(source);
      return (batch) => {
        if (signal.aborted) return;
        counts.spans += batch.count;
        take(batch);
      };
    },
    undo: (count) => {
      if (signal.aborted) return;
      counts.spans -= count;
      rows.undo(count);
    },
  };
}
