import stringWidth from 'string-width';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text from the input as it may stand in a line on a screen: what a terminal would act on, or what nobody could see,
 * is written out as `\n`, `\x1b` or `\u202e`. What holds emoji together stays; nothing else that is invisible does.
 */
export function safeText(text: string): string {
  if (PRINTABLE_ASCII.test(text) || NARROW.test(text)) return text;
  return text.replace(unseen(), (character, at: number) => {
    if (character === '\ufe0e' || character === '\ufe0f') return character;
    if (character === '\u200d' && joinsEmoji(text, at)) return character;
    return SHORT_ESCAPES[character] ?? escaped(character.codePointAt(0)!);
  });
}

/** Pieces of text with `safeText` in every line; line feeds stay. */
export function* safeLines(pieces: Iterable<string>): Iterable<string> {
  for (const piece of pieces) yield piece.split('\n').map(safeText).join('\n');
}

/**
 * Everything a terminal would act on or not show: controls (C0, DEL, C1), bidirectional and other format characters,
 * line separators, halves of surrogate pairs, and letters that are blank. Made when it is needed, as it takes a while.
 */
function unseen(): RegExp {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
}

function joinsEmoji(text: string, at: number): boolean {
  return (
    /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u.test(text.slice(Math.max(0, at - 2), at)) &&
    /^\p{Extended_Pictographic}/u.test(text.slice(at + 1, at + 3))
  );
}

function escaped(code: number): string {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/**
 * Characters that take one column each whatever stands beside them: ASCII, letters of Latin, Greek and Cyrillic,
 * punctuation, and what tables and trees are drawn with. To measure any other text, grapheme data has to be loaded.
 */
const NARROW =
  /^[\x20-\x7e\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u0384-\u03ff\u0400-\u0482\u048a-\u0513\u2010-\u2027\u2030-\u203b\u2190-\u2193\u2200-\u22ff\u2500-\u25a9\u25b2\u25c6]*$/;
/** Signs of ours that terminals show as emoji. */
const SIGNS = /[✔✖▪]/g;
const COLOUR_CODES = /\x1b\[\d+m/g;

/** Columns a text takes on a terminal: two for CJK and emoji, none for combining marks and colour codes. */
export function cellWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  const plain = text.replace(COLOUR_CODES, '');
  const narrow = plain.replace(SIGNS, '');
  return NARROW.test(narrow) ? 2 * plain.length - narrow.length : stringWidth(text);
}

/** Fills up with spaces on the right; longer text stays as it is. */
export function padRight(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cellWidth(text)));
}

/** Fills up with spaces on the left; longer text stays as it is. */
export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - cellWidth(text))) + text;
}

/** At most `width` columns; what is cut off the end is told by `…`. For text without colour codes. */
export function cutEnd(text: string, width: number): string {
  if (fits(text, width)) return text;
  return width < 1 ? '' : `${head(text, width - 1)}…`;
}

/** At most `width` columns, cut in the middle: names often differ at their end. For text without colour codes. */
export function cutMiddle(text: string, width: number): string {
  if (fits(text, width)) return text;
  if (width < 5) return cutEnd(text, width);
  const tail = Math.floor((width - 1) / 3);
  return `${head(text, width - 1 - tail)}…${last(text, tail)}`;
}

/** No text of so many UTF-16 units is narrower: spares measuring megabytes that will be cut anyway. */
const UNITS_PER_COLUMN = 64;

function fits(text: string, width: number): boolean {
  if (text.length <= width && NARROW.test(text)) return true;
  return text.length <= (width + 1) * UNITS_PER_COLUMN && cellWidth(text) <= width;
}

let segmenter: Intl.Segmenter | undefined;

/** Characters as people see them. What is known of them takes a while to load, and is not needed for most texts. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

/** Whole characters from the beginning, as many as fit. */
function head(text: string, width: number): string {
  // What follows may belong to the last character.
  if (NARROW.test(text.slice(0, width + 1))) return text.slice(0, width);
  let used = 0;
  let result = '';
  for (const { segment } of graphemes(text.slice(0, (width + 1) * UNITS_PER_COLUMN))) {
    const cells = cellWidth(segment);
    if (used + cells > width) break;
    used += cells;
    result += segment;
  }
  return result;
}

/** Whole characters from the end, as many as fit. */
function last(text: string, width: number): string {
  if (NARROW.test(text.slice(-width - 1))) return text.slice(text.length - width);
  const segments = [...graphemes(text.slice(-(width + 1) * UNITS_PER_COLUMN))];
  let used = 0;
  let result = '';
  for (let i = segments.length - 1; i >= 0; i--) {
    const { segment } = segments[i]!;
    used += cellWidth(segment);
    if (used > width) break;
    result = segment + result;
  }
  return result;
}
