import { append, CALL_RULES, FLAG, type Forest, isModelKind, stepOf } from '../model/index.ts';
import type { Dataset } from './dataset.ts';

/**
 * What was tried again. Attempts of one call are spans of one step that have the same call id, that count their attempts, or
 * that follow a failed one under the same parent; or one span tells how many it took.
 */
export type Attempts = {
  /** Attempts beyond the first, at the span that made them or tells of them; others are not in it. */
  readonly retries: ReadonlyMap<number, number>;
  /** Which attempt a span is, where that is not the first. */
  readonly numbers: ReadonlyMap<number, number>;
  /** The last attempt of every call that was tried again, and whether it succeeded. */
  readonly outcomes: ReadonlyMap<number, boolean>;
};

export function attemptsOf(data: Dataset): Attempts {
  const chains = new Chains(data);
  const { forest } = data;
  if (forest.table.observations.has('callId')) chains.byCallId();
  for (let trace = 0; trace < forest.traces; trace++)
    chains.bySiblings(forest.traceFrom[trace]!, forest.traceFrom[trace + 1]!);
  for (let p = 0; p < forest.length; p++)
    if (forest.size[p]! > 1) chains.bySiblings(p + 1, p + forest.size[p]!);
  chains.fold();
  return chains;
}

class Chains implements Attempts {
  readonly retries = new Map<number, number>();
  readonly outcomes = new Map<number, boolean>();
  readonly #data: Dataset;
  readonly #forest: Forest;
  readonly #stepOf: (position: number) => number;
  readonly numbers = new Map<number, number>();
  /** Retries that only a number tells, no span of their own. */
  readonly #implied = new Map<number, number>();
  /** 1 for profiles of spans that failed, or tell of attempts. */
  readonly #telling: Uint8Array;
  /** Has its place by call id. */
  readonly #placed = new Set<number>();

