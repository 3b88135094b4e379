import type { Observed } from './observations.ts';
import type { WarningKind } from './source.ts';
import type { Span } from './span.ts';
import type { Pico } from './units.ts';

/** What a span does in an agent system. The order is the code in `SpanTable`; add at the end only. */
export const AGENT_KINDS = [
  'other',
  'workflow',
  'agent',
  'llm',
  'embedding',
  'tool',
  'retrieval',
  'memory',
  'connector',
  'guardrail',
  'evaluator',
  'step',
  'http',
] as const;
export type AgentKind = (typeof AGENT_KINDS)[number];

/** Whether a span of this kind is an operation of a model: what a provider bills for. */
export function isModelKind(kind: AgentKind): boolean {
  return kind === 'llm' || kind === 'embedding';
}

/**
 * Token usage of one span in disjoint buckets; counts are whole and not negative.
 * The prompt is `uncachedInput + cacheRead + cacheWrite5m + cacheWrite1h`; `output` includes `reasoning`;
 * `audioInput` and `audioOutput` are parts of the prompt and the output.
 */
export type Usage = {
  /** Input and output tokens as the telemetry reported them, cached ones in or out as its dialect has it. */
  readonly reportedInput: number;
  readonly reportedOutput: number;
  readonly uncachedInput: number;
  readonly cacheRead: number;
  /** Cache writes that live five minutes, and those whose lifetime was not told. */
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
  readonly audioInput: number;
  readonly audioOutput: number;
  /** Searches of the web that the provider made for this call and bills apart. */
  readonly webSearches: number;
  /** Only a sum was reported; the other counts are 0. */
  readonly totalOnly: number;
};

export const USAGE_FIELDS = [
  'reportedInput',
  'reportedOutput',
  'uncachedInput',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'output',
  'reasoning',
  'audioInput',
  'audioOutput',
  'webSearches',
  'totalOnly',
] as const satisfies readonly (keyof Usage)[];

/**
 * A cost found in the telemetry. `billed`: the biller said so; `asserted`: an SDK, proxy or application computed it;
 * `not_billed`: a gateway answered from its own cache, the amount was avoided.
 */
export type RecordedCost = {
  readonly amount: Pico;
  readonly authority: 'billed' | 'asserted' | 'not_billed';
};

/** Identity a span states about itself, before anything is inherited. Interned columns in `SpanTable`. */
export type TextField =
  | 'user'
  /** Whom the user's own application served: speaks for the user where nobody is named as one. */
  | 'customer'
  | 'organization'
  | 'workspace'
  | 'session'
  | 'workflow'
  | 'agent'
  | 'tool'
  | 'node'
  | 'connector'
  | 'operation'
  | 'model'
  | 'requestModel'
  | 'provider'
  | 'serviceTier'
  | 'service'
  | 'environment'
  | 'usageRule';

/**
 * A span in the house's own vocabulary: the answer of `normalize/`, the input of `SpanTable`.
 * Every text is as reported; undefined means the span itself does not say.
 */
export type AgentSpan = {
  readonly span: Span;
  readonly kind: AgentKind;
  /** The dialect that was recognised, or undefined for spans no dialect claims. */
  readonly dialect: string | undefined;
  /** Status ERROR, or the dialect's explicit failure even where status is UNSET. */
  readonly failed: boolean;
  readonly error: { readonly type: string | undefined; readonly message: string | undefined } | undefined;
  readonly text: Readonly<Partial<Record<TextField, string | undefined>>>;
  /** Undefined where nothing was reported; `'invalid'` where what was reported cannot be counts. */
  readonly usage: Usage | 'invalid' | undefined;
  /** The telemetry said how long its cache writes live: nothing has to be assumed of `usage.cacheWrite5m`. */
  readonly cacheTtlTold?: boolean | undefined;
  /** A model answered, and only what it read or only what it wrote was told: the other count is 0 and must not be. */
  readonly halfTold?: boolean | undefined;
  /** The usage is a running or accumulated sum that some descendants carry too: never billed beside theirs. */
  readonly aggregateUsage: boolean;
  /** The counts never start anew: what they grew by since the same agent's previous run is this run's. */
  readonly cumulativeUsage?: boolean | undefined;
  readonly recordedCost: RecordedCost | undefined;
  /** The provider's id of the answer; two spans with the same one report the same call. */
  readonly responseId: string | undefined;
  /** 1 for the first attempt; undefined where nothing tells. */
  readonly attempt: number | undefined;
  /** What else it tells, where that was asked for; absent where it tells nothing of it. */
  readonly observed?: Observed | undefined;
  /** What was wrong with the span's own words; absent where nothing was. Invalid usage is told by `usage`. */
  readonly warnings?: readonly WarningKind[];
};
