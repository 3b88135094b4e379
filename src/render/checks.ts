import type { CheckList, Report } from '../model/index.ts';

/** The checks of a report; formats for CI systems are offered only where there are some. */
export function checksOf({ command, checks }: Report): CheckList {
  if (checks === undefined) throw new TypeError(`${command}: checks nothing`);
  return checks;
}
