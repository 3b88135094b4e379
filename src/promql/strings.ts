import { quotedCharacter } from './quoting.ts';

/** Why a literal is none. */
export class StringFault extends Error {}

const SINGLE: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 0x5c],
]);

const NUMERIC: ReadonlyMap<string, { readonly digits: number; readonly base: number; readonly max: number }> =
  new Map([
    ...[...'01234567'].map((digit) => [digit, { digits: 3, base: 8, max: 0xff }] as const),
    ['x', { digits: 2, base: 16, max: 0xff }],
    ['u', { digits: 4, base: 16, max: 0x10ffff }],
    ['U', { digits: 8, base: 16, max: 0x10ffff }],
  ]);

/** Where the literal that opens at `start` ends; throws a `StringFault`. Escapes are those of Go, with the quote itself. */
export function endOfString(text: string, start: number): number {
  const quote = text[start]!;
  const raw = quote === '`';
  const stop = raw ? /[`\ufffd]/g : quote === '"' ? /["\\\n\ufffd]/g : /['\\\n\ufffd]/g;
  for (let at = start + 1; ; ) {
    stop.lastIndex = at;
    const found = stop.exec(text);
    if (found === null || found[0] === '\n') {
      throw new StringFault(raw ? 'unterminated raw string' : 'unterminated quoted string');
    }
    if (found[0] === quote) return found.index + 1;
    if (found[0] === '\ufffd') throw new StringFault('invalid UTF-8 rune');
    at = readEscape(text, found.index, quote).end;
  }
}

/** What a literal with its quotes says. Bytes that are no UTF-8 (`\xff`) come out as U+FFFD. */
export function unquote(literal: string): string {
  const inside = literal.slice(1, -1);
  if (literal[0] === '`' || !inside.includes('\\')) return inside;
  let said = '';
  const bytes: number[] = [];
  const say = (characters: string): void => {
    if (bytes.length > 0) said += Buffer.from(bytes.splice(0)).toString();
    said += characters;
  };
  let from = 1;
  for (let at = literal.indexOf('\\'); at !== -1; at = literal.indexOf('\\', from)) {
    if (at > from) say(literal.slice(from, at));
    const { end, code, isByte } = readEscape(literal, at, literal[0]!);
    if (isByte) bytes.push(code);
    else say(String.fromCodePoint(code));
    from = end;
  }
  say(literal.slice(from, -1));
  return said;
}

/** The escape whose backslash stands at `at`. `\x` and octal escapes are bytes, not characters. */
function readEscape(text: string, at: number, quote: string): { end: number; code: number; isByte: boolean } {
  const kind = text.codePointAt(at + 1);
  if (kind === undefined) throw new StringFault('escape sequence not terminated');
  const letter = String.fromCodePoint(kind);
  const single = letter === quote ? kind : SINGLE.get(letter);
  if (single !== undefined) return { end: at + 2, code: single, isByte: false };
  const numeric = NUMERIC.get(letter);
  if (numeric === undefined) throw new StringFault(`unknown escape sequence ${codePoint(kind)}`);
  const { digits, base, max } = numeric;
  const first = base === 8 ? at + 1 : at + 2;
  let code = 0;
  for (let index = first; index < first + digits; index += 1) {
    const digit = text.codePointAt(index);
    if (digit === undefined) throw new StringFault('escape sequence not terminated');
    const value = Number.parseInt(String.fromCodePoint(digit), base);
    if (Number.isNaN(value)) {
      throw new StringFault(`illegal character ${codePoint(digit)} in escape sequence`);
    }
    code = code * base + value;
  }
  if (code > max || (code >= 0xd800 && code < 0xe000)) {
    throw new StringFault('escape sequence is an invalid Unicode code point');
  }
  return { end: first + digits, code, isByte: max === 0xff };
}

/** `U+0071 'q'`, or only the number of what cannot be seen. */
function codePoint(code: number): string {
  const character = String.fromCodePoint(code);
  const visible = !quotedCharacter(character).startsWith("'\\") || character === '\\' || character === "'";
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}${visible ? ` '${character}'` : ''}`;
}
