import { type DetailOptions, type SpanDetails, spanDetails } from './details.ts';
import {
  type AgentSpan,
  type Attribution,
  type Bill,
  canonicalTraceId,
  EVERYTHING,
  type Forest,
  type InputSummary,
  type Place,
  type PriceBook,
  type Projection,
  type Selection,
  SKIP_REASONS,
  type SkipReason,
  type SourceInfo,
  type Span,
  type SpanEvidence,
  type SpanSource,
  SpanTable,
  TOOL_RESULT_SIZE,
  UserError,
  WARNINGS,
  type WarningKind,
} from './model/index.ts';
import {
  createNormalizer,
  createRowSink,
  RESOURCE_IDENTITY,
  TOOL_RESULT_KEYS,
  toolResultSize,
  withEvents,
} from './normalize/index.ts';
import { labelOf, matcher, parseCondition, timeWindow } from './rollup/index.ts';
import { assemble, attribute, bill, type CostMode, type Origin, originOf } from './trace/index.ts';

/** What one run reads and how it decides. */
export type LoadOptions = {
  readonly prices: Pick<PriceBook, 'priceOf' | 'toolPrice'>;
  readonly costMode: CostMode;
  /** `--by` keys, and `TOOL_RESULT_SIZE`, whose columns the answer needs. */
  readonly by?: readonly string[] | undefined;
  readonly where?: readonly string[] | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** A trace id, or the beginning of exactly one. */
  readonly trace?: string | undefined;
  /** Error messages are shown: keep them whole. Otherwise their beginning is enough, and memory does not grow with them. */
  readonly wholeMessages?: boolean | undefined;
  /** Sees every span as it was read, all of its attributes, and what it means; rows of the table are in this order. */
  readonly observe?: ((span: Span, at: Place, agent: AgentSpan) => void) | undefined;
};

/** Everything an analysis asks of one run's input. */
export type Dataset = {
  readonly forest: Forest;
  readonly attribution: Attribution;
  readonly bill: Bill;
  readonly input: InputSummary;
  /** The spans that filters and the time window leave; undefined when there are none: all of them. */
  readonly selected: Selection | undefined;
  /** What the filters meant in this data. */
  readonly notes: readonly string[];
  /** Attributes, events and logs of some spans, by position: read again from the source. */
  readonly details: (
    positions: Iterable<number>,
    options: DetailOptions,
  ) => Promise<ReadonlyMap<number, SpanDetails>>;
  /** Why a span, as `details` hands it over, means what it means. */
  readonly evidence: (span: Span) => SpanEvidence;
  /** Where an attribution of a position comes from. */
  readonly origin: (field: keyof Attribution, position: number) => Origin | undefined;
};

/** Joins the stages for one run: spans from the source, in the house's vocabulary, as trees, attributed and priced. */
export async function load(given: SpanSource, options: LoadOptions): Promise<Dataset> {
  const conditions = (options.where ?? []).map(parseCondition);
  const columns = [...(options.by ?? []), ...conditions.map(({ key }) => key)].filter(isColumn);
  const normalizer = createNormalizer();
  const table = new SpanTable();
  const log = new IntakeLog();
  const source = withEvents(given, (traceId) =>
    traceId === undefined ? table.length > 0 : table.traces.has(traceId),
  );
  const take = (span: Span, at: Place): void => {
    const agent = normalizer.normalize(span);
    for (const kind of agent.warnings ?? []) log.warn(kind, at);
    if (agent.usage === 'invalid') log.warn('invalid_usage', at);
    options.observe?.(span, at, agent);
    table.push(
      options.wholeMessages === true ? agent : shortened(agent),
      columns.length === 0 ? undefined : valuesOf(span, columns),
    );
  };
  // Who sees every span needs all of it, and so does who asks how large something in it is.
  const whole = options.observe !== undefined || columns.includes(TOOL_RESULT_SIZE);
  const sources = await source.read(
    {
      span: take,
      rows: whole ? undefined : createRowSink({ normalizer, table, columns, labelOf, span: take, log }),
      log: ({ traceId }, at) => (traceId === undefined ? log.skip('log_without_trace', at, 1) : log.addLog()),
      skip: (reason, at, count) => log.skip(reason, at, count ?? 1),
      warn: (kind, at) => log.warn(kind, at),
    },
    options.observe === undefined ? projectionOf(normalizer.reads, columns) : EVERYTHING,
  );
  const forest = assemble(table);
  const attribution = attribute(forest, RESOURCE_IDENTITY);
  const priced = bill(forest, options.prices, options.costMode);
  const data = { forest, attribution, bill: priced };
  const window = timeWindow(forest, options.since, options.until);
  const selections = [
    ...(window === undefined ? [] : [window.selected]),
    ...(conditions.length === 0 ? [] : [matcher(data, conditions)]),
    ...(options.trace === undefined ? [] : [oneTrace(forest, options.trace)]),
  ];
  return {
    ...data,
    input: summarize(sources, forest, log),
    selected: selections.length === 0 ? undefined : (p) => selections.every((selected) => selected(p)),
    notes: window?.notes ?? [],
    details: (positions, wanted) => spanDetails(source, forest, positions, wanted),
    evidence: (span) => normalizer.explain(span),
    origin: (field, position) => originOf(forest, RESOURCE_IDENTITY, field, position),
  };
}

const LONGEST_MESSAGE = 200;

