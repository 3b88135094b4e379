export { isColumn } from './columns.ts';
export { Intake } from './intake.ts';
export type { IntakeLog } from './intake-log.ts';
