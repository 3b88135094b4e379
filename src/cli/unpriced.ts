import type { Column, Report } from '../model/index.ts';

/** The same answer, read by what has no price. */
export const byUnpriced = (report: Report): Report => ({
  ...report,
  table: { rows: 'coverage.unpriced', columns: COLUMNS },
});

const COLUMNS: readonly Column[] = [
  { path: ['model'], name: 'model', label: 'model', show: 'text' },
  { path: ['provider'], name: 'provider', label: 'provider', show: 'text' },
  { path: ['calls'], name: 'calls', label: 'calls', show: 'count' },
  { path: ['reason'], name: 'reason', label: 'reason', show: 'text' },
  { path: ['hint'], name: 'hint', label: 'hint', show: 'text', only: 'csv' },
];
