import { line, setLine } from './blanks.ts';
import {
  behindLineBlanks,
  clearEnded,
  endDocument,
  ended,
  expectLine,
  isBetween,
  isComplete,
  isHeldUp,
  isInRequest,
  isRetryable,
  retry,
  step,
} from './document.ts';
import { failedAt } from './failure.ts';
import { keepRows, rowCount } from './rows.ts';

/** Why a scan stops: `ScanStop` of the host. */
export const FULL: u32 = 0;
export const MORE: u32 = 1;
export const FOREIGN: u32 = 2;

/** Of the last scan: the first byte that was not read; what `ScanStop` tells of the document. */
export let stoppedAt: usize = 0;
export let documentAt: f64 = 0;
export let documentLine: u32 = 1;
export let handedOut: u32 = 0;
export let broken: bool = false;
/** The first row of the document in this scan. */
let firstRow: u32 = 0;

export { ended };

/** Forgets an unfinished document; the next byte is the first of a line with this number. */
export function begin(number: u32): void {
  expectLine();
  setLine(number);
}

/** Scans the bytes between `from` and `end`; `offset` is where `from` stands in the input. */
export function scan(window: usize, from: usize, end: usize, offset: f64, last: bool): u32 {
  handedOut += rowCount - firstRow;
  firstRow = 0;
  keepRows(0);
  clearEnded();
  broken = isInRequest() && line != documentLine;
  // What is read always ends at a byte that cannot be part of it: so nothing has to ask for the end.
  const behind = load<u8>(end);
  store<u8>(end, 0);
  const why = walk(window, from, end, offset, last);
  store<u8>(end, behind);
  return why;
}

function walk(window: usize, from: usize, end: usize, offset: f64, last: bool): u32 {
  let at = from;
  while (true) {
    if (isBetween()) beginDocument(offset + <f64>(at - from));
    if (isHeldUp()) {
      if (!isRetryable()) return stop(FULL, at);
      at = retry();
      continue;
    }
    const before = line;
    const next = step(at, window, end);
    if (next == 0) {
      setLine(before);
      if (failedAt < end || !isRetryable()) break;
      at = retry();
      continue;
    }
    if (isInRequest() && line != documentLine) broken = true;
    at = next;
  }
  if (failedAt >= end) {
    if (!last) return stop(MORE, at);
    if ((isBetween() || isComplete()) && behindLineBlanks(at) == end) {
      if (isComplete()) endDocument();
      expectLine();
      beginDocument(offset + <f64>(end - from));
      return stop(MORE, end);
    }
  }
  keepRows(firstRow);
  firstRow = rowCount;
  expectLine();
  setLine(documentLine);
  const start = <f64>from + documentAt - offset;
  return stop(FOREIGN, start > <f64>from ? <usize>start : from);
}

function beginDocument(at: f64): void {
  documentAt = at;
  documentLine = line;
  firstRow = rowCount;
  handedOut = 0;
}

function stop(why: u32, at: usize): u32 {
  stoppedAt = at;
  return why;
}
