import { USAGE_FIELDS, type Usage } from './agent-span.ts';
import { ColumnBatch } from './column-batch.ts';

/** Which column of a batch is which; those of the counts come first, in the order of `USAGE_FIELDS`. */
export const CALL_COLUMN = {
  told: USAGE_FIELDS.length,
  rule: USAGE_FIELDS.length + 1,
  cost: USAGE_FIELDS.length + 2,
} as const;
const COLUMNS = USAGE_FIELDS.length + 3;

/** What a call said besides its counts: whether it has any, and a place in `AUTHORITIES` plus 1 where it has a cost. */
export const HAS_USAGE = 4;
export const AUTHORITY = 3;

/** What some rows report of calls of models, on their way into a `CallTable`. */
export class CallBatch extends ColumnBatch {
  /** Two words each. */
  answers = new Uint32Array(0);
  /** So many calls, up to the last one that has the id of its answer. */
  answered = 0;

  constructor() {
    super(COLUMNS);
  }

  override begin(room: number): void {
    super.begin(room);
    this.answered = 0;
    if (2 * room > this.answers.length) this.answers = new Uint32Array(2 * room);
  }

  /** Adds what a row reports; it stands `row` rows behind the first one of the batch. See `SpanTable.setCall`. */
  add(
    row: number,
    usage: Usage | undefined,
    rule: number,
    cost: number,
    authority: number,
    answerHigh: number,
    answerLow: number,
  ): void {
    const call = this.next(row);
    const { values, answers, room } = this;
    const { told, rule: rules, cost: costs } = CALL_COLUMN;
    const hasCost = !Number.isNaN(cost);
    if (usage !== undefined) writeCounts(values, call, room, usage);
    values[told * room + call] = (usage === undefined ? 0 : HAS_USAGE) | (hasCost ? authority + 1 : 0);
    values[rules * room + call] = rule;
    if (hasCost) values[costs * room + call] = cost;
    answers[2 * call] = answerHigh;
    answers[2 * call + 1] = answerLow;
    if (answerHigh !== 0 || answerLow !== 0) this.answered = this.length;
  }
}

/** One after the other: a loop over their names would look up twelve names a call. */
function writeCounts(values: Float64Array, call: number, room: number, usage: Usage): void {
  values[call] = usage.reportedInput;
  values[room + call] = usage.reportedOutput;
  values[2 * room + call] = usage.uncachedInput;
  values[3 * room + call] = usage.cacheRead;
  values[4 * room + call] = usage.cacheWrite5m;
  values[5 * room + call] = usage.cacheWrite1h;
  values[6 * room + call] = usage.output;
  values[7 * room + call] = usage.reasoning;
  values[8 * room + call] = usage.audioInput;
  values[9 * room + call] = usage.audioOutput;
  values[10 * room + call] = usage.webSearches;
  values[11 * room + call] = usage.totalOnly;
}
