import {
  type Attributes,
  append,
  FLAG,
  type Forest,
  type LogRecord,
  type Place,
  type Span,
  type SpanEvent,
  type SpanSource,
} from './model/index.ts';

/** What a second read is for; what nobody asked for is not read. */
export type DetailOptions = { readonly attributes: boolean; readonly logs: boolean };

/** What the table does not keep of a span. Logs that name the trace but no shown span are with its first shown one. */
export type SpanDetails = {
  readonly span: Span;
  /** Where the report stood that stands for the span, and all reports of it, as they come. */
  readonly at: Place;
  readonly reports: readonly Place[];
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly logs: readonly LogRecord[];
};

/**
 * The second, targeted read: only the few spans a person looks at get their attributes, events and logs.
 * Of several reports of one span the one that stands for it in the forest is taken.
 */
export async function spanDetails(
  source: SpanSource,
  forest: Forest,
  positions: Iterable<number>,
  options: DetailOptions,
): Promise<ReadonlyMap<number, SpanDetails>> {
  const wanted = new Map<string, number[]>();
  const firstRoot = new Map<string, number>();
  for (const position of positions) {
    const row = forest.row[position]!;
    if (!options.attributes && !options.logs && !forest.table.has(row, FLAG.hasEvents)) continue;
    const trace = forest.table.traceIdOf(row);
    const key = `${trace} ${forest.table.spanIdOf(row)}`;
    append(wanted, key, position);
    const root = firstRoot.get(trace);
    if (root === undefined || position < root) firstRoot.set(trace, position);
  }
  const found = new Map<number, { readonly span: Span; readonly at: Place; readonly score: number }>();
  const reports = new Map<number, Place[]>();
  /** Rows of the table are in reading order: the report that stands for a span is met again at the number of its row. */
  let row = -1;
  const logs = new Map<number, LogRecord[]>();
  if (wanted.size === 0) return new Map();
  await source.read(
    {
      span: (span, at) => {
        row++;
        for (const position of wanted.get(`${span.traceId} ${span.spanId}`) ?? []) {
          const score =
            forest.row[position] === row ? Number.POSITIVE_INFINITY : likeness(forest, position, span);
          const known = found.get(position);
          if (known === undefined || score > known.score) found.set(position, { span, at, score });
          append(reports, position, at);
        }
      },
      log: (log) => {
        if (log.traceId === undefined) return;
        const position = wanted.get(`${log.traceId} ${log.spanId}`)?.[0] ?? firstRoot.get(log.traceId);
        if (position === undefined) return;
        append(logs, position, log);
      },
      skip: () => undefined,
      warn: () => undefined,
    },
    { attributes: options.attributes ? undefined : new Set(), events: true, logs: options.logs },
  );
  const details = new Map<number, SpanDetails>();
  for (const [position, { span, at }] of found) {
    details.set(position, {
      span,
      at,
      reports: reports.get(position) ?? [at],
      attributes: span.attributes,
      events: inTimeOrder(span.events),
      logs: inTimeOrder(logs.get(position) ?? []),
    });
  }
  return details;
}

/**
 * Where the input has grown since it was read first: how well a report agrees with the row that stands for the span.
 * More attributes decide between equals.
 */
function likeness(forest: Forest, position: number, span: Span): number {
  const { table } = forest;
  const row = forest.row[position]!;
  const end = table.has(row, FLAG.hasEnd);
  let score = Math.min(span.attributes.size + span.events.length, 1_000_000) / 1_000_001;
  if (span.half === table.halfOf(row) && span.kind === table.spanKindOf(row)) score += 8;
  if (span.name === table.nameOf(row)) score += 2;
  if (span.status === table.statusOf(row)) score += 1;
  if ((span.end !== undefined) === end) score += 4;
  return score;
}

function inTimeOrder<T extends { readonly time: bigint | undefined }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => {
    if (a.time === undefined || b.time === undefined)
      return Number(a.time === undefined) - Number(b.time === undefined);
    return a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
  });
}
