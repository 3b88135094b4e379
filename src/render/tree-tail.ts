import type { Colour, Paint } from './paint.ts';
import { cellWidth, cutEnd } from './text.ts';

/** A piece of what stands to the right of a span's bar. */
export type Part = {
  readonly text: string;
  /** What is said instead where there is no room; absent: nothing. */
  readonly short?: Part;
  /** The higher, the sooner it gives way; 0 never does. */
  readonly yields: number;
  readonly colour?: Colour;
  /** May be cut anywhere. */
  readonly cuttable?: boolean;
  /** Stands close to the piece before it. */
  readonly close?: boolean;
};

/** An error text may be long: it claims so much of a line, and takes more where there is more. */
const ERROR_CLAIM = 24;

/** The columns it would like to have. */
export function tailWidth(parts: readonly Part[]): number {
  return parts.reduce((sum, part, i) => {
    const width = part.cuttable === true ? Math.min(ERROR_CLAIM, part.text.length) : part.text.length;
    return sum + width + (i === 0 ? 0 : gapOf(part));
  }, 0);
}

const gapOf = (part: Part): number => (part.close === true ? 1 : 2);

/** Side by side, in no more than `room` columns. */
export function tailText(parts: readonly Part[], room: number | undefined, paints: Paint): string {
  const fitted = room === undefined ? parts : squeezed(parts, room);
  let text = '';
  fitted.forEach((part, i) => {
    if (i > 0) text += ' '.repeat(gapOf(part));
    text += part.colour === undefined ? part.text : paints[part.colour](part.text);
  });
  return text;
}

/** Shortens, then drops, what yields most, until the rest fits. A text that may be cut gives way to what matters more. */
function squeezed(parts: readonly Part[], room: number): readonly Part[] {
  let left = parts;
  for (;;) {
    const widths = left.map((part) => (part.cuttable === true ? cellWidth(part.text) : part.text.length));
    const excess = left.reduce((sum, part, i) => sum + widths[i]! + (i === 0 ? 0 : gapOf(part)), 0) - room;
    if (excess <= 0) return left;
    const most = Math.max(...left.map((part) => part.yields));
    const shortest = most > DISPENSABLE ? ERROR_CLAIM : SHORTEST_ERROR;
    const cut = left.findIndex((part, i) => part.cuttable === true && widths[i]! - excess >= shortest);
    if (cut >= 0) {
      const text = cutEnd(left[cut]!.text, widths[cut]! - excess);
      return left.with(cut, { ...left[cut]!, text });
    }
    if (most === 0) return cutLast(left, room);
    const at = left.findIndex((part) => part.yields === most);
    const { short } = left[at]!;
    left = short === undefined ? left.toSpliced(at, 1) : left.with(at, short);
  }
}

/** What yields more than this goes before an error text is cut to its shortest. */
const DISPENSABLE = 2;
const SHORTEST_ERROR = 10;

/** No room even for what never yields: as much of it as fits. */
function cutLast(parts: readonly Part[], room: number): Part[] {
  const text = parts.map((part, i) => (i === 0 ? '' : ' '.repeat(gapOf(part))) + part.text).join('');
  return [{ text: cutEnd(text, room), yields: 0 }];
}