function shortened(agent: AgentSpan): AgentSpan {
  const message = agent.error?.message;
  if (agent.error === undefined || message === undefined || message.length <= LONGEST_MESSAGE) return agent;
  // A surrogate pair is not cut in two.
  const start = message.slice(0, LONGEST_MESSAGE).replace(/[\uD800-\uDBFF]$/, '');
  return { ...agent, error: { ...agent.error, message: `${start}…` } };
}

const isColumn = (key: string): boolean =>
  key.startsWith('attr:') || key.startsWith('resource:') || key === TOOL_RESULT_SIZE;

function projectionOf(reads: ReadonlySet<string>, columns: readonly string[]): Projection {
  const attributes = columns.filter((key) => key.startsWith('attr:')).map((key) => key.slice('attr:'.length));
  const sizes = columns.includes(TOOL_RESULT_SIZE) ? TOOL_RESULT_KEYS : [];
  return { attributes: new Set([...reads, ...attributes, ...sizes]), events: true, logs: false };
}

function valuesOf(span: Span, columns: readonly string[]): Map<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  for (const column of columns) {
    if (column === TOOL_RESULT_SIZE) {
      values.set(column, toolResultSize(span)?.toString());
      continue;
    }
    const key = column.slice(column.indexOf(':') + 1);
    const from = column.startsWith('attr:') ? span.attributes : span.resource.attributes;
    values.set(column, labelOf(from.get(key)));
  }
  return values;
}

function oneTrace(forest: Forest, prefix: string): Selection {
  const exact = canonicalTraceId(prefix)?.id;
  const wanted = prefix.toLowerCase();
  const matches: number[] = [];
  for (let t = 0; t < forest.traces; t++) {
    const id = forest.table.traceIdOf(forest.row[forest.traceFrom[t]!]!);
    if (id === prefix || id === exact) return inTrace(forest, t);
    if (id.toLowerCase().startsWith(wanted)) matches.push(t);
  }
  if (matches.length > 1) {
    const ids = matches.slice(0, 5).map((t) => forest.table.traceIdOf(forest.row[forest.traceFrom[t]!]!));
    throw new UserError(`--trace ${prefix}: ${matches.length} traces begin with it`, {
      hint: `Write more of the id: ${ids.join(', ')}${matches.length > 5 ? ', …' : ''}`,
    });
  }
  return matches.length === 0 ? () => false : inTrace(forest, matches[0]!);
}

function inTrace(forest: Forest, trace: number): Selection {
  const from = forest.traceFrom[trace]!;
  const to = forest.traceFrom[trace + 1]!;
  return (position) => position >= from && position < to;
}

function summarize(sources: readonly SourceInfo[], forest: Forest, log: IntakeLog): InputSummary {
  for (const { kind, count, first } of forest.warnings) log.addWarning(kind, count, first);
  const { counts } = forest;
  return {
    sources,
    spans: counts.unique,
    duplicates: counts.duplicates,
    traces: counts.traces,
    roots: counts.roots,
    orphans: counts.orphans,
    errors: counts.errors,
    open_spans: counts.open,
    logs: log.logs,
    skipped: log.skipped(),
    warnings: log.warnings(),
    complete: log.complete(),
  };
}

/** Counts what readers pass over and what they find odd; keeps the first place of each kind. */
class IntakeLog {
  logs = 0;
  /** Number of the row whose span is being read, where one is. */
  row: number | undefined;
  readonly #skipped: Tally<SkipReason> = new Map();
  readonly #warnings: Tally<WarningKind> = new Map();
  /** What was said of rows, in their order: it is taken back with them. */
  readonly #ofRows: { readonly row: number; readonly takeBack: () => void }[] = [];

  addLog(): void {
    this.logs++;
  }

  skip(reason: SkipReason, at: Place, count: number): void {
    this.#say(this.#skipped, reason, count, at);
  }

  warn(kind: WarningKind, at: Place): void {
    this.#say(this.#warnings, kind, 1, at);
  }

  addWarning(kind: WarningKind, count: number, first: string): void {
    tally(this.#warnings, kind, count, first);
  }

  /** Takes back what was said of rows from a number on. */
  forget(from: number): void {
    while (this.#ofRows.length > 0 && this.#ofRows.at(-1)!.row >= from) this.#ofRows.pop()!.takeBack();
  }

  #say<Kind>(counts: Tally<Kind>, kind: Kind, count: number, at: Place): void {
    tally(counts, kind, count, `${at.source}:${at.line}`);
    if (this.row === undefined) return;
    this.#ofRows.push({ row: this.row, takeBack: () => untally(counts, kind, count) });
  }

  skipped(): InputSummary['skipped'] {
    return [...this.#skipped].map(([reason, { count, first }]) => ({ reason, count, first }));
  }

  warnings(): InputSummary['warnings'] {
    return [...this.#warnings].map(([kind, { count, first }]) => ({ kind, count, first }));
  }

  complete(): boolean {
    const skippedDamage = [...this.#skipped.keys()].some((reason) => SKIP_REASONS[reason].damaged);
    return !skippedDamage && ![...this.#warnings.keys()].some((kind) => WARNINGS[kind].damaged);
  }
}

type Tally<Kind> = Map<Kind, { count: number; first: string }>;

function tally<Kind>(counts: Tally<Kind>, kind: Kind, count: number, first: string): void {
  const known = counts.get(kind);
  if (known === undefined) counts.set(kind, { count, first });
  else known.count += count;
}

/** Takes back what was added last. */
function untally<Kind>(counts: Tally<Kind>, kind: Kind, count: number): void {
  const known = counts.get(kind)!;
  known.count -= count;
  if (known.count === 0) counts.delete(kind);
}
