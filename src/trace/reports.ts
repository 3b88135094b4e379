import type { Forest, SpanTable } from '../model/index.ts';

/** What a span is to the bill. */
export const ROLE = {
  /** Not an LLM call, and it reports no usage or cost. */
  none: 0,
  /** One call: the span is an LLM or embedding operation. */
  call: 1,
  /** Usage or cost known only here, on a span that is no LLM operation, with nothing below it that reports any: counted once. */
  aggregateOnly: 2,
  /** Repeats what spans below it report: never counted. */
  rollup: 3,
  /** A second report of a call that another span stands for: never counted. */
  duplicate: 4,
} as const;

/** Calls that were reported more than once: the span that stands for each, and its other reports. */
export class ReportGroups {
  readonly groups = new Map<number, number[]>();

  /** `kept` stands for the call from now on, and for every call that `other` stood for. */
  add(kept: number, other: number): void {
    const group = this.groups.get(kept) ?? [];
    group.push(other);
    const others = this.groups.get(other);
    if (others !== undefined) {
      for (const position of others) group.push(position);
      this.groups.delete(other);
    }
    this.groups.set(kept, group);
  }
}

export function isModelOperation(forest: Forest, position: number): boolean {
  const kind = forest.table.kindOf(forest.row[position]!);
  return kind === 'llm' || kind === 'embedding';
}

/** Usage that can be counted, or a recorded cost. */
export function reportsMoney(table: SpanTable, row: number): boolean {
  return table.call[row]! >= 0 && (table.hasUsage(row) || table.recordedCostOf(row) !== undefined);
}

export function promptTokens(table: SpanTable, row: number): number {
  return (
    table.usageOf(row, 'uncachedInput') +
    table.usageOf(row, 'cacheRead') +
    table.usageOf(row, 'cacheWrite5m') +
    table.usageOf(row, 'cacheWrite1h')
  );
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
