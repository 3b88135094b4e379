import type { Report } from '../model/index.ts';
import { bodyOf, TRACE } from './json.ts';
import { jsonText, PLAIN } from './json-text.ts';

/** One row of the answer a line, in the shape it has in JSON. Totals and the account of the input are not rows. */
export function* renderJsonl(report: Report): Iterable<string> {
  const { rows } = report.table;
  const items = bodyOf(report)[rows];
  if (!Array.isArray(items)) throw new TypeError(`${report.command}: body.${rows} is not a list`);
  for (const item of items) {
    yield* jsonText(item, rows === 'traces' ? TRACE : PLAIN);
    yield '\n';
  }
}
