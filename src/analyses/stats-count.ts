import {
  type AgentKind,
  FLAG,
  type Forest,
  type ObservationTable,
  type ObservedNumber,
  type ObservedText,
  relativeError,
  type SpanTable,
} from '../model/index.ts';
import { type Dimension, Groups } from '../rollup/index.ts';
import { attemptsOf } from './attempts.ts';
import type { Dataset } from './dataset.ts';
import type { Calls } from './stats-calls.ts';
import { type Judged, Tally } from './stats-tally.ts';

/** A score above it is a hallucination. */
const HALLUCINATED = 0.5;

/** Rows with calls in the order of their first span, and what they add up to. */
export type Tallies = { readonly rows: readonly Tally[]; readonly total: Tally };

/** One walk over all chosen spans; every one of them is in one row. Rows in which nothing was called are left out. */
export function tallies(data: Dataset, dimensions: readonly Dimension[], calls: Calls): Tallies {
  const { forest, selected } = data;
  const { retries, outcomes } = attemptsOf(data);
  const groups = new Groups(data, dimensions, (labels) => new Tally(labels));
  const total = new Tally([]);
  const count = counterOf(data, calls);
  const judge = judgeOf(forest);
  for (let p = 0; p < forest.length; p++) {
    const isCall = calls.isCall(p);
    const isChosen = selected === undefined || selected(p);
    if (!isCall && !isChosen) continue;
    const tally = groups.at(p);
    if (isCall) {
      count.call(tally, p);
      count.run(total, p);
    }
    if (!isChosen) continue;
    count.tokens(tally, p);
    tally.retries += retries.get(p) ?? 0;
    const rescued = outcomes.get(p);
    if (rescued !== undefined) tally.retried.add(rescued);
    judge(tally, p);
  }
  const rows = [...groups.all()].filter((tally) => tally.calls > 0);
  for (const row of rows) total.merge(row);
  return { rows, total };
}

function counterOf({ forest, bill }: Dataset, calls: Calls) {
  const { table, row } = forest;
  const { usage } = table.calls;
  const run = (tally: Tally, p: number): void => {
    const trace = table.traceOf(row[p]!);
    if (tally.lastTrace === trace) return;
    tally.lastTrace = trace;
    tally.runs++;
  };
  return {
    run,
    call: (tally: Tally, p: number): void => {
      const r = row[p]!;
      tally.calls++;
      if (table.kindOf(r) === 'llm') tally.llmCalls++;
      run(tally, p);
      const duration = calls.durationOf(p);
      if (duration !== undefined && !table.has(r, FLAG.endBeforeStart)) tally.durations.add(duration);
      if (!table.has(r, FLAG.failed)) return;
      tally.errors++;
      tally.errorTypes.add(errorIdOf(table, r));
    },
    /** Of calls that are billed, which are those that report tokens once. */
    tokens: (tally: Tally, p: number): void => {
      if (!bill.isCall(p)) return;
      const r = row[p]!;
      const call = table.calls.of(r);
      if (call < 0 || bill.rule(p) === 'tool_price') return;
      const read = usage.cacheRead.get(call);
      const written = usage.cacheWrite5m.get(call) + usage.cacheWrite1h.get(call);
      tally.promptTokens += usage.uncachedInput.get(call) + read + written;
      tally.cacheRead += read;
      tally.cacheWritten += written;
      const output = usage.output.get(call);
      const duration = table.durationOf(r);
      if (table.kindOf(r) !== 'llm' || output === 0 || duration === undefined || duration === 0) return;
      tally.outputTokens += output;
      tally.outputNanos += duration;
    },
  };
}

/** Messages differ in what comes after their beginning. */
const MESSAGE = 80;

/** The type of an error, else the beginning of the first line of its message. */
function errorIdOf(table: SpanTable, row: number): number {
  const error = table.errorOf(row);
  if (error?.type !== undefined) return table.strings.id(error.type);
  const [line = ''] = (error?.message ?? '').trim().split('\n', 1);
  return table.strings.id(line === '' ? '(unnamed error)' : line.slice(0, MESSAGE).trimEnd());
}

