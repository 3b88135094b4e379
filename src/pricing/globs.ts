/** Whether `pattern` matches all of `text`; `*` stands for any run of characters, `/` too. Linear in practice. */
export function globMatches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0]!;
  if (parts.length === 1) return pattern === text;
  const last = parts[parts.length - 1]!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** How much of a glob is literal: the longer, the more specific. */
export const literalLength = (pattern: string): number => pattern.replaceAll('*', '').length;

/** Whether some text exists that both globs match. Neither may be longer than a few hundred characters. */
export function globsOverlap(a: string, b: string): boolean {
  // Reachable positions in `b` after each character of `a`; a star may stand still or swallow the other's character.
  let reachable = closure(new Set([0]), b);
  for (const char of a) {
    const next = new Set<number>();
    for (const at of reachable) {
      if (char === '*') for (let to = at; to <= b.length; to++) next.add(to);
      else if (b[at] === '*') next.add(at);
      else if (b[at] === char) next.add(at + 1);
    }
    reachable = closure(next, b);
    if (reachable.size === 0) return false;
  }
  return reachable.has(b.length);
}

/** A star in `pattern` may stand for nothing: the position after it is reachable too. */
function closure(positions: Set<number>, pattern: string): Set<number> {
  for (const at of positions) if (pattern[at] === '*') positions.add(at + 1);
  return positions;
}
