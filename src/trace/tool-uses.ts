import type { Forest, PriceBook, SpanTable, ToolPrice } from '../model/index.ts';
import type { Verdicts } from './verdicts.ts';

/** Fees of tools and connectors; undefined where there are none. */
export type ToolPrices = PriceBook['toolPrice'] | undefined;

/**
 * Finds the uses of tools and connectors that have a price. Each is paid for by itself, beside the calls below it; a use
 * that two layers report, one right inside the other, is one use.
 */
export function findToolUses(forest: Forest, verdicts: Verdicts, toolPrices: ToolPrices): void {
  const uses: number[] = [];
  for (let p = 0; p < forest.length; p++)
    if (toolFee(forest.table, forest.row[p]!, toolPrices) !== undefined) uses.push(p);
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
