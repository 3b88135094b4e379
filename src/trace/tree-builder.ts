import {
  chunkOf,
  Entries,
  FLAG,
  placeInChunk,
  Records,
  SPAN_WORD,
  SPAN_WORDS,
  type SpanTable,
  TOP_REASONS,
} from '../model/index.ts';
import { Duplicates, sameSpan } from './duplicates.ts';
import type { Layout } from './layout.ts';
import { sortNumbers } from './sort.ts';
import { isTimed } from './times.ts';
import type { WarningLog } from './warning-log.ts';

const [ROOT, ORPHAN, CYCLE, SELF_PARENT] = ['root', 'orphan', 'cycle', 'self_parent'].map(
  (why) => -1 - TOP_REASONS.indexOf(why as (typeof TOP_REASONS)[number]),
) as [number, number, number, number];

/** Traces of so many spans are put in order while they are read. */
const SHORT = 48;

/**
 * Links the spans of one trace after the other and puts them into pre-order, where the layout has room for them. Needs
 * memory for the largest trace beside the result. Rows that only repeat a span are found on the way and left out,
 * unless they are `known` and are not in the layout any more.
 */
export class TreeBuilder {
  /** By position. */
  readonly parent: Int32Array;
  readonly size: Int32Array | Uint16Array;
  /** Nanoseconds from the earliest start to the latest end, by the table's trace index. */
  readonly lasted: Float64Array;
  /** Undefined where every span was reported once. */
  duplicates: Duplicates | undefined;
  /** What was left out was the earliest of its trace: traces are not in order. */
  isDisordered = false;
  /** How many spans there are of each profile, and how many stand at the top for each of `TOP_REASONS`. */
  readonly spans: Int32Array;
  readonly tops = new Int32Array(TOP_REASONS.length);
  /** Positions that are taken. */
  length = 0;
  /** Positions whose span names a parent that is not the span above it, and the id it names. */
  readonly strangers = new Entries();
  readonly strangerIds = new Records(2);
  readonly #table: SpanTable;
  readonly #layout: Layout;
  readonly #isSettled: boolean;
  /** By profile. */
  readonly #flags: Uint16Array;
  readonly #selfParents: number[] = [];
  readonly #cycles: (readonly number[])[] = [];

  // Of the trace that is being built, by its spans in order of start.
  readonly #rows: Int32Array;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  /** The span above, or why there is none. */
  readonly #above: Int32Array;
  /** While they are sorted: nanoseconds after the trace's earliest second. Endless where the start is not known. */
  readonly #start: Float64Array;
  readonly #order: Int32Array;
  /** Free to use: `sortNumbers`, children, marks of a walk. */
  readonly #spare: Int32Array;
  readonly #next: Int32Array;
  /** Numbers of spans and 1 by their ids. */
  readonly #slots: Int32Array;
  /** The next span with the same id, where there are such; -1 behind the last. */
  #twin: Int32Array | undefined;
  #hasTwins = false;
  #mask = 0;

