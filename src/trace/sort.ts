/** Runs of so many are sorted by insertion before they are merged. */
const RUN = 12;

/**
 * Sorts the first `length` numbers of `order`, equals staying as they are; `spare` has room for as many. Takes one comparison
 * a number where they are sorted already, as they are in most traces.
 */
export function sortNumbers(
  order: Int32Array,
  spare: Int32Array,
  length: number,
  compare: (a: number, b: number) => number,
): void {
  for (let from = 0; from < length; from += RUN) insert(order, from, Math.min(from + RUN, length), compare);
  for (let width = RUN; width < length; width *= 2) {
    for (let from = 0; from + width < length; from += 2 * width)
      merge(order, spare, from, from + width, Math.min(from + 2 * width, length), compare);
  }
}

function insert(
  order: Int32Array,
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): void {
  for (let i = from + 1; i < to; i++) {
    const moved = order[i]!;
    let at = i;
    while (at > from && compare(order[at - 1]!, moved) > 0) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = moved;
  }
}

/**
 * Merges two sorted neighbours. What begins the first and what ends the second mostly stands where it belongs; the rest of the
 * first is set aside, as the result begins where it stood.
 */
function merge(
  order: Int32Array,
  spare: Int32Array,
  first: number,
  middle: number,
  last: number,
  compare: (a: number, b: number) => number,
): void {
  if (compare(order[middle - 1]!, order[middle]!) <= 0) return;
  const from = search(order, first, middle, order[middle]!, true, compare);
  const to = search(order, middle, last, order[middle - 1]!, false, compare);
  for (let i = from; i < middle; i++) spare[i] = order[i]!;
  let left = from;
  let right = middle;
  let at = from;
  while (left < middle && right < to) {
    if (compare(spare[left]!, order[right]!) <= 0) order[at++] = spare[left++]!;
    else order[at++] = order[right++]!;
  }
  while (left < middle) order[at++] = spare[left++]!;
}

/** Where in a sorted range a value belongs: behind what equals it, or before. */
function search(
  order: Int32Array,
  from: number,
  to: number,
  value: number,
  behind: boolean,
  compare: (a: number, b: number) => number,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const half = (low + high) >>> 1;
    const compared = compare(order[half]!, value);
    if (compared < 0 || (behind && compared === 0)) low = half + 1;
    else high = half;
  }
  return low;
}
