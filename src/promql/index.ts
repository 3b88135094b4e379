export * from './ast.ts';
export { formatDuration, parseDuration } from './durations.ts';
export {
  type EvaluationOptions,
  evaluate,
  type ResultSeries,
  type Value,
} from './engine/evaluate.ts';
export { EvaluationError } from './engine/evaluation-error.ts';
export type { Modes } from './engine/values.ts';
export { isLabelName, isMetricName, labelsText, METRIC_NAME, metricText } from './labels.ts';
export { lostLabels } from './lost-labels.ts';
export { ParseError } from './parse-error.ts';
export { parse, parseSelector } from './parser.ts';
export { print } from './print.ts';
export { quoted } from './quoting.ts';
export { selectorsOf } from './selectors.ts';
export { parseMetric, parseSeries, type SeriesDescription } from './series-notation.ts';
export { chainOf, childrenOf, foldChain, rewritten } from './tree.ts';
export { documentedType, typeOf } from './types.ts';
