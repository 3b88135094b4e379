export { parseUnitTests, type UnitTestFile } from './file.ts';
export { unitTestReport } from './report.ts';
export { runUnitTests } from './run.ts';