  constructor(data: Dataset) {
    this.#data = data;
    this.#forest = data.forest;
    this.#stepOf = stepsOf(data.forest);
    const { profiles } = data.forest.table;
    this.#telling = Uint8Array.from({ length: profiles.length }, (_, profile) =>
      Number((profiles.flagsOf(profile) & FLAG.failed) !== 0 || profiles.attemptOf(profile) !== undefined),
    );
  }

  /** Wherever they stand in the trace. What runs inside an attempt, or beside it, is the same attempt seen again. */
  byCallId(): void {
    const { table, row, traceFrom, traces } = this.#forest;
    const ids = new Set<number>();
    for (let trace = 0; trace < traces; trace++) {
      const [from, to] = [traceFrom[trace]!, traceFrom[trace + 1]!];
      ids.clear();
      let several = false;
      for (let p = from; p < to && !several; p++) {
        const id = table.observations.textId('callId', row[p]!);
        several = id !== 0 && ids.has(id);
        if (id !== 0) ids.add(id);
      }
      if (several) this.#chainCalls(from, to);
    }
  }

  #chainCalls(from: number, to: number): void {
    const { table, row } = this.#forest;
    const calls = new Map<string, number[]>();
    for (let p = from; p < to; p++) {
      const id = table.observations.textId('callId', row[p]!);
      if (id !== 0 && !this.#isRepetition(p)) append(calls, `${id} ${this.#stepOf(p)}`, p);
    }
    for (const spans of calls.values()) if (spans.length > 1) this.#chain(spans);
  }

  #chain(spans: readonly number[]): void {
    const { offset } = this.#forest;
    const inOrder = spans.toSorted((a, b) => (offset(a) ?? 0) - (offset(b) ?? 0) || a - b);
    let last: number | undefined;
    for (const p of inOrder) {
      this.#placed.add(p);
      if (last !== undefined && !this.#isAfter(last, p)) continue;
      // Ids that are not the call's alone come again after a success.
      const again = last !== undefined && this.#isFailed(last) ? last : undefined;
      this.#add(p, again, this.#attemptOf(p));
      last = p;
    }
  }

  /** Spans of one parent, or at the top of a trace: `[from, to)` are their subtrees. */
  bySiblings(from: number, to: number): void {
    const { size, table, row } = this.#forest;
    if (from + size[from]! === to && this.#attemptOf(from) === undefined) return;
    if (!this.#tells(from, to)) return;
    /** The latest span of each step. */
    const latest = new Map<number, number>();
    let before = -1;
    let actor = -1;
    for (let p = from; p < to; p += size[p]!) {
      if (this.#isRepetition(p)) continue;
      const isModel = isModelKind(table.kindOf(row[p]!));
      if (!this.#placed.has(p)) {
        const step = this.#stepOf(p);
        const last = latest.get(step);
        const told = this.#attemptOf(p);
        // Between a failed tool and the next try of it, the model may have been asked what to do.
        const adjacent = last === (isModel ? before : actor);
        const continues = last !== undefined && this.#continues(last, p, told, adjacent);
        this.#add(p, continues ? last : undefined, told);
        latest.set(step, p);
      }
      before = p;
      if (!isModel) actor = p;
    }
  }

  /** Did one of some siblings fail, or does it tell of attempts? Where none does, none was tried again. */
  #tells(from: number, to: number): boolean {
    const { size, table, row } = this.#forest;
    for (let p = from; p < to; p += size[p]!) if (this.#telling[table.profileOf(row[p]!)] === 1) return true;
    return false;
  }

  #continues(last: number, next: number, told: number | undefined, adjacent: boolean): boolean {
    const number = this.numbers.get(last) ?? 1;
    const failed = this.#isFailed(last);
    if (told !== undefined) {
      return told > number && (failed || this.#attemptOf(last) !== undefined);
    }
    return failed && adjacent && this.#isAfter(last, next);
  }

  #add(p: number, last: number | undefined, told: number | undefined): void {
    const before = last === undefined ? 0 : (this.numbers.get(last) ?? 1);
    const number = Math.max(told ?? 1, before + 1);
    if (number === 1) return;
    const own = last === undefined ? number - 1 : number - before;
    const implied = own - (last === undefined ? 0 : 1);
    this.numbers.set(p, number);
    this.retries.set(p, own);
    if (implied > 0) this.#implied.set(p, implied);
    if (last !== undefined) this.outcomes.delete(last);
    this.outcomes.set(p, !this.#isFailed(p));
  }

  /** A span that tells how many attempts it took may have a span below it for each of them: they are the same ones. */
  fold(): void {
    const { size } = this.#forest;
    const below = new Map<number, number>();
    for (const p of this.#implied.keys()) {
      let shown = 0;
      for (let c = p + 1; c < p + size[p]!; c += size[c]!) shown += this.retries.get(c) ?? 0;
      if (shown > 0) below.set(p, shown);
    }
    for (const [p, shown] of below) {
      const left = this.retries.get(p)! - Math.min(shown, this.#implied.get(p)!);
      if (left > 0) this.retries.set(p, left);
      else {
        this.retries.delete(p);
        this.outcomes.delete(p);
      }
    }
  }

  #attemptOf(p: number): number | undefined {
    return this.#forest.table.attemptOf(this.#forest.row[p]!);
  }

  #isFailed(p: number): boolean {
    return this.#forest.table.has(this.#forest.row[p]!, FLAG.failed);
  }

  /** Another report of a call that is there already. */
  #isRepetition(p: number): boolean {
    return CALL_RULES[this.#data.bill.rule(p)].effect === 'duplicate';
  }

  /** Attempts follow one another; what overlaps ran at the same time. */
  #isAfter(last: number, next: number): boolean {
    const { offset, duration } = this.#forest;
    const [from, to] = [offset(last), offset(next)];
    return from !== undefined && to !== undefined && to >= from + duration(last);
  }
}

/** Positions of the same step have the same number. A call of a model goes by what was asked for: failed ones have no other. */
function stepsOf({ table, row }: Forest): (position: number) => number {
  const numbers = new Map<string, number>();
  const byProfile = new Map<number, number>();
  return (position) => {
    const profile = table.profileOf(row[position]!);
    let number = byProfile.get(profile);
    if (number !== undefined) return number;
    const kind = table.profiles.kindOf(profile);
    const asked = isModelKind(kind) ? table.profiles.textIdOf('requestModel', profile) : 0;
    const name = asked === 0 ? stepOf(table, profile) : `${kind} ${table.strings.text(asked)}`;
    number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    byProfile.set(profile, number);
    return number;
  };
}
