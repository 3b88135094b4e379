/** What stands in front of every line of a block, with digits that may change from line to line. */
export type Prefix = {
  readonly text: string;
  /** What follows the prefix, to the letter; undefined when the line has another one. */
  readonly strip: (line: string) => string | undefined;
};

/** No logger's prefix is longer; a longer text in front of a bracket is a message. */
const LIMIT = 256;

/** The prefix learned from the line that opens a block: all of it is fixed but its numbers and the padding around them. */
export function learnPrefix(text: string): Prefix | undefined {
  if (text.length > LIMIT) return undefined;
  let pattern: RegExp | undefined;
  const strip = (line: string): string | undefined => {
    if (line.startsWith(text)) return line.slice(text.length);
    pattern ??= new RegExp(`^${patternOf(text)}`);
    const found = pattern.exec(line);
    return found === null ? undefined : line.slice(found[0].length);
  };
  return { text, strip };
}

/** White space at the end is the edge of the block: it is taken to the letter. */
function patternOf(text: string): string {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return escaped.replaceAll(/\d+/g, '\\d+').replaceAll(/ +(?=\S)/g, ' +');
}
