/** The time axis of a run, drawn in so many columns. */
export type Axis = {
  /** Nanoseconds. */
  readonly duration: number;
  readonly width: number;
};

/** Nanoseconds after the start of the axis. */
export type Interval = { readonly from: number; readonly to: number };

/** Blocks that fill one to eight eighths of a column from the left. */
const EIGHTHS = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const;

/**
 * One interval as a bar, to an eighth of a column at its end; it begins at a whole column, because blocks that fill from
 * the right do not exist. What is too short to see is an eighth wide, so that nothing that ran is missing.
 */
export function bar(axis: Axis, { from, to }: Interval): string {
  const begin = Math.min(Math.round(column(axis, from)), axis.width - 1);
  const eighths = Math.max(1, Math.round((Math.min(column(axis, to), axis.width) - begin) * 8));
  const rest = eighths % 8;
  const blocks = '█'.repeat((eighths - rest) / 8) + (rest === 0 ? '' : EIGHTHS[rest - 1]);
  return fill(' '.repeat(begin) + blocks, axis.width);
}

/** Several intervals as one bar: every column in which one of them ran. */
export function bars(axis: Axis, intervals: Iterable<Interval>): string {
  const changes = new Int32Array(axis.width + 1);
  for (const { from, to } of intervals) {
    const begin = Math.min(Math.round(column(axis, from)), axis.width - 1);
    const end = Math.min(Math.max(begin + 1, Math.round(column(axis, to))), axis.width);
    changes[begin]!++;
    changes[end]!--;
  }
  let running = 0;
  let blocks = '';
  for (let i = 0; i < axis.width; i++) {
    running += changes[i]!;
    blocks += running > 0 ? '█' : ' ';
  }
  return blocks;
}

/** From its start to the end of the axis: nobody knows how long it went on. */
export function openBar(axis: Axis, from: number): string {
  const begin = Math.min(Math.round(column(axis, from)), axis.width - 1);
  return `${' '.repeat(begin)}▏${'┄'.repeat(axis.width - begin - 1)}`;
}

function column({ duration, width }: Axis, nanos: number): number {
  return duration <= 0 ? 0 : Math.max(0, (nanos / duration) * width);
}

const fill = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - text.length));
