/** An object in which lists are looked for. */
export type ObjectRule = {
  readonly lists: ReadonlyMap<string, ListRule>;
  /**
   * Keys under which an object of the general kind stands (`{"trace":{"resourceSpans":[…]}}`), and the members beside it
   * without which its lists cannot be read. Where there are none, the object stands for itself.
   */
  readonly covers: ReadonlyMap<string, readonly string[]>;
};

export type ListRule = {
  /** What an item is when it is too large to be taken whole; undefined: nothing smaller is in it. */
  readonly item: ObjectRule | undefined;
  /** Records may have such a list too; where the object has a member of theirs, it is a member like any other. */
  readonly notIn?: ReadonlySet<string>;
  /** Members of the object around the list that go with every part of it. */
  readonly keeps: 'all' | readonly string[];
  /** Members that go with every part whatever their size; one that comes after the list follows by itself. */
  readonly repeats?: readonly string[];
  /** The list is held back until one of these members is known, or the object ends. */
  readonly needs?: {
    readonly keys: readonly string[];
    /** Only for items that hold this text. */
    readonly when?: string;
    /** What stands in when the object ends without it. */
    readonly otherwise?: { readonly key: string; readonly text: string };
  };
};

const NOTHING: ReadonlyMap<string, readonly string[]> = new Map();
const SCOPES = ['scope', 'instrumentationLibrary', 'instrumentation_library', 'deprecatedScope'];
const IN_SCOPE: ListRule = { item: undefined, keeps: SCOPES, needs: { keys: SCOPES } };
const SCOPE_ITEM: ObjectRule = {
  covers: NOTHING,
  lists: listsOf({ spans: IN_SCOPE, logRecords: IN_SCOPE, log_records: IN_SCOPE, metrics: IN_SCOPE }),
};
const IN_RESOURCE: ListRule = { item: SCOPE_ITEM, keeps: ['resource'], needs: { keys: ['resource'] } };

/** One process and its scopes, under the names that they have had (formats `otlp-json`, Tempo's `batches`). */
const RESOURCE_ITEM: ObjectRule = {
  covers: NOTHING,
  lists: listsOf({
    scopeSpans: IN_RESOURCE,
    scope_spans: IN_RESOURCE,
    instrumentationLibrarySpans: IN_RESOURCE,
    instrumentation_library_spans: IN_RESOURCE,
    deprecatedScopeSpans: IN_RESOURCE,
    deprecated_scope_spans: IN_RESOURCE,
    scopeLogs: IN_RESOURCE,
    scope_logs: IN_RESOURCE,
    scopeMetrics: IN_RESOURCE,
    scope_metrics: IN_RESOURCE,
  }),
};
const RESOURCES: ListRule = { item: RESOURCE_ITEM, keeps: [] };

/** A list of spans, and what a trace says about all of them. Jaeger's name a process that stands beside the list. */
const SPANS: ListRule = {
  item: undefined,
  keeps: 'all',
  needs: { keys: ['processes'], when: '"processID"', otherwise: { key: 'processes', text: '{}' } },
};
/** Langfuse: observations in their trace, or beside it. */
const OBSERVATIONS: ListRule = { item: undefined, keeps: 'all', repeats: ['trace'] };
/** MLflow: spans stand under `data`, what is said about their trace under `info`. */
const DATA = ['data', ['info']] as const;
const TRACE_ITEM: ObjectRule = {
  covers: new Map([DATA]),
  lists: listsOf({ spans: SPANS, observations: OBSERVATIONS }),
};
const TRACES: ListRule = { item: TRACE_ITEM, keeps: [] };
/** Records that stand for themselves: LangSmith's runs, Braintrust's rows, PostHog's events. */
const RECORDS: ListRule = { item: undefined, keeps: [] };
/** The same under names that mean something else in a span: its events. */
const LISTED: ListRule = {
  ...RECORDS,
  notIn: new Set([
    'id',
    'name',
    'context',
    'spanContext',
    'SpanContext',
    'trace_id',
    'traceId',
    'TraceId',
    'span_id',
    'spanId',
    'SpanId',
    'run_type',
    'dotted_order',
    'attributes',
    'start_time',
    'startTime',
    'timestamp',
    'span_attributes',
  ]),
};

/** Any document, or any element of an array that stands by itself. */
export const GENERAL: ObjectRule = {
  covers: new Map<string, readonly string[]>([['trace', []], ['result', []], DATA]),
  lists: new Map([
    ...RESOURCE_ITEM.lists,
    ...TRACE_ITEM.lists,
    ...listsOf({
      resourceSpans: RESOURCES,
      resource_spans: RESOURCES,
      resourceLogs: RESOURCES,
      resource_logs: RESOURCES,
      resourceMetrics: RESOURCES,
      resource_metrics: RESOURCES,
      batches: RESOURCES,
      data: TRACES,
      traces: TRACES,
      runs: LISTED,
      post: RECORDS,
      patch: RECORDS,
      events: LISTED,
      results: LISTED,
      batch: LISTED,
      traceEvents: { item: undefined, keeps: [] },
    }),
  ]),
};

function listsOf(lists: Record<string, ListRule>): ReadonlyMap<string, ListRule> {
  return new Map(Object.entries(lists));
}
