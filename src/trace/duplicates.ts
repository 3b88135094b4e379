import {
  type AttributeValue,
  FLAG,
  PROFILE_TEXTS,
  SPAN_TEXTS,
  type SpanTable,
  type TextField,
  USAGE_FIELDS,
} from '../model/index.ts';
import type { WarningLog } from './warning-log.ts';

/** Which rows are further reports of spans that other rows stand for. */
export class Duplicates {
  /** 1 for rows that do not stand for their span. */
  readonly dropped: Uint8Array;
  /** The further reports of a row that stands for its span; rows that were reported once are not in it. */
  readonly repeats = new Map<number, readonly number[]>();
  /** The first two reports of spans whose reports differ. */
  readonly #conflicts: (readonly number[])[] = [];

  constructor(rows: number) {
    this.dropped = new Uint8Array(rows);
  }

  /**
   * Chooses between the reports of every span of a trace. Two rows are one span when trace id and span id agree. (Zipkin's
   * two halves of one call share an id and are two spans.) Which report stands for the span does not depend on their order:
   * one that has ended beats an open one, then what most reports say, then the later end, then the richer report, then the
   * smaller text. Differing content is a warning.
   */
  resolve(table: SpanTable, rows: Int32Array): void {
    for (const group of reportsOf(table, rows)) {
      const { winner, differ } = choose(table, group);
      if (differ) this.#conflicts.push(group);
      const others = group.filter((row) => row !== winner);
      for (const row of others) this.dropped[row] = 1;
      this.repeats.set(winner, others);
    }
  }

  /** Tells of conflicts in the order in which they were read. */
  warn(table: SpanTable, warnings: WarningLog): void {
    for (const [row] of this.#conflicts.sort((a, b) => a[1]! - b[1]!)) {
      const about = (): string => `span ${table.spanIdOf(row!)} of trace ${table.traceIdOf(row!)}`;
      warnings.add('conflicting_duplicate', about);
    }
  }
}

/** The rows of one trace that report the same span, as far as there are several, in table order. */
function reportsOf(table: SpanTable, rows: Int32Array): number[][] {
  const byId = rows.slice().sort((a, b) => compareIds(table, a, b) || a - b);
  const found: number[][] = [];
  for (let from = 0, to = 0; from < byId.length; from = to) {
    const spans: number[][] = [];
    for (to = from; to < byId.length && compareIds(table, byId[from]!, byId[to]!) === 0; to++) {
      const same = spans.find(([first]) => sameSpan(table, first!, byId[to]!));
      if (same === undefined) spans.push([byId[to]!]);
      else same.push(byId[to]!);
    }
    for (const reports of spans) if (reports.length > 1) found.push(reports);
  }
  return found;
}

const compareIds = (table: SpanTable, a: number, b: number): number =>
  table.idHighOf(a) - table.idHighOf(b) || table.idLowOf(a) - table.idLowOf(b);

/** Are two rows with one id about one span? The halves of a call are not. */
export function sameSpan(table: SpanTable, a: number, b: number): boolean {
  const [halfA, halfB] = [table.halfOf(a), table.halfOf(b)];
  if (halfA === undefined || halfB === undefined) return true;
  return halfA === halfB && table.spanKindOf(a) === table.spanKindOf(b);
}

function choose(
  table: SpanTable,
  group: readonly number[],
): { readonly winner: number; readonly differ: boolean } {
  const contents = group.map((row) => content(table, row));
  const votes = new Map<string, number>();
  for (const text of contents) votes.set(text, (votes.get(text) ?? 0) + 1);
  const versions = new Set(contents.filter((_, i) => table.has(group[i]!, FLAG.hasEnd)));
  const reports = group.map((row, i) => ({ row, content: contents[i]!, votes: votes.get(contents[i]!)! }));
  const best = reports.reduce((one, report) => (compareReports(table, report, one) < 0 ? report : one));
  return { winner: best.row, differ: versions.size > 1 };
}

