import { type Projection, type Span, TOOL_RESULT_SIZE } from '../model/index.ts';
import { TOOL_RESULT_KEYS, toolResultSize } from '../normalize/index.ts';
import { labelOf } from '../rollup/index.ts';

/** A key whose values no table has but that are columns of their own. */
export const isColumn = (key: string): boolean =>
  key.startsWith('attr:') || key.startsWith('resource:') || key === TOOL_RESULT_SIZE;

/** What has to be read of spans for these columns, besides the keys that the tables read. */
export function projectionOf(reads: ReadonlySet<string>, columns: readonly string[]): Projection {
  const attributes = columns.filter((key) => key.startsWith('attr:')).map((key) => key.slice('attr:'.length));
  const sizes = columns.includes(TOOL_RESULT_SIZE) ? TOOL_RESULT_KEYS : [];
  return { attributes: new Set([...reads, ...attributes, ...sizes]), events: true, logs: false };
}

/** The values of these columns. */
export function valuesOf(span: Span, columns: readonly string[]): Map<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  for (const column of columns) {
    if (column === TOOL_RESULT_SIZE) {
      values.set(column, toolResultSize(span)?.toString());
      continue;
    }
    const key = column.slice(column.indexOf(':') + 1);
    const from = column.startsWith('attr:') ? span.attributes : span.resource.attributes;
    values.set(column, labelOf(from.get(key)));
  }
  return values;
}
