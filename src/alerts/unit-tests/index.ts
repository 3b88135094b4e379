export {
  type AlertCase,
  type ExpectedAlert,
  type ExpectedSample,
  parseUnitTests,
  type UnitTestFile,
} from './file.ts';
export { type TestedFile, unitTestReport } from './report.ts';
export { type CaseResult, runUnitTests } from './run.ts';
