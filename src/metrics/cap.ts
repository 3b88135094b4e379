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
export function capped(series: readonly (readonly string[])[], counts: Uint32Array, most: number): Capped {
  let now = series;
  const blamed: { label: number; values: number; kept: number }[] = [];
  const width = series[0]?.length ?? 0;
  while (distinct(now) > most && blamed.length < width) {
    const tried = new Set(blamed.map(({ label }) => label));
    const values = Array.from({ length: width }, (_, label) => ranked(now, counts, label));
    let label = -1;
    for (const [i, { length }] of values.entries())
      if (!tried.has(i) && (label < 0 || length > values[label]!.length)) label = i;
    const kept = mostKept(now, label, values[label]!, most);
    blamed.push({ label, values: values[label]!.length, kept });
    now = folded(now, label, new Set(values[label]!.slice(0, kept)));
  }
  const numbers = new Map<string, number>();
  const found: (readonly string[])[] = [];
  const as = Uint32Array.from(now, (labels) => {
    const key = JSON.stringify(labels);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, found.length);
    return found.push(labels) - 1;
  });
  return { as, series: found, blamed };
}

/** The values of a label, those with the most events first. */
function ranked(
  series: readonly (readonly string[])[],
  counts: Uint32Array,
  label: number,
): readonly string[] {
  const events = new Map<string, number>();
  for (const [i, labels] of series.entries())
    events.set(labels[label]!, (events.get(labels[label]!) ?? 0) + counts[i]!);
  return [...events].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([value]) => value);
}

/** How many of the values can keep a series of their own. */
function mostKept(
  series: readonly (readonly string[])[],
  label: number,
  values: readonly string[],
  most: number,
): number {
  let low = 0;
  let high = Math.min(values.length, most);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (distinct(folded(series, label, new Set(values.slice(0, middle)))) <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}

function folded(
  series: readonly (readonly string[])[],
  label: number,
  kept: ReadonlySet<string>,
): readonly (readonly string[])[] {
  return series.map((labels) => (kept.has(labels[label]!) ? labels : labels.with(label, OTHER)));
}

const distinct = (series: readonly (readonly string[])[]): number =>
  new Set(series.map((labels) => JSON.stringify(labels))).size;
