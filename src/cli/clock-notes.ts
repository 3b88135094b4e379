import { countSkewed } from '../analyses/skew.ts';
import { type Correction, type Forest, type Selection, stepName } from '../model/index.ts';
import type { Dataset } from '../pipeline.ts';
import { formatCount } from '../render/format.ts';
import { safeText } from '../render/text.ts';

/** So many corrections are told one by one. */
const TOLD = 5;

/**
 * Every correction of clocks in the traces that were chosen, the first ones one by one; without `--fix-skew`, whether there is
 * something that it would move.
 */
export function clockNotes({ forest, selected, skew }: Dataset): string[] {
  if (skew === undefined) return hint(countSkewed(forest, selected));
  const isChosen = chosenTraces(forest, selected);
  const chosen = ({ row }: Correction): boolean => isChosen(forest.table.traceOf(row));
  const moved = skew.corrections.filter(chosen);
  const refused = skew.refused.filter(chosen);
  if (moved.length + refused.length === 0) return ['--fix-skew: no clocks differ, nothing was moved'];
  return [
    ...listed(moved, (one) => `--fix-skew moved ${subject(forest, one)} by ${signed(one.nanos)}`),
    ...listed(
      refused,
      (one) => `--fix-skew left ${subject(forest, one)}: ${signed(one.nanos)} is no difference of clocks`,
    ),
  ];
}

function hint(count: number): string[] {
  if (count === 0) return [];
  const spans = count === 1 ? '1 span begins' : `${formatCount(count)} spans begin`;
  return [
    `${spans} before the parent or after its end, on another host: if the clocks differ, --fix-skew moves them`,
  ];
}

function chosenTraces(
  { length, table, row }: Forest,
  selected: Selection | undefined,
): (trace: number) => boolean {
  if (selected === undefined) return () => true;
  const traces = new Set<number>();
  for (let p = 0; p < length; p++) if (selected(p)) traces.add(table.traceOf(row[p]!));
  return (trace) => traces.has(trace);
}

function listed(corrections: readonly Correction[], tell: (one: Correction) => string): string[] {
  const rest = corrections.length - TOLD;
  const more = rest > 0 ? [`--fix-skew: and ${formatCount(rest)} more; trace show -f json lists them`] : [];
  return [...corrections.slice(0, TOLD).map(tell), ...more];
}

function subject({ table }: Forest, { row, host, spans }: Correction): string {
  const below = spans > 1 ? ` and ${formatCount(spans - 1)} below it` : '';
  return `${safeText(stepName(table, row))} (span ${safeText(table.spanIdOf(row))}) of ${safeText(host)}${below}`;
}

/** To the microsecond: what moved must be possible to move back. */
function signed(nanos: number): string {
  const [size, sign] = [Math.abs(nanos), nanos < 0 ? '-' : '+'];
  return size < 1e9
    ? `${sign}${Number((size / 1e6).toFixed(3))}ms`
    : `${sign}${Number((size / 1e9).toFixed(6))}s`;
}
