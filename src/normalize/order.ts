import { UNCLAIMED } from './detect.ts';
import type { Dialect } from './dialect.ts';

/**
 * Something compiled for spans that one dialect was recognised on and that have certain keys: what these rule out is left
 * out, which changes no answer, only the time it takes.
 */
export type For<T> = (dialect: number, has: (slot: number) => boolean) => T;

/**
 * The entries of all tables in the order in which they are believed: the recognised dialect's, then the others' as listed,
 * without those that mean something on their own dialect's spans only.
 */
export function believed<Entry>(
  dialects: readonly Dialect[],
  of: (table: Dialect) => readonly Entry[] | undefined,
): (dialect: number) => readonly Entry[] {
  const known: (readonly Entry[] | undefined)[] = [];
  return (dialect) => {
    const index = dialect - UNCLAIMED;
    const entries = known[index] ?? inOrder(dialects, dialects[dialect], of);
    known[index] = entries;
    return entries;
  };
}

function inOrder<Entry>(
  dialects: readonly Dialect[],
  own: Dialect | undefined,
  of: (table: Dialect) => readonly Entry[] | undefined,
): readonly Entry[] {
  const order = own === undefined ? dialects : [own, ...dialects.filter((other) => other !== own)];
  return order.flatMap((table) => (of(table) ?? []).filter((entry) => table === own || !isOwn(entry)));
}

function isOwn(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'own' in entry && entry.own === true;
}
