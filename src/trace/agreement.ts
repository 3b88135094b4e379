import type { Forest, SpanTable } from '../model/index.ts';
import type { Sums } from './below.ts';
import { promptTokens, sameModel } from './reports.ts';

/** Counts of a parent and of what is below it agree within this share: exporters round and trim. */
const TOLERANCE = 0.01;

/** Are a span's counts the sum of those below it? */
export const repeats = (table: SpanTable, row: number, sums: Sums): boolean =>
  compare(table, row, sums, agree);

/** Are a span's counts no less than the sum of those below it? */
export const covers = (table: SpanTable, row: number, sums: Sums): boolean =>
  compare(table, row, sums, atLeast);

type Counts = Pick<Sums, 'prompt' | 'reportedInput' | 'output' | 'reportedOutput' | 'answer'>;

/**
 * Compares what was read and what was written. Two writers may count one call by different rules, the cache or the reasoning
 * in or out, or not know of either: the numbers as reported are then the ones that they share.
 */
function compare(
  table: SpanTable,
  row: number,
  other: Counts,
  holds: (a: number, b: number) => boolean,
): boolean {
  const read =
    holds(promptTokens(table, row), other.prompt) ||
    holds(table.usageOf(row, 'reportedInput'), other.reportedInput);
  if (!read) return false;
  const output = table.usageOf(row, 'output');
  const answer = output - table.usageOf(row, 'reasoning');
  const isToldByOne = answer === output || other.answer === other.output;
  return (
    holds(output, other.output) ||
    holds(table.usageOf(row, 'reportedOutput'), other.reportedOutput) ||
    (isToldByOne && holds(answer, other.answer))
  );
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
  const tellBoth = table.hasUsage(a) && table.hasUsage(b);
  if (tellBoth && !compare(table, a, countsOf(table, b), agree)) return false;
  return sameModel(table, a, b) || isSeenThroughAlias(forest, outer, inner);
}

const countsOf = (table: SpanTable, row: number): Counts => ({
  prompt: promptTokens(table, row),
  reportedInput: table.usageOf(row, 'reportedInput'),
  output: table.usageOf(row, 'output'),
  reportedOutput: table.usageOf(row, 'reportedOutput'),
  answer: table.usageOf(row, 'output') - table.usageOf(row, 'reasoning'),
});

/**
 * An application knows the model by the name that its gateway gave it, the gateway by the deployment's. Two names are one
 * call only where two programs or vocabularies tell it, to the token, and one inside the time of the other.
 */
function isSeenThroughAlias(forest: Forest, outer: number, inner: number): boolean {
  const { table } = forest;
  const a = forest.row[outer]!;
  const b = forest.row[inner]!;
  const strangers =
    table.dialectIdOf(a) !== table.dialectIdOf(b) ||
    table.textOf('service', a) !== table.textOf('service', b);
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
