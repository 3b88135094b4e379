import { dimensionsOf } from '../rollup/index.ts';
import type { KeyedRun } from './baseline.ts';
import type { Dataset } from './dataset.ts';
import type { RunMeasures } from './run-measures.ts';

export type KeyedRuns = { readonly pairBy: string | null; readonly runs: readonly KeyedRun[] };

/** The runs with their keys: by the first of the dimensions that any run has a value of. */
export function keyedRuns(
  data: Dataset,
  runs: readonly RunMeasures[],
  candidates: readonly string[],
): KeyedRuns {
  for (const pairBy of candidates) {
    const keyOf = keyReader(data, pairBy);
    const keyed = runs.map((run) => ({ ...run, key: keyOf(run.trace) }));
    if (keyed.some(({ key }) => key !== undefined)) return { pairBy, runs: keyed };
  }
  return { pairBy: null, runs: runs.map((run) => ({ ...run, key: undefined })) };
}

/** The value that the first span with one has; every span below it has the same. */
function keyReader(data: Dataset, dimension: string): (trace: number) => string | undefined {
  const { forest, selected } = data;
  const { idOf, textOf } = dimensionsOf([dimension])[0]!.labels(data);
  return (trace) => {
    for (let p = forest.traceFrom[trace]!; p < forest.traceFrom[trace + 1]!; p++) {
      if (selected !== undefined && !selected(p)) continue;
      const text = textOf(idOf(p));
      if (text !== undefined) return text;
    }
    return undefined;
  };
}
