export { type AheadOrder, readAhead, type StartAhead } from './ahead.ts';
export { isColumn } from './columns.ts';
export { Intake } from './intake.ts';
export type { IntakeLog } from './intake-log.ts';
export { startThread } from './thread.ts';
