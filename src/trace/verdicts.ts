import {
  CALL_RULES,
  type CallEffect,
  type CallRule,
  Entries,
  type Forest,
  type Verdict,
} from '../model/index.ts';
import { reportsMoney } from './reports.ts';

const NAMES = Object.keys(CALL_RULES) as readonly CallRule[];
const EFFECTS: readonly CallEffect[] = NAMES.map((name) => CALL_RULES[name].effect);
/** 1 for the bytes of rules that are meant. */
const COUNTED = Uint8Array.from(EFFECTS, (effect) => Number(effect === 'counted'));
const AGGREGATE = Uint8Array.from(NAMES, (name) => Number(name.startsWith('aggregate_')));
const DUPLICATE = Uint8Array.from(EFFECTS, (effect) => Number(effect === 'duplicate'));

/** The byte that stands for each rule. */
const RULE = Object.fromEntries(NAMES.map((name, code) => [name, code])) as Readonly<
  Record<CallRule, number>
>;

/**
 * What a span is to the bill: one rule a position, a byte each, and which spans are reports of one call. Everything starts
 * as `none`.
 */
export class Verdicts {
  readonly #codes: Uint8Array;
  /** A bit for every rule that was ever given to a span. */
  #given = 0;
  /** The span that stands for a call, and its other reports. */
  readonly #reports = new Map<number, number[]>();
  /** The same the other way round. */
  readonly #keptBy = new Map<number, number>();
  readonly #forest: Forest;

  constructor(forest: Forest) {
    this.#forest = forest;
    this.#codes = new Uint8Array(forest.length);
  }

  rule(position: number): CallRule {
    return NAMES[this.#codes[position]!]!;
  }

  is(position: number, rule: CallRule): boolean {
    return NAMES[this.#codes[position]!] === rule;
  }

  /** In the total as a call of its own. */
  isCounted(position: number): boolean {
    return COUNTED[this.#codes[position]!] === 1;
  }

  /** The positions in the total. */
  counted(): Entries {
    const entries = new Entries();
    const codes = this.#codes;
    for (let p = 0; p < codes.length; p++) if (COUNTED[codes[p]!] === 1) entries.add(p);
    return entries;
  }

  /** In the total by a sum that only this span knows. */
  isAggregate(position: number): boolean {
    return AGGREGATE[this.#codes[position]!] === 1;
  }

  isRollup(position: number): boolean {
    return this.effect(position) === 'rollup';
  }

  effect(position: number): CallEffect {
    return EFFECTS[this.#codes[position]!]!;
  }

  isDuplicate(position: number): boolean {
    return DUPLICATE[this.#codes[position]!] === 1;
  }

  set(position: number, rule: CallRule): void {
    const code = RULE[rule];
    this.#codes[position] = code;
    this.#given |= 1 << code;
  }

  /** May there be spans with this effect? In most inputs all calls are told once, and nobody has to look for others. */
  mayHave(effect: CallEffect): boolean {
    return EFFECTS.some((one, code) => one === effect && (this.#given & (1 << code)) !== 0);
  }

  /** `kept` stands for the call from now on, and for every call that `other` stood for. */
  merge(kept: number, other: number, rule: CallRule): void {
    this.set(other, rule);
    const group = this.#reports.get(kept) ?? [];
    for (const report of [other, ...(this.#reports.get(other) ?? [])]) {
      group.push(report);
      this.#keptBy.set(report, kept);
    }
    this.#reports.delete(other);
    this.#reports.set(kept, group);
  }

  /** The span that stands for the call that a duplicate reports. */
  standsFor(position: number): number | undefined {
    return this.#keptBy.size === 0 ? undefined : this.#keptBy.get(position);
  }

  /** The other reports of the call that a span stands for. */
  otherReports(position: number): readonly number[] | undefined {
    return this.#reports.size === 0 ? undefined : this.#reports.get(position);
  }

  verdict(position: number): Verdict {
    const rule = this.rule(position);
    const kept = this.#keptBy.get(position);
    if (this.isDuplicate(position)) return { rule, of: kept === undefined ? [] : [kept] };
    if (this.isRollup(position)) return { rule, of: this.#countedBelow(position) };
    return { rule, of: [...(this.#reports.get(position) ?? [])].sort((a, b) => a - b) };
  }

  #countedBelow(position: number): readonly number[] {
    const { row, size, table } = this.#forest;
    const below: number[] = [];
    for (let p = position + 1; p < position + size[position]!; p++) {
      if (this.isCounted(p) && reportsMoney(table, row[p]!)) below.push(p);
    }
    return below;
  }
}
