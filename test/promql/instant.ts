import { evaluate, metricText, parse } from '../../src/promql/index.ts';
import { memorySource, written } from './memory.ts';

export type Instant = { readonly at?: number; readonly version?: 2 | 3; readonly every?: number };

/** What an expression yields at one time (seconds, of the epoch): values by their labels, in the order of the answer. */
export function instant(query: string, series = '', options: Instant = {}): Record<string, number> {
  const { at = 300, version = 3, every = 60 } = options;
  const time = at * 1000;
  const source = memorySource(written(series, every * 1000));
  const answer = evaluate(parse(query, { version }), source, { start: time, end: time, step: 0, version });
  if (answer.type === 'scalar') return { scalar: answer.points.values[0]! };
  if (answer.type === 'string') throw new Error(`${query} is a text`);
  return Object.fromEntries(answer.series.map(({ labels, values }) => [metricText(labels), values[0]!]));
}

/** The one value of an answer, or undefined for an empty one. */
export function only(query: string, series = '', options: Instant = {}): number | undefined {
  const values = Object.values(instant(query, series, options));
  if (values.length > 1) throw new Error(`${query} has ${values.length} answers`);
  return values[0];
}
