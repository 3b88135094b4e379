import { DIALECTS } from './dialects/index.ts';

const CONTENT: ReadonlySet<string> = new Set(DIALECTS.flatMap(({ content }) => content ?? []));
const LONGEST = Math.max(...[...CONTENT].map((key) => key.length));

/**
 * Whether an attribute holds what people or models said, or what tools were given and gave back: by the keys that the
 * tables list, and everything below them. Below a key without a dot nothing is meant: it is somebody's bare word.
 */
export function isContent(key: string): boolean {
  if (CONTENT.has(key)) return true;
  const first = key.indexOf('.');
  for (let dot = key.indexOf('.', first + 1); dot >= 0 && dot <= LONGEST; dot = key.indexOf('.', dot + 1)) {
    if (CONTENT.has(key.slice(0, dot))) return true;
  }
  return false;
}
