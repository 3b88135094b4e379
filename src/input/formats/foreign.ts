import type { JsonObject, JsonValue } from '../format.ts';
import { isObject, list } from '../values.ts';

/**
 * Whether a record is telemetry of a platform or tool whose format has no reader here. Many carry enough of the usual
 * names to pass for flat spans or log lines, and must not.
 */
export function isForeign(value: JsonObject): boolean {
  return FOREIGN.some((claims) => claims(value));
}

const FOREIGN: readonly ((value: JsonObject) => boolean)[] = [
  mlflow,
  phoenix,
  trail,
  phpConsole,
  claudeCode,
  codex,
  chromeTrace,
];

function mlflow(value: JsonObject): boolean {
  const attributes = value['attributes'];
  if (isObject(attributes))
    return attributes['mlflow.traceRequestId'] !== undefined || attributes['mlflow.spanType'] !== undefined;
  return isObject(value['info']) && isObject(value['data']) && Array.isArray(value['data']['spans']);
}

function phoenix(value: JsonObject): boolean {
  if (value['context.trace_id'] !== undefined) return true;
  return value['span_kind'] !== undefined && isContext(value['context']);
}

function trail(value: JsonObject): boolean {
  const first = list(value['spans'])[0];
  return value['child_spans'] !== undefined || (isObject(first) && first['child_spans'] !== undefined);
}

function phpConsole(value: JsonObject): boolean {
  return isContext(value['context']) && value['start'] !== undefined && value['parent_span_id'] !== undefined;
}

const isContext = (value: JsonValue): boolean => isObject(value) && value['trace_id'] !== undefined;

function claudeCode(value: JsonObject): boolean {
  if (value['type'] === 'summary') return typeof value['leafUuid'] === 'string';
  return (
    typeof value['sessionId'] === 'string' && value['uuid'] !== undefined && value['parentUuid'] !== undefined
  );
}

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
