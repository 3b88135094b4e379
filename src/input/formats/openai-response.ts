import type { JsonObject, JsonValue } from '../format.ts';
import { isObject, own, text } from '../values.ts';

/** What an answer of OpenAI's Responses API says about the call. */
type Reply = {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly serviceTier: string | undefined;
  readonly usage: JsonValue;
};

const NO_REPLY: Reply = { id: undefined, model: undefined, serviceTier: undefined, usage: undefined };

/** An answer as an object, or as Python prints it: `Response(id='resp_…', …, usage=ResponseUsage(input_tokens=1, …))`. */
export function responseOf(value: JsonValue): Reply {
  if (isObject(value))
    return {
      id: text(own(value, 'id')),
      model: text(own(value, 'model')),
      serviceTier: text(own(value, 'service_tier')),
      usage: own(value, 'usage'),
    };
  if (typeof value !== 'string' || !value.startsWith('Response(')) return NO_REPLY;
  // The prompt and the output stand between them and may hold anything: the head and the tail do not.
  const tail = value.slice(Math.max(0, value.lastIndexOf('usage=ResponseUsage(')));
  return {
    id: /^Response\(id='(\w{1,100})'/.exec(value)?.[1],
    model: /, model='([^'\\]{1,200})', object='response'/.exec(value)?.[1],
    serviceTier: /, service_tier='(\w{1,30})', status='/.exec(value)?.[1],
    usage: tail.startsWith('usage=') ? usageIn(tail.slice(0, 1_000)) : undefined,
  };
}

function usageIn(printed: string): JsonObject {
  const count = (name: string): number | undefined => {
    const digits = new RegExp(`\\b${name}=(\\d{1,15})\\b`).exec(printed)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  return {
    input_tokens: count('input_tokens'),
    output_tokens: count('output_tokens'),
    total_tokens: count('total_tokens'),
    input_tokens_details: { cached_tokens: count('cached_tokens') },
    output_tokens_details: { reasoning_tokens: count('reasoning_tokens') },
  };
}
