import { cellWidth, cutEnd } from './text.ts';

/**
 * A text in lines of at most `width` columns, broken between words; what follows the first line begins with `hanging`.
 * A word that is longer than a line is cut. Without a width there is one line.
 */
export function wrapped(text: string, width: number | undefined, hanging = ''): string[] {
  if (width === undefined || cellWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  // Runs of spaces belong to the word after them, so that columns in a text stay columns.
  for (const word of text.match(/ *[^ ]+/g) ?? []) {
    if (line !== '' && cellWidth(line + word) > width) {
      lines.push(line);
      line = hanging + word.trimStart();
    } else line += word;
    if (cellWidth(line) > width) line = cutEnd(line, width);
  }
  return [...lines, line];
}
