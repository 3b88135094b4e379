import { allocate } from './memory.ts';

/** How many rows one scan can have. */
const MOST: u32 = 1024;
/** `ROW_VALUES` and `ROW_WORDS` of the model. */
export const MOST_VALUES: u32 = 23;
const ROW_BITS: usize = 8;

/** Where things stand in a row: `ROW` of the model, in bytes. */
export const ROW_PATTERN: usize = 0;
export const ROW_FLAGS: usize = 4;
export const ROW_TRACE_ID: usize = 8;
export const ROW_SPAN_ID: usize = 24;
export const ROW_PARENT_ID: usize = 32;
export const ROW_START_SECOND: usize = 40;
export const ROW_START_NANO: usize = 44;
export const ROW_DURATION: usize = 48;
export const ROW_OFFSET: usize = 56;
export const ROW_LENGTH: usize = 60;
export const ROW_CONTEXT: usize = 64;
export const ROW_LINE: usize = 68;
export const ROW_VALUES: usize = 72;

export let rows: usize = 0;
export let rowCount: u32 = 0;

export function newRows(): void {
  rows = allocate((<usize>MOST) << ROW_BITS);
}

/** The row after the last one. */
export function nextRow(): usize {
  return rows + ((<usize>rowCount) << ROW_BITS);
}

export function addRow(): void {
  rowCount++;
}

/** Gives rows their context: those from one up to another. */
export function setContext(from: u32, to: u32, context: u32): void {
  for (let row = from; row < to; row++) store<u32>(rows + ((<usize>row) << ROW_BITS), context, ROW_CONTEXT);
}

/** Only the first rows are left. */
export function keepRows(count: u32): void {
  rowCount = count;
}

export function isFull(): bool {
  return rowCount == MOST;
}
