/** Small deterministic random numbers (mulberry32): the same seed gives the same corpus everywhere. */
export function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (values) => values[below(values.length)],
    hex: (digits) => {
      let id = '';
      while (id.length < digits) id += ((next() * 2 ** 32) >>> 0).toString(16).padStart(8, '0');
      return id.slice(0, digits);
    },
  };
}

const WORDS =
  'the agent reads ledger Zürich "quoted" C:\\temp → tokens retry naïve {"traceId":"0"} invoice deploy while checking answer \n latency budget 漢字'.split(
    ' ',
  );
/** A small corpus needs little; a large one needs more than a compressor looks back, or it would compress better than prompts do. */
const POOL = { least: 100_000, most: 4_000_000 };

/**
 * A function that cuts prose of a length between two bounds out of one long text with quotes, escapes and look-alikes.
 * The text is made with random numbers of its own.
 */
export function proseOf(random, ofPool, wanted) {
  const size = Math.min(POOL.most, Math.max(POOL.least, wanted));
  const words = [];
  for (let length = 0; length < size; length += words.at(-1).length + 1) {
    words.push(ofPool.next() < 0.3 ? ofPool.hex(4 + ofPool.below(5)) : ofPool.pick(WORDS));
  }
  const pool = words.join(' ');
  return (from, to) => {
    const length = from + random.below(to - from);
    const at = random.below(pool.length - length);
    return pool.slice(at, at + length);
  };
}
