import type { StatusCode } from '../../model/index.ts';
import type { JsonValue } from '../format.ts';
import { attributeValue, isObject, readable, text } from '../values.ts';
import type { SpanFields } from './flat-keys.ts';
import { statusCode } from './spans.ts';

/** What programs call an outcome beside OpenTelemetry's own words. */
const WORDS: ReadonlyMap<JsonValue, StatusCode> = new Map<JsonValue, StatusCode>([
  ['success', 'ok'],
  ['succeeded', 'ok'],
  ['completed', 'ok'],
  ['passed', 'ok'],
  ['failed', 'error'],
  ['failure', 'error'],
  ['fail', 'error'],
  ['exception', 'error'],
  ['unset', 'unset'],
  ['status_code_unset', 'unset'],
  ['', 'unset'],
  [0, 'unset'],
  [undefined, 'unset'],
]);

/**
 * The status and what is said about it, from a status field in any form and from a field `error`. The status is
 * undefined where its field holds something else: an HTTP status, `running`.
 */
export function statusOf(
  fields: SpanFields,
  error: JsonValue,
): { status: StatusCode | undefined; statusMessage: string | undefined } {
  const found = fields.status?.value;
  const code = isObject(found) ? (found['code'] ?? found['status_code'] ?? found['statusCode']) : found;
  const said = statusCode(code);
  const status = said === 'unset' ? WORDS.get(typeof code === 'string' ? code.toLowerCase() : code) : said;
  const failed = Boolean(error) && error !== 'false';
  const message = isObject(found) ? (found['message'] ?? found['description']) : undefined;
  return {
    status: failed && (status === undefined || status === 'unset') ? 'error' : status,
    statusMessage:
      text(message) ?? text(fields.statusMessage?.value) ?? (failed ? errorText(error) : undefined),
  };
}

function errorText(error: JsonValue): string | undefined {
  return isObject(error) ? (text(error['message']) ?? readable(attributeValue(error))) : text(error);
}
