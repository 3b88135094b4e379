import { FLAG, type SpanTable, USAGE_FIELDS } from '../model/index.ts';
import type { WarningLog } from './warning-log.ts';

/** The rows that stand for spans, and where to find the span with a given id. */
export type SpanIndex = {
  /** One row per span, in table order. */
  readonly canonical: Int32Array;
  /** Row of the span with this id in this trace, or -1. Where two halves share the id: the one that owns children. */
  readonly find: (trace: number, idHigh: number, idLow: number) => number;
  /** The further reports of a canonical row; rows that were reported once are not in it. */
  readonly repeats: ReadonlyMap<number, readonly number[]>;
  /** Row of the half that made the id which `row` shares, or -1. */
  readonly owner: (row: number) => number;
};

/**
 * Two rows are one span when trace id and span id agree. (Zipkin's two halves of one call share an id and are two spans.)
 * Which report stands for the span does not depend on their order: one that has ended beats an open one, then what most
 * reports say, then the later end, then the richer report, then the smaller text. Differing content is a warning.
 */
export function resolveDuplicates(table: SpanTable, warnings: WarningLog): SpanIndex {
  const rows = table.length;
  const mask = slotMask(rows);
  const slots = new Int32Array(mask + 1).fill(-1);
  /** Next row with the same trace and span id but another half. */
  const otherHalf = table.half === undefined ? undefined : new Int32Array(rows).fill(-1);
  let reports: Map<number, number[]> | undefined;
  const duplicate = new Uint8Array(rows);

  const { trace, idHigh, idLow } = table;
  const slotOf = (t: number, high: number, low: number): number => {
    let slot = hash(t, high, low) & mask;
    for (;;) {
      const row = slots[slot]!;
      if (row < 0 || (idLow[row] === low && idHigh[row] === high && trace[row] === t)) return slot;
      slot = (slot + 1) & mask;
    }
  };

  for (let row = 0; row < rows; row++) {
    const slot = slotOf(trace[row]!, idHigh[row]!, idLow[row]!);
    let first = slots[slot]!;
    if (first < 0) {
      slots[slot] = row;
      continue;
    }
    while (!sameSpan(table, first, row) && otherHalf !== undefined && otherHalf[first]! >= 0)
      first = otherHalf[first]!;
    if (!sameSpan(table, first, row)) {
      otherHalf![first] = row;
      continue;
    }
    reports ??= new Map();
    const known = reports.get(first);
    if (known === undefined) reports.set(first, [first, row]);
    else known.push(row);
    duplicate[row] = 1;
  }

  const repeats = new Map<number, readonly number[]>();
  if (reports !== undefined) {
    for (const [first, group] of reports) {
      const winner = choose(table, group, warnings);
      repeats.set(
        winner,
        group.filter((row) => row !== winner),
      );
      if (winner === first) continue;
      duplicate[first] = 1;
      duplicate[winner] = 0;
      const slot = slotOf(trace[first]!, idHigh[first]!, idLow[first]!);
      replaceInChain(slots, slot, otherHalf, first, winner);
    }
  }

  const canonical = new Int32Array(rows);
  let length = 0;
  for (let row = 0; row < rows; row++) if (duplicate[row] === 0) canonical[length++] = row;
  return {
    canonical: canonical.subarray(0, length),
    repeats,
    find: (t, high, low) => preferred(table, slots[slotOf(t, high, low)]!, otherHalf, ownsChildren),
    owner: (row) => {
      if (table.halfOf(row) !== 'shared') return -1;
      const first = slots[slotOf(trace[row]!, idHigh[row]!, idLow[row]!)]!;
      const owner = preferred(table, first, otherHalf, madeTheId);
      return owner === row ? -1 : owner;
    },
  };
}

const slotMask = (rows: number): number => 2 ** Math.ceil(Math.log2(Math.max(16, rows * 2))) - 1;

