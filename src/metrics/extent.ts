import { FLAG, type SpanTable } from '../model/index.ts';
import type { Measured } from '../rollup/index.ts';

/** Integer milliseconds: when the first of some spans began, and when the last one was over. */
export type Extent = { readonly start: number; readonly end: number };

/** The extent of these positions, all where none are chosen; undefined where no span has a time. */
export function extentOf(data: Measured, chosen: Int32Array | undefined): Extent | undefined {
  return extentsBy(data, chosen, () => 0).get(0);
}

/** The extents of groups of these positions, by their keys; a group without a time has none. */
export function extentsBy<Key>(
  { forest: { table, row, length } }: Measured,
  chosen: Int32Array | undefined,
  keyOf: (position: number) => Key,
): Map<Key, Extent> {
  const extents = new Map<Key, { start: number; end: number }>();
  for (let i = 0; i < (chosen?.length ?? length); i++) {
    const p = chosen === undefined ? i : chosen[i]!;
    const start = startOf(table, row[p]!);
    if (start === undefined) continue;
    const end = endOf(table, row[p]!) ?? start;
    const key = keyOf(p);
    const known = extents.get(key);
    if (known === undefined) {
      extents.set(key, { start, end });
      continue;
    }
    known.start = Math.min(known.start, start);
    known.end = Math.max(known.end, end);
  }
  return extents;
}

/** The first whole millisecond at which the span has begun; undefined without a usable time. */
export function startOf(table: SpanTable, row: number): number | undefined {
  if (!table.has(row, FLAG.hasStart)) return undefined;
  return table.startSecondOf(row) * 1000 + Math.ceil(table.startNanoOf(row) / 1e6);
}

/** The first whole millisecond at which the span is over; undefined while it is open. */
export function endOf(table: SpanTable, row: number): number | undefined {
  if (!table.has(row, FLAG.hasEnd)) return undefined;
  return table.startSecondOf(row) * 1000 + Math.ceil((table.startNanoOf(row) + table.lengthOf(row)) / 1e6);
}
