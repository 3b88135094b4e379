/** The candidate a mistyped name most likely meant: within a third of its length in edits, else undefined. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  return closest(name, candidates, 1)[0];
}

/** The `count` candidates nearest to a name, the nearest first, among equals in their own order. */
export function closest(name: string, candidates: Iterable<string>, count: number): string[] {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor((name.length + 1) / 3));
  const close: { readonly text: string; readonly edits: number }[] = [];
  for (const text of candidates) {
    const edits = editDistance(wanted, text.toLowerCase(), limit);
    if (edits <= limit) close.push({ text, edits });
  }
  return close
    .sort((a, b) => a.edits - b.edits)
    .slice(0, count)
    .map(({ text }) => text);
}

/** `; did you mean "…"?`, or nothing where no candidate is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const best = nearest(name.slice(0, 100), candidates);
  return best === undefined ? '' : `; did you mean "${best}"?`;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), or some number above `limit`
 * where it is more. Only a band around the diagonal is filled.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  const far = limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  let bestBefore = 0;
  for (let row = 1; row <= a.length; row++) {
    const current = new Array<number>(b.length + 1).fill(far);
    if (row <= limit) current[0] = row;
    let best = current[0]!;
    const last = Math.min(b.length, row + limit);
    for (let column = Math.max(1, row - limit); column <= last; column++) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        edits = Math.min(edits, before[column - 2]! + 1);
      current[column] = edits;
      if (edits < best) best = edits;
    }
    // A swap reaches back over one row.
    if (best > limit && bestBefore >= limit) return far;
    bestBefore = best;
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}
