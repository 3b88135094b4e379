import { USAGE_FIELDS, type Usage } from './agent-span.ts';
import { DoubleColumn, Entries, NumberColumn, Records } from './columns.ts';
import { type Pico, pico } from './units.ts';

/** Who says what a recorded cost is; a place in this list stands for it. */
export const AUTHORITIES = ['billed', 'asserted', 'not_billed'] as const;

/** What a call said besides its counts: whether it has any, and a place in `AUTHORITIES` plus 1 where it has a cost. */
const HAS_USAGE = 4;
const AUTHORITY = 3;

/** What spans report of calls of models: usage, cost, and the answer's id. Most spans report nothing and have no entry. */
export class CallTable {
  readonly #entries = new Entries();
  readonly usage: Readonly<Record<keyof Usage, NumberColumn>> = {
    reportedInput: new NumberColumn(),
    reportedOutput: new NumberColumn(),
    uncachedInput: new NumberColumn(),
    cacheRead: new NumberColumn(),
    cacheWrite5m: new NumberColumn(),
    cacheWrite1h: new NumberColumn(),
    output: new NumberColumn(),
    reasoning: new NumberColumn(),
    audioInput: new NumberColumn(),
    audioOutput: new NumberColumn(),
    webSearches: new NumberColumn(),
    totalOnly: new NumberColumn(),
  };
  readonly #inOrder = inOrder(this.usage);
  readonly #told = new NumberColumn();
  /** How the usage was counted. */
  readonly #rule = new NumberColumn();
  readonly #cost = new DoubleColumn();
  /** 64 bits of the hash of the answer's id; 0, 0 where there is none. */
  readonly #answers = new Records(2);
  #answered = 0;

  get length(): number {
    return this.#entries.length;
  }

  /** Some call has the id of its answer. */
  get hasAnswers(): boolean {
    return this.#answered > 0;
  }

  /** Adds what the row that was added last reports. See `SpanTable.setCall`. */
  add(row: number, usage: Usage | undefined, rule: number, cost: number, authority: number): number {
    const call = this.#entries.add(row);
    if (usage !== undefined) this.#setCounts(call, usage);
    if (rule !== 0) this.#rule.set(call, rule);
    const hasCost = !Number.isNaN(cost);
    if (hasCost) this.#cost.set(call, cost);
    this.#told.set(call, (usage === undefined ? 0 : HAS_USAGE) | (hasCost ? authority + 1 : 0));
    return call;
  }

  setAnswer(call: number, high: number, low: number): void {
    if (high === 0 && low === 0) return;
    while (this.#answered < call) this.#writeAnswer(this.#answered++, 0, 0);
    this.#answered = Math.max(this.#answered, call + 1);
    this.#writeAnswer(call, high, low);
  }

  #writeAnswer(call: number, high: number, low: number): void {
    const words = this.#answers.room(call);
    const from = this.#answers.from(call);
    words[from] = high;
    words[from + 1] = low;
  }

  /** Writes the counts of a new call, most of which are 0 and there already. */
  #setCounts(call: number, usage: Usage): void {
    const counts = inOrder(usage);
    for (let i = 0; i < counts.length; i++) if (counts[i] !== 0) this.#inOrder[i]!.set(call, counts[i]!);
  }

  /** The entry of a row, -1 where it has none. */
  of(row: number): number {
    return this.#entries.of(row);
  }

  hasUsage(call: number): boolean {
    return (this.#told.get(call) & HAS_USAGE) !== 0;
  }

  ruleOf(call: number): number {
    return this.#rule.get(call);
  }

  hasCost(call: number): boolean {
    return (this.#told.get(call) & AUTHORITY) !== 0;
  }

  /** Who says what the cost of a call that has one is, a place in `AUTHORITIES`. */
  authorityOf(call: number): number {
    return (this.#told.get(call) & AUTHORITY) - 1;
  }

  /** Recorded picodollars; 0 where none are. */
  amountOf(call: number): number {
    return this.#cost.get(call);
  }

  costOf(call: number): { amount: Pico; authority: (typeof AUTHORITIES)[number] } | undefined {
    const authority = this.#told.get(call) & AUTHORITY;
    if (authority === 0) return undefined;
    return { amount: pico(this.#cost.get(call)), authority: AUTHORITIES[authority - 1]! };
  }

  /** The words of the answer's hash; 0 and 0 where there is none. */
  answerHigh(call: number): number {
    return call < this.#answered ? this.#answers.chunk(call)[this.#answers.from(call)]! : 0;
  }

  answerLow(call: number): number {
    return call < this.#answered ? this.#answers.chunk(call)[this.#answers.from(call) + 1]! : 0;
  }

  usageOf(call: number): Usage {
    const { usage } = this;
    return {
      reportedInput: usage.reportedInput.get(call),
      reportedOutput: usage.reportedOutput.get(call),
      uncachedInput: usage.uncachedInput.get(call),
      cacheRead: usage.cacheRead.get(call),
      cacheWrite5m: usage.cacheWrite5m.get(call),
      cacheWrite1h: usage.cacheWrite1h.get(call),
      output: usage.output.get(call),
      reasoning: usage.reasoning.get(call),
      audioInput: usage.audioInput.get(call),
      audioOutput: usage.audioOutput.get(call),
      webSearches: usage.webSearches.get(call),
      totalOnly: usage.totalOnly.get(call),
    };
  }

  setUsage(call: number, usage: Usage): void {
    for (const field of USAGE_FIELDS) this.usage[field].set(call, usage[field]);
  }

  /** Forgets what rows from `row` on reported. */
  truncate(row: number): void {
    this.#entries.truncate(row);
    const { length } = this;
    for (const column of [...Object.values(this.usage), this.#told, this.#rule, this.#cost])
      column.clear(length);
    this.#answered = Math.min(this.#answered, length);
  }
}

/** What stands under the fields, one after the other; a loop over their names would look up twelve names a call. */
function inOrder<T>(of: Readonly<Record<keyof Usage, T>>): readonly T[] {
  return [
    of.reportedInput,
    of.reportedOutput,
    of.uncachedInput,
    of.cacheRead,
    of.cacheWrite5m,
    of.cacheWrite1h,
    of.output,
    of.reasoning,
    of.audioInput,
    of.audioOutput,
    of.webSearches,
    of.totalOnly,
  ];
}
