/** The candidates closest to `name` by edit distance, nearest first, at most `count`; for hints and never for prices. */
export function nearest(name: string, candidates: Iterable<string>, count: number): string[] {
  const limit = Math.max(2, Math.floor(name.length * 0.4));
  const close: { readonly text: string; readonly distance: number }[] = [];
  for (const text of candidates) {
    const distance = editDistance(name, text, limit);
    if (distance <= limit) close.push({ text, distance });
  }
  close.sort((a, b) => a.distance - b.distance || (a.text < b.text ? -1 : 1));
  return close.slice(0, count).map((candidate) => candidate.text);
}

/** `; did you mean "…"?`, or nothing when no candidate is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const [best] = nearest(name.slice(0, 100), candidates, 1);
  return best === undefined ? '' : `; did you mean "${best}"?`;
}

/** Levenshtein distance, or any number above `limit` where it exceeds that. Only a band around the diagonal is filled. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = new Array<number>(b.length + 1).fill(limit + 1);
    if (row <= limit) current[0] = row;
    let best = current[0]!;
    const last = Math.min(b.length, row + limit);
    for (let column = Math.max(1, row - limit); column <= last; column++) {
      const changed = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const cost = Math.min(changed, previous[column]! + 1, current[column - 1]! + 1);
      current[column] = cost;
      if (cost < best) best = cost;
    }
    if (best > limit) return limit + 1;
    previous = current;
  }
  return previous[b.length]!;
}
