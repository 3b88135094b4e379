import { type AgentSpan, type AttributeValue, MARK, type Span } from '../model/index.ts';
import { isContent } from './content.ts';

/** What `doctor` asks about a span besides what it means: bits of `MARK`. */
export function marksOf(span: Span, agent: AgentSpan): number {
  const { attributes } = span;
  let marks = isStreaming(span, agent) ? MARK.streaming : 0;
  if (isSampled(span)) marks |= MARK.sampled;
  if ((span.droppedAttributes ?? 0) > 0 || attributes.size === ATTRIBUTE_LIMIT) marks |= MARK.cut;
  for (const [key, value] of attributes) {
    if (value !== '' && value !== null && isContent(key)) return marks | MARK.content;
  }
  return marks;
}

/** `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT` where nobody sets it. opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables */
const ATTRIBUTE_LIMIT = 128;

/** Keys that say so, by dialect: GenAI conventions and their older spellings, OpenLLMetry, OpenLIT, LangSmith, Spring AI. */
const STREAMING_KEYS = [
  'gen_ai.request.stream',
  'gen_ai.request.streaming',
  'gen_ai.request.is_stream',
  'gen_ai.is_streaming',
  'llm.is_streaming',
  'llm.request.stream',
  'llm.streaming',
  'openai.request.stream',
  'stream',
] as const;
/** Keys that are only there when an answer came in pieces. */
const CHUNK_KEYS = [
  'gen_ai.response.time_to_first_chunk',
  'ai.response.msToFirstChunk',
  'ai.stream.msToFirstChunk',
  'gen_ai.server.time_to_first_token',
] as const;
const STREAMING_NAME = /stream/i;
/** OpenInference keeps the request's options as JSON text. */
const STREAM_OPTION = /"stream(?:ing)?"\s*:\s*true/;
/** OpenLLMetry and OpenInference tell every piece, or the first, as an event. */
const CHUNK_EVENT = /(?:chunk|first token)/i;

function isStreaming({ name, attributes, events }: Span, { kind }: AgentSpan): boolean {
  if (kind !== 'llm') return false;
  if (STREAMING_KEYS.some((key) => isTrue(attributes.get(key)))) return true;
  if (CHUNK_KEYS.some((key) => attributes.has(key))) return true;
  const options = attributes.get('llm.invocation_parameters');
  if (typeof options === 'string' && STREAM_OPTION.test(options)) return true;
  const operation = attributes.get('ai.operationId');
  return (
    STREAMING_NAME.test(typeof operation === 'string' ? operation : name) ||
    events.some((event) => CHUNK_EVENT.test(event.name))
  );
}

const isTrue = (value: AttributeValue | undefined): boolean =>
  value === true || value === 'true' || value === 'True';

/**
 * A sampler's mark that traces are missing: a threshold above 0 in the trace state (opentelemetry.io/docs/specs/otel/trace/tracestate-handling),
 * Honeycomb's `SampleRate` above 1, a probability below 1, Jaeger's client samplers.
 */
function isSampled({ attributes, traceState }: Span): boolean {
  if (traceState !== undefined && isThinned(traceState)) return true;
  if (RATE_KEYS.some((key) => Number(numeric(attributes.get(key))) > 1)) return true;
  if (PROBABILITY_KEYS.some((key) => Number(numeric(attributes.get(key))) < 1)) return true;
  const sampler = attributes.get('sampler.type');
  return sampler === 'probabilistic' || sampler === 'ratelimiting' || sampler === 'lowerbound';
}

/** `sample_rate` is how audio is recorded. */
const RATE_KEYS = ['SampleRate'] as const;
const PROBABILITY_KEYS = ['sampling.probability', 'sampling.ratio'] as const;

/** In OpenTelemetry's part of it, `th:` is a fraction in hex that is left out; `p:` of before, a negative power of two. */
function isThinned(traceState: string): boolean {
  const own = traceState.split(',').find((member) => member.trim().startsWith('ot='));
  if (own === undefined) return false;
  const fields = own.trim().slice('ot='.length).split(';');
  return fields.some((field) => /^th:0*[1-9a-f]/.test(field) || /^p:[1-9]/.test(field));
}

function numeric(value: AttributeValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : undefined;
}
