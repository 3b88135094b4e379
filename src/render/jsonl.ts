import type { Report } from '../model/index.ts';

import { shapeOf } from './json.ts';
import { jsonText } from './json-text.ts';
import { rowsOf } from './rows.ts';

/** One row of the answer a line, in the shape it has in JSON. Totals and the account of the input are not rows. */
export function* renderJsonl(report: Report): Iterable<string> {
  const shape = shapeOf(report, report.table.rows);
  for (const row of rowsOf(report)) {
    yield* jsonText(row, shape);
    yield '\n';
  }
}
