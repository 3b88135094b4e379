import { RE2JS } from 're2js';
import type { LabelMatcher } from '../model/index.ts';

/**
 * A matcher of a label. Regular expressions are RE2 and match whole values; in version 3 their `.` matches a line feed.
 * Throws an `Error` with Go's words for the fault of a regular expression.
 */
export function labelMatcher(
  name: string,
  op: LabelMatcher['op'],
  value: string,
  version: 2 | 3,
): LabelMatcher {
  if (op === '=') return { name, op, value, matches: (text) => text === value };
  if (op === '!=') return { name, op, value, matches: (text) => text !== value };
  const matches = wholeMatch(value, version);
  return { name, op, value, matches: op === '=~' ? matches : (text) => !matches(text) };
}

const ANSWERS_KEPT = 100_000;

/** Whether a text matches a regular expression from its first to its last character; remembers the answers. */
function wholeMatch(pattern: string, version: 2 | 3): (text: string) => boolean {
  const flags = version === 3 ? RE2JS.DOTALL : 0;
  // Version 3 reads the pattern before it anchors it, so that `a)(b` is a fault and not two groups.
  if (version === 3) RE2JS.compile(pattern, flags);
  const compiled = RE2JS.compile(`^(?:${pattern})$`, flags);
  const answers = new Map<string, boolean>();
  return (text) => {
    let answer = answers.get(text);
    if (answer === undefined) {
      answer = compiled.matches(text);
      if (answers.size < ANSWERS_KEPT) answers.set(text, answer);
    }
    return answer;
  };
}
