export { knownSeries } from './known.ts';
export { LINTS, lint } from './lint.ts';
export { lintReport } from './report.ts';
