import type { AgentKind, AgentSpan, TextField, Usage } from './agent-span.ts';
import { CallBatch } from './call-batch.ts';
import { AUTHORITIES, CallTable } from './call-table.ts';
import { leftInChunk, NumberColumn, Records } from './columns.ts';
import { ErrorTable, type SpanError } from './error-table.ts';
import { FLAG } from './flags.ts';
import { hash64, SpanIds, TraceIds } from './id-columns.ts';
import { Interner } from './interner.ts';
import { ObservationTable } from './observations.ts';
import { ProfileTable } from './profile-table.ts';
import { ROW, ROW_WORDS, type RowBatch } from './rows.ts';
import type { Resource, SpanKind, StatusCode } from './span.ts';
import { isProfileText, SPAN_TEXTS, type SpanProfile, type SpanText } from './span-profile.ts';
import { TextTable } from './text-table.ts';
import { type Instant, instant, type Nanos, type Pico } from './units.ts';

/** Words of a row of `SpanTable`. The length is two: whole nanoseconds modulo 2^32, and how many times 2^32. */
export const SPAN_WORD = {
  trace: 0,
  idHigh: 1,
  idLow: 2,
  second: 3,
  nano: 4,
  length: 5,
  profile: 7,
} as const;
export const SPAN_WORDS = 8;
const LATEST_SECOND = 2 ** 32 - 1;
/** Durations are exact up to here, 104 days; a span that seems to last longer has a wrong end and counts as open. */
const LONGEST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The noun in the middle: agent spans as rows of numbers, in the order of arrival, 32 bytes each, and 8 more until parents
 * are linked. Ids are numbers (128 and 64 bits), text is interned. What many spans have in common is a profile; what few
 * spans have (usage, cost, who they are for, errors) stands in tables of their own.
 */
export class SpanTable {
  length = 0;
  readonly strings = new Interner();
  readonly traces = new TraceIds();
  readonly profiles = new ProfileTable(this.strings);
  readonly calls = new CallTable();
  readonly texts = new TextTable();
  readonly errors = new ErrorTable(this.strings);
  /** Empty unless observations were asked for. */
  readonly observations = new ObservationTable(this.strings);
  /** Columns asked for by `attr:<key>` and `resource:<key>`. */
  readonly extra = new Map<string, NumberColumn>();
  /** What was reported by the rows whose counts `setIncrease` replaced. */
  readonly counters = new Map<number, Usage>();
  readonly #ids = new SpanIds();
  /** For loops over all rows: everything in them has a method, too. */
  readonly rows = new Records(SPAN_WORDS);
  /** Two words each, the id of the parent. */
  readonly parents = new Records(2);
  /** The row and the call of a span that is added alone. */
  readonly #words = new Uint32Array(ROW_WORDS);
  readonly #doubles = new Float64Array(this.#words.buffer);
  readonly #call = new CallBatch();