/** Reads what was observed of a span into its row. */
function judgeOf({ table, row }: Forest): (tally: Tally, position: number) => void {
  const { observations } = table;
  const told = TELL.filter(({ of }) => of.some((name) => observations.has(name))).map(({ tell }) => tell);
  return (tally, p) => {
    const r = row[p]!;
    const part = KINDS.get(table.kindOf(r));
    if (part !== undefined) tally.part(part).add(!table.has(r, FLAG.failed));
    for (const tell of told) tell(tally, observations, r);
  };
}

/** Spans that have columns of their own. */
const KINDS = new Map<AgentKind, 'retrievals' | 'connectors' | 'memories' | 'guardrails'>([
  ['retrieval', 'retrievals'],
  ['connector', 'connectors'],
  ['memory', 'memories'],
  ['guardrail', 'guardrails'],
]);

type Teller = {
  readonly of: readonly (ObservedNumber | ObservedText)[];
  readonly tell: (tally: Tally, observations: ObservationTable, row: number) => void;
};

const TELL: readonly Teller[] = [
  number('confidence', (tally, value) => tally.part('confidence').add(value)),
  number('hallucination', (tally, value) => tally.part('hallucination').add(value > HALLUCINATED)),
  number('timeToFirstToken', (tally, value) => tally.part('firstToken').add(value)),
  number('steps', (tally, value) => tally.part('steps').add(value)),
  number('iterations', (tally, value) => tally.part('iterations').add(value)),
  number('sourcesFound', (tally, value) => tally.part('sources').add(value)),
  number('memoryBytes', (tally, value) => tally.part('memoryBytes').add(value)),
  number('memoryRecords', (tally, value) => tally.part('memoryRecords').add(value)),
  {
    of: ['cacheHit', 'cacheHits', 'cacheMisses'],
    tell: (tally, observations, row) => {
      const hit = observations.number('cacheHit', row);
      const hits = observations.number('cacheHits', row) ?? 0;
      const all = hits + (observations.number('cacheMisses', row) ?? 0);
      if (all > 0) tally.part('cache').count(hits, all);
      else if (hit !== undefined) tally.part('cache').add(hit > 0);
    },
  },
  {
    of: ['predicted', 'predictionAccuracy'],
    tell: (tally, observations, row) => {
      const predicted = observations.number('predicted', row);
      const own = observations.number('predictionAccuracy', row);
      if (predicted === undefined && own === undefined) return;
      predict(tally, predicted, observations.number('actual', row), own);
    },
  },
  text('vectorStore'),
  text('connectorAction'),
  text('connectorProvider'),
  text('connectorRouting'),
  text('memoryOperation'),
  text('memoryType'),
  text('guardrail'),
  text('guardrailOutcome'),
];

function number(name: ObservedNumber, add: (tally: Tally, value: number) => void): Teller {
  return {
    of: [name],
    tell: (tally, observations, row) => {
      const value = observations.number(name, row);
      if (value !== undefined) add(tally, value);
    },
  };
}

function text(name: Extract<ObservedText, keyof Judged>): Teller {
  return {
    of: [name],
    tell: (tally, observations, row) => {
      const id = observations.textId(name, row);
      if (id !== 0) tally.part(name).add(id);
    },
  };
}

/**
 * How far a prediction was off, of what came true: 1 - |predicted - actual| / |actual|. Where that says nothing, because
 * nothing came true or the truth was 0, the emitter's own judgement counts.
 */
function predict(
  tally: Tally,
  predicted: number | undefined,
  actual: number | undefined,
  own: number | undefined,
): void {
  const isKnown = predicted !== undefined && actual !== undefined;
  tally.part('predictions').add(isKnown || own !== undefined);
  if (isKnown) tally.part('absoluteError').add(Math.abs(predicted - actual));
  const error = isKnown ? relativeError(predicted, actual) : undefined;
  if (error !== undefined) tally.part('percentageError').add(error);
  if (error !== undefined) tally.part('accuracy').add(1 - error);
  else if (own !== undefined) tally.part('accuracy').add(own);
}
