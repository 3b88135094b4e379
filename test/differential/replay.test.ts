import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberText } from '../../src/cli/query-report.ts';
import type { Replay } from '../../src/metrics/index.ts';
import { evaluate, labelsText, parse } from '../../src/promql/index.ts';
import { labelMatcher } from '../../src/promql/matchers.ts';
import type { Scene } from '../analyses/dataset.ts';
import { failures, familiesOf, HOUR, MINUTE, replayed, SECOND, times, ZERO } from '../metrics/replayed.ts';
import { isInstalled, Prometheus } from './prometheus.ts';

// Spans that are replayed, and the same samples in a real Prometheus: the same answers, on the grid of the scrapes and off it.

const installed = isInstalled();
if (!installed)
  console.warn('differential/replay: skipped, there is no prometheus 2.42 here (Debian: prometheus)');

const T0 = 5 * SECOND;
/** A burst, then a few slow runs of an agent, and a straggler. */
const SCENES: readonly Scene[] = [
  ...failures(times(20, 1_500, T0 + 3_000)),
  ...times(6, 2 * MINUTE, 10 * MINUTE).map((from, i): Scene => {
    return { id: `a${i}`, trace: `a${i}`, kind: 'agent', name: 'planner', from, to: from + 7_000 * (i + 1) };
  }),
  ...failures([25 * MINUTE + 1]).map((scene) => ({ ...scene, id: 'f0', trace: 'f0' })),
];

const QUERIES = [
  'tool_errors_total',
  'increase(tool_errors_total[5m])',
  'rate(tool_errors_total[1m])',
  'sum by (tool_name) (rate(tool_calls_total[5m])) > 0.01',
  'agent_active_executions',
  'max_over_time(agent_active_executions[10m])',
  'histogram_quantile(0.95, sum by (le) (rate(agent_execution_duration_seconds_bucket[10m])))',
  'rate(agent_execution_duration_seconds_sum[10m]) / rate(agent_execution_duration_seconds_count[10m])',
  'increase(tool_errors_total[1h]) > 10',
  'tool_errors_total offset 10m',
  'avg_over_time(rate(tool_errors_total[2m])[10m:1m])',
];

describe.skipIf(!installed)('replayed spans and Prometheus 2.42', () => {
  const source = replayed(familiesOf(SCENES), { version: 2, before: 2 * HOUR });
  let prometheus: Prometheus;

  beforeAll(async () => {
    prometheus = await Prometheus.start(scraped(source));
  });
  afterAll(() => prometheus?.stop());

  it.each(QUERIES)('%s', async (query) => {
    for (const [start, step] of [
      [ZERO - 5 * SECOND, 15 * SECOND],
      [ZERO - MINUTE + 1_234, 17 * SECOND],
    ] as const) {
      const end = start + 120 * step;
      const theirs = await prometheus.ask(query, start, end, step);
      if (!('result' in theirs)) throw new Error(theirs.error);
      const ours = evaluate(parse(query, { version: 2 }), source, { start, end, step, version: 2 });
      if (ours.type !== 'matrix') throw new Error(`${query} is a ${ours.type}`);
      expect(ours.series.length).toBeGreaterThan(0);
      expect(pointsOf(ours.series.map(({ labels, times: at, values }) => [[...labels], at, values]))).toEqual(
        pointsOf(
          (theirs.result as readonly TheirSeries[]).map(({ metric, values }) => [
            Object.entries(metric),
            values.map(([at]) => Math.round(at * 1000)),
            values.map(([, text]) => Number(text)),
          ]),
        ),
      );
    }
  });
});

describe.skipIf(!installed)('numbers', () => {
  it('are written as Prometheus writes them', async () => {
    const prometheus = await Prometheus.start(`one 1 ${ZERO / 1000}\n# EOF\n`);
    for (const text of [
      '1e21',
      '123456789012345680000',
      '1e-6',
      '1e-7',
      '1.5e-10',
      '0.1 + 0.2',
      '-0',
      'NaN',
      '-Inf',
      '1e300',
    ]) {
      const theirs = await prometheus.ask(`vector(${text})`, ZERO, ZERO, 1);
      const [sample] = (
        theirs as { readonly result: readonly { readonly value: readonly [number, string] }[] }
      ).result;
      const ours = evaluate(
        parse(text, { version: 2 }),
        { select: () => [] },
        { start: 0, end: 0, step: 1, version: 2 },
      );
      expect(ours.type === 'scalar' && numberText(ours.points.values[0]!)).toBe(sample!.value[1]);
    }
    await prometheus.stop();
  });
});

type TheirSeries = {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
};
type Points = readonly [
  labels: (readonly [string, string])[],
  times: readonly number[],
  values: readonly number[],
];

/** By the text of the labels; numbers to twelve digits, as sums may differ in the last. */
function pointsOf(series: readonly Points[]): Record<string, string[]> {
  return Object.fromEntries(
    series.map(([labels, at, values]) => [
      labelsText(new Map(labels)),
      at.map((time, i) => `${time} ${values[i]!.toPrecision(12)}`),
    ]),
  );
}

/** Every sample of every series, as `promtool tsdb create-blocks-from openmetrics` reads them. */
function scraped(source: Replay): string {
  const lines: string[] = [];
  for (const { labels, read } of source.select([labelMatcher('__name__', '=~', '.+', 2)])) {
    const name = labels.get('__name__');
    const others = labelsText(new Map([...labels].filter(([label]) => label !== '__name__'))).replaceAll(
      ', ',
      ',',
    );
    read(source.start, source.end, (time, value) => lines.push(`${name}${others} ${value} ${time / 1000}`));
  }
  return `${lines.join('\n')}\n# EOF\n`;
}
