import type { JsonObject, JsonValue } from '../format.ts';
import { isObject, list, own, text } from '../values.ts';
import { first, isPositive, objectIn } from './platform.ts';

/** Runs that call a model; what the others hold of usage is what the runs inside them used. */
const CALLS: ReadonlySet<JsonValue> = new Set(['llm', 'embedding']);

/** What a run is. A patch whose post is missing does not say; only calls tell which model LangChain asked. */
export function typeOf(run: JsonObject, extra: JsonObject | undefined): JsonValue {
  const type = own(run, 'run_type');
  if (type !== undefined) return type;
  const metadata = objectIn(extra?.['metadata']) ?? {};
  return first(metadata, 'ls_model_name', 'ls_model_type') === undefined ? undefined : 'llm';
}

/** Model, usage and cost of a run, wherever LangChain, the wrappers of provider SDKs or LangSmith's server wrote them. */
export function callOf(run: JsonObject, extra: JsonObject | undefined): Readonly<Record<string, JsonValue>> {
  const isCall = CALLS.has(typeOf(run, extra));
  const outputs = isCall ? objectIn(own(run, 'outputs')) : undefined;
  const message = messageOf(outputs);
  return {
    ...(isCall ? modelOf(run, extra, outputs, message) : {}),
    ...((isCall ? usageOf(extra, outputs, message) : undefined) ?? countsOf(run)),
    ...costsOf(run),
  };
}

/** The message in what a LangChain chat model returns: `generations: [[{ message: { kwargs } }]]`. */
function messageOf(outputs: JsonObject | undefined): JsonObject | undefined {
  const generations = list(outputs?.['generations'])[0];
  const generation = Array.isArray(generations) ? generations[0] : generations;
  const message = isObject(generation) ? own(generation, 'message') : undefined;
  if (!isObject(message)) return undefined;
  return objectIn(own(message, 'kwargs')) ?? objectIn(own(message, 'data')) ?? message;
}

function modelOf(
  run: JsonObject,
  extra: JsonObject | undefined,
  outputs: JsonObject | undefined,
  message: JsonObject | undefined,
): Record<string, JsonValue> {
  const parameters = objectIn(extra?.['invocation_params']) ?? {};
  const inputs = objectIn(own(run, 'inputs')) ?? {};
  const reply = objectIn(message?.['response_metadata']) ?? {};
  const answer = objectIn(outputs?.['llm_output']) ?? {};
  // Answers of provider SDKs as they are: OpenAI's name their type, Anthropic's are messages.
  const raw =
    outputs !== undefined && (text(own(outputs, 'object')) ?? own(outputs, 'type') === 'message')
      ? outputs
      : {};
  const metadata = objectIn(extra?.['metadata']) ?? {};
  return {
    // LangSmith's own name for it goes first.
    'gen_ai.request.model':
      first(metadata, 'ls_model_name') ?? first(parameters, 'model', 'model_name') ?? first(inputs, 'model'),
    'gen_ai.response.model':
      first(raw, 'model') ?? first(reply, 'model_name', 'model') ?? first(answer, 'model_name', 'model'),
    'gen_ai.response.id': first(raw, 'id') ?? first(reply, 'id') ?? first(answer, 'id'),
    'openai.response.service_tier': first(raw, 'service_tier') ?? first(reply, 'service_tier'),
  };
}

/**
 * LangChain's usage (`usage_metadata`, also set by hand) before the provider's own. One that only names parts is none.
 */
function usageOf(
  extra: JsonObject | undefined,
  outputs: JsonObject | undefined,
  message: JsonObject | undefined,
): Record<string, JsonValue> | undefined {
  const told =
    objectIn(outputs?.['usage_metadata']) ??
    objectIn(message?.['usage_metadata']) ??
    objectIn(objectIn(extra?.['metadata'])?.['usage_metadata']);
  if (told !== undefined)
    return {
      'langsmith.usage_metadata': told,
      'gen_ai.usage.input_tokens': own(told, 'input_tokens'),
      'gen_ai.usage.output_tokens': own(told, 'output_tokens'),
      'gen_ai.usage.total_tokens': own(told, 'total_tokens'),
    };
  const answer = objectIn(outputs?.['llm_output']);
  const reply = objectIn(message?.['response_metadata']);
  const raw =
    objectIn(outputs?.['usage']) ??
    objectIn(answer?.['token_usage']) ??
    objectIn(answer?.['usage']) ??
    objectIn(answer?.['tokenUsage']) ??
    objectIn(reply?.['token_usage']) ??
    objectIn(reply?.['usage']);
  return raw === undefined || Object.keys(raw).length === 0 ? undefined : { 'langsmith.usage': raw };
}

/** What LangSmith's server counts; 0 where there was nothing to count. */
function countsOf(run: JsonObject): Record<string, JsonValue> {
  const counts = {
    'gen_ai.usage.input_tokens': own(run, 'prompt_tokens'),
    'gen_ai.usage.output_tokens': own(run, 'completion_tokens'),
    'gen_ai.usage.total_tokens': own(run, 'total_tokens'),
  };
  if (!Object.values(counts).some(isPositive)) return {};
  return {
    ...counts,
    'gen_ai.usage.input_token_details': own(run, 'prompt_token_details'),
    'gen_ai.usage.output_token_details': own(run, 'completion_token_details'),
  };
}

function costsOf(run: JsonObject): Record<string, JsonValue> {
  const costs: Record<string, JsonValue> = {};
  for (const key of ['total_cost', 'prompt_cost', 'completion_cost'])
    if (isPositive(own(run, key))) costs[`langsmith.${key}`] = own(run, key);
  return costs;
}
