import type { Forest } from '../model/index.ts';

/** The session that each position names, or the nearest span above it; 0 where none does. */
export function sessionsOf({ table, row, parent, length }: Forest): Int32Array {
  const sessions = new Int32Array(length);
  if (!table.texts.has('session')) return sessions;
  for (let p = 0; p < length; p++) {
    const up = parent[p]!;
    sessions[p] = table.texts.of('session', row[p]!) || (up < 0 ? 0 : sessions[up]!);
  }
  return sessions;
}
