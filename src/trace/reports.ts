import type { Forest, SpanTable } from '../model/index.ts';

export function isModelOperation({ table, row }: Forest, position: number): boolean {
  return table.profiles.isModel(table.profileOf(row[position]!));
}

/** Usage that can be counted, or a recorded cost. */
export function reportsMoney(table: SpanTable, row: number): boolean {
  const call = table.calls.of(row);
  return call >= 0 && (table.calls.hasUsage(call) || table.calls.hasCost(call));
}

/** All tokens of the prompt of an entry of the calls. */
export function promptOf({ calls: { usage } }: SpanTable, call: number): number {
  return (
    usage.uncachedInput.get(call) +
    usage.cacheRead.get(call) +
    usage.cacheWrite5m.get(call) +
    usage.cacheWrite1h.get(call)
  );
}

export function promptTokens(table: SpanTable, row: number): number {
  const call = table.calls.of(row);
  return call < 0 ? 0 : promptOf(table, call);
}

/** How much a report says: one with cache and reasoning details beats one without. */
export function detail(table: SpanTable, row: number): number {
  let score = table.hasUsage(row) ? 4 : 0;
  if (table.usageOf(row, 'cacheRead') > 0) score++;
  if (table.usageOf(row, 'cacheWrite5m') + table.usageOf(row, 'cacheWrite1h') > 0) score++;
  if (table.usageOf(row, 'reasoning') > 0) score++;
  return score;
}

/** Can two spans be about the same model? Routing prefixes, dates and versions aside; a span that names none may be. */
export function sameModel(table: SpanTable, rowA: number, rowB: number): boolean {
  // Names are interned: most pairs are told by their numbers.
  const model = table.textIdOf('model', rowA);
  if (model !== 0 && model === table.textIdOf('model', rowB)) return true;
  const a = modelNames(table, rowA);
  const b = modelNames(table, rowB);
  return a.length === 0 || b.length === 0 || a.some((name) => b.includes(name));
}

function modelNames(table: SpanTable, row: number): string[] {
  return [table.textOf('model', row), table.textOf('requestModel', row)]
    .filter((name) => name !== undefined)
    .map((name) =>
      name
        .toLowerCase()
        .slice(name.lastIndexOf('/') + 1)
        .replace(/-v\d+(:\d+)?$/, '')
        .replace(/[-@](latest|\d{4}-?\d{2}-?\d{2})$/, ''),
    );
}
