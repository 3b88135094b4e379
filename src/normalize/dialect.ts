import type { AgentKind, ObservedNumber, ObservedText } from '../model/index.ts';
import type { EventTable } from './event-table.ts';

/**
 * How one SDK, framework or product spells agent concepts. Data only: the rest of this room is the engine that reads it.
 *
 * Whatever a table lists is believed on every span, the recognised dialect's own entries first and the others in the order
 * of `DIALECTS`, because real spans mix vocabularies. Entries marked `own` are believed only on spans of their own dialect:
 * bare keys (`model`, `status`, `error`) mean anything elsewhere.
 */
export type Dialect = {
  readonly name: string;
  /** Where the spelling was learned. */
  readonly source: string;
  /** Any of these recognises the dialect; the first dialect in `DIALECTS` wins. Absent: a vocabulary that claims no span. */
  readonly detect?: readonly Evidence[];
  readonly kinds?: readonly KindRule[];
  readonly fields?: Readonly<Partial<Record<Field, readonly FieldSource[]>>>;
  readonly attempt?: readonly AttemptSource[];
  readonly usage?: readonly UsageFamily[];
  readonly cost?: CostTable;
  readonly failure?: readonly FailureRule[];
  readonly events?: EventTable;
  /** What spans tell besides usage and money: read where an answer asks for it. */
  readonly observations?: {
    readonly numbers?: Readonly<Partial<Record<ObservedNumber, readonly NumberSource[]>>>;
    readonly texts?: Readonly<Partial<Record<ObservedText, readonly FieldSource[]>>>;
  };
  /** How spans are told that announce another one when it starts: they are children of it and name its own parent. */
  readonly startReports?: { readonly when: Condition; readonly parent: string };
  /** Keys that tell how large the result of a tool was, and keys that hold the result itself. */
  readonly toolResult?: { readonly sizes?: readonly string[]; readonly texts?: readonly string[] };
  /** Keys that hold what a tool was given. */
  readonly toolArguments?: readonly (string | { readonly key: string; readonly own: true })[];
  /** Keys that hold what a model was given, in one text or in numbered keys below; what stands first in a prompt comes first. */
  readonly prompt?: readonly string[];
  /** Keys that hold what people and models said, or what tools were given and gave back, and whatever stands below them. */
  readonly content?: readonly string[];
};

/** Signs of a dialect; all parts that are given must hold. `keys`: at least one of them is present. */
export type Evidence = {
  readonly scope?: RegExp;
  readonly name?: RegExp;
  readonly keys?: readonly string[];
  readonly value?: Condition;
  readonly resource?: { readonly key: string; readonly is: RegExp };
};

/** A key, or a place inside its JSON text, and what satisfies it: one of some values in lower case, a text, a number, or any value. */
export type Condition = {
  readonly key: string;
  readonly path?: string;
  readonly is?: readonly string[];
  readonly like?: RegExp;
  readonly atLeast?: number;
};

/**
 * What a sign says about the kind of a span, strongest first: the emitter's own type attribute, an operation name,
 * the span's name, the mere presence of keys, the transport. A stronger sign of any dialect beats a weaker one of all.
 */
