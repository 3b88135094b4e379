import { FLAG } from '../model/index.ts';
import type { Dataset } from './dataset.ts';
import { topSpans, traceTotals } from './trace-head.ts';
import { chosenTraces } from './trace-list.ts';

/** What one run did, in whole numbers. */
export type RunMeasures = {
  /** In the forest. */
  readonly trace: number;
  /** Name of the root span; of the earliest span where the root is missing. */
  readonly root: string;
  readonly workflow: string | undefined;
  /** Picodollars of the priced calls; a lower bound where `unpricedCalls` is not 0. */
  readonly cost: bigint;
  readonly unpricedCalls: number;
  /** Nanoseconds; undefined where no span has a usable time. */
  readonly duration: number | undefined;
  /** A span at the top has not ended: the run took at least `duration`. */
  readonly open: boolean;
  readonly errors: number;
  readonly calls: number;
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

/** A row for each run with a chosen span, by start; figures count the chosen spans, durations are of the whole run. */
export function runMeasures(data: Dataset): readonly RunMeasures[] {
  const { forest, attribution } = data;
  const { table } = forest;
  return chosenTraces(data).map((trace) => {
    const tops = topSpans(forest, trace);
    const workflow = tops.map(attribution.workflow).find((id) => id !== 0) ?? 0;
    const { cost, unpricedCalls, errors, calls, toolCalls, inputTokens, outputTokens } = traceTotals(
      data,
      trace,
    );
    return {
      trace,
      root: table.nameOf(forest.row[tops[0]!]!),
      workflow: table.strings.text(workflow),
      duration: forest.traceStart(trace) === undefined ? undefined : forest.traceDuration(trace),
      open: tops.some((top) => !table.has(forest.row[top]!, FLAG.hasEnd)),
      ...{ cost, unpricedCalls, errors, calls, toolCalls, inputTokens, outputTokens },
    };
  });
}
