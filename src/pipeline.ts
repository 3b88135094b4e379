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
  const source = withEvents(given, (traceId) => table.traces.has(traceId));
  const sources = await source.read(
    {
      span: (span, at) => {
        const agent = normalizer.normalize(span);
        for (const kind of agent.warnings ?? []) log.warn(kind, at);
        if (agent.usage === 'invalid') log.warn('invalid_usage', at);
        options.observe?.(span, at, agent);
        table.push(
          options.wholeMessages === true ? agent : shortened(agent),
          columns.length === 0 ? undefined : valuesOf(span, columns),
        );
      },
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
  readonly #skipped = new Map<SkipReason, { count: number; first: string }>();
  readonly #warnings = new Map<WarningKind, { count: number; first: string }>();

  addLog(): void {
    this.logs++;
  }

  skip(reason: SkipReason, at: Place, count: number): void {
    tally(this.#skipped, reason, count, `${at.source}:${at.line}`);
  }

  warn(kind: WarningKind, at: Place): void {
    tally(this.#warnings, kind, 1, `${at.source}:${at.line}`);
  }

  addWarning(kind: WarningKind, count: number, first: string): void {
    tally(this.#warnings, kind, count, first);
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

function tally<K>(
  counts: Map<K, { count: number; first: string }>,
  key: K,
  count: number,
  first: string,
): void {
  const known = counts.get(key);
  if (known === undefined) counts.set(key, { count, first });
  else known.count += count;
}
