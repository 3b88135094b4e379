import type { JsonObject } from '../format.ts';
import { own } from '../values.ts';

/**
 * Whether a record is telemetry that cannot be read: a format without a reader here, or a summary of spans that are
 * somewhere else. Many carry enough of the usual names to pass for flat spans or log lines, and must not.
 */
export function isForeign(value: JsonObject): boolean {
  return FOREIGN.some((claims) => claims(value));
}

const FOREIGN: readonly ((value: JsonObject) => boolean)[] = [bareRollout, tempoSummary, xRaySegment];

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

/**
 * AWS X-Ray: a segment holds the spans below it, in a shape of its own.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
function xRaySegment(value: JsonObject): boolean {
  const traceId = own(value, 'trace_id');
  return (
    typeof traceId === 'string' &&
    /^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(traceId) &&
    Array.isArray(own(value, 'subsegments'))
  );
}