  constructor(table: SpanTable, layout: Layout, known?: Duplicates) {
    const { row, largest, times } = layout;
    this.#table = table;
    this.#layout = layout;
    this.#isSettled = known !== undefined;
    this.duplicates = known;
    this.#flags = table.profiles.flags();
    this.spans = new Int32Array(this.#flags.length);
    this.parent = new Int32Array(row.length);
    this.size = largest < 65_536 ? new Uint16Array(row.length) : new Int32Array(row.length);
    this.lasted = new Float64Array(times.spans.length);
    this.#rows = new Int32Array(largest);
    this.#high = new Uint32Array(largest);
    this.#low = new Uint32Array(largest);
    this.#above = new Int32Array(largest);
    this.#start = new Float64Array(largest);
    this.#order = new Int32Array(largest);
    this.#spare = new Int32Array(largest);
    this.#next = new Int32Array(largest);
    this.#slots = new Int32Array(slotsFor(largest));
  }

  /** Builds the trace whose rows stand at positions `[from, to)` of the layout. */
  build(from: number, to: number): void {
    let end = to;
    this.#sort(from, end);
    if (this.#index(end - from) && !this.#isSettled) {
      end = this.#leaveOut(from, to);
      this.#sort(from, end);
      this.#index(end - from);
    }
    const at = this.length;
    const odd = this.#link(end - from);
    this.#number(at, end - from);
    this.length += end - from;
    if (odd) this.#keepStrangers(at, this.length);
  }

  /** Says what was odd, once the trees are final. */
  warn(warnings: WarningLog): void {
    const table = this.#table;
    for (const row of this.#selfParents)
      warnings.add('self_parent', () => `span ${table.spanIdOf(row)} of trace ${table.traceIdOf(row)}`);
    for (const rows of this.#cycles) warnings.add('cycle', () => describeCycle(table, rows));
  }

  /** Keeps one row a span; returns where the rows of the trace end now. */
  #leaveOut(from: number, to: number): number {
    const { row, times } = this.#layout;
    const table = this.#table;
    this.duplicates ??= new Duplicates(table.length);
    const { dropped } = this.duplicates;
    this.duplicates.resolve(table, row.subarray(from, to));
    const trace = table.traceOf(row[from]!);
    let end = from;
    let isFirstLeft = false;
    for (let i = from; i < to; i++) {
      const r = row[i]!;
      if (dropped[r] === 1) continue;
      row[end++] = r;
      isFirstLeft ||=
        table.has(r, FLAG.hasStart) &&
        table.startSecondOf(r) === times.second[trace] &&
        table.startNanoOf(r) === times.nano[trace];
    }
    if (!isFirstLeft && isTimed(times, trace)) this.isDisordered = true;
    return end;
  }

  /** By start, then span id; spans without a usable start come last. */
  #sort(from: number, to: number): void {
    const { row, times } = this.#layout;
    const table = this.#table;
    const chunks = table.rows.chunks;
    const flags = this.#flags;
    const trace = table.traceOf(row[from]!);
    const second = times.second[trace]!;
    const length = to - from;
    const isShort = length <= SHORT;
    const start = this.#start;
    const rows = this.#rows;
    let end = 0;
    for (let i = 0; i < length; i++) {
      const r = row[from + i]!;
      const words = chunks[chunkOf(r)]!;
      const at = placeInChunk(r) * SPAN_WORDS;
      let began = Number.POSITIVE_INFINITY;
      if ((flags[words[at + SPAN_WORD.profile]!]! & FLAG.hasStart) !== 0) {
        began = (words[at + SPAN_WORD.second]! - second) * 1e9 + words[at + SPAN_WORD.nano]!;
        const lasted = words[at + SPAN_WORD.length + 1]! * 2 ** 32 + words[at + SPAN_WORD.length]!;
        if (began + lasted > end) end = began + lasted;
      }
      let place = i;
      if (isShort) {
        for (; place > 0 && this.#isAfter(place - 1, began, r); place--) {
          start[place] = start[place - 1]!;
          rows[place] = rows[place - 1]!;
        }
      }
      start[place] = began;
      rows[place] = r;
    }
    this.lasted[trace] = end > 0 ? end - times.nano[trace]! : 0;
    if (!isShort) this.#sortMany(length);
  }

  /** Does a span that was put in order begin later than another one, or as late and comes after it? */
  #isAfter(span: number, began: number, row: number): boolean {
    const other = this.#start[span]!;
    return other === began ? compareTwins(this.#table, this.#rows[span]!, row) > 0 : other > began;
  }

  /** The same for traces in which every span cannot be compared with every other one. */
  #sortMany(length: number): void {
    const start = this.#start;
    const rows = this.#rows;
    const order = this.#order;
    const spare = this.#spare;
    for (let i = 0; i < length; i++) order[i] = i;
    sortNumbers(order, spare, length, (a, b) =>
      start[a] === start[b] ? compareTwins(this.#table, rows[a]!, rows[b]!) : start[a]! - start[b]!,
    );
    for (let i = 0; i < length; i++) spare[i] = rows[order[i]!]!;
    rows.set(spare.subarray(0, length));
  }

  /** Makes spans known by their ids. Returns whether an id stands for one span in two rows. */
  #index(length: number): boolean {
    const rows = this.#rows;
    const high = this.#high;
    const low = this.#low;
    const slots = this.#slots;
    const chunks = this.#table.rows.chunks;
    const size = slotsFor(length);
    const mask = size - 1;
    slots.fill(0, 0, size);
    this.#mask = mask;
    this.#hasTwins = false;
    let repeated = false;
    for (let i = 0; i < length; i++) {
      const row = rows[i]!;
      const words = chunks[chunkOf(row)]!;
      const at = placeInChunk(row) * SPAN_WORDS;
      const h = words[at + SPAN_WORD.idHigh]!;
      const l = words[at + SPAN_WORD.idLow]!;
      high[i] = h;
      low[i] = l;
      let slot = hash(h, l) & mask;
      let found = slots[slot]!;
      while (found !== 0 && (low[found - 1] !== l || high[found - 1] !== h)) {
        slot = (slot + 1) & mask;
        found = slots[slot]!;
      }
      if (found === 0) slots[slot] = i + 1;
      else repeated = this.#addTwin(found - 1, i, length) || repeated;
    }
    return repeated;
  }

