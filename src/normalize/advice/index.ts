import type { Advice } from '../../model/index.ts';
import { CALLS } from './calls.ts';
import { CONTENT } from './content.ts';
import { RECORDING } from './recording.ts';
import { SESSION } from './session.ts';
import { USER } from './user.ts';

/** What to change about telemetry, for whom. Entries of a topic are in the order in which they are tried. */
export const ADVICE: readonly Advice[] = [...CALLS, ...USER, ...SESSION, ...RECORDING, ...CONTENT];
