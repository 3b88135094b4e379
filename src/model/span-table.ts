import {
  AGENT_KINDS,
  type AgentKind,
  type AgentSpan,
  type TextField,
  USAGE_FIELDS,
  type Usage,
} from './agent-span.ts';
import { enlarged, grown } from './columns.ts';
import { hash64, setSpanId, spanIdText, TraceIds } from './id-columns.ts';
import { Interner } from './interner.ts';
import { ROW } from './rows.ts';
import type { Resource, SpanKind, StatusCode } from './span.ts';
import { PROFILE_TEXTS, type ProfileText, type SpanProfile, type SpanText } from './span-profile.ts';
import { type Instant, instant, type Nanos, type Pico } from './units.ts';

/** Bits of `SpanTable.flags`. */
export const FLAG = {
  hasParent: 1,
  hasStart: 2,
  hasEnd: 4,
  failed: 8,
  aggregateUsage: 16,
  invalidUsage: 32,
  endBeforeStart: 64,
  badTime: 128,
  hasEvents: 256,
  cacheTtlTold: 512,
  cumulativeUsage: 1024,
  /** The counts are an increase, worked out from counters that never start anew; `counters` has those. */
  increasedUsage: 2048,
  /** Made of a log event: a span may report the same call. */
  fromEvent: 4096,
  halfTold: 8192,
} as const;

