import { type AgentKind, CALL_RULES, type Forest } from '../model/index.ts';
import type { Dimension } from '../rollup/index.ts';
import type { Dataset } from './dataset.ts';

/** Which spans the rows of `stats` count, and how the answer calls them. */
export type Calls = {
  readonly counts: string;
  /** Every span is one call or none. */
  readonly isCall: (position: number) => boolean;
  /** Nanoseconds; undefined for calls that are still open, and for runs whose root is missing. */
  readonly durationOf: (position: number) => number | undefined;
};

/**
 * The kind of span that a dimension names, the most specific one first. Where several dimensions are asked for, the first of
 * these decides: `tool,model` are the model's calls by the tool around them.
 */
const NAMED: readonly { readonly keys: readonly string[]; readonly counts: Counted }[] = [
  { keys: ['step', 'operation', 'kind'], counts: 'spans' },
  { keys: ['model', 'provider'], counts: 'llm' },
  { keys: ['connector'], counts: 'connector' },
  { keys: ['tool'], counts: 'tool' },
  { keys: ['node'], counts: 'named' },
  { keys: ['agent'], counts: 'agent' },
  { keys: ['workflow'], counts: 'workflow' },
];

/** These say something of any span, and go with what the others name. */
const OF_ANY = ['status', 'error'];

type Counted = AgentKind | 'spans' | 'named' | 'runs';

/** `dimensions` are those of `by`, in its order. */
export function callsOf(data: Dataset, by: readonly string[], dimensions: readonly Dimension[]): Calls {
  const { table, row } = data.forest;
  const isChosen = data.selected ?? (() => true);
  const durationOf = (p: number): number | undefined => table.durationOf(row[p]!);
  const counts = countedBy(by);
  if (counts === 'runs') return runs(data);
  if (counts === 'spans') return { counts: 'spans', isCall: isChosen, durationOf };
  const isCall = counts === 'named' ? named(data, by, dimensions) : ofKind(data, counts);
  return {
    counts: COUNTS.get(counts) ?? `${counts} spans`,
    isCall: (p) => isCall(p) && isChosen(p),
    durationOf,
  };
}

const COUNTS: ReadonlyMap<Counted, string> = new Map([
  ['llm', 'LLM calls'],
  ['named', 'steps'],
]);

function countedBy(by: readonly string[]): Counted {
  const found = NAMED.find(({ keys }) => keys.some((key) => by.includes(key)))?.counts;
  if (found !== undefined && found !== 'agent' && found !== 'workflow') return found;
  if (by.some((key) => key.startsWith('attr:'))) return found ?? 'named';
  return found ?? (by.every((key) => OF_ANY.includes(key)) ? 'spans' : 'runs');
}

/** What reports a call of a model again, or sums such calls up, is none. */
function ofKind({ forest: { table, row }, bill }: Dataset, kind: Counted): (position: number) => boolean {
  if (kind !== 'llm') return (p) => table.kindOf(row[p]!) === kind;
  return (p) => {
    if (table.kindOf(row[p]!) !== 'llm') return false;
    const { effect } = CALL_RULES[bill.rule(p)];
    return effect === 'counted' || effect === 'none';
  };
}

/**
 * A node or an attribute is told by the span that runs it, and often by what it calls, too: the first one on the way down
 * counts. A step that belongs to no node is a step all the same.
 */
function named(
  data: Dataset,
  by: readonly string[],
  dimensions: readonly Dimension[],
): (position: number) => boolean {
  const { table, row, parent } = data.forest;
  const labels = by.flatMap((key, i) =>
    key === 'node' || key.startsWith('attr:') ? [dimensions[i]!.labels(data)] : [],
  );
  const steps = by.includes('node');
  return (p) => {
    const up = parent[p]!;
    let silent = true;
    for (const { idOf } of labels) {
      const id = idOf(p);
      if (id === 0) continue;
      silent = false;
      if (up < 0 || idOf(up) !== id) return true;
    }
    return silent && steps && table.kindOf(row[p]!) === 'step';
  };
}

/**
 * Runs are root spans, and traces whose root is missing are one run each: its earliest span stands for it, and how long it
 * took is not known. A run counts if any of its spans is chosen.
 */
function runs(data: Dataset): Calls {
  const { forest, selected } = data;
  const isHead = new Uint8Array(forest.length);
  for (let trace = 0; trace < forest.traces; trace++) {
    const heads = headsOf(forest, trace);
    for (const [i, head] of heads.entries()) {
      let p = i === 0 ? forest.traceFrom[trace]! : head;
      const to = heads[i + 1] ?? forest.traceFrom[trace + 1]!;
      while (selected !== undefined && p < to && !selected(p)) p++;
      if (p < to) isHead[head] = 1;
    }
  }
  const { table, row } = forest;
  return {
    counts: 'runs',
    isCall: (p) => isHead[p] === 1,
    durationOf: (p) => (forest.top(p) === 'orphan' ? undefined : table.durationOf(row[p]!)),
  };
}

function headsOf(forest: Forest, trace: number): number[] {
  const heads: number[] = [];
  const from = forest.traceFrom[trace]!;
  const to = forest.traceFrom[trace + 1]!;
  for (let p = from; p < to; p += forest.size[p]!) if (forest.top(p) !== 'orphan') heads.push(p);
  return heads.length > 0 ? heads : [from];
}
