import type { AttributeValue, Place, Projection, Resource, Scope, SpanSink } from '../model/index.ts';

/** A parsed record. Objects are plain; keys come from strangers, so read with `Object.hasOwn` or `own`. */
export type JsonValue = null | undefined | boolean | number | bigint | string | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

/** How the record was written: JSON, or what Node's `util.inspect` prints. */
export type Syntax = 'json' | 'inspect';

export type ReadContext = {
  readonly sink: SpanSink;
  readonly projection: Projection;
  /** Where the record begins. */
  readonly at: Place;
  /** One object per distinct resource of this input, by its content. */
  readonly resource: (attributes: ReadonlyMap<string, AttributeValue>) => Resource;
  readonly scope: (name: string | undefined, version: string | undefined) => Scope | undefined;
};

/**
 * One way to write spans down. A format never opens a file: it says whether a record is its own, and reads it.
 * `claims` looks at own keys only and is cheap.
 */
export type Format = {
  readonly name: string;
  /** What writes it, in plain words. */
  readonly title: string;
  /** What it is made of: JSON, unless it says otherwise. */
  readonly kind?: 'text';
  /** Where its shape was learned: a specification, a source file, a run of the real thing. */
  readonly source: string;
  readonly claims: (value: JsonObject, syntax: Syntax) => boolean;
  /**
   * Of a record that it claims: `read` looks at no attribute that was not asked for, apart from those in `ALWAYS`
   * (`skim/members.ts`); they need not be made at all.
   */
  readonly skims?: (value: JsonObject) => boolean;
} & (RecordReader | Assembled);

/** A format whose reader remembers. */
export type Assembled = {
  readonly assembler: () => Assembler;
  /** Its records complete each other whichever input they are in: one reader for all inputs of a run. */
  readonly acrossInputs?: true;
};

/**
 * Reads one record: puts every span and log into the sink, reports what it cannot read with `sink.skip('bad_span', …)` and
 * goes on. It never throws for anything a record can contain.
 */
type RecordReader = { readonly read: (value: JsonObject, context: ReadContext) => void };

/**
 * Reads a format whose spans take several records: an answer over several lines, a counter that runs on, a record that
 * completes an earlier one. There is one per input and read, or one for all inputs; it keeps what is unfinished, not what it has read.
 */
export type Assembler = RecordReader & {
  /** The input is over: whatever is unfinished goes into the sink as far as it is known. */
  readonly end: () => void;
};