type Report = { readonly row: number; readonly content: string; readonly votes: number };

/** Negative where `a` should stand for the span. */
function compareReports(table: SpanTable, a: Report, b: Report): number {
  return (
    Number(table.has(b.row, FLAG.hasEnd)) - Number(table.has(a.row, FLAG.hasEnd)) ||
    b.votes - a.votes ||
    compareEnds(table, b.row, a.row) ||
    table.lengthOf(b.row) - table.lengthOf(a.row) ||
    richness(table, b.row) - richness(table, a.row) ||
    compareText(a.content, b.content) ||
    (tellTheSame(table, a.row, b.row) ? 0 : compareText(everything(table, a.row), everything(table, b.row)))
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What two reports of one span must agree on. Times are not in it: exporters write them with different precision. */
function content(table: SpanTable, row: number): string {
  const recorded = table.recordedCostOf(row);
  return [
    table.nameOf(row),
    table.statusOf(row),
    table.kindOf(row),
    table.textOf('model', row) ?? '',
    table.parentIdOf(row) ?? '',
    recorded === undefined ? '' : `${recorded.authority} ${recorded.amount}`,
    table.hasUsage(row) ? USAGE_FIELDS.map((field) => table.usageOf(row, field)).join(' ') : '',
  ].join('\u0000');
}

const TEXTS: readonly TextField[] = [...SPAN_TEXTS, ...PROFILE_TEXTS, 'usageRule'];

/** Do two reports that agree in their content and their times agree in everything? What was sent twice mostly does. */
function tellTheSame(table: SpanTable, a: number, b: number): boolean {
  if (table.profileOf(a) !== table.profileOf(b)) return false;
  return (
    table.errorOf(a)?.type === table.errorOf(b)?.type &&
    table.errorOf(a)?.message === table.errorOf(b)?.message &&
    table.answerOf(a) === table.answerOf(b) &&
    table.textIdOf('usageRule', a) === table.textIdOf('usageRule', b) &&
    SPAN_TEXTS.every((field) => table.texts.of(field, a) === table.texts.of(field, b)) &&
    table.extraKeys.every((key) => table.extraIdOf(key, a) === table.extraIdOf(key, b))
  );
}

/** All that a row says, so that which report stands for the span never depends on which came first. */
function everything(table: SpanTable, row: number): string {
  const { type, message } = table.errorOf(row) ?? {};
  const call = table.calls.of(row);
  const spanKind = table.profiles.spanKindCodeOf(table.profileOf(row));
  return JSON.stringify([
    ...[
      ...TEXTS.map((field) => [field, table.textOf(field, row)] as const),
      ...table.extraKeys.map((key) => [key, table.strings.text(table.extraIdOf(key, row))] as const),
    ]
      .sort(([a], [b]) => compareText(a, b))
      .map(([, text]) => text),
    [...table.resourceOf(row).attributes].map(([key, value]) => `${key} ${told(value)}`).sort(),
    [type, message, table.dialectOf(row), table.attemptOf(row), table.flagsOf(row), spanKind],
    [table.startSecondOf(row), table.startNanoOf(row), table.lengthOf(row)],
    call < 0 ? [] : [table.calls.answerHigh(call), table.calls.answerLow(call)],
  ]);
}

/** Lists and records have no words of their own. */
function told(value: AttributeValue): string {
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part));
}

function compareEnds(table: SpanTable, a: number, b: number): number {
  const seconds = table.startSecondOf(a) - table.startSecondOf(b);
  return seconds * 1e9 + table.startNanoOf(a) - table.startNanoOf(b) + table.lengthOf(a) - table.lengthOf(b);
}

function richness(table: SpanTable, row: number): number {
  let fields = table.resourceOf(row).attributes.size;
  for (const field of TEXTS) if (table.textIdOf(field, row) !== 0) fields++;
  return fields;
}
