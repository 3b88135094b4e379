/** Numbers that look random and are the same for the same seed, on every machine. */
export type Random = {
  /** A whole number from 0 up to `n`, which is not among them; `n` is at most 2^31. */
  readonly below: (n: number) => number;
  /** The same, for every place of a list. */
  readonly fill: (places: Int32Array, n: number) => void;
};

/**
 * xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021; prng.di.unimi.it), its state
 * filled from a text: a seed and a name make a stream of their own.
 */
export function randomOf(...seed: readonly (string | number)[]): Random {
  let state = stateOf(JSON.stringify(seed));
  const one = new Int32Array(1);
  // The state is local to a whole list of numbers, which is what makes them quick.
  const fill = (places: Int32Array, n: number): void => {
    let [a, b, c, d] = state;
    for (let i = 0; i < places.length; i++) {
      const product = Math.imul(b, 5);
      const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      places[i] = (result * n) / 2 ** 32;
    }
    state = [a, b, c, d];
  };
  return {
    fill,
    below: (n) => {
      fill(one, n);
      return one[0]!;
    },
  };
}

/** FNV-1a over the text, then a word of state each from the finalizer of MurmurHash3; never all zero, which would stay so. */
function stateOf(text: string): [number, number, number, number] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const word = (i: number): number => {
    let mixed = (hash + Math.imul(i, 0x9e3779b9)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
  return [word(1), word(2), word(3), word(4) | 1];
}

/** `count` of the items at most, each as likely as any other, in their order (Knuth, TAOCP 2, 3.4.2, algorithm S). */
export function sampleOf<T>(items: readonly T[], count: number, random: Random): readonly T[] {
  if (items.length <= count) return items;
  const chosen: T[] = [];
  for (let i = 0; i < items.length && chosen.length < count; i++) {
    if (random.below(items.length - i) < count - chosen.length) chosen.push(items[i]!);
  }
  return chosen;
}
