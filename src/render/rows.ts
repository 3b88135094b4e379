import type { Column, Report, Value } from '../model/index.ts';

/** What the command answers; trees stand beside the body, because they hold values from the input as they are. */
export function bodyOf(report: Report): Readonly<Record<string, unknown>> {
  return report.traces === undefined ? report.body : { ...report.body, traces: report.traces };
}

/** The rows that the report's table is made of. */
export function rowsOf(report: Report): readonly unknown[] {
  const rows = report.table.items ?? valueAt(bodyOf(report), report.table.rows.split('.'));
  if (!Array.isArray(rows)) throw new TypeError(`${report.command}: body.${report.table.rows} is not a list`);
  return rows;
}

/** The total below the rows; undefined where there is none. */
export function totalOf(report: Report): Value | undefined {
  return report.table.total === undefined ? undefined : report.body[report.table.total];
}

/** The value at a path of own keys; undefined where the path ends early. */
export function valueAt(row: unknown, path: readonly string[]): Value | undefined {
  let value = row;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value as Value | undefined;
}

/** The columns of a table for people. */
export function shownColumns(report: Report): readonly Column[] {
  return report.table.columns.filter(({ only }) => only === undefined);
}
