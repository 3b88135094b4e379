export { type BehindTrace, behind } from './behind.ts';
export { CATALOGUE } from './catalogue.ts';
export { type CollectOptions, collect } from './collect.ts';
export { COUNTED, type CountedName } from './counted.ts';
export { exposition } from './exposition.ts';
export type { Extent } from './extent.ts';
export type { Families, Family } from './family.ts';
export { INSTANCE, splitByInstance } from './instances.ts';
export { isLabelSource, LABEL_SOURCES } from './label-sources.ts';
export {
  columnsOf,
  labelNamesOf,
  METRIC_TYPES,
  type Metric,
  type MetricLabel,
  type MetricType,
  partsOf,
} from './metric.ts';
export { whyNothing } from './missing.ts';
export { MOST_STEPS, type Period, periodOf, windowNotes } from './period.ts';
export { PROFILES, prefixed, profileNamed } from './profiles.ts';
export { type Replay, seriesSource } from './replay.ts';
export { metricsReport } from './report.ts';
export { sumOf } from './totals.ts';
export { isValueName, VALUES, valueNamed } from './values.ts';
export { FAILED, type Vocabulary, vocabularyOf } from './vocabulary.ts';
