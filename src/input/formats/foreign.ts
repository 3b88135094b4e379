import type { JsonObject } from '../format.ts';
import { own } from '../values.ts';

/**
 * Whether a record is telemetry that cannot be read: a format without a reader here, or a summary of spans that are
 * somewhere else. Many carry enough of the usual names to pass for flat spans or log lines, and must not.
 */
export function isForeign(value: JsonObject): boolean {
  return FOREIGN.some((claims) => claims(value));
}

const FOREIGN: readonly ((value: JsonObject) => boolean)[] = [bareRollout, tempoSummary];

/** Early rollouts of Codex: lines without times and usage. */
function bareRollout(value: JsonObject): boolean {
  return own(value, 'record_type') === 'state';
}

/** An answer of Tempo's search: what a trace is called and how long it took, and at most a few of its spans. */
function tempoSummary(value: JsonObject): boolean {
  return (
    own(value, 'traceID') !== undefined &&
    own(value, 'startTimeUnixNano') !== undefined &&
    (own(value, 'rootTraceName') ?? own(value, 'rootServiceName') ?? own(value, 'durationMs')) !== undefined
  );
}
