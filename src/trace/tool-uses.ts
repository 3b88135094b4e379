import { append, FLAG, type Forest, type PriceBook, type SpanTable, type ToolPrice } from '../model/index.ts';
import { around, coincide, compareStart, isOtherSignal, ranTogether } from './same-time.ts';
import { sessionsOf } from './sessions.ts';
import type { Verdicts } from './verdicts.ts';

/** Fees of tools and connectors; undefined where there are none. */
export type ToolPrices = PriceBook['toolPrice'] | undefined;

/**
 * Finds the uses of tools and connectors that have a price. Each is paid for by itself, beside the calls below it; a use
 * that two layers report, one right inside the other, is one use. So is one that a span and a log event tell, or a span and a
 * session file, or two libraries beside each other.
 */
export function findToolUses(forest: Forest, verdicts: Verdicts, toolPrices: ToolPrices): void {
  const { table, row, length } = forest;
  const named = namedTools(table, toolPrices);
  if (!named.includes(1)) return;
  const uses: number[] = [];
  for (let p = 0; p < length; p++)
    if (named[table.profileOf(row[p]!)] === 1 && toolFee(table, row[p]!, toolPrices) !== undefined)
      uses.push(p);
  if (uses.length === 0) return;
  const above = enclosingTools(forest);
  /** The outermost report of a use, by each of its reports. */
  const outermost = new Map<number, number>();
  for (const use of uses) {
    const outer = outermost.get(above[use]!);
    const repeated = outer !== undefined && isSameTool(forest, outer, use);
    outermost.set(use, repeated ? outer : use);
    if (repeated) verdicts.merge(outer, use, 'duplicate_layer');
    else verdicts.set(use, 'tool_price');
  }
  mergeSignals(
    forest,
    uses.filter((use) => verdicts.is(use, 'tool_price')),
    verdicts,
  );
}

/** Uses of one trace or session that were told in several ways; each way tells a use once. */
function mergeSignals(forest: Forest, uses: readonly number[], verdicts: Verdicts): void {
  const { table, row } = forest;
  if (!uses.some((use) => isOtherSignal(table, row[use]!, row[uses[0]!]!))) return;
  const sessions = sessionsOf(forest);
  const event = (use: number): number => Number(table.has(row[use]!, FLAG.fromEvent));
  const sorted = [...uses].sort((a, b) => event(a) - event(b) || compareStart(forest, a, b));
  /** Reports of each use that a span tells, by place and name, in order of start. */
  const told = new Map<string, number[][]>();
  for (const use of sorted) {
    const name = nameOf(table, row[use]!);
    const keys = [`trace ${table.traceOf(row[use]!)} ${name}`];
    if (sessions[use] !== 0) keys.push(`session ${sessions[use]} ${name}`);
    const same = keys
      .flatMap((key) => around(forest, told.get(key) ?? [], ([first]) => first!, use))
      .find((reports) => reports.every((report) => isSameUse(forest, report, use)));
    if (same !== undefined) {
      same.push(use);
      verdicts.merge(same[0]!, use, 'duplicate_overlap');
      continue;
    }
    if (event(use) === 1) continue;
    const reports = [use];
    for (const key of keys) {
      append(told, key, reports);
    }
  }
}

function isSameUse(forest: Forest, a: number, b: number): boolean {
  const { table, row, parent } = forest;
  const [rowA, rowB] = [row[a]!, row[b]!];
  if (!isOtherSignal(table, rowA, rowB)) return false;
  const apart = table.has(rowB, FLAG.fromEvent) || table.traceOf(rowA) !== table.traceOf(rowB);
  if (apart) return ranTogether(forest, a, b);
  // The parents of spans at the top are missing: those of one trace are siblings, whatever brought them there.
  return Math.max(-1, parent[a]!) === Math.max(-1, parent[b]!) && coincide(forest, a, b);
}

/** 1 for profiles of tools and connectors that some row of the prices names: most inputs have none. */
function namedTools({ profiles, strings }: SpanTable, toolPrices: ToolPrices): Uint8Array {
  const named = new Uint8Array(profiles.length);
  if (toolPrices === undefined) return named;
  for (let profile = 0; profile < named.length; profile++) {
    const kind = profiles.kindOf(profile);
    if (kind !== 'tool' && kind !== 'connector') continue;
    const name = strings.text(profiles.textIdOf(kind, profile) || profiles.nameIdOf(profile)) ?? '';
    if (toolPrices(name, kind, undefined) !== undefined) named[profile] = 1;
  }
  return named;
}

/** The fee of one row, if it is the use of a tool or connector that has one. */
export function toolFee(table: SpanTable, row: number, toolPrices: ToolPrices): ToolPrice | undefined {
  const kind = table.kindOf(row);
  if (kind !== 'tool' && kind !== 'connector') return undefined;
  return toolPrices?.(nameOf(table, row), kind, table.startOf(row));
}

function nameOf(table: SpanTable, row: number): string {
  return table.textOf(table.kindOf(row) === 'tool' ? 'tool' : 'connector', row) ?? table.nameOf(row);
}

function isSameTool({ table, row }: Forest, a: number, b: number): boolean {
  if (table.kindOf(row[a]!) !== table.kindOf(row[b]!)) return false;
  return nameOf(table, row[a]!) === nameOf(table, row[b]!);
}

/** Of every position the nearest tool or connector above, with nothing but steps and transport between; -1 without one. */
function enclosingTools({ table, row, parent, length }: Forest): Int32Array {
  const above = new Int32Array(length).fill(-1);
  for (let p = 0; p < length; p++) {
    const up = parent[p]!;
    if (up < 0) continue;
    const kind = table.kindOf(row[up]!);
    if (kind === 'tool' || kind === 'connector') above[p] = up;
    else if (kind === 'step' || kind === 'http' || kind === 'other') above[p] = above[up]!;
  }
  return above;
}
