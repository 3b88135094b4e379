import {
  type Attributes,
  append,
  FLAG,
  type Forest,
  type Instant,
  instant,
  type LogRecord,
  type Place,
  type Projection,
  type Skew,
  type Span,
  type SpanEvent,
  type SpanSource,
  type SpanTable,
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
  const wanted: number[] = [];
  const onlyEvents = !options.attributes && !options.logs;
  // Which spans are wanted may take long to find out.
  if (onlyEvents && !hasEvents(forest)) return new Map();
  for (const position of positions) {
    if (!onlyEvents || forest.table.has(forest.row[position]!, FLAG.hasEvents)) wanted.push(position);
  }
  if (wanted.length === 0) return new Map();
  return (
    (await rereadDetails(source, forest, wanted, options)) ?? readDetails(source, forest, wanted, options)
  );
}

function hasEvents({ table, row, length }: Forest): boolean {
  for (let p = 0; p < length; p++) if (table.has(row[p]!, FLAG.hasEvents)) return true;
  return false;
}

const projectionOf = ({ attributes, logs }: DetailOptions): Projection => ({
  attributes: attributes ? undefined : new Set(),
  events: true,
  logs,
});

/**
 * From the places where the spans stood, without what lies between them. Undefined where the source does not know them or
 * something else stands there by now, and where logs are asked for: those may be anywhere.
 */
async function rereadDetails(
  source: SpanSource,
  forest: Forest,
  wanted: readonly number[],
  options: DetailOptions,
): Promise<ReadonlyMap<number, SpanDetails> | undefined> {
  const { table } = forest;
  if (source.reread === undefined || options.logs) return undefined;
  const positionOf = new Map<number, number>();
  for (const position of wanted) {
    // Halves of a call share an id and tell of each other's reports: those are found by id.
    if (table.halfOf(forest.row[position]!) !== undefined) return undefined;
    positionOf.set(forest.row[position]!, position);
    for (const repeat of forest.repeats.get(position) ?? []) positionOf.set(repeat, position);
  }
  const rows = [...positionOf.keys()].sort((a, b) => a - b);
  const spans = new Map<number, { readonly span: Span; readonly at: Place }>();
  const reports = new Map<number, Place[]>();
  let next = 0;
  let others = 0;
  const known = await source.reread(
    rows,
    {
      span: (span, at) => {
        const row = rows[next++];
        if (row === undefined || !isReport(table, row, span)) {
          others++;
          return;
        }
        const position = positionOf.get(row)!;
        append(reports, position, at);
        if (forest.row[position] === row) spans.set(position, { span, at });
      },
      skip: () => undefined,
      warn: () => undefined,
    },
    projectionOf(options),
  );
  if (!known || others > 0 || next < rows.length) return undefined;
  const details = new Map<number, SpanDetails>();
  for (const [position, { span, at }] of spans)
    details.set(position, detailsOf(span, at, reports.get(position)!, []));
  return details;
}

const isReport = (table: SpanTable, row: number, { traceId, spanId }: Span): boolean =>
  table.traceIdOf(row) === traceId && table.spanIdOf(row) === spanId;

/** By ids, from everything there is. */
async function readDetails(
  source: SpanSource,
  forest: Forest,
  positions: readonly number[],
  options: DetailOptions,
): Promise<ReadonlyMap<number, SpanDetails>> {
  const wanted = new Map<string, number[]>();
  const firstRoot = new Map<string, number>();
  for (const position of positions) {
    const row = forest.row[position]!;
    const trace = forest.table.traceIdOf(row);
    append(wanted, `${trace} ${forest.table.spanIdOf(row)}`, position);
    const root = firstRoot.get(trace);
    if (root === undefined || position < root) firstRoot.set(trace, position);
  }
  const found = new Map<number, { readonly span: Span; readonly at: Place; readonly score: number }>();
  const reports = new Map<number, Place[]>();
  /** Rows of the table are in reading order: the report that stands for a span is met again at the number of its row. */
  let row = -1;
  const logs = new Map<number, LogRecord[]>();
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
    projectionOf(options),
  );
  const details = new Map<number, SpanDetails>();
  for (const [position, { span, at }] of found)
    details.set(position, detailsOf(span, at, reports.get(position)!, logs.get(position) ?? []));
  return details;
}

function detailsOf(
  span: Span,
  at: Place,
  reports: readonly Place[],
  logs: readonly LogRecord[],
): SpanDetails {
  const { attributes, events } = span;
  return { span, at, reports, attributes, events: inTimeOrder(events), logs: inTimeOrder(logs) };
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

/** The same once the times of spans were moved: what happened in them moves along. */
export function movedDetails(
  { row }: Forest,
  details: ReadonlyMap<number, SpanDetails>,
  { shifts }: Skew,
): ReadonlyMap<number, SpanDetails> {
  const moved = new Map(details);
  for (const [position, one] of details) {
    const shift = shifts.get(row[position]!);
    if (shift === undefined) continue;
    const by = BigInt(shift.nanos);
    const later = <T extends { readonly time: Instant | undefined }>(item: T): T =>
      item.time === undefined ? item : { ...item, time: instant(item.time + by) };
    moved.set(position, { ...one, events: one.events.map(later), logs: one.logs.map(later) });
  }
  return moved;
}

function inTimeOrder<T extends { readonly time: bigint | undefined }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => {
    if (a.time === undefined || b.time === undefined)
      return Number(a.time === undefined) - Number(b.time === undefined);
    return a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
  });
}
