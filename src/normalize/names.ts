/** More distinct span names than this are not worth remembering: some emitters put ids into them. */
const MOST_NAMES = 10_000;

/** A function of a span's name, computed once a name. */
export function byName<T>(compute: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    let answer = known.get(name);
    if (answer === undefined && !known.has(name)) {
      answer = compute(name);
      if (known.size === MOST_NAMES) known.clear();
      known.set(name, answer);
    }
    return answer as T;
  };
}
