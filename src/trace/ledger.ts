import {
  type CostStatus,
  type Entries,
  type Forest,
  isUnpriced,
  NumberColumn,
  traceByTrace,
} from '../model/index.ts';
import { PlainCalls } from './plain-calls.ts';
import { type Pricing, reckonRow } from './reckon.ts';
import type { Verdicts } from './verdicts.ts';

/** Set in the code of a status where prices contradict the recorded cost. */
const CONFLICT = 0x80;

/**
 * What every counted span costs. A trace is priced when one of its spans is asked about: whoever shows ten of many traces
 * does not wait for the others.
 */
export class Ledger {
  readonly #verdicts: Verdicts;
  readonly #statuses: CostStatus[] = [];
  readonly #isUnpriced: boolean[] = [];
  readonly #see: (position: number) => void;
  readonly #forest: Forest;
  /** So many traces, the first ones, are priced for certain. */
  #settled = 0;
  #conflicts = 0;
  /** What was asked about last. */
  #position = -1;
  #entry = -1;
  /** Positions that are counted. */
  readonly #entries: Entries;
  /** By entry: the place of a status, whether there is a conflict, and picodollars. */
  readonly #codes: Uint8Array;
  readonly #costs: Float64Array;
  readonly #computedBeside = new NumberColumn();

  constructor(forest: Forest, verdicts: Verdicts, pricing: Pricing) {
    const { table, row } = forest;
    this.#forest = forest;
    this.#verdicts = verdicts;
    this.#entries = verdicts.counted();
    this.#codes = new Uint8Array(this.#entries.length);
    this.#costs = new Float64Array(this.#entries.length);
    const plain = new PlainCalls(table, pricing);
    this.#see = traceByTrace(forest, (from, to) => {
      for (let p = from; p < to; p++) {
        const entry = this.#entries.of(p);
        if (entry < 0) continue;
        const others = verdicts.otherReports(p);
        const isToolUse = verdicts.is(p, 'tool_price');
        if (others === undefined && !isToolUse && plain.price(row[p]!))
          this.#note(entry, plain.status, plain.amount, plain.conflict ? plain.computed : undefined);
        else {
          const rows = others?.map((other) => row[other]!);
          const { status, amount, conflict, price } = reckonRow(table, row[p]!, rows, isToolUse, pricing);
          const beside = conflict && price?.status === 'computed' ? price.amount : undefined;
          this.#note(entry, status, amount, beside);
        }
      }
    });
  }

  status(position: number): CostStatus {
    const effect = this.#verdicts.effect(position);
    if (effect !== 'counted') return effect;
    return this.#statuses[this.#codes[this.#entryOf(position)]! & ~CONFLICT]!;
  }

  /** Picodollars; 0 where nothing is counted, or nothing known. */
  cost(position: number): number {
    const entry = this.#entryOf(position);
    return entry < 0 ? 0 : this.#costs[entry]!;
  }

  lacksPrice(position: number): boolean {
    const entry = this.#entryOf(position);
    return entry >= 0 && this.#isUnpriced[this.#codes[entry]! & ~CONFLICT]!;
  }

  /** Prices all traces. Tells which loops over all spans would find something. */
  settle(): { readonly hasUnpriced: boolean; readonly hasConflicts: boolean } {
    const { traceFrom, traces } = this.#forest;
    for (; this.#settled < traces; this.#settled++) this.#see(traceFrom[this.#settled]!);
    return { hasUnpriced: this.#isUnpriced.includes(true), hasConflicts: this.#conflicts > 0 };
  }

  /** What prices say of a call whose recorded cost counts, where they contradict it. */
  contradiction(position: number): number | undefined {
    const entry = this.#entryOf(position);
    if (entry < 0 || (this.#codes[entry]! & CONFLICT) === 0) return undefined;
    return this.#computedBeside.get(entry);
  }

  /** The entry of a position, priced; -1 where nothing is counted. Several things are asked of one position after another. */
  #entryOf(position: number): number {
    if (position === this.#position) return this.#entry;
    const entry = this.#entries.of(position);
    if (entry >= 0) this.#see(position);
    this.#position = position;
    this.#entry = entry;
    return entry;
  }

  /** `beside`: what prices say where they contradict a recorded cost. */
  #note(entry: number, status: CostStatus, amount: number, beside: number | undefined): void {
    this.#costs[entry] = amount;
    this.#codes[entry] = this.#codeOf(status);
    if (beside === undefined) return;
    this.#conflicts++;
    this.#codes[entry]! |= CONFLICT;
    this.#computedBeside.set(entry, beside);
  }

  #codeOf(status: CostStatus): number {
    const known = this.#statuses.indexOf(status);
    if (known >= 0) return known;
    this.#isUnpriced.push(isUnpriced(status));
    return this.#statuses.push(status) - 1;
  }
}
