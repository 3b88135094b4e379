import { type LabelSet, without } from '../engine/label-sets.ts';
import { keyOfRest } from '../engine/match-keys.ts';
import { emptyRow, type Row, type Rows, type Steps } from '../engine/values.ts';
import { METRIC_NAME } from '../labels.ts';
import { type Buckets, coalesced, fractionBetween, quantileOfBuckets } from './buckets.ts';
import type { PromFunction } from './function.ts';
import { parseFloat64 } from './parse-float.ts';

/** Answers of classic histograms: rows with a label `le` belong together when they are alike otherwise, names included. */
export const HISTOGRAMS: readonly (readonly [string, PromFunction])[] = [
  [
    'histogram_quantile',
    {
      kind: 'vector',
      of: (rows, { steps, modes, scalars }) =>
        ofHistograms(rows, steps, (buckets, step) =>
          quantileOfBuckets(scalars[0]![step]!, buckets, modes.tolerantBuckets),
        ),
    },
  ],
  [
    'histogram_fraction',
    {
      kind: 'vector',
      of: (rows, { steps, scalars }) =>
        ofHistograms(rows, steps, (buckets, step) =>
          fractionBetween(scalars[0]![step]!, scalars[1]![step]!, buckets),
        ),
    },
  ],
];

type Member = { readonly bound: number; readonly row: Row };

/** One row for each histogram, with a sample where at least one bucket has one. */
function ofHistograms(rows: Rows, steps: Steps, of: (buckets: Buckets, step: number) => number): Row[] {
  return histograms(rows).map(({ labels, members }) => {
    const result = emptyRow(labels, steps.count);
    const bounds = new Float64Array(members.length);
    const counts = new Float64Array(members.length);
    for (let step = 0; step < steps.count; step++) {
      let length = 0;
      for (const { bound, row } of members) {
        if (row.present[step] !== 1) continue;
        bounds[length] = bound;
        counts[length++] = row.values[step]!;
      }
      if (length === 0) continue;
      result.values[step] = of(coalesced({ bounds, counts, length }), step);
      result.present[step] = 1;
    }
    return result;
  });
}

const BOUND: ReadonlySet<string> = new Set(['le']);

/** The histograms of rows, with their buckets in the order of the bounds. A row whose `le` is no number is none. */
function histograms(rows: Rows): { readonly labels: LabelSet; readonly members: Member[] }[] {
  const byKey = new Map<string, { readonly labels: LabelSet; readonly members: Member[] }>();
  for (const row of rows) {
    const bound = parseFloat64(row.labels.labels.get('le') ?? '');
    if (bound === undefined) continue;
    const key = keyOfRest(row.labels, BOUND);
    let histogram = byKey.get(key);
    if (histogram === undefined) {
      histogram = { labels: without(row.labels, ['le', METRIC_NAME]), members: [] };
      byKey.set(key, histogram);
    }
    histogram.members.push({ bound, row });
  }
  for (const { members } of byKey.values()) members.sort((a, b) => byBound(a.bound, b.bound));
  return [...byKey.values()];
}

/** NaN last, where the order of the series leaves it in Prometheus, too: such a histogram has no quantiles. */
function byBound(a: number, b: number): number {
  if (a < b || (Number.isNaN(b) && !Number.isNaN(a))) return -1;
  return a > b || (Number.isNaN(a) && !Number.isNaN(b)) ? 1 : 0;
}
