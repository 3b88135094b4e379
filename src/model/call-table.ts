import { USAGE_FIELDS, type Usage } from './agent-span.ts';
import { AUTHORITY, CALL_COLUMN, type CallBatch, HAS_USAGE } from './call-batch.ts';
import { Entries, NumberColumn, Records } from './columns.ts';
import { type Pico, pico } from './units.ts';

/** Who says what a recorded cost is; a place in this list stands for it. */
export const AUTHORITIES = ['billed', 'asserted', 'not_billed'] as const;

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
  readonly #counts = USAGE_FIELDS.map((field) => this.usage[field]);
  readonly #told = new NumberColumn();
  /** How the usage was counted. */
  readonly #rule = new NumberColumn();
  readonly #cost = new NumberColumn();
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

  /** Adds what rows from `first` on report, which stand behind all others that have. */
  append(first: number, batch: CallBatch): void {
    const { values, length, room } = batch;
    if (length === 0) return;
    const call = this.#entries.length;
    this.#entries.append(first, batch.rows, length);
    for (let i = 0; i < this.#counts.length; i++) this.#counts[i]!.append(call, values, i * room, length);
    this.#told.append(call, values, CALL_COLUMN.told * room, length);
    this.#rule.append(call, values, CALL_COLUMN.rule * room, length);
    this.#cost.append(call, values, CALL_COLUMN.cost * room, length);
    this.#appendAnswers(call, batch);
  }

  /** There is nothing behind the last call that has one, so whoever never tells any takes no memory. */
  #appendAnswers(call: number, { answers, answered }: CallBatch): void {
    if (answered === 0) return;
    while (this.#answered < call) this.#writeAnswer(this.#answered++, 0, 0);
    for (let i = 0; i < answered; i++) this.#writeAnswer(call + i, answers[2 * i]!, answers[2 * i + 1]!);
    this.#answered = call + answered;
  }

  #writeAnswer(call: number, high: number, low: number): void {
    const words = this.#answers.room(call);
    const from = this.#answers.from(call);
    words[from] = high;
    words[from + 1] = low;
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
