import type { JsonObject, JsonValue } from '../format.ts';
import { isObject } from '../values.ts';

/**
 * Whether a record is telemetry of a platform or tool whose format has no reader here. Many carry enough of the usual
 * names to pass for flat spans or log lines, and must not.
 */
export function isForeign(value: JsonObject): boolean {
  return FOREIGN.some((claims) => claims(value));
}

const FOREIGN: readonly ((value: JsonObject) => boolean)[] = [phpConsole, codex, chromeTrace];

function phpConsole(value: JsonObject): boolean {
  return isContext(value['context']) && value['start'] !== undefined && value['parent_span_id'] !== undefined;
}

const isContext = (value: JsonValue): boolean => isObject(value) && value['trace_id'] !== undefined;

const CODEX: readonly JsonValue[] = [
  'session_meta',
  'turn_context',
  'response_item',
  'event_msg',
  'compacted',
];

function codex(value: JsonObject): boolean {
  return isObject(value['payload']) && CODEX.includes(value['type']);
}

function chromeTrace(value: JsonObject): boolean {
  return (
    Array.isArray(value['traceEvents']) ||
    (typeof value['ph'] === 'string' && typeof value['ts'] === 'number' && value['pid'] !== undefined)
  );
}