  /** Returns whether one of the spans with the same id is the same span. */
  #addTwin(first: number, span: number, length: number): boolean {
    this.#twin ??= new Int32Array(this.#rows.length);
    if (!this.#hasTwins) this.#twin.fill(-1, 0, length);
    this.#hasTwins = true;
    let same = false;
    let last = first;
    for (let at = first; at >= 0; at = this.#twin[at]!) {
      same ||= sameSpan(this.#table, this.#rows[at]!, this.#rows[span]!);
      last = at;
    }
    this.#twin[last] = span;
    return same;
  }

  #find(high: number, low: number): number {
    for (let slot = hash(high, low) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = this.#slots[slot]! - 1;
      if (found < 0 || (this.#low[found] === low && this.#high[found] === high)) return found;
    }
  }

  /** Finds what is above every span. Returns whether some span names a parent that is not above it. */
  #link(length: number): boolean {
    const rows = this.#rows;
    const above = this.#above;
    const table = this.#table;
    const parents = table.parents.chunks;
    let odd = false;
    let backwards = false;
    for (let i = 0; i < length; i++) {
      const row = rows[i]!;
      const profile = table.profileOf(row);
      const hasParent = (this.#flags[profile]! & FLAG.hasParent) !== 0;
      this.spans[profile]!++;
      const owner = this.#hasTwins ? this.#ownerOf(i) : -1;
      if (owner >= 0) above[i] = owner;
      else if (!hasParent) above[i] = ROOT;
      else {
        const words = parents[chunkOf(row)]!;
        const at = placeInChunk(row) * 2;
        const high = words[at]!;
        const low = words[at + 1]!;
        if (high === this.#high[i] && low === this.#low[i]) {
          above[i] = SELF_PARENT;
          this.#selfParents.push(row);
        } else {
          const found = this.#preferred(this.#find(high, low), ownsChildren);
          above[i] = found < 0 ? ORPHAN : found;
        }
      }
      if (above[i]! > i) backwards = true;
      odd ||= owner >= 0 || (above[i]! < 0 && hasParent);
    }
    return (backwards && this.#cutCycles(length)) || odd;
  }

  /** The half that made the id which a span shares, or -1. */
  #ownerOf(span: number): number {
    if (this.#table.halfOf(this.#rows[span]!) !== 'shared') return -1;
    const owner = this.#preferred(this.#find(this.#high[span]!, this.#low[span]!), madeTheId);
    return owner === span ? -1 : owner;
  }

  /** Of spans with one id the one with the lowest rank, then the first that was read. */
  #preferred(first: number, rank: (table: SpanTable, row: number) => number): number {
    if (first < 0 || this.#twin === undefined || !this.#hasTwins) return first;
    let best = first;
    for (let at = this.#twin[first]!; at >= 0; at = this.#twin[at]!) {
      const row = this.#rows[at]!;
      const bestRow = this.#rows[best]!;
      const lower =
        rank(this.#table, row) - rank(this.#table, bestRow) || this.#firstRow(row) - this.#firstRow(bestRow);
      if (lower < 0) best = at;
    }
    return best;
  }

  /** The row that was the first to report the span. */
  #firstRow(row: number): number {
    return (this.duplicates?.repeats.get(row) ?? []).reduce((first, other) => Math.min(first, other), row);
  }

  /**
   * Walks up from every span once. Meeting the walk's own trail means a circle, which is cut at its earliest span. Where
   * every parent begins before its children there is none.
   */
  #cutCycles(length: number): boolean {
    const above = this.#above;
    const walk = this.#spare.fill(0, 0, length);
    let cut = false;
    for (let i = 0; i < length; i++) {
      const mark = i + 1;
      let at = i;
      while (at >= 0 && walk[at] === 0) {
        walk[at] = mark;
        at = above[at]!;
      }
      if (at < 0 || walk[at] !== mark) continue;
      const members = [at];
      for (let next = above[at]!; next !== at; next = above[next]!) members.push(next);
      let earliest = at;
      for (const member of members) if (member < earliest) earliest = member;
      above[earliest] = CYCLE;
      this.#cycles.push(members.map((member) => this.#rows[member]!));
      cut = true;
    }
    return cut;
  }

  /** Writes the spans in pre-order. */
  #number(from: number, length: number): void {
    const { row } = this.#layout;
    const above = this.#above;
    const rows = this.#rows;
    const next = this.#next;
    const first = this.#order;
    first.fill(-1, 0, length);
    let top = -1;
    for (let i = length - 1; i >= 0; i--) {
      const up = above[i]!;
      if (up < 0) {
        this.tops[-1 - up]!++;
        next[i] = top;
        top = i;
      } else {
        next[i] = first[up]!;
        first[up] = i;
      }
    }
    const position = this.#spare;
    let at = from;
    let span = top;
    while (span >= 0) {
      const up = above[span]!;
      row[at] = rows[span]!;
      this.parent[at] = up < 0 ? up : position[up]!;
      position[span] = at++;
      if (first[span]! >= 0) {
        span = first[span]!;
        continue;
      }
      this.size[at - 1] = 1;
      // What has no next sibling is done, and so is what is above it.
      while (next[span]! < 0) {
        span = above[span]!;
        if (span < 0) break;
        this.size[position[span]!] = at - position[span]!;
      }
      if (span >= 0) span = next[span]!;
    }
  }

  #keepStrangers(from: number, to: number): void {
    const { row } = this.#layout;
    const table = this.#table;
    for (let p = from; p < to; p++) {
      const r = row[p]!;
      if (!table.has(r, FLAG.hasParent)) continue;
      const high = table.parentHighOf(r);
      const low = table.parentLowOf(r);
      const up = this.parent[p]!;
      if (up >= 0 && table.idHighOf(row[up]!) === high && table.idLowOf(row[up]!) === low) continue;
      const entry = this.strangers.add(p);
      const words = this.strangerIds.room(entry);
      words[this.strangerIds.from(entry)] = high;
      words[this.strangerIds.from(entry) + 1] = low;
    }
  }
}

