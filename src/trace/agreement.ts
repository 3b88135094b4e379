import type { Forest, SpanTable } from '../model/index.ts';
import type { Sums } from './below.ts';
import { promptTokens, sameModel } from './reports.ts';

/** Counts of a parent and of what is below it agree within this share: exporters round and trim. */
const TOLERANCE = 0.01;

/** Are a span's counts the sum of those below it? */
export function repeats(table: SpanTable, row: number, sums: Sums): boolean {
  const input =
    agree(promptTokens(table, row), sums.prompt) ||
    agree(table.usageOf(row, 'reportedInput'), sums.reportedInput);
  return input && agree(table.usageOf(row, 'output'), sums.output);
}

/** Are a span's counts no less than the sum of those below it? */
export function covers(table: SpanTable, row: number, sums: Sums): boolean {
  const input =
    atLeast(promptTokens(table, row), sums.prompt) ||
    atLeast(table.usageOf(row, 'reportedInput'), sums.reportedInput);
  return input && atLeast(table.usageOf(row, 'output'), sums.output);
}

export function repeatsCost(table: SpanTable, row: number, sums: Sums): boolean {
  const own = table.recordedCostOf(row)?.amount ?? 0;
  return sums.unrecorded === 0 && sums.reports > 1 && agree(own, sums.recorded);
}

/** Equal, as far as exporters write it. */
export const agree = (a: number, b: number): boolean => Math.abs(a - b) <= TOLERANCE * Math.max(a, b);
const atLeast = (a: number, b: number): boolean => a >= b || agree(a, b);

/** Do two nested LLM spans with nothing but layers between report one call? One without usage is a layer around it. */
export function sameLayered(forest: Forest, outer: number, inner: number): boolean {
  const { table } = forest;
  const a = forest.row[outer]!;
  const b = forest.row[inner]!;
  if (answersDiffer(table, a, b)) return false;
  if (!sameModel(table, a, b)) return isSeenThroughAlias(forest, outer, inner);
  if (!table.hasUsage(a) || !table.hasUsage(b)) return true;
  const input =
    agree(promptTokens(table, a), promptTokens(table, b)) ||
    agree(table.usageOf(a, 'reportedInput'), table.usageOf(b, 'reportedInput'));
  return input && agree(table.usageOf(a, 'output'), table.usageOf(b, 'output'));
}

/**
 * An application knows the model by the name that its gateway gave it, the gateway by the deployment's. Two names are one
 * call only where two programs or vocabularies tell it, to the token, and one inside the time of the other.
 */
function isSeenThroughAlias(forest: Forest, outer: number, inner: number): boolean {
  const { table } = forest;
  const a = forest.row[outer]!;
  const b = forest.row[inner]!;
  const strangers =
    table.dialect[a] !== table.dialect[b] || table.textOf('service', a) !== table.textOf('service', b);
  if (!strangers || table.usageOf(a, 'output') === 0) return false;
  const equal = table.usageOf(a, 'output') === table.usageOf(b, 'output');
  const prompt =
    promptTokens(table, a) === promptTokens(table, b) ||
    table.usageOf(a, 'reportedInput') === table.usageOf(b, 'reportedInput');
  const [from, start] = [forest.offset(outer), forest.offset(inner)];
  if (!equal || !prompt || from === undefined || start === undefined) return false;
  return from <= start && start + forest.duration(inner) <= from + forest.duration(outer);
}

function answersDiffer(table: SpanTable, rowA: number, rowB: number): boolean {
  const a = table.answerOf(rowA);
  const b = table.answerOf(rowB);
  return a !== undefined && b !== undefined && a !== b;
}
