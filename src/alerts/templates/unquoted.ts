const SHORT: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-7]{3})|(.))/gs;

/** The text of a Go string literal, quoted or raw; undefined where it is none. */
export function unquoted(literal: string): string | undefined {
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside.replaceAll('\r', '');
  let isValid = true;
  const text = inside.replace(ESCAPE, (_all, short, long, hex, octal, letter) => {
    const digits = (short ?? long ?? hex) as string | undefined;
    const code = digits === undefined ? Number.parseInt(octal, 8) : Number.parseInt(digits, 16);
    if (letter === undefined) {
      if (code <= 0x10ffff) return String.fromCodePoint(code);
    } else if (Object.hasOwn(SHORT, letter)) return SHORT[letter]!;
    isValid = false;
    return '';
  });
  return isValid ? text : undefined;
}