const STATUSES: readonly StatusCode[] = ['unset', 'ok', 'error'];
const SPAN_KINDS: readonly (SpanKind | undefined)[] = [
  undefined,
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
const HALVES = [undefined, 'owner', 'shared'] as const;
export const AUTHORITIES = ['billed', 'asserted', 'not_billed'] as const;
const KIND_CODE = new Map(AGENT_KINDS.map((kind, code) => [kind, code]));
const LATEST_SECOND = 2 ** 32 - 1;
/** Durations are exact up to here, 104 days; a span that seems to last longer has a wrong end and counts as open. */
const LONGEST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The noun in the middle: agent spans as columns, one row a span, in arrival order.
 * Typed arrays grow together; columns nothing uses are never allocated. Ids are numbers (128 and 64 bits), text is interned.
 * Usage, cost and answer id live in a table of their own (`call` is its row), because most spans have none.
 */
export class SpanTable {
  length = 0;
  calls = 0;
  readonly strings = new Interner();
  readonly dialects = new Interner();
  readonly resources: Resource[] = [];
  /** Distinct resources by object: readers share one object per resource. */
  readonly #resourceIndex = new Map<Resource, number>();
  readonly traces = new TraceIds();
  /** Ids that are not hex, by their hashed form. */
  readonly #spanIdText = new Map<string, string>();

  trace = new Int32Array(0);
  idHigh = new Uint32Array(0);
  idLow = new Uint32Array(0);
  parentHigh = new Uint32Array(0);
  parentLow = new Uint32Array(0);
  startSecond = new Uint32Array(0);
  startNano = new Uint32Array(0);
  /** Integer nanoseconds; 0 for open spans (see `FLAG.hasEnd`). */
  duration = new Float64Array(0);
  name = new Int32Array(0);
  resource = new Int32Array(0);
  call = new Int32Array(0);
  kind = new Uint8Array(0);
  status = new Uint8Array(0);
  spanKind = new Uint8Array(0);
  flags = new Uint16Array(0);
  dialect = new Uint8Array(0);
  half: Uint8Array | undefined;
  attempt: Uint16Array | undefined;
  readonly text: Partial<Record<TextField, Int32Array>> = {};
  /** Columns asked for by `attr:<key>` and `resource:<key>`. */
  readonly extra = new Map<string, Int32Array>();
  readonly #profiles: SpanProfile[] = [];
  readonly #profileNumbers = new Map<string, number>();
  readonly errors = new Map<
    number,
    { readonly type: string | undefined; readonly message: string | undefined }
  >();

  readonly usage: Partial<Record<keyof Usage, Float64Array>> = {};
  /** What was reported by the rows whose counts `setIncrease` replaced. */
  readonly counters = new Map<number, Usage>();
  /** Picodollars; NaN where nothing was recorded. */
  recordedCost: Float64Array | undefined;
  recordedAuthority: Uint8Array | undefined;
  /** 64 bits of the answer id's hash; 0, 0 where there is none. */
  responseHigh: Uint32Array | undefined;
  responseLow: Uint32Array | undefined;
  #capacity = 0;
  #callCapacity = 0;

  /** Adds one span and returns its row. `extra` holds the values of the asked-for attribute columns. */
  push(agent: AgentSpan, extra?: ReadonlyMap<string, string | undefined>): number {
    const { span } = agent;
    if (this.length === this.#capacity) this.#grow();
    const row = this.length++;
    this.trace[row] = this.traces.index(span.traceId, row);
    setSpanId(this.idHigh, this.idLow, row, span.spanId, this.#spanIdText);
    let flags = 0;
    if (span.parentSpanId !== undefined) {
      flags |= FLAG.hasParent;
      setSpanId(this.parentHigh, this.parentLow, row, span.parentSpanId, this.#spanIdText);
    }
    flags |= this.#setTimes(row, span.start, span.end);
    if (span.events.length > 0) flags |= FLAG.hasEvents;
    if (span.fromEvent === true) flags |= FLAG.fromEvent;
    if (agent.failed) flags |= FLAG.failed;
    if (agent.cacheTtlTold === true) flags |= FLAG.cacheTtlTold;
    if (agent.halfTold === true) flags |= FLAG.halfTold;
    if (agent.aggregateUsage) flags |= FLAG.aggregateUsage;
    if (agent.cumulativeUsage === true) flags |= FLAG.cumulativeUsage;
    if (agent.usage === 'invalid') flags |= FLAG.invalidUsage;
    this.flags[row] = flags;
    this.name[row] = this.strings.id(span.name);
    this.resource[row] = this.#resourceOf(span.resource);
    this.kind[row] = KIND_CODE.get(agent.kind) ?? 0;
    this.status[row] = STATUSES.indexOf(span.status);
    this.spanKind[row] = SPAN_KINDS.indexOf(span.kind);
    this.dialect[row] = this.dialects.id(agent.dialect);
    if (span.half !== undefined) {
      this.half ??= new Uint8Array(this.#capacity);
      this.half[row] = HALVES.indexOf(span.half);
    }
    if (agent.attempt !== undefined) {
      this.attempt ??= new Uint16Array(this.#capacity);
      this.attempt[row] = Math.min(agent.attempt, 65_535);
    }
    for (const field in agent.text) this.#setText(field as TextField, row, agent.text[field as TextField]);
    if (extra !== undefined) for (const [key, value] of extra) this.#setExtra(key, row, value);
    if (agent.error !== undefined) this.errors.set(row, agent.error);
    this.call[row] = this.#addCall(agent);
    return row;
  }

  /** The number of a profile; equal ones have the same. */
  profile(profile: SpanProfile): number {
    const key = JSON.stringify([
      profile.name,
      profile.kind,
      profile.status,
      profile.spanKind,
      profile.dialect,
      this.#resourceOf(profile.resource),
      profile.half,
      profile.attempt,
      PROFILE_TEXTS.map((field) => profile.text[field]),
    ]);
    let number = this.#profileNumbers.get(key);
    if (number === undefined) {
      number = this.#profiles.push(profile) - 1;
      this.#profileNumbers.set(key, number);
    }
    return number;
  }

  /**
   * Adds one span and returns its row. `flags` are bits of `FLAG`, all that hold; `words` has from `at` on what a row of a
   * reader has (`ROW`), of which the ids and the start are read here.
   */
  pushRow(profile: number, flags: number, words: Uint32Array, at: number, duration: number): number {
    const known = this.#profiles[profile]!;
    if (this.length === this.#capacity) this.#grow();
    const row = this.length++;
    this.trace[row] = this.traces.indexAt(words, at + ROW.traceId, row);
    this.idHigh[row] = words[at + ROW.spanId]!;
    this.idLow[row] = words[at + ROW.spanId + 1]!;
    this.parentHigh[row] = words[at + ROW.parentId]!;
    this.parentLow[row] = words[at + ROW.parentId + 1]!;
    this.startSecond[row] = words[at + ROW.startSecond]!;
    this.startNano[row] = words[at + ROW.startNano]!;
    this.duration[row] = duration;
    this.flags[row] = flags;
    this.call[row] = -1;
    this.name[row] = this.strings.id(known.name);
    this.resource[row] = this.#resourceOf(known.resource);
    this.kind[row] = KIND_CODE.get(known.kind) ?? 0;
    this.status[row] = STATUSES.indexOf(known.status);
    this.spanKind[row] = SPAN_KINDS.indexOf(known.spanKind);
    this.dialect[row] = this.dialects.id(known.dialect);
    if (known.half !== undefined) {
      this.half ??= new Uint8Array(this.#capacity);
      this.half[row] = HALVES.indexOf(known.half);
    }
    if (known.attempt !== undefined) {
      this.attempt ??= new Uint16Array(this.#capacity);
      this.attempt[row] = Math.min(known.attempt, 65_535);
    }
    for (const field in known.text) this.#setText(field as TextField, row, known.text[field as ProfileText]);
    return row;
  }

  /** Says a text of the row that was added last; `text` is a number of `strings`. */
  setText(field: SpanText, row: number, text: number): void {
    this.#textColumn(field)[row] = text;
  }

  /** Says the value of an asked-for attribute column of the row that was added last. */
  setExtra(key: string, row: number, text: number): void {
    this.#extraColumn(key)[row] = text;
  }

  /**
   * Says what the row that was added last reports of a call: its usage and how that was counted, a recorded cost (picodollars,
   * NaN: none; `authority` is a place in `AUTHORITIES`), and the hash of the answer's id (0, 0: none).
   */
  setCall(
    row: number,
    usage: Usage | undefined,
    usageRule: string | undefined,
    cost: number,
    authority: number,
    answerHigh: number,
    answerLow: number,
  ): void {
    if (this.calls === this.#callCapacity) this.#growCalls();
    const call = this.calls++;
    this.call[row] = call;
    if (usageRule !== undefined) this.#setText('usageRule', row, usageRule);
    if (usage !== undefined) {
      this.#usageKnown[call] = 1;
      for (const field of USAGE_FIELDS) {
        if (usage[field] === 0) continue;
        this.usage[field] ??= new Float64Array(this.#callCapacity);
        this.usage[field][call] = usage[field];
      }
    }
    if (!Number.isNaN(cost)) {
      this.recordedCost ??= new Float64Array(this.#callCapacity).fill(Number.NaN);
      this.recordedAuthority ??= new Uint8Array(this.#callCapacity);
      this.recordedCost[call] = cost;
      this.recordedAuthority[call] = authority;
    }
    if (answerHigh !== 0 || answerLow !== 0) {
      this.responseHigh ??= new Uint32Array(this.#callCapacity);
      this.responseLow ??= new Uint32Array(this.#callCapacity);
      this.responseHigh[call] = answerHigh;
      this.responseLow[call] = answerLow;
    }
  }

  /** Forgets all rows from `length` on. */
  truncate(length: number): void {
    let calls = this.calls;
    for (let row = this.length - 1; row >= length; row--) {
      if (this.call[row]! >= 0) calls = this.call[row]!;
      this.errors.delete(row);
    }
    const rows = [this.duration, this.idHigh, this.idLow, this.parentHigh, this.parentLow];
    const others = [this.startSecond, this.startNano, this.half, this.attempt, ...Object.values(this.text)];
    for (const column of [...rows, ...others, ...this.extra.values()]) column?.fill(0, length, this.length);
    for (const column of Object.values(this.usage)) column.fill(0, calls, this.calls);
    this.#usageKnown.fill(0, calls, this.calls);
    this.recordedCost?.fill(Number.NaN, calls, this.calls);
    this.responseHigh?.fill(0, calls, this.calls);
    this.responseLow?.fill(0, calls, this.calls);
    this.traces.forget(length);
    this.length = length;
    this.calls = calls;
  }

  textOf(field: TextField, row: number): string | undefined {
    const column = this.text[field];
    return column === undefined ? undefined : this.strings.text(column[row]!);
  }

  nameOf(row: number): string {
    return this.strings.text(this.name[row]!) ?? '';
  }

  kindOf(row: number): AgentKind {
    return AGENT_KINDS[this.kind[row]!]!;
  }

  statusOf(row: number): StatusCode {
    return STATUSES[this.status[row]!]!;
  }

  spanKindOf(row: number): SpanKind | undefined {
    return SPAN_KINDS[this.spanKind[row]!];
  }

  halfOf(row: number): 'owner' | 'shared' | undefined {
    return this.half === undefined ? undefined : HALVES[this.half[row]!];
  }

  dialectOf(row: number): string | undefined {
    return this.dialects.text(this.dialect[row]!);
  }

  resourceOf(row: number): Resource {
    return this.resources[this.resource[row]!]!;
  }

  has(row: number, flag: number): boolean {
    return (this.flags[row]! & flag) !== 0;
  }

  startOf(row: number): Instant | undefined {
    if (!this.has(row, FLAG.hasStart)) return undefined;
    return instant(BigInt(this.startSecond[row]!) * 1_000_000_000n + BigInt(this.startNano[row]!));
  }

  /** Undefined for open spans. */
  durationOf(row: number): Nanos | undefined {
    return this.has(row, FLAG.hasEnd) ? (this.duration[row]! as Nanos) : undefined;
  }

  /** Nanoseconds from `origin` (seconds) to the span's start: exact up to 104 days. Undefined without a start. */
  startOffset(row: number, originSecond: number): Nanos | undefined {
    if (!this.has(row, FLAG.hasStart)) return undefined;
    return ((this.startSecond[row]! - originSecond) * 1e9 + this.startNano[row]!) as Nanos;
  }

  spanIdOf(row: number): string {
    return spanIdText(this.idHigh[row]!, this.idLow[row]!, this.#spanIdText);
  }

  parentIdOf(row: number): string | undefined {
    if (!this.has(row, FLAG.hasParent)) return undefined;
    return spanIdText(this.parentHigh[row]!, this.parentLow[row]!, this.#spanIdText);
  }

  traceIdOf(row: number): string {
    return this.traces.id(this.trace[row]!);
  }

  attemptOf(row: number): number | undefined {
    const attempt = this.attempt?.[row] ?? 0;
    return attempt === 0 ? undefined : attempt;
  }

  /** One usage count of a row; 0 where the span reported none. `hasUsage` tells the two apart. */
  usageOf(row: number, field: keyof Usage): number {
    const call = this.call[row]!;
    return call < 0 ? 0 : (this.usage[field]?.[call] ?? 0);
  }

  /** All usage counts of one row of the call columns. */
  usageAt(call: number): Usage {
    const { usage } = this;
    return {
      reportedInput: usage.reportedInput?.[call] ?? 0,
      reportedOutput: usage.reportedOutput?.[call] ?? 0,
      uncachedInput: usage.uncachedInput?.[call] ?? 0,
      cacheRead: usage.cacheRead?.[call] ?? 0,
      cacheWrite5m: usage.cacheWrite5m?.[call] ?? 0,
      cacheWrite1h: usage.cacheWrite1h?.[call] ?? 0,
      output: usage.output?.[call] ?? 0,
      reasoning: usage.reasoning?.[call] ?? 0,
      audioInput: usage.audioInput?.[call] ?? 0,
      audioOutput: usage.audioOutput?.[call] ?? 0,
      webSearches: usage.webSearches?.[call] ?? 0,
      totalOnly: usage.totalOnly?.[call] ?? 0,
    };
  }

  /** Lets a row with running counters count what they grew by. */
  setIncrease(row: number, increase: Usage): void {
    const call = this.call[row]!;
    this.counters.set(row, this.usageAt(call));
    for (const field of USAGE_FIELDS)
      if (this.usage[field] !== undefined) this.usage[field][call] = increase[field];
    this.flags[row] = (this.flags[row]! & ~FLAG.cumulativeUsage) | FLAG.increasedUsage;
  }

  hasUsage(row: number): boolean {
    const call = this.call[row]!;
    return call >= 0 && this.#usageKnown[call] === 1;
  }

  recordedCostOf(row: number): { amount: Pico; authority: (typeof AUTHORITIES)[number] } | undefined {
    const call = this.call[row]!;
    const amount = call < 0 || this.recordedCost === undefined ? Number.NaN : this.recordedCost[call]!;
    if (Number.isNaN(amount)) return undefined;
    return { amount: amount as Pico, authority: AUTHORITIES[this.recordedAuthority![call]!]! };
  }

  /** 64 bits of the provider's id of the answer; undefined where none was reported. */
  answerOf(row: number): bigint | undefined {
    const call = this.call[row]!;
    if (call < 0 || this.responseHigh === undefined) return undefined;
    const high = this.responseHigh[call]!;
    const low = this.responseLow![call]!;
    return high === 0 && low === 0 ? undefined : (BigInt(high) << 32n) | BigInt(low);
  }

  #usageKnown = new Uint8Array(0);

  #addCall(agent: AgentSpan): number {
    const usage = agent.usage === 'invalid' ? undefined : agent.usage;
    if (usage === undefined && agent.recordedCost === undefined && agent.responseId === undefined) return -1;
    if (this.calls === this.#callCapacity) this.#growCalls();
    const call = this.calls++;
    if (usage !== undefined) {
      this.#usageKnown[call] = 1;
      for (const field of USAGE_FIELDS) {
        if (usage[field] === 0) continue;
        this.usage[field] ??= new Float64Array(this.#callCapacity);
        this.usage[field][call] = usage[field];
      }
    }
    if (agent.recordedCost !== undefined) {
      this.recordedCost ??= new Float64Array(this.#callCapacity).fill(Number.NaN);
      this.recordedAuthority ??= new Uint8Array(this.#callCapacity);
      this.recordedCost[call] = agent.recordedCost.amount;
      this.recordedAuthority[call] = AUTHORITIES.indexOf(agent.recordedCost.authority);
    }
    if (agent.responseId !== undefined) {
      this.responseHigh ??= new Uint32Array(this.#callCapacity);
      this.responseLow ??= new Uint32Array(this.#callCapacity);
      [this.responseHigh[call], this.responseLow[call]] = hash64(agent.responseId);
    }
    return call;
  }

  #setTimes(row: number, start: Instant | undefined, end: Instant | undefined): number {
    if (start === undefined) return 0;
    const second = Number(start / 1_000_000_000n);
    if (start < 0n || second > LATEST_SECOND) return FLAG.badTime;
    this.startSecond[row] = second;
    this.startNano[row] = Number(start % 1_000_000_000n);
    if (end === undefined) return FLAG.hasStart;
    if (end < start) return FLAG.hasStart | FLAG.hasEnd | FLAG.endBeforeStart;
    if (end - start > LONGEST) return FLAG.hasStart | FLAG.badTime;
    this.duration[row] = Number(end - start);
    return FLAG.hasStart | FLAG.hasEnd;
  }

  #setText(field: TextField, row: number, value: string | undefined): void {
    if (value !== undefined) this.#textColumn(field)[row] = this.strings.id(value);
  }

  #textColumn(field: TextField): Int32Array {
    this.text[field] ??= new Int32Array(this.#capacity);
    return this.text[field];
  }

  #setExtra(key: string, row: number, value: string | undefined): void {
    if (value !== undefined) this.#extraColumn(key)[row] = this.strings.id(value);
  }

  #extraColumn(key: string): Int32Array {
    let column = this.extra.get(key);
    if (column === undefined) {
      column = new Int32Array(this.#capacity);
      this.extra.set(key, column);
    }
    return column;
  }

  #resourceOf(resource: Resource): number {
    let index = this.#resourceIndex.get(resource);
    if (index === undefined) {
      index = this.resources.length;
      this.resources.push(resource);
      this.#resourceIndex.set(resource, index);
    }
    return index;
  }

  #grow(): void {
    const capacity = grown(this.#capacity);
    this.trace = enlarged(this.trace, capacity);
    this.idHigh = enlarged(this.idHigh, capacity);
    this.idLow = enlarged(this.idLow, capacity);
    this.parentHigh = enlarged(this.parentHigh, capacity);
    this.parentLow = enlarged(this.parentLow, capacity);
    this.startSecond = enlarged(this.startSecond, capacity);
    this.startNano = enlarged(this.startNano, capacity);
    this.duration = enlarged(this.duration, capacity);
    this.name = enlarged(this.name, capacity);
    this.resource = enlarged(this.resource, capacity);
    this.call = enlarged(this.call, capacity);
    this.kind = enlarged(this.kind, capacity);
    this.status = enlarged(this.status, capacity);
    this.spanKind = enlarged(this.spanKind, capacity);
    this.flags = enlarged(this.flags, capacity);
    this.dialect = enlarged(this.dialect, capacity);
    if (this.half !== undefined) this.half = enlarged(this.half, capacity);
    if (this.attempt !== undefined) this.attempt = enlarged(this.attempt, capacity);
    for (const field in this.text) {
      this.text[field as TextField] = enlarged(this.text[field as TextField]!, capacity);
    }
    for (const [key, column] of this.extra) this.extra.set(key, enlarged(column, capacity));
    this.#capacity = capacity;
  }

  #growCalls(): void {
    const capacity = grown(this.#callCapacity);
    this.#usageKnown = enlarged(this.#usageKnown, capacity);
    for (const field of USAGE_FIELDS) {
      if (this.usage[field] !== undefined) this.usage[field] = enlarged(this.usage[field], capacity);
    }
    if (this.recordedCost !== undefined) {
      this.recordedCost = enlarged(this.recordedCost, capacity).fill(Number.NaN, this.#callCapacity);
      this.recordedAuthority = enlarged(this.recordedAuthority!, capacity);
    }
    if (this.responseHigh !== undefined) {
      this.responseHigh = enlarged(this.responseHigh, capacity);
      this.responseLow = enlarged(this.responseLow!, capacity);
    }
    this.#callCapacity = capacity;
  }
}
