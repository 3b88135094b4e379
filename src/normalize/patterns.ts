/**
 * Whether a pattern is found in a text. What a pattern costs is V8 compiling it when it is first tried, a tenth of a
 * millisecond: the tables hold a hundred, and a text that does not begin as the pattern does needs no trying.
 */
export function matches(pattern: RegExp, text: string): boolean {
  return text.startsWith(beginningOf(pattern)) && pattern.test(text);
}

const beginnings = new WeakMap<RegExp, string>();

/** What every text begins with in which the pattern is found, as far as that is plain to see. */
function beginningOf(pattern: RegExp): string {
  let beginning = beginnings.get(pattern);
  if (beginning === undefined) {
    beginning = pattern.flags === '' ? literalBeginning(pattern.source) : '';
    beginnings.set(pattern, beginning);
  }
  return beginning;
}

/** `^`, characters that mean themselves, and then anything but an alternative to them: alternatives stand in groups. */
const LITERAL = /^\^((?:(?:[\w @:-]|\\[./$-])(?![*?{]))+)(?:[^|]*|(?:[^|()]|\(\?:[^()]*\))*)$/;

function literalBeginning(source: string): string {
  return LITERAL.exec(source)?.[1]?.replaceAll('\\', '') ?? '';
}
