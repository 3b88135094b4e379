import type { SpanTable } from './span-table.ts';

/** What a span is called in paths and totals: `tool <name>`, `llm <model>`, otherwise `<kind> <name>`. */
export function stepName(table: SpanTable, row: number): string {
  const kind = table.kindOf(row);
  const name = table.nameOf(row);
  if (kind === 'tool') return `tool ${table.textOf('tool', row) ?? name}`;
  if (kind === 'llm') return `llm ${table.textOf('model', row) ?? table.textOf('requestModel', row) ?? name}`;
  return `${kind} ${name}`;
}