export const STRENGTHS = ['declared', 'operation', 'name', 'presence', 'transport'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** A sign of what a span is: a value (lower case, or the first pattern that fits), present and absent keys, or a name. */
export type KindRule = { readonly strength: Strength; readonly own?: true } & (
  | {
      readonly key: string;
      /** Inside the key's JSON text. */
      readonly path?: string;
      readonly values: Readonly<Record<string, AgentKind>>;
      readonly when?: Condition;
    }
  | {
      readonly key: string;
      readonly patterns: readonly (readonly [RegExp, AgentKind])[];
      readonly when?: Condition;
    }
  | {
      readonly anyKey: readonly string[];
      readonly noKey?: readonly string[];
      readonly kind: AgentKind;
      readonly when?: Condition;
    }
  | { readonly name: RegExp; readonly kind: AgentKind }
);

/**
 * Texts a table can spell. `…Fallback` and `…Id` fields speak only where the field before them is silent everywhere; a
 * `customer` is whom the user's own application served.
 */
export const FIELDS = [
  'operation',
  'responseModel',
  'requestModel',
  'provider',
  'serviceTier',
  'user',
  'userFallback',
  'customer',
  'organization',
  'workspace',
  'session',
  'workflow',
  'workflowId',
  'agent',
  'agentId',
  'tool',
  'node',
  'connector',
  'environment',
  'responseId',
  'errorType',
  'errorMessage',
] as const;
export type Field = (typeof FIELDS)[number];

/** Where a text stands: a key, or a key or a part of the span's name (group 1) under conditions. */
export type FieldSource =
  | string
  | {
      readonly key: string;
      /** Inside the key's JSON text. */
      readonly path?: string;
      readonly when?: Condition;
      readonly kinds?: readonly AgentKind[];
      /** What is meant, whatever is written. */
      readonly means?: string;
      /** Gives way where this other key tells the same name, only longer. */
      readonly within?: string;
      /** Only spans without a parent. */
      readonly root?: true;
      readonly own?: true;
    }
  | {
      readonly name: RegExp;
      readonly kinds?: readonly AgentKind[];
      readonly own?: true;
      /** Not where the part only repeats the model. */
      readonly notModel?: true;
    };

/** Where a number stands that is neither a count of tokens nor an amount of money. */
export type NumberSource =
  | string
  | ({
      readonly kinds?: readonly AgentKind[];
      /** Asked of the event where the number stands on one, else of the span. */
      readonly when?: Condition;
      readonly unless?: Condition;
      readonly own?: true;
    } & (
      | {
          readonly key: string;
          /** Inside the key's JSON text. */
          readonly path?: string;
          /** The key stands on span events of this name, and the last one that tells counts. */
          readonly event?: string;
          /** Of a length of time: it is kept in whole nanoseconds. */
          readonly unit?: 'ns' | 'ms' | 's';
          /** A text may stand there instead: what it means, in lower case. */
          readonly words?: Readonly<Record<string, number>>;
          /** What is meant, whatever is written. */
          readonly means?: number;
          /** A list, or its JSON text, and how long it is; a point in time, and how long after the start it is. */
          readonly as?: 'length' | 'moment';
        }
      /** How long after the start the first event of this name came. */
      | { readonly event: string; readonly as: 'moment' }
      /** How many of these there are: `<items>.<index>.<member>`, whichever members are written. */
      | { readonly items: string; readonly members: readonly string[] }
    ));

/** `from`: what the first attempt is called. `event`: the key stands on span events of this name, and the largest counts. */
export type AttemptSource = {
  readonly key: string;
  readonly from: 0 | 1;
  readonly event?: string;
  /** A yes is one more attempt. */
  readonly flag?: true;
  readonly own?: true;
};

export const COUNTS = [
  'input',
  'output',
  'total',
  'uncached',
  'cacheRead',
  'cacheWrite',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'audioInput',
  'audioOutput',
  'webSearches',
] as const;
export type Count = (typeof COUNTS)[number];
export type CountKeys = Readonly<Partial<Record<Count, readonly string[]>>>;

/** Whether a part is counted inside the whole beside which it is reported, or on top of it. */
export type Accounting = 'inclusive' | 'exclusive';

/**
 * Token counts that belong together. Usage is read from one family a span, never from two: the same numbers mean different
 * things in different families.
 */
export type UsageFamily = {
  readonly name: string;
  /** The counts stand in the JSON text of this key (below `under`), not in attributes of their own. */
  readonly json?: { readonly key: string; readonly under?: string };
  readonly counts: CountKeys;
  /** JSON texts that tell what the counts leave out; believed only where they fit the input. */
  readonly details?: readonly { readonly key: string; readonly counts: CountKeys }[];
  /** What the dialect says where nothing proves otherwise; the first emitter that fits is asked before. */
  readonly cached: Accounting;
  readonly reasoning: Accounting;
  readonly audio?: Accounting;
  readonly emitters?: readonly Emitter[];
  /** One product alone writes these counts, and this is how it counts: nothing is left to guess. */
  readonly certain?: true;
  /** The total is the provider's own number, so it proves what it adds up to; others add up what they have. */
  readonly totals?: 'provider';
  /** A running or accumulated sum by definition. */
  readonly aggregate?: true;
  readonly own?: true;
  /** Only where one of these holds. */
  readonly when?: readonly Condition[];
};

/** One writer of a family and its accounting; all parts that are given must hold. `has`: any of these counts' keys. */
export type Emitter = {
  readonly name: string;
  readonly scope?: RegExp;
  /** Of the scope. */
  readonly version?: RegExp;
  readonly provider?: RegExp;
  readonly model?: RegExp;
  readonly kinds?: readonly AgentKind[];
  readonly has?: readonly string[];
  readonly when?: Condition;
  readonly cached?: Accounting;
  /** The span itself says where the cache is: believed before any proof that does not rule it out. */
  readonly stated?: true;
  readonly reasoning?: Accounting;
  readonly aggregate?: true;
  /** Counters of an object that lives on: each span tells all that came before it as well. */
  readonly cumulative?: true;
};

type CostTable = {
  /** What the whole call cost. */
  readonly totals?: readonly CostSource[];
  /** Groups of amounts that add up to the call; used where no dialect states a total. */
  readonly parts?: readonly (readonly CostSource[])[];
  /** A gateway answered from its own cache: the amount was avoided. */
  readonly notBilled?: readonly Condition[];
};

/** An amount in USD unless `unit` says otherwise. */
export type CostSource =
  | string
  | {
      readonly key: string;
      readonly path?: string;
      readonly when?: Condition;
      /** Every number in the JSON text is a part. */
      readonly each?: true;
      readonly unit?: 'micro_usd';
      /** The biller's own figure: always, or where the condition holds. */
      readonly billed?: true | Condition;
      /** Keys that name the currency where it may not be USD. */
      readonly currency?: readonly string[];
      /** The currency stands behind the amount: `0.0012USD`. */
      readonly withCurrency?: true;
      readonly aggregate?: true;
      readonly own?: true;
    };

/** The emitter's own word that the span failed. `weak`: an OK status says more. */
export type FailureRule = Condition & { readonly weak?: true; readonly own?: true };

/** How emitters spell failure in status and success attributes. */
export const FAILED = [
  'false',
  '0',
  'error',
  'failed',
  'failure',
  'crashed',
  'canceled',
  'cancelled',
  'timeout',
  'timed_out',
  'rejected',
  'aborted',
] as const;