  /** Adds one span and returns its row. `extra` holds the values of the asked-for attribute columns. */
  push(agent: AgentSpan, extra?: ReadonlyMap<string, string | undefined>): number {
    const { span } = agent;
    const profile = this.profile({
      name: span.name,
      kind: agent.kind,
      status: span.status,
      spanKind: span.kind,
      dialect: agent.dialect,
      resource: span.resource,
      half: span.half,
      attempt: agent.attempt,
      text: agent.text,
    });
    const words = this.#words;
    this.#ids.write(span.spanId, words, ROW.spanId);
    words.fill(0, ROW.parentId, ROW.parentId + 2);
    if (span.parentSpanId !== undefined) this.#ids.write(span.parentSpanId, words, ROW.parentId);
    const flags = flagsOf(agent) | writeTimes(words, this.#doubles, span.start, span.end);
    this.traces.write(span.traceId, words, ROW.traceId, this.length);
    const batch = { words, doubles: this.#doubles };
    const row = this.pushRows(batch, 0, Uint32Array.of(profile), Uint32Array.of(flags), 1);
    for (const field of SPAN_TEXTS) this.setText(field, row, this.strings.id(agent.text[field]));
    if (extra !== undefined)
      for (const [key, value] of extra) this.setExtra(key, row, this.strings.id(value));
    if (agent.error !== undefined) this.errors.add(row, agent.error);
    if (agent.observed !== undefined) this.observations.add(row, agent.observed);
    const usage = agent.usage === 'invalid' ? undefined : agent.usage;
    const { recordedCost, responseId } = agent;
    const [answerHigh, answerLow] = responseId === undefined ? NO_ANSWER : hash64(responseId);
    const cost = recordedCost?.amount ?? Number.NaN;
    const authority = recordedCost === undefined ? 0 : AUTHORITIES.indexOf(recordedCost.authority);
    this.setCall(row, usage, this.strings.id(agent.text.usageRule), cost, authority, answerHigh, answerLow);
    return row;
  }

  /** The number of a profile; equal ones have the same. */
  profile(profile: SpanProfile): number {
    return this.profiles.number(profile);
  }

  /**
   * Adds the spans of rows of a reader, from one on, and returns the row of the first. `profiles` and `flags` (bits of `FLAG`,
   * all that hold) have one for each; ids and times are read from the rows.
   */
  pushRows(
    { words, doubles }: Pick<RowBatch, 'words' | 'doubles'>,
    from: number,
    profiles: Uint32Array,
    flags: Uint32Array,
    count: number,
  ): number {
    const first = this.length;
    for (let done = 0; done < count; ) {
      const row = first + done;
      const end = done + Math.min(count - done, leftInChunk(row));
      const rows = this.rows.room(first + end - 1);
      const parents = this.parents.room(first + end - 1);
      let to = this.rows.from(row);
      let parentTo = this.parents.from(row);
      for (; done < end; done++, to += SPAN_WORDS, parentTo += 2) {
        const at = (from + done) * ROW_WORDS;
        const duration = doubles[(at + ROW.duration) / 2]!;
        rows[to + SPAN_WORD.trace] = this.traces.indexAt(words, at + ROW.traceId, first + done);
        rows[to + SPAN_WORD.idHigh] = words[at + ROW.spanId]!;
        rows[to + SPAN_WORD.idLow] = words[at + ROW.spanId + 1]!;
        rows[to + SPAN_WORD.second] = words[at + ROW.startSecond]!;
        rows[to + SPAN_WORD.nano] = words[at + ROW.startNano]!;
        rows[to + SPAN_WORD.length] = duration;
        rows[to + SPAN_WORD.length + 1] = duration / 2 ** 32;
        rows[to + SPAN_WORD.profile] = this.profiles.withFlags(profiles[done]!, flags[done]!);
        parents[parentTo] = words[at + ROW.parentId]!;
        parents[parentTo + 1] = words[at + ROW.parentId + 1]!;
      }
    }
    this.length = first + count;
    return first;
  }

  /** Says a text of the row that was added last; `text` is a number of `strings`. */
  setText(field: SpanText, row: number, text: number): void {
    this.texts.set(field, row, text);
  }

  /** Says the value of an asked-for attribute column; `text` is a number of `strings`. */
  setExtra(key: string, row: number, text: number): void {
    if (text === 0) return;
    let column = this.extra.get(key);
    if (column === undefined) {
      column = new NumberColumn();
      this.extra.set(key, column);
    }
    column.set(row, text);
  }

  /**
   * Says what the row that was added last reports of a call: its usage and how that was counted (a number of `strings`), a
   * recorded cost (picodollars, NaN: none; `authority` is a place in `AUTHORITIES`), and the hash of the answer's id (0, 0: none).
   */
  setCall(
    row: number,
    usage: Usage | undefined,
    usageRule: number,
    cost: number,
    authority: number,
    answerHigh: number,
    answerLow: number,
  ): void {
    if (usage === undefined && Number.isNaN(cost) && answerHigh === 0 && answerLow === 0) return;
    this.#call.begin(1);
    this.#call.add(0, usage, usageRule, cost, authority, answerHigh, answerLow);
    this.calls.append(row, this.#call);
  }

  /** Forgets all rows from `length` on. */
  truncate(length: number): void {
    this.calls.truncate(length);
    this.texts.truncate(length);
    this.errors.truncate(length);
    this.observations.truncate(length);
    for (const column of this.extra.values()) column.clear(length);
    this.traces.forget(length);
    this.length = length;
  }

  /** Lets go of the ids of parents, which are not needed once they are linked: `parentIdOf` has no answer from now on. */
  dropParents(): void {
    this.parents.clear();
  }

  /** What the row has in common with others, a number of `profiles`. */
  profileOf(row: number): number {
    return this.#word(row, SPAN_WORD.profile);
  }

  /** The number of the row's trace in `traces`. */
  traceOf(row: number): number {
    return this.#word(row, SPAN_WORD.trace);
  }

  idHighOf(row: number): number {
    return this.#word(row, SPAN_WORD.idHigh);
  }

  idLowOf(row: number): number {
    return this.#word(row, SPAN_WORD.idLow);
  }

  parentHighOf(row: number): number {
    return this.parents.chunk(row)[this.parents.from(row)]!;
  }

  parentLowOf(row: number): number {
    return this.parents.chunk(row)[this.parents.from(row) + 1]!;
  }

  /** Seconds since the epoch, and nanoseconds of the second. 0 without a start. */
  startSecondOf(row: number): number {
    return this.#word(row, SPAN_WORD.second);
  }

  startNanoOf(row: number): number {
    return this.#word(row, SPAN_WORD.nano);
  }

  /** Integer nanoseconds; 0 for open spans (see `FLAG.hasEnd`). */
  lengthOf(row: number): number {
    const words = this.rows.chunk(row);
    const at = this.rows.from(row) + SPAN_WORD.length;
    return words[at + 1]! * 2 ** 32 + words[at]!;
  }

  /** The number of a text in `strings`; 0 where the row says none. */
  textIdOf(field: TextField, row: number): number {
    if (isProfileText(field)) return this.profiles.textIdOf(field, this.profileOf(row));
    if (field !== 'usageRule') return this.texts.of(field, row);
    const call = this.calls.of(row);
    return call < 0 ? 0 : this.calls.ruleOf(call);
  }

  textOf(field: TextField, row: number): string | undefined {
    return this.strings.text(this.textIdOf(field, row));
  }

  /** The number of the value of an asked-for attribute column; 0 where there is none. */
  extraIdOf(key: string, row: number): number {
    return this.extra.get(key)?.get(row) ?? 0;
  }

  get extraKeys(): readonly string[] {
    return [...this.extra.keys()];
  }

  nameOf(row: number): string {
    return this.strings.text(this.profiles.nameIdOf(this.profileOf(row))) ?? '';
  }

  kindOf(row: number): AgentKind {
    return this.profiles.kindOf(this.profileOf(row));
  }

  statusOf(row: number): StatusCode {
    return this.profiles.statusOf(this.profileOf(row));
  }

  spanKindOf(row: number): SpanKind | undefined {
    return this.profiles.spanKindOf(this.profileOf(row));
  }

  halfOf(row: number): 'owner' | 'shared' | undefined {
    return this.profiles.halfOf(this.profileOf(row));
  }

  /** The number of the dialect in `strings`; 0 where no dialect claimed the span. */
  dialectIdOf(row: number): number {
    return this.profiles.dialectIdOf(this.profileOf(row));
  }

  dialectOf(row: number): string | undefined {
    return this.strings.text(this.dialectIdOf(row));
  }

  resourceOf(row: number): Resource {
    return this.profiles.resources[this.resourceIdOf(row)]!;
  }

  /** Rows of one process have the same. */
  resourceIdOf(row: number): number {
    return this.profiles.resourceIdOf(this.profileOf(row));
  }

  attemptOf(row: number): number | undefined {
    return this.profiles.attemptOf(this.profileOf(row));
  }

  errorOf(row: number): SpanError | undefined {
    return this.errors.of(row);
  }

  has(row: number, flag: number): boolean {
    return (this.flagsOf(row) & flag) !== 0;
  }

  /** Bits of `FLAG`. */
  flagsOf(row: number): number {
    return this.profiles.flagsOf(this.profileOf(row));
  }

  setFlags(row: number, flags: number): void {
    const words = this.rows.chunk(row);
    const at = this.rows.from(row) + SPAN_WORD.profile;
    words[at] = this.profiles.withFlags(words[at]!, flags);
  }

  /** The second in which the latest row began; 0 where none tells. */
  latestSecond(): number {
    let latest = 0;
    let row = 0;
    for (const words of this.rows.chunks) {
      for (let at = SPAN_WORD.second; at < words.length && row < this.length; at += SPAN_WORDS, row++)
        if (words[at]! > latest) latest = words[at]!;
    }
    return latest;
  }

  startOf(row: number): Instant | undefined {
    if (!this.has(row, FLAG.hasStart)) return undefined;
    return instant(BigInt(this.startSecondOf(row)) * 1_000_000_000n + BigInt(this.startNanoOf(row)));
  }

  /** Moves a row by whole nanoseconds, if it has a start; its length stays. */
  moveStart(row: number, nanos: number): void {
    if (!this.has(row, FLAG.hasStart)) return;
    const words = this.rows.chunk(row);
    const at = this.rows.from(row);
    const moved = words[at + SPAN_WORD.nano]! + nanos;
    const seconds = Math.floor(moved / 1e9);
    words[at + SPAN_WORD.second] = words[at + SPAN_WORD.second]! + seconds;
    words[at + SPAN_WORD.nano] = moved - seconds * 1e9;
  }

  /** Undefined for open spans. */
  durationOf(row: number): Nanos | undefined {
    return this.has(row, FLAG.hasEnd) ? (this.lengthOf(row) as Nanos) : undefined;
  }

  /** Nanoseconds from `origin` (seconds) to the span's start: exact up to 104 days. Undefined without a start. */
  startOffset(row: number, originSecond: number): Nanos | undefined {
    if (!this.has(row, FLAG.hasStart)) return undefined;
    return ((this.startSecondOf(row) - originSecond) * 1e9 + this.startNanoOf(row)) as Nanos;
  }

  spanIdOf(row: number): string {
    return this.#ids.text(this.idHighOf(row), this.idLowOf(row));
  }

  /** Before parents are linked; afterwards the forest knows. */
  parentIdOf(row: number): string | undefined {
    if (!this.has(row, FLAG.hasParent)) return undefined;
    return this.idText(this.parentHighOf(row), this.parentLowOf(row));
  }

  /** A span id as it was written. */
  idText(high: number, low: number): string {
    return this.#ids.text(high, low);
  }

  traceIdOf(row: number): string {
    return this.traces.id(this.traceOf(row));
  }

  /** One usage count of a row; 0 where the span reported none. `hasUsage` tells the two apart. */
  usageOf(row: number, field: keyof Usage): number {
    const call = this.calls.of(row);
    return call < 0 ? 0 : this.calls.usage[field].get(call);
  }

  /** All usage counts of a row. */
  usageAt(row: number): Usage {
    return this.calls.usageOf(this.calls.of(row));
  }

  /** Lets a row with running counters count what they grew by. */
  setIncrease(row: number, increase: Usage): void {
    this.counters.set(row, this.usageAt(row));
    this.calls.setUsage(this.calls.of(row), increase);
    this.setFlags(row, (this.flagsOf(row) & ~FLAG.cumulativeUsage) | FLAG.increasedUsage);
  }

  hasUsage(row: number): boolean {
    const call = this.calls.of(row);
    return call >= 0 && this.calls.hasUsage(call);
  }

  recordedCostOf(row: number): { amount: Pico; authority: (typeof AUTHORITIES)[number] } | undefined {
    const call = this.calls.of(row);
    return call < 0 ? undefined : this.calls.costOf(call);
  }

  /** 64 bits of the provider's id of the answer; undefined where none was reported. */
  answerOf(row: number): bigint | undefined {
    const call = this.calls.of(row);
    if (call < 0) return undefined;
    const high = this.calls.answerHigh(call);
    const low = this.calls.answerLow(call);
    return high === 0 && low === 0 ? undefined : (BigInt(high) << 32n) | BigInt(low);
  }

  #word(row: number, word: number): number {
    return this.rows.chunk(row)[this.rows.from(row) + word]!;
  }
}

const NO_ANSWER = [0, 0] as const;

function flagsOf(agent: AgentSpan): number {
  const { span } = agent;
  let flags = 0;
  if (span.parentSpanId !== undefined) flags |= FLAG.hasParent;
  if (span.events.length > 0) flags |= FLAG.hasEvents;
  if (span.fromEvent === true) flags |= FLAG.fromEvent;
  if (span.followsFrom === true) flags |= FLAG.followsFrom;
  if (agent.failed) flags |= FLAG.failed;
  if (agent.cacheTtlTold === true) flags |= FLAG.cacheTtlTold;
  if (agent.halfTold === true) flags |= FLAG.halfTold;
  if (agent.aggregateUsage) flags |= FLAG.aggregateUsage;
  if (agent.cumulativeUsage === true) flags |= FLAG.cumulativeUsage;
  if (agent.usage === 'invalid') flags |= FLAG.invalidUsage;
  return flags;
}

/** Writes the start and how long the span lasted, as far as its times can be true, and returns the flags that say so. */
function writeTimes(
  words: Uint32Array,
  doubles: Float64Array,
  start: Instant | undefined,
  end: Instant | undefined,
): number {
  words.fill(0, ROW.startSecond, ROW.startNano + 1);
  doubles[ROW.duration / 2] = 0;
  if (start === undefined) return 0;
  const second = Number(start / 1_000_000_000n);
  if (start < 0n || second > LATEST_SECOND) return FLAG.badTime;
  words[ROW.startSecond] = second;
  words[ROW.startNano] = Number(start % 1_000_000_000n);
  if (end === undefined) return FLAG.hasStart;
  if (end < start) return FLAG.hasStart | FLAG.hasEnd | FLAG.endBeforeStart;
  if (end - start > LONGEST) return FLAG.hasStart | FLAG.badTime;
  doubles[ROW.duration / 2] = Number(end - start);
  return FLAG.hasStart | FLAG.hasEnd;
}
