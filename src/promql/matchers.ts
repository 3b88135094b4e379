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
  const literals = alternatives(pattern);
  if (literals !== undefined) return (text) => literals.has(text);
  const anchored = `^(?:${pattern})$`;
  // Without flags, which would be printed in the message; and by itself, so that `a)(b` is a fault and not two groups.
  for (const tried of [anchored, pattern]) RE2JS.compile(tried);
  const compiled = RE2JS.compile(anchored, version === 3 ? RE2JS.DOTALL : 0);
  const begins = beginning(pattern, version);
  if (begins !== undefined) return begins;
  const prefix = literalPrefix(pattern);
  const answers = new Map<string, boolean>();
  return (text) => {
    if (!text.startsWith(prefix)) return false;
    let answer = answers.get(text);
    if (answer === undefined) {
      answer = compiled.matches(text);
      if (answers.size < ANSWERS_KEPT) answers.set(text, answer);
    }
    return answer;
  };
}

/** The values of `a|b|c` where no character has a meaning of its own. */
function alternatives(pattern: string): ReadonlySet<string> | undefined {
  return /[\\.+*?()[\]{}^$]/.test(pattern) ? undefined : new Set(pattern.split('|'));
}

/** `gpt-4.*`, `.+`: how a text begins, with anything or at least something behind it. */
function beginning(pattern: string, version: 2 | 3): ((text: string) => boolean) | undefined {
  const prefix = pattern.slice(0, -2);
  const isBeginning = /\.[*+]$/.test(pattern) && !/[\\.+*?()[\]{}^$|]/.test(prefix);
  if (!isBeginning) return undefined;
  const least = prefix.length + (pattern.endsWith('+') ? 1 : 0);
  return (text) =>
    text.length >= least && text.startsWith(prefix) && (version === 3 || !text.includes('\n', prefix.length));
}

/** What every text begins with that can match. */
function literalPrefix(pattern: string): string {
  if (pattern.includes('|')) return '';
  const plain = /^[^\\.+*?()[\]{}^$]*/.exec(pattern)?.[0] ?? '';
  // What stands in front of one of these may be there or not.
  return /[*?{]/.test(pattern[plain.length] ?? '') ? [...plain].slice(0, -1).join('') : plain;
}
