import { type DetailOptions, movedDetails, type SpanDetails, spanDetails } from './details.ts';
import { Intake, type IntakeLog, isColumn } from './intake/index.ts';
import {
  type AgentSpan,
  type Attribution,
  type Bill,
  type Forest,
  findTrace,
  type InputSummary,
  type Place,
  type PriceBook,
  type Selection,
  type Skew,
  type SourceInfo,
  type Span,
  type SpanEvidence,
  type SpanSource,
  type SpanTable,
} from './model/index.ts';
import { RESOURCE_IDENTITY, withEvents } from './normalize/index.ts';
import { matcher, parseCondition, timeWindow } from './rollup/index.ts';
import {
  assemble,
  attribute,
  bill,
  type CostMode,
  type Origin,
  originOf,
  passJudgements,
} from './trace/index.ts';

/** What one run reads and how it decides. */
export type LoadOptions = {
  readonly prices: Pick<PriceBook, 'priceOf' | 'tariffOf' | 'toolPrice'>;
  readonly costMode: CostMode;
  /** `--by` keys, `TOOL_RESULT_SIZE` and `SIGNATURES`, whose columns the answer needs. */
  readonly by?: readonly string[] | undefined;
  readonly where?: readonly string[] | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** A trace id, or the beginning of exactly one. */
  readonly trace?: string | undefined;
  /** Error messages are shown: keep them whole. Otherwise their beginning is enough, and memory does not grow with them. */
  readonly wholeMessages?: boolean | undefined;
  /** Fills `table.observations`: what spans tell besides usage and money. */
  readonly observations?: boolean | undefined;
  /** Sees every span as it was read, all of its attributes, and what it means; rows of the table are in this order. */
  readonly observe?: ((span: Span, at: Place, agent: AgentSpan) => void) | undefined;
  /** Moves spans whose clocks differ from those of the spans above, before anything looks at times. */
  readonly fixSkew?: boolean | undefined;
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
  /** What was moved because clocks differ; undefined where that was not asked for. */
  readonly skew: Skew | undefined;
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
  const intake = new Intake({ ...options, columns });
  const { table, log } = intake;
  const source = withEvents(given, (traceId) =>
    traceId === undefined ? table.length > 0 : table.traces.has(traceId),
  );
  const sources = await source.read(intake.sink(), intake.projection);
  intake.settle();
  const { forest, skew } = options.fixSkew === true ? await withoutSkew(table) : withSkew(table);
  if (options.observations === true) passJudgements(forest);
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
    skew,
    details: async (positions, wanted) => {
      const details = await spanDetails(source, forest, positions, wanted);
      return skew === undefined ? details : movedDetails(forest, details, skew);
    },
    evidence: (span) => intake.explain(span),
    origin: (field, position) => originOf(forest, RESOURCE_IDENTITY, field, position),
  };
}

const withSkew = (table: SpanTable): { readonly forest: Forest; readonly skew: undefined } => ({
  forest: assemble(table),
  skew: undefined,
});

async function withoutSkew(table: SpanTable): Promise<{ readonly forest: Forest; readonly skew: Skew }> {
  const { applySkew, findSkew } = await import('./analyses/skew.ts');
  let skew: Skew = { shifts: new Map(), corrections: [], refused: [] };
  const forest = assemble(table, (found) => {
    skew = findSkew(found);
    return applySkew(found, skew);
  });
  return { forest, skew };
}

function oneTrace(forest: Forest, prefix: string): Selection {
  const found = findTrace(forest, prefix, `--trace ${prefix}`);
  return found === undefined ? () => false : inTrace(forest, found);
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
