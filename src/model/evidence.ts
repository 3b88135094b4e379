import type { AgentKind, AgentSpan, Usage } from './agent-span.ts';
import type { Pico } from './units.ts';

/** Something about a span that decided a question. `value` is what was understood of it, and never content. */
export type Sign = {
  readonly at: 'attribute' | 'name' | 'scope' | 'resource' | 'event' | 'status' | 'model_name';
  /** The attribute's key; of an event, its name. */
  readonly key?: string;
  /** A place inside the key's JSON text. */
  readonly path?: string;
  readonly value?: string;
};

/** Why a span means what it means: what decided every part of an `AgentSpan`. */
export type SpanEvidence = {
  /** The answer itself, the same that totals rest on. */
  readonly agent: AgentSpan;
  /** Undefined where no dialect claims the span. `source`: where its spelling was learned. */
  readonly dialect:
    | { readonly name: string; readonly source: string; readonly signs: readonly Sign[] }
    | undefined;
  /** Undefined where nothing tells: the kind is `other`. `dialect`: whose table the sign stands in. */
  readonly kind:
    | {
        readonly kind: AgentKind;
        readonly strength: string;
        readonly dialect: string;
        readonly signs: readonly Sign[];
      }
    | undefined;
  /** By name: the fields of `AgentSpan.text`, and `responseId`, `errorType`, `errorMessage`. Silent ones are not in it. */
  readonly fields: ReadonlyMap<string, { readonly value: string; readonly sign: Sign }>;
  readonly failure: Sign | undefined;
  readonly attempt: Sign | undefined;
  readonly usage: UsageEvidence | undefined;
  readonly costs: readonly AmountEvidence[];
  /** By name, what the span tells besides usage and money; empty where that was not asked for. */
  readonly observed: ReadonlyMap<string, { readonly value: number | string; readonly sign: Sign }>;
};

/** One count of a family of counts and where it stood. */
type CountEvidence = {
  readonly count: string;
  /** `invalid`: what stands there cannot be a count. */
  readonly tokens: number | 'invalid';
  readonly sign: Sign;
};

/** The counts of one vocabulary on a span. */
export type FamilyEvidence = {
  readonly family: string;
  readonly dialect: string;
  readonly counts: readonly CountEvidence[];
};

/** Which family of counts was believed and how it was read. */
export type UsageEvidence = FamilyEvidence & {
  /** What decided whether the input holds the cache; undefined where the counts cannot be counts. */
  readonly rule: string | undefined;
  /** The half that was not told, worked out from the total. */
  readonly derived: 'input' | 'output' | undefined;
  /** Undefined where the counts cannot be counts. */
  readonly buckets: Usage | undefined;
  /** Where the rule is an assumption: the buckets if the cache is read the other way. */
  readonly otherReading: Usage | undefined;
  /** The counts are an accumulated sum by the family's or its writer's definition. */
  readonly aggregate: boolean;
  /** All counts are 0 on a call that failed: defaults, so that nothing is known. */
  readonly discarded: boolean;
  /** Other families on the span. `agrees`: the same input and output, as far as both tell. */
  readonly passedOver: readonly (FamilyEvidence & { readonly agrees: boolean })[];
};

/** A recorded amount. `chosen`: the one that is the span's recorded cost, or a part of it. */
export type AmountEvidence = {
  readonly sign: Sign;
  /** Undefined where it cannot be used: no amount, negative, or not in USD. */
  readonly amount: Pico | undefined;
  readonly billed: boolean;
  readonly chosen: boolean;
};
