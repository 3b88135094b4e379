import {
  type DetachedView,
  type Forest,
  instant,
  ms,
  type PathSegment,
  type ShiftView,
  type Skew,
  stepName,
  type TailView,
  time,
} from '../model/index.ts';
import { type CriticalPath, criticalSegments } from './critical-path.ts';
import { asyncTails, detachedSpans } from './detached.ts';

/** The path of a trace stretch by stretch, in the order of time. */
export function* segmentViews(forest: Forest, path: CriticalPath): Iterator<PathSegment> {
  const { table, row } = forest;
  const start = forest.traceStart(path.timing.trace);
  for (const { position, from, to, uncertain } of criticalSegments(forest, path)) {
    yield {
      span_id: table.spanIdOf(row[position]!),
      start: time(start === undefined ? undefined : instant(start + BigInt(from))),
      duration_ms: ms(to - from),
      ...(uncertain ? { uncertain } : {}),
    };
  }
}

export function* tailViews(forest: Forest, { timing }: CriticalPath): Iterator<TailView> {
  const { table, row, parent } = forest;
  for (const { position, past } of asyncTails(forest, timing)) {
    yield {
      span_id: table.spanIdOf(row[position]!),
      parent_span_id: table.spanIdOf(row[parent[position]!]!),
      name: stepName(table, row[position]!),
      after_parent_ms: ms(past),
    };
  }
}

export function* detachedViews(forest: Forest, { timing }: CriticalPath): Iterator<DetachedView> {
  const { table, row } = forest;
  for (const { position, why } of detachedSpans(forest, timing)) {
    yield {
      span_id: table.spanIdOf(row[position]!),
      parent_span_id: forest.parentIdOf(position) ?? null,
      name: stepName(table, row[position]!),
      reason: why,
    };
  }
}

/** Spans of the trace that were moved because clocks differ, in the order of the tree. */
export function* shiftViews(
  { table, row }: Forest,
  { timing }: CriticalPath,
  { shifts }: Skew,
): Iterator<ShiftView> {
  for (let p = timing.first; p < timing.first + timing.length; p++) {
    const shift = shifts.get(row[p]!);
    if (shift === undefined) continue;
    yield { span_id: table.spanIdOf(row[p]!), host: shift.host, shift_ms: ms(shift.nanos) };
  }
}
