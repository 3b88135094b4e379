import { type Column, instant, type Labels, type Value as Out, type Report, time } from '../model/index.ts';
import { METRIC_NAME, metricText, type ResultSeries, type Value, type ValueType } from '../promql/index.ts';
import { timeText } from './time-text.ts';

/** How an expression was asked for: what it yields (over a range always a matrix), when, and the format of the answer. */
export type Asked = {
  readonly type: ValueType;
  /** Milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly format: string;
  /** The time zone of what people read. */
  readonly zone: string;
};

/**
 * The answer of `metrics query`. Programs get the shape of Prometheus' HTTP API; people a line for each series; CSV a line
 * for each point.
 */
export function queryReport(value: Value, asked: Asked): Report {
  const { type, format } = asked;
  if (value.type === 'string') {
    const told = [asked.start / 1000, value.value];
    if (format === 'json') return report({ result_type: type, result: told }, []);
    return report({ result: [{ metric: {}, value: format === 'jsonl' ? told : value.value }] }, [TEXT_VALUE]);
  }
  const series = value.type === 'scalar' ? [{ labels: new Map(), ...value.points }] : value.series;
  if (format === 'csv') return byPoint(series);
  if (format !== 'json' && format !== 'jsonl')
    return type === 'matrix' ? ranges(series, asked) : instants(series, asked);
  const pairsOf = ({ times, values }: ResultSeries): Out[] =>
    times.map((at, i): Out => [at / 1000, numberText(values[i]!)]);
  const result = series.map((one): Out => {
    const metric = Object.fromEntries(one.labels);
    return type === 'matrix' ? { metric, values: pairsOf(one) } : { metric, value: pairsOf(one)[0]! };
  });
  if (format === 'jsonl') return report({ result }, []);
  return report({ result_type: type, result: type === 'scalar' ? pairsOf(series[0]!)[0]! : result }, []);
}

function report(body: Report['body'], columns: readonly Column[], above: readonly string[] = []): Report {
  const around = { above, below: [] };
  return { command: 'metrics query', body, table: { rows: 'result', columns }, around, notes: [] };
}

/** As Prometheus writes numbers into JSON: all digits that are needed, and no exponent between 1e-6 and 1e21. */
export function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  // Go writes exponents with two digits at least.
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

const SERIES: Column = { path: ['series'], name: 'series', label: 'series', show: 'text' };
const VALUE: Column = { path: ['value'], name: 'value', label: 'value', show: 'number' };
const TEXT_VALUE: Column = { ...VALUE, show: 'text' };

function instants(series: readonly ResultSeries[], { type, start, zone }: Asked): Report {
  const result = series.map(({ labels, values }) => ({
    series: metricText(labels),
    value: short(values[0]!),
  }));
  if (result.length === 0)
    return report({ result }, [], [start === 0 ? 'nothing' : `nothing at ${timeText(start, zone)}`]);
  return report({ result }, type === 'scalar' ? [VALUE] : [VALUE, SERIES], [
    `at ${timeText(start, zone)}`,
    '',
  ]);
}

/** Columns of a series over time. */
const OVER_TIME: readonly Column[] = [
  { path: ['points'], name: 'points', label: 'points', show: 'count', droppable: 3 },
  ...['first', 'min', 'max', 'last'].map(
    (name): Column => ({
      path: [name],
      name,
      label: name,
      show: 'number',
      ...(name === 'first' && { droppable: 2 }),
    }),
  ),
  { path: ['trend'], name: 'trend', label: 'trend', show: 'text', droppable: 1 },
  SERIES,
];

function ranges(series: readonly ResultSeries[], { zone }: Asked): Report {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { times } of series) {
    from = Math.min(from, times[0]!);
    to = Math.max(to, times.at(-1)!);
  }
  const result = series.map(({ labels, times, values }) => {
    const [least, most] = extremes(values);
    return {
      series: metricText(labels),
      points: values.length,
      first: short(values[0]!),
      min: short(least),
      max: short(most),
      last: short(values.at(-1)!),
      trend: sparkline(times, values, from, to),
    };
  });
  if (result.length === 0) return report({ result }, [], ['nothing in all of that time']);
  return report({ result }, OVER_TIME, [`from ${timeText(from, zone)} to ${timeText(to, zone)}`, '']);
}

function byPoint(series: readonly ResultSeries[]): Report {
  const names = new Set<string>();
  for (const { labels } of series) for (const name of labels.keys()) names.add(name);
  const columns = [...names].sort((a, b) =>
    a === METRIC_NAME ? -1 : b === METRIC_NAME ? 1 : a < b ? -1 : 1,
  );
  const result = series.flatMap(({ labels, times, values }) => {
    const metric: Readonly<Record<string, string>> = Object.fromEntries(labels as Labels);
    return times.map((at, i) => ({
      metric,
      time: time(instant(BigInt(at) * 1_000_000n)),
      value: Number.isFinite(values[i]!) ? values[i]! : numberText(values[i]!),
    }));
  });
  return report({ result }, [
    ...columns.map((name): Column => ({ path: ['metric', name], name, label: name, show: 'text' })),
    { path: ['time'], name: 'time', label: 'time', show: 'time' },
    VALUE,
  ]);
}

/** Six digits are enough to read; programs get all of them. Text, because NaN and Inf are answers, too. */
const short = (value: number): string =>
  numberText(Number.isFinite(value) ? Number(value.toPrecision(6)) : value);

/** The least and the largest number; NaN where there is no other. */
function extremes(values: readonly number[]): readonly [number, number] {
  let [least, most] = [Number.NaN, Number.NaN];
  for (const value of values) {
    if (Number.isNaN(least) || value < least) least = value;
    if (Number.isNaN(most) || value > most) most = value;
  }
  return [least, most];
}

const BARS = '▁▂▃▄▅▆▇█';
const WIDTH = 30;

/** The course of a series from `from` to `to`: the largest value of each thirtieth, from 0 or the least on; a gap is a space. */
function sparkline(times: readonly number[], values: readonly number[], from: number, to: number): string {
  const cells: number[] = [];
  const width = Math.min(WIDTH, Math.max(1, new Set(times).size));
  for (const [i, at] of times.entries()) {
    const cell = to === from ? 0 : Math.min(width - 1, Math.floor(((at - from) / (to - from)) * width));
    if (Number.isFinite(values[i]!))
      cells[cell] = Math.max(cells[cell] ?? Number.NEGATIVE_INFINITY, values[i]!);
  }
  const [least, most] = extremes(cells.filter((value) => value !== undefined));
  const bottom = Math.min(least, 0);
  return Array.from({ length: width }, (_, i) => {
    const value = cells[i];
    if (value === undefined) return ' ';
    const height = most === bottom ? 0 : (value - bottom) / (most - bottom);
    return BARS[Math.round(height * (BARS.length - 1))]!;
  })
    .join('')
    .trimEnd();
}
