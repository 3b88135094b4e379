import { nearest } from '../model/index.ts';
import type { Dataset } from '../pipeline.ts';
import { findDimension, parseCondition } from '../rollup/index.ts';

/** So few values are listed; of more, only the nearest is named. */
const LISTED = 6;
/** More values than that are nobody's choice to make. */
const MOST = 10_000;

/** Conditions on values that no span has at all, and which there are: `status=ok`, `user=Ana`. */
export function unmetConditions(data: Dataset, where: readonly string[]): string[] {
  return where.flatMap((text) => {
    const { key, operator, value } = parseCondition(text);
    const dimension = operator === '=' ? findDimension(key) : undefined;
    if (dimension === undefined) return [];
    const { idOf, textOf } = dimension.labels(data);
    const ids = new Set<number>();
    for (let p = 0; p < data.forest.length && ids.size <= MOST; p++) ids.add(idOf(p));
    if (ids.size > MOST) return [];
    const values = new Set([...ids].flatMap((id) => textOf(id) ?? []));
    if (values.has(value) || value === dimension.absent) return [];
    return [`no span has ${key} ${JSON.stringify(value)}${instead(value, values)}`];
  });
}

function instead(value: string, values: ReadonlySet<string>): string {
  if (values.size === 0) return ', or any at all';
  if (values.size <= LISTED) return `; there is ${[...values].sort().join(', ')}`;
  const lower = value.toLowerCase();
  const near = [...values].find((one) => one.toLowerCase() === lower) ?? nearest(value.slice(0, 100), values);
  return near === undefined ? '' : `; did you mean ${near}?`;
}