function hash(trace: number, high: number, low: number): number {
  let h = Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(trace, 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}

function sameSpan(table: SpanTable, a: number, b: number): boolean {
  if (table.half === undefined || table.half[a] === 0 || table.half[b] === 0) return true;
  return table.half[a] === table.half[b] && table.spanKind[a] === table.spanKind[b];
}

function replaceInChain(
  slots: Int32Array,
  slot: number,
  otherHalf: Int32Array | undefined,
  old: number,
  replacement: number,
): void {
  if (otherHalf !== undefined) otherHalf[replacement] = otherHalf[old]!;
  if (slots[slot] === old) {
    slots[slot] = replacement;
    return;
  }
  let row = slots[slot]!;
  while (otherHalf![row] !== old) row = otherHalf![row]!;
  otherHalf![row] = replacement;
}

/** Lower is better. A server half does the work that children describe; a client half only waits. */
const ownsChildren = (table: SpanTable, row: number): number =>
  table.halfOf(row) === 'shared' ? 0 : 8 - (table.spanKind[row] ?? 0);
const madeTheId = (table: SpanTable, row: number): number =>
  table.halfOf(row) === 'shared' ? 16 : 8 - (table.spanKind[row] ?? 0);

function preferred(
  table: SpanTable,
  first: number,
  otherHalf: Int32Array | undefined,
  rank: (table: SpanTable, row: number) => number,
): number {
  if (first < 0 || otherHalf === undefined || otherHalf[first]! < 0) return first;
  let best = first;
  for (let row = otherHalf[first]!; row >= 0; row = otherHalf[row]!) {
    if (rank(table, row) < rank(table, best)) best = row;
  }
  return best;
}

function choose(table: SpanTable, group: readonly number[], warnings: WarningLog): number {
  const contents = group.map((row) => content(table, row));
  const votes = new Map<string, number>();
  for (const text of contents) votes.set(text, (votes.get(text) ?? 0) + 1);
  const versions = new Set(contents.filter((_, i) => table.has(group[i]!, FLAG.hasEnd)));
  if (versions.size > 1) {
    warnings.add(
      'conflicting_duplicate',
      () => `span ${table.spanIdOf(group[0]!)} of trace ${table.traceIdOf(group[0]!)}`,
    );
  }
  const reports = group.map((row, i) => ({ row, content: contents[i]!, votes: votes.get(contents[i]!)! }));
  return reports.reduce((best, report) => (compareReports(table, report, best) < 0 ? report : best)).row;
}

type Report = { readonly row: number; readonly content: string; readonly votes: number };

/** Negative where `a` should stand for the span. */
function compareReports(table: SpanTable, a: Report, b: Report): number {
  return (
    Number(table.has(b.row, FLAG.hasEnd)) - Number(table.has(a.row, FLAG.hasEnd)) ||
    b.votes - a.votes ||
    compareEnds(table, b.row, a.row) ||
    table.duration[b.row]! - table.duration[a.row]! ||
    richness(table, b.row) - richness(table, a.row) ||
    compareText(a.content, b.content) ||
    compareText(everything(table, a.row), everything(table, b.row))
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What two reports of one span must agree on. Times are not in it: exporters write them with different precision. */
function content(table: SpanTable, row: number): string {
  const recorded = table.recordedCostOf(row);
  return [
    table.nameOf(row),
    table.statusOf(row),
    table.kindOf(row),
    table.textOf('model', row) ?? '',
    table.parentIdOf(row) ?? '',
    recorded === undefined ? '' : `${recorded.authority} ${recorded.amount}`,
    table.hasUsage(row) ? USAGE_FIELDS.map((field) => table.usageOf(row, field)).join(' ') : '',
  ].join('\u0000');
}

/** All that a row says, so that which report stands for the span never depends on which came first. */
function everything(table: SpanTable, row: number): string {
  const { type, message } = table.errors.get(row) ?? {};
  const call = table.call[row]!;
  return JSON.stringify([
    ...[...Object.entries(table.text), ...table.extra]
      .sort(([a], [b]) => compareText(a, b))
      .map(([, column]) => table.strings.text(column[row]!)),
    [...table.resourceOf(row).attributes].map(([key, value]) => `${key} ${String(value)}`).sort(),
    [type, message, table.dialectOf(row), table.attemptOf(row), table.flags[row], table.spanKind[row]],
    [table.startSecond[row], table.startNano[row], table.duration[row]],
    call < 0 ? [] : [table.responseHigh?.[call], table.responseLow?.[call]],
  ]);
}

function compareEnds(table: SpanTable, a: number, b: number): number {
  const seconds = table.startSecond[a]! - table.startSecond[b]!;
  return seconds * 1e9 + table.startNano[a]! - table.startNano[b]! + table.duration[a]! - table.duration[b]!;
}

function richness(table: SpanTable, row: number): number {
  let fields = table.resourceOf(row).attributes.size;
  for (const field in table.text)
    if (table.textOf(field as keyof typeof table.text, row) !== undefined) fields++;
  return fields;
}
