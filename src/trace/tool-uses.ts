import type { Forest, PriceBook, ToolPrice } from '../model/index.ts';
import type { Verdicts } from './verdicts.ts';

/** Fees of tools and connectors; undefined where there are none. */
export type ToolPrices = PriceBook['toolPrice'] | undefined;

/**
 * Finds the uses of tools and connectors that have a price. Each is paid for by itself, beside the calls below it; a use
 * that two layers report, one right inside the other, is one use.
 */
export function findToolUses(forest: Forest, verdicts: Verdicts, toolPrices: ToolPrices): void {
  const uses: number[] = [];
  for (let p = 0; p < forest.length; p++) if (toolFee(forest, p, toolPrices) !== undefined) uses.push(p);
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

/** The fee of one span, if it is the use of a tool or connector that has one. */
export function toolFee(forest: Forest, position: number, toolPrices: ToolPrices): ToolPrice | undefined {
  const { table } = forest;
  const row = forest.row[position]!;
  const kind = table.kindOf(row);
  if (kind !== 'tool' && kind !== 'connector') return undefined;
  return toolPrices?.(nameOf(forest, position), kind, table.startOf(row));
}

function nameOf({ table, row }: Forest, position: number): string {
  const at = row[position]!;
  return table.textOf(table.kindOf(at) === 'tool' ? 'tool' : 'connector', at) ?? table.nameOf(at);
}

function isSameTool(forest: Forest, a: number, b: number): boolean {
  const { table, row } = forest;
  return table.kindOf(row[a]!) === table.kindOf(row[b]!) && nameOf(forest, a) === nameOf(forest, b);
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
