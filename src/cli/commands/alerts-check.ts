import { checkAlerts } from '../check-alerts.ts';
import type { Run } from '../usage/index.ts';

/** `agentobs alerts check`: which rules of a Prometheus would have fired on this data, when, and because of which traces? */
export const run: Run = (inputs, options, session) => checkAlerts(inputs, options, session);
