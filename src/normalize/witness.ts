import type { AmountEvidence, ObservedNumber, ObservedText, Sign } from '../model/index.ts';
import type { Count, Field, KindRule } from './dialect.ts';
import type { Reading } from './usage.ts';

/**
 * Told what decides while a span is understood, by the same compiled tables that decide. Nobody listens unless a person
 * asks why: signs are made for a witness only.
 */
export type Witness = {
  readonly dialect: (signs: readonly Sign[]) => void;
  readonly kind: (rule: KindRule, signs: readonly Sign[]) => void;
  readonly field: (field: Field, sign: Sign) => void;
  readonly failure: (sign: Sign) => void;
  readonly attempt: (sign: Sign) => void;
  /** `families` holds the chosen one too. */
  readonly usage: (chosen: Reading, families: readonly FamilyCounts[]) => void;
  readonly costs: (seen: readonly AmountSeen[]) => void;
  /** In the order in which they were looked at; the last one of a name that tells something is believed. */
  readonly observed: (name: ObservedNumber | ObservedText, seen: ObservedSeen) => void;
};

/** The counts of one family on the span. */
export type FamilyCounts = { readonly reading: Reading; readonly counts: readonly CountSeen[] };
export type CountSeen = { readonly count: Count; readonly tokens: number | 'invalid'; readonly sign: Sign };

/** A source of a number or text that has something written down. */
export type ObservedSeen = {
  /** Undefined where that is no such number. */
  readonly told: number | string | undefined;
  readonly sign: Sign;
  /** Makes the number of the value that its key has in a row; undefined where rows have none for it. */
  readonly ofRow: ((value: number) => number | undefined) | undefined;
  /** Spans of one pattern with the same value under its key tell the same. */
  readonly inRows: boolean;
};

/** An amount that is written down. */
export type AmountSeen = AmountEvidence & {
  /** One of several that add up to the cost. */
  readonly part: boolean;
  /** What descendants cost is in it. */
  readonly aggregate: boolean;
  /** Where the decimal point went. */
  readonly shift: number;
};

/** A sign in an attribute. */
export function attributeSign(key: string, path: string | undefined, value?: string): Sign {
  return {
    at: 'attribute',
    key,
    ...(path === undefined ? {} : { path }),
    ...(value === undefined ? {} : { value }),
  };
}
