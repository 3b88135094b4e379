import type { Labels } from '../../model/index.ts';
import type { ExpectedAlert, ExpectedSample } from './file.ts';

/** Both sides in the order of their labels, and whether they are the same. */
export type Compared<Answer> = {
  readonly ok: boolean;
  readonly expected: readonly Answer[];
  readonly got: readonly Answer[];
};

/** Whether the same alerts fire with the same labels and annotations. */
export function compareAlerts(
  expected: readonly ExpectedAlert[],
  got: readonly ExpectedAlert[],
): Compared<ExpectedAlert> {
  const keyOf = ({ labels, annotations }: ExpectedAlert): string => `${keyed(labels)}\n${keyed(annotations)}`;
  return compared(expected, got, keyOf, () => true);
}

/** Whether the samples are the same, to the last bit unless `fuzzy`. NaN equals nothing, as in promtool. */
export function compareSamples(
  expected: readonly ExpectedSample[],
  got: readonly ExpectedSample[],
  fuzzy: boolean,
): Compared<ExpectedSample> {
  const keyOf = ({ labels }: ExpectedSample): string => keyed(labels);
  return compared(
    expected,
    got,
    keyOf,
    (a, b) => a.value === b.value || (fuzzy && areNeighbours(a.value, b.value)),
  );
}

function compared<Answer>(
  expected: readonly Answer[],
  got: readonly Answer[],
  keyOf: (one: Answer) => string,
  same: (a: Answer, b: Answer) => boolean,
): Compared<Answer> {
  const [a, b] = [sorted(expected, keyOf), sorted(got, keyOf)];
  const ok = a.length === b.length && a.every(([key, one], i) => key === b[i]![0] && same(one, b[i]![1]));
  return { ok, expected: a.map(([, one]) => one), got: b.map(([, one]) => one) };
}

function sorted<Answer>(answers: readonly Answer[], keyOf: (one: Answer) => string): [string, Answer][] {
  return answers
    .map((one): [string, Answer] => [keyOf(one), one])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Labels as a text that is the same for the same labels, whatever their order. */
function keyed(labels: Labels): string {
  return JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether no number of 64 bits lies between the two. */
function areNeighbours(a: number, b: number): boolean {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  const distance = bitsOf(a) - bitsOf(b);
  return distance >= -1n && distance <= 1n;
}

const view = new DataView(new ArrayBuffer(8));

/** Integers in the order of the numbers. */
function bitsOf(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}
