import { UserError } from '../model/index.ts';
import { globsOverlap, literalLength } from './globs.ts';

/** A key of the configuration, with where it stands. */
type Placed = { readonly written: string; readonly at: string };
type Pattern = Placed & { readonly pattern: string; readonly glob: boolean };

/** The longest literal first. */
export function bySpecificity<K extends Pattern>(globs: readonly K[]): readonly K[] {
  return [...globs].sort(
    (a, b) => literalLength(b.pattern) - literalLength(a.pattern) || (a.pattern < b.pattern ? -1 : 1),
  );
}

type Thing = 'model' | 'tool';

/** Two full names that are the same one. */
export function refuseTwins(keys: readonly Pattern[], thing: Thing): void {
  const seen = new Map<string, Pattern>();
  for (const key of keys) {
    if (key.glob) continue;
    const twin = seen.get(key.pattern);
    if (twin !== undefined) conflict(`name the same ${thing}`, twin, key);
    seen.set(key.pattern, key);
  }
}

/** Two globs of equal weight that a name could fall under both of; `sorted` by specificity. */
export function refuseEqualGlobs(sorted: readonly Pattern[], thing: Thing): void {
  sorted.forEach((key, index) => {
    const length = literalLength(key.pattern);
    for (let next = index + 1; next < sorted.length; next++) {
      const other = sorted[next]!;
      if (literalLength(other.pattern) !== length) break;
      if (globsOverlap(key.pattern, other.pattern)) conflict(`fit some ${thing}s equally well`, key, other);
    }
  });
}

export function conflict(what: string, a: Placed, b: Placed): never {
  const [first, second] = [a, b].map(({ written, at }) => `"${written}" (${at})`);
  throw new UserError(`prices: ${first} and ${second} ${what}`, {
    hint: 'Remove one of them, or make one more specific: a full name beats a glob, a longer glob a shorter one.',
  });
}
