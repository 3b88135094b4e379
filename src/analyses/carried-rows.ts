import { type Column, type Money, type Selection, usd } from '../model/index.ts';
import type { Dimension, Measured } from '../rollup/index.ts';
import { CARRIED_UNKNOWN, type CarriedUnknown, carriedCosts } from './carried.ts';
import type { Carry } from './prompt-reads.ts';

/** What the results of a row's tools cost in later calls; `unknown` counts the results of which nobody can tell. */
type CarriedNumbers = {
  readonly tokens: number;
  readonly reads: number;
  readonly cost_usd: Money;
  readonly cached_usd: Money;
  readonly uncached_usd: Money;
  readonly unknown: number;
  readonly unpriced_reads: number;
};

/** Carried costs by the labels of rows. They are a part of the calls' cost, never added to it. */
export type CarriedRows = {
  /** The labels of every row that has results of tools. */
  readonly labels: readonly (readonly string[])[];
  readonly of: (labels: readonly string[]) => CarriedNumbers;
  /** For sorting: picodollars. */
  readonly amountOf: (labels: readonly string[]) => bigint;
  readonly total: CarriedNumbers;
  readonly evidence: {
    readonly conversations: number;
    readonly results: number;
    readonly shared_equally: number;
    readonly unknown: readonly { readonly reason: CarriedUnknown; readonly results: number }[];
  };
  readonly columns: readonly Column[];
  readonly notes: readonly string[];
};

export function carriedRows(
  data: Measured,
  dimensions: readonly Dimension[],
  selected: Selection | undefined,
): CarriedRows {
  const { of, conversations, sharedEqually } = carriedCosts(data, selected);
  const labelers = dimensions.map(({ labels, absent }) => {
    const { idOf, textOf } = labels(data);
    return (position: number): string => textOf(idOf(position)) ?? absent;
  });
  const rows = new Map<string, { readonly labels: readonly string[]; readonly sum: Sum }>();
  const total = new Sum();
  const reasons = new Map<CarriedUnknown, number>();
  for (const [position, carry] of of) {
    const labels = labelers.map((label) => label(position));
    const key = JSON.stringify(labels);
    const row = rows.get(key) ?? { labels, sum: new Sum() };
    rows.set(key, row);
    row.sum.add(carry);
    total.add(carry);
    if ('unknown' in carry) reasons.set(carry.unknown, (reasons.get(carry.unknown) ?? 0) + 1);
  }
  const sumOf = (labels: readonly string[]): Sum | undefined => rows.get(JSON.stringify(labels))?.sum;
  const unknown = [...reasons]
    .map(([reason, results]) => ({ reason, results }))
    .sort((a, b) => b.results - a.results || (a.reason < b.reason ? -1 : 1));
  return {
    labels: [...rows.values()].map(({ labels }) => labels),
    of: (labels) => (sumOf(labels) ?? NO_RESULTS).numbers(),
    amountOf: (labels) => (sumOf(labels) ?? NO_RESULTS).amount,
    total: total.numbers(),
    evidence: { conversations, results: of.size, shared_equally: sharedEqually, unknown },
    columns: COLUMNS,
    notes: [
      "carried: what results of tools cost in later calls that read them again; it is part of the calls' own cost",
      ...(sharedEqually === 0
        ? []
        : [`carried: ${sharedEqually} results came back beside others and share equally; no sizes are told`]),
      ...unknown.map(
        ({ reason, results }) =>
          `carried: unknown for ${results} result${results === 1 ? '' : 's'}: ${CARRIED_UNKNOWN[reason]}`,
      ),
    ],
  };
}

class Sum {
  #tokens = 0;
  #reads = 0;
  #cached = 0n;
  #uncached = 0n;
  #known = 0;
  #unknown = 0;
  #unpriced = 0;

  get amount(): bigint {
    return this.#cached + this.#uncached;
  }

  add(carry: Carry | { readonly unknown: CarriedUnknown }): void {
    if ('unknown' in carry) {
      this.#unknown++;
      return;
    }
    this.#known++;
    this.#tokens += carry.tokens;
    this.#reads += carry.reads;
    this.#cached += carry.cached;
    this.#uncached += carry.uncached;
    this.#unpriced += carry.unpricedReads;
  }

  numbers(): CarriedNumbers {
    const nothingKnown =
      (this.#known === 0 && this.#unknown > 0) || (this.#reads > 0 && this.#unpriced === this.#reads);
    const money = (pico: bigint): Money =>
      nothingKnown ? usd(undefined) : usd(pico, this.#unknown + this.#unpriced > 0);
    return {
      tokens: this.#tokens,
      reads: this.#reads,
      cost_usd: money(this.amount),
      cached_usd: money(this.#cached),
      uncached_usd: money(this.#uncached),
      unknown: this.#unknown,
      unpriced_reads: this.#unpriced,
    };
  }
}

const NO_RESULTS = new Sum();

const COLUMNS: readonly Column[] = [
  { path: ['carried', 'cost_usd'], name: 'carried_usd', label: 'carried', show: 'money', unknown: 'n/a' },
  { path: ['carried', 'tokens'], name: 'carried_tokens', label: 'results', show: 'tokens', droppable: 2 },
  { path: ['carried', 'reads'], name: 'carried_reads', label: 'reads', show: 'count', droppable: 3 },
  {
    path: ['carried', 'cached_usd'],
    name: 'carried_cached_usd',
    label: 'cached',
    show: 'money',
    unknown: 'n/a',
    droppable: 4,
  },
  {
    path: ['carried', 'uncached_usd'],
    name: 'carried_uncached_usd',
    label: 'uncached',
    show: 'money',
    unknown: 'n/a',
    droppable: 5,
  },
  { path: ['carried', 'unknown'], name: 'carried_unknown', label: 'unknown', show: 'count', droppable: 6 },
];
