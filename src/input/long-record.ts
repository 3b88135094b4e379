import { type Emit, Held, type HeldEnd, type Limits } from './held.ts';
import type { LongLine } from './lines.ts';

/** So many bytes tell a JSON document from a log line. */
const HEAD = 64;

/** A line too long for the line reader: a document that is read piecewise, or text that is held up to a limit. */
export function longRecord(
  number: number,
  limits: Limits,
  emit: Emit,
  end: (held: HeldEnd) => void,
): LongLine {
  const held = new Held(number, limits, emit, HEAD);
  return { push: (bytes) => held.push(Buffer.from(bytes)), end: () => end(held.end()) };
}
