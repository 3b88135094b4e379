import type { JsonObject } from '../format.ts';
import { isObject } from '../values.ts';

/**
 * Whether a record belongs to a platform or tool with a format of its own, whose spans and session lines carry enough
 * of the same names to pass for flat spans or log lines: Langfuse, LangSmith, OpenAI Agents, MLflow, TRAIL, Claude Code.
 */
export function isForeign(value: JsonObject): boolean {
  return (
    value['observations'] !== undefined ||
    value['parentObservationId'] !== undefined ||
    value['run_type'] !== undefined ||
    value['dotted_order'] !== undefined ||
    value['span_data'] !== undefined ||
    value['child_spans'] !== undefined ||
    (value['sessionId'] !== undefined && value['uuid'] !== undefined) ||
    isMlflow(value)
  );
}

function isMlflow(value: JsonObject): boolean {
  const attributes = value['attributes'];
  return isObject(attributes) && ('mlflow.traceRequestId' in attributes || 'mlflow.spanType' in attributes);
}
