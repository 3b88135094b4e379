import type { RowSink } from './rows.ts';
import type { LogRecord, Place, Span } from './span.ts';

/**
 * What the asked-for answer reads. A hint made of data: a reader may give more, never less,
 * and no answer depends on it. `undefined` attributes means all of them.
 */
export type Projection = {
  readonly attributes: ReadonlySet<string> | undefined;
  readonly events: boolean;
  readonly logs: boolean;
};

export const EVERYTHING: Projection = { attributes: undefined, events: true, logs: true };

/** Something in the input that is not telemetry or not whole, counted by `reason`; the first place of each is kept. */
export type Skipped = { readonly reason: SkipReason; readonly count: number; readonly first: string };

/** Why a record was passed over. `SKIP_REASONS` says which of them mean that input is damaged. */
export type SkipReason = keyof typeof SKIP_REASONS;

/** Every reason, what it means to a person, and whether it makes a total incomplete (`--strict` exits 2). */
export const SKIP_REASONS = {
  text: { help: 'lines that are not telemetry', damaged: false },
  other_json: { help: 'JSON records that are not telemetry', damaged: false },
  metrics: { help: 'metric records', damaged: false },
  log_without_trace: { help: 'log records that name no trace', damaged: false },
  unknown_file: { help: 'files in a folder that hold no telemetry', damaged: false },
  truncated: { help: 'records cut off before their end', damaged: true },
  invalid_json: { help: 'records that look like telemetry but cannot be parsed', damaged: true },
  nul_bytes: { help: 'runs of NUL bytes', damaged: true },
  invalid_utf8: { help: 'records with bytes that are not UTF-8', damaged: false },
  too_deep: { help: 'records nested too deeply to read', damaged: true },
  too_large: { help: 'records too large to hold in memory', damaged: true },
  bad_span: { help: 'spans that could not be read', damaged: true },
  compression: { help: 'compressed streams that end early or are damaged', damaged: true },
  unsupported: { help: 'telemetry in a format this version does not read', damaged: true },
} as const satisfies Record<string, { help: string; damaged: boolean }>;

/** Something wrong with a span that was kept all the same. */
export type WarningKind = keyof typeof WARNINGS;

/** Every warning, what it means to a person, and whether a total may be wrong because of it. */
export const WARNINGS = {
  conflicting_duplicate: { help: 'spans reported more than once with different content', damaged: true },
  cycle: { help: 'spans whose parents form a circle; cut at the earliest of them', damaged: true },
  self_parent: { help: 'spans that name themselves as parent; shown as roots', damaged: true },
  bad_time: { help: 'times that cannot be right; left out', damaged: false },
  end_before_start: { help: 'spans that end before they start; counted as 0 long', damaged: false },
  missing_id: { help: 'spans without a usable id; given one made from their content', damaged: false },
  odd_id: { help: 'ids that are not 16 or 32 hex digits; kept as text', damaged: false },
  invalid_usage: { help: 'token counts that are not whole numbers; the call is not priced', damaged: true },
  assumed_unit: { help: 'durations that do not tell their unit; read as milliseconds', damaged: false },
  invalid_cost: { help: 'recorded costs that cannot be used; left out', damaged: false },
} as const satisfies Record<string, { help: string; damaged: boolean }>;

/**
 * Where readers put what they find. Everything after the readers knows only this.
 * `at` is the record's place; sinks keep the first of each kind.
 */
export type SpanSink = {
  readonly span: (span: Span, at: Place) => void;
  readonly log: (log: LogRecord, at: Place) => void;
  readonly skip: (reason: SkipReason, at: Place, count?: number) => void;
  readonly warn: (kind: WarningKind, at: Place) => void;
  /** The faster way for spans; where there is none, or whenever a reader sees fit, they come one by one. The order is one. */
  readonly rows?: RowSink | undefined;
};

/** Rows that follow each other in one file, from a document on. */
export type RowPlace = {
  /** Number of the first row, and of the one behind the last. */
  readonly row: number;
  end: number;
  /** Which of the inputs, and where in it the document begins. */
  readonly input: number;
  readonly offset: number;
  readonly line: number;
};

/** What one input turned out to be. `format` joins the names of all formats found in it with `+`; undefined if none. */
export type SourceInfo = {
  readonly name: string;
  readonly format: string | undefined;
  readonly bytes: number;
  readonly spans: number;
  readonly logs: number;
  readonly skipped: number;
};

/** Something that holds spans and can be read again: files, a folder, standard input kept aside, later a store. */
export type SpanSource = {
  /** Feeds every record to the sink and tells what was found, input by input, in the order the user named them. */
  readonly read: (sink: SpanSink, projection: Projection) => Promise<readonly SourceInfo[]>;
  /**
   * Reads again, as objects and in their order, exactly the spans that were the `rows` (ascending, counted from 0 over all
   * inputs) of the last `read`; false where the source cannot find them: then everything has to be read, and whatever
   * the sink was told by then does not hold.
   */
  readonly reread?: (
    rows: readonly number[],
    sink: Pick<SpanSink, 'span' | 'warn' | 'skip'>,
    projection: Projection,
  ) => Promise<boolean>;
};