/** Twice as many as there are spans, and a power of 2. */
const slotsFor = (spans: number): number => 1 << (32 - Math.clz32(Math.max(7, 2 * spans - 1)));

const hash = (high: number, low: number): number => {
  const h = Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b);
  return h ^ (h >>> 15);
};

/** Spans that began together, or of which nobody knows: by what was told of the time, then by id; the owner of a shared one first. */
function compareTwins(table: SpanTable, a: number, b: number): number {
  const profileA = table.profileOf(a);
  const profileB = table.profileOf(b);
  return (
    table.startSecondOf(a) - table.startSecondOf(b) ||
    table.startNanoOf(a) - table.startNanoOf(b) ||
    table.idHighOf(a) - table.idHighOf(b) ||
    table.idLowOf(a) - table.idLowOf(b) ||
    table.profiles.halfCodeOf(profileA) - table.profiles.halfCodeOf(profileB) ||
    table.profiles.spanKindCodeOf(profileA) - table.profiles.spanKindCodeOf(profileB)
  );
}

/** Lower is better. A server half does the work that children describe; a client half only waits. */
const ownsChildren = (table: SpanTable, row: number): number =>
  table.halfOf(row) === 'shared' ? 0 : 8 - table.profiles.spanKindCodeOf(table.profileOf(row));
const madeTheId = (table: SpanTable, row: number): number =>
  table.halfOf(row) === 'shared' ? 16 : 8 - table.profiles.spanKindCodeOf(table.profileOf(row));

function describeCycle(table: SpanTable, members: readonly number[]): string {
  const ids = members.map((row) => table.spanIdOf(row)).sort();
  const shown = ids.length > 4 ? [...ids.slice(0, 4), `… ${ids.length - 4} more`] : ids;
  return `spans ${shown.join(', ')} of trace ${table.traceIdOf(members[0]!)}`;
}
