import type { Condition, Evidence } from './dialect.ts';

/** Log events that report calls and steps: each becomes a span. */
export type EventTable = {
  /** The first rule that fits decides; of several tables the first in the order of `DIALECTS`. */
  readonly rules: readonly EventRule[];
  /** Events of records that any of these marks as the product's own may go without this prefix. */
  readonly prefix?: { readonly text: string; readonly from: readonly Evidence[] };
  /** Where records that name no trace say what they belong together by, outermost first. */
  readonly groups?: readonly EventGroup[];
};

/** A span that several events imply: the session or the turn they name. `keys`: the first that is there names it. */
export type EventGroup = { readonly keys: readonly string[]; readonly span: string };

/** One event and what it says. */
export type EventRule = {
  /** Its name, in the record's field for it, in `event.name` or as the body; absent: records that need no name. */
  readonly event?: string;
  /** All of these hold. */
  readonly when?: readonly Condition[];
  /** Of each list at least one key is there. */
  readonly has?: readonly (readonly string[])[];
  /** Only records that any of these marks. */
  readonly from?: readonly Evidence[];
} & (
  | {
      /** Says nothing that the product's other events do not say. */
      readonly repeats: true;
    }
  | {
      /** Opens a group of its table and is its span. */
      readonly opens: string;
    }
  | {
      /** What the span is called: a name, or the values of keys with a space between, a name where there are none. */
      readonly span: string;
      readonly spanKeys?: readonly string[];
      /** How long the operation took. The record was written when it was over, as all known writers do. */
      readonly duration?: readonly { readonly key: string; readonly unit: 'ms' | 's' }[];
      /** Keys that tell the event from every other, so that a record sent twice is one span; else its whole content does. */
      readonly id?: readonly string[];
      /** The event reports a failure: always, or where any of the keys is there. */
      readonly failed?: true | readonly string[];
      /** A line of an application's log: its counts are calls only where no span can report them. */
      readonly loose?: true;
      /** A record that names a span is part of it and nothing more. */
      readonly alone?: true;
    }
);
