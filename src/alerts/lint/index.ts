export { type Known, knownSeries } from './known.ts';
export { LINTS, type LintFinding, lint } from './lint.ts';
export { lintReport } from './report.ts';
