import { append, FLAG, type Forest } from '../model/index.ts';
import { keepBest } from './keep-best.ts';
import { isModelOperation, reportsMoney, sameModel } from './reports.ts';
import { around, coincide, compareStart, overlapShare, ranTogether } from './same-time.ts';
import { sessionsOf } from './sessions.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * A product that writes spans and log events tells every call twice, and the event may name another trace, an outer span,
 * or none at all. An event is one call with a span of its trace or its session that ran at the same time, with the same
 * model and the same counts as they were reported; or with one that reports none. Each span has one event.
 */
export function mergeEvents(forest: Forest, verdicts: Verdicts): void {
  if ((forest.table.profiles.allFlags & FLAG.fromEvent) === 0) return;
  const events: number[] = [];
  for (let p = 0; p < forest.length; p++)
    if (isOpen(forest, p, verdicts) && isEvent(forest, p)) events.push(p);
  if (events.length === 0) return;
  events.sort((a, b) => compareStart(forest, a, b));
  const places = placesOf(forest);
  const wanted = new Set(events.flatMap((event) => places(event)));
  const spans = new Map<string, number[]>();
  for (let p = 0; p < forest.length; p++) {
    if (!isOpen(forest, p, verdicts) || isEvent(forest, p)) continue;
    const counts = countsOf(forest, p);
    for (const place of places(p)) {
      if (!wanted.has(place)) continue;
      append(spans, `${place} ${counts}`, p);
    }
  }
  for (const list of spans.values()) list.sort((a, b) => compareStart(forest, a, b));
  const taken = new Set<number>();
  for (const event of events) {
    const near = (counts: string): readonly number[] =>
      places(event).flatMap((place) =>
        around(forest, spans.get(`${place} ${counts}`) ?? [], (span) => span, event),
      );
    const span =
      closest(forest, event, near(countsOf(forest, event)), taken) ??
      silent(forest, event, near(SILENT), taken);
    if (span === undefined) continue;
    taken.add(span);
    keepBest(forest, [span, event], verdicts, 'duplicate_overlap');
  }
}

const SILENT = 'silent';

const isEvent = ({ table, row }: Forest, position: number): boolean =>
  table.has(row[position]!, FLAG.fromEvent);

function isOpen(forest: Forest, position: number, verdicts: Verdicts): boolean {
  return isModelOperation(forest, position) && !verdicts.isDuplicate(position);
}

/** Counts as the product reported them: one signal may tell parts that the other leaves out. */
function countsOf({ table, row }: Forest, position: number): string {
  const at = row[position]!;
  if (!reportsMoney(table, at)) return SILENT;
  return `${table.usageOf(at, 'reportedInput')} ${table.usageOf(at, 'reportedOutput')} ${table.usageOf(at, 'totalOnly')}`;
}

/** Where the reports of one call can be found: its trace, and its session in whatever trace. */
function placesOf(forest: Forest): (position: number) => readonly string[] {
  const sessions = sessionsOf(forest);
  return (p) => {
    const trace = `trace ${forest.table.traceOf(forest.row[p]!)}`;
    return sessions[p] === 0 ? [trace] : [trace, `session ${sessions[p]}`];
  };
}

function closest(
  forest: Forest,
  event: number,
  spans: readonly number[],
  taken: ReadonlySet<number>,
): number | undefined {
  let best: number | undefined;
  for (const span of spans) {
    if (taken.has(span) || !isSameCall(forest, event, span)) continue;
    if (best === undefined || overlapShare(forest, event, span) > overlapShare(forest, event, best))
      best = span;
  }
  return best;
}

/** A span without usage is told by its time alone. */
function silent(
  forest: Forest,
  event: number,
  spans: readonly number[],
  taken: ReadonlySet<number>,
): number | undefined {
  const near = spans.filter((span) => coincide(forest, event, span));
  return closest(forest, event, near, taken);
}

function isSameCall(forest: Forest, event: number, span: number): boolean {
  const { table, row } = forest;
  const [a, b] = [row[event]!, row[span]!];
  const [answerA, answerB] = [table.answerOf(a), table.answerOf(b)];
  return (
    (answerA === undefined || answerB === undefined || answerA === answerB) &&
    table.has(a, FLAG.failed) === table.has(b, FLAG.failed) &&
    sameModel(table, a, b) &&
    ranTogether(forest, event, span)
  );
}
