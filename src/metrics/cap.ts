/** What stands for all values of a label that are too many. */
export const OTHER = 'other';

/** Series after some have been put together: what each one is now, and the labels of those there are. */
export type Capped = {
  readonly as: Uint32Array;
  readonly series: readonly (readonly string[])[];
  /** The labels that had too many values, and how many of those kept their own series. */
  readonly blamed: readonly { readonly label: number; readonly values: number; readonly kept: number }[];
};

/**
 * At most `most` series: of the label with the most values, the rarest ones become `other`, as many as must; then of the next
 * label, if that is not enough. What the other labels tell stays true. `counts` are the events of each series.
 */
export function capped(series: readonly LabelValues[], counts: Uint32Array, most: number): Capped {
  let now: Distinct = { as: Uint32Array.from(series.keys()), series, counts };
  const blamed: { label: number; values: number; kept: number }[] = [];
  const left = new Set((series[0] ?? []).keys());
  while (now.series.length > most && left.size > 0) {
    const { label, values } = mostValues(now, left);
    const kept = mostKept(now.series, label, values, most);
    left.delete(label);
    blamed.push({ label, values: values.length, kept });
    now = folded(now, label, new Set(values.slice(0, kept)));
  }
  return { as: now.as, series: now.series, blamed };
}

type LabelValues = readonly string[];

/** Series that differ, their events, and which of them each of the series given is. */
type Distinct = {
  readonly as: Uint32Array;
  readonly series: readonly LabelValues[];
  readonly counts: Uint32Array;
};

/** The label with the most values, and these, those with the most events first. */
function mostValues(
  now: Distinct,
  labels: ReadonlySet<number>,
): { readonly label: number; readonly values: LabelValues } {
  const ranks = [...labels].map((label) => ({ label, values: ranked(now, label) }));
  return ranks.reduce((best, one) => (one.values.length > best.values.length ? one : best));
}

function ranked({ series, counts }: Distinct, label: number): LabelValues {
  const events = new Map<string, number>();
  for (const [i, labels] of series.entries())
    events.set(labels[label]!, (events.get(labels[label]!) ?? 0) + counts[i]!);
  return [...events].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([value]) => value);
}

/**
 * How many of the values can keep series of their own: theirs, and those of all others together, are no more than `most`.
 * The others become fewer one by one, from the rarest value on.
 */
function mostKept(series: readonly LabelValues[], label: number, values: LabelValues, most: number): number {
  const rests = new Map<string, string[]>();
  for (const labels of series) {
    const rest = JSON.stringify(labels.with(label, OTHER));
    const known = rests.get(labels[label]!);
    if (known === undefined) rests.set(labels[label]!, [rest]);
    else known.push(rest);
  }
  let own = series.length;
  const others = new Set<string>();
  let kept = values.length;
  while (kept > 0 && own + others.size > most) {
    const folded = rests.get(values[--kept]!)!;
    own -= folded.length;
    for (const rest of folded) others.add(rest);
  }
  return kept;
}

function folded(now: Distinct, label: number, kept: ReadonlySet<string>): Distinct {
  const numbers = new Map<string, number>();
  const series: LabelValues[] = [];
  const numberOf = now.series.map((labels) => {
    const own = kept.has(labels[label]!) ? labels : labels.with(label, OTHER);
    const key = JSON.stringify(own);
    let number = numbers.get(key);
    if (number === undefined) {
      number = series.push(own) - 1;
      numbers.set(key, number);
    }
    return number;
  });
  const counts = new Uint32Array(series.length);
  for (const [i, number] of numberOf.entries()) counts[number]! += now.counts[i]!;
  return { as: now.as.map((one) => numberOf[one]!), series, counts };
}
