import { type RowPlan, type RowSink, type Span, SpanTable } from '../../src/model/index.ts';
import { createRowSink } from '../../src/normalize/index.ts';
import type { Normalizer } from '../../src/normalize/normalizer.ts';
import { labelOf } from '../../src/rollup/index.ts';
import { rowsOfSpans } from './span-rows.ts';
import { viewOf } from './table-view.ts';

/** What a table says after it was filled, what was said meanwhile, and how many spans it took as objects. */
export type Filled = {
  readonly view: readonly object[];
  readonly warnings: readonly string[];
  readonly objects: number;
};

/** Span by span. */
export const slowly = (normalizer: Normalizer, spans: readonly Span[], columns: readonly string[]): Filled =>
  filled(normalizer, columns, (add) => spans.forEach(add));

/** By rows, by what `asks` says of the tables. */
export const quickly = (
  normalizer: Normalizer,
  spans: readonly Span[],
  columns: readonly string[],
  asks: Normalizer['asks'] = normalizer.asks,
): Filled => filled({ ...normalizer, asks }, columns, (_, rows) => rowsOfSpans(rows).take(spans));

export function planOf(normalizer: Normalizer, columns: readonly string[]): RowPlan {
  let plan: RowPlan | undefined;
  filled(normalizer, columns, (_, rows) => {
    plan = rows.plan;
  });
  return plan!;
}

function filled(
  normalizer: Normalizer,
  columns: readonly string[],
  fill: (add: (span: Span) => void, rows: RowSink) => void,
): Filled {
  const table = new SpanTable();
  const warnings: string[] = [];
  let objects = 0;
  const add = (span: Span): void => {
    objects++;
    const agent = normalizer.normalize(span);
    warnings.push(...(agent.warnings ?? []));
    if (agent.usage === 'invalid') warnings.push('invalid_usage');
    table.push(agent, labelsOf(span, columns));
  };
  const log = { row: undefined, forget: () => undefined };
  fill(add, createRowSink({ normalizer, table, columns, labelOf, keptOf: (error) => error, span: add, log }));
  return { view: viewOf(table, columns), warnings, objects };
}

function labelsOf(span: Span, columns: readonly string[]): Map<string, string | undefined> {
  return new Map(
    columns.map((column) => {
      const { attributes } = column.startsWith('attr:') ? span : span.resource;
      return [column, labelOf(attributes.get(column.slice(column.indexOf(':') + 1)))];
    }),
  );
}
