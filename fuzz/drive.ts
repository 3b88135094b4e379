import type { Scanner } from '../src/input/scan/scanner.ts';
import { ROW, ROW_WORDS } from '../src/model/index.ts';

/** A row as it was handed out, its places counted from the beginning of the input. */
export type FoundRow = {
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
  readonly offset: number;
  readonly length: number;
};

/** A stretch of the input that the scanner read as documents, from the beginning of a line to that of another. */
export type Stretch = {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly rows: readonly FoundRow[];
  /** The document behind it was refused: where it begins. */
  readonly foreign: boolean;
  /** Whether a document stands on more than one line, where the scanner tells. */
  readonly broken: boolean | undefined;
};

const LINE_FEED = 0x0a;
/** What stands around the bytes to be scanned must not matter. */
const AROUND = '"}]x,1';

/**
 * Lets a scanner read bytes in pieces of the sizes that `sizes` gives, at changing places of its window, and goes on behind the
 * first line of what it refuses. Throws where the scanner says what cannot be.
 */
export function drive(scanner: Scanner, bytes: Buffer, sizes: () => number): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  let startLine = 1;
  while (start < bytes.length || (start === 0 && stretches.length === 0)) {
    const stretch = driveFrom(scanner, bytes, start, startLine, sizes);
    stretches.push(stretch);
    if (!stretch.foreign) break;
    const feed = bytes.indexOf(LINE_FEED, stretch.end);
    if (feed < 0) break;
    startLine += feeds(bytes, start, feed + 1);
    start = feed + 1;
  }
  return stretches;
}

function driveFrom(
  scanner: Scanner,
  bytes: Buffer,
  start: number,
  line: number,
  sizes: () => number,
): Stretch {
  scanner.begin(line);
  const rows: FoundRow[] = [];
  let at = start;
  let behind = start;
  let broken: boolean | undefined;
  for (;;) {
    const margin = sizes() % 6;
    const window = scanner.window(behind - at + 2 * margin);
    bytes.copy(window, margin, at, behind);
    window.write(AROUND, 0, margin, 'latin1');
    window.write(AROUND, margin + behind - at, margin, 'latin1');
    const last = behind === bytes.length;
    const stop = scanner.scan(margin, margin + behind - at, at, last);
    check(
      stop.at >= margin && stop.at <= margin + behind - at,
      'a place inside of what was to be scanned',
      stop,
    );
    const { count, words, doubles } = scanner.rows();
    const read = at + stop.at - margin;
    const earlier = rows.length;
    for (let row = 0; row < count; row++) {
      const from = row * ROW_WORDS;
      rows.push({
        words: words.slice(from, from + ROW_WORDS),
        doubles: doubles.slice(from / 2, (from + ROW_WORDS) / 2),
        offset: words[from + ROW.offset]! + at - margin,
        length: words[from + ROW.length]!,
      });
    }
    check(stop.document >= start && stop.document <= bytes.length, 'a document inside of the input', stop);
    check(
      stop.document === start || bytes[stop.document - 1] === LINE_FEED || stop.document === bytes.length,
      'the beginning of a line',
      stop,
    );
    check(stop.line === line + feeds(bytes, start, stop.document), 'its number', stop);
    broken = stop.broken === true || broken;
    if (stop.why === 'foreign') {
      check(
        rows.slice(earlier).every(({ offset }) => offset < stop.document),
        'no rows of what is foreign',
        stop,
      );
      const kept = rows.filter(({ offset }) => offset < stop.document);
      const open = rows.length - kept.length;
      check(open === stop.handedOut, `${open} rows of it in earlier scans`, stop);
      return { start, end: stop.document, line, rows: kept, foreign: true, broken };
    }
    const documentRows = rows.slice(0, earlier).filter(({ offset }) => offset >= stop.document).length;
    check(documentRows === stop.handedOut, `${documentRows} rows of the document in earlier scans`, stop);
    if (stop.why === 'more' && last) {
      check(read === bytes.length && stop.document === read, 'an end behind the last byte', stop);
      return { start, end: bytes.length, line, rows, foreign: false, broken };
    }
    check(stop.why === 'more' || read > at || count > 0 || rows.length > 0, 'that it goes on', stop);
    at = read;
    if (stop.why === 'more') behind = Math.min(bytes.length, behind + Math.max(1, sizes()));
  }
}

function check(holds: boolean, expected: string, stop: unknown): void {
  if (!holds) throw new Error(`expected ${expected}: ${JSON.stringify(stop)}`);
}

function feeds(bytes: Buffer, from: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0 && at < end; at = bytes.indexOf(LINE_FEED, at + 1))
    count++;
  return count;
}
