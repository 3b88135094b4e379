import type { SeriesSource } from '../model/index.ts';
import { evaluate, parse } from '../promql/index.ts';
import type { EvaluateOptions } from './outcome.ts';
import { engineOptions, type Sample, samplesOf } from './results.ts';
import type { TemplateData } from './templates/index.ts';

/** What the templates of an alert see at one time. `name` is that of the template in messages. */
export function templateData(
  name: string,
  { labels, value }: Sample,
  time: number,
  source: SeriesSource,
  options: EvaluateOptions,
): TemplateData {
  return {
    name,
    labels,
    value,
    externalLabels: options.externalLabels ?? new Map(),
    externalUrl: options.externalUrl ?? '',
    time,
    query: (text) => {
      const expr = parse(text, { version: options.version });
      const at = { ...engineOptions(options), start: time, end: time, step: 1 };
      const samples = samplesOf(evaluate(expr, source, at));
      if (samples === undefined) throw new Error('query result is not a vector or scalar');
      return samples;
    },
  };
}
