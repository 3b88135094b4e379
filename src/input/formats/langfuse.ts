import type { Resource, StatusCode } from '../../model/index.ts';
import { canonicalTraceId } from '../../model/index.ts';
import type { Assembler, Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { timeOf } from '../time.ts';
import { isObject, list, nameText, own, plainAttributes, text } from '../values.ts';
import { EventDrafts, ingestionEvent } from './langfuse-events.ts';
import { first, isPositive, objectIn, platformIds, put, putAll } from './platform.ts';
import { instantOr, type MutableAttributes, scopeOf, spanObjects } from './spans.ts';
import { TraceJoin } from './trace-join.ts';

/**
 * Langfuse: `{ trace, observations }` as its user interface saves it, a trace with its observations as its public API
 * answers, observations alone (API pages, lines of its blob storage export, which spells them in snake_case), and the events
 * that its SDKs post.
 * Spans that came to Langfuse by OpenTelemetry keep what they said in `metadata`: attributes, resource and scope are
 * taken from there, so that their own vocabulary is understood too.
 */
export const langfuse: Format = {
  name: 'langfuse',
  title:
    'Langfuse: traces as its user interface saves them, answers of its public API, observations as lines or from its blob storage export, bodies for ingestion',
  source: 'https://api.reference.langfuse.com (Trace, ObservationsView)',
  claims: (value) =>
    isTraceWithObservations(value) ||
    isTrace(value) ||
    isObservation(value) ||
    ingestionEvent(value) !== undefined,
  assembler: () => new LangfuseReader(),
  acrossInputs: true,
};

const TYPES: ReadonlySet<JsonValue> = new Set([
  'SPAN',
  'GENERATION',
  'EVENT',
  'EMBEDDING',
  'AGENT',
  'TOOL',
  'CHAIN',
  'RETRIEVER',
  'EVALUATOR',
  'GUARDRAIL',
]);

function isObservation(value: JsonValue): boolean {
  if (!isObject(value) || first(value, 'traceId', 'trace_id') === undefined) return false;
  if (first(value, 'startTime', 'start_time') === undefined) return false;
  return (
    Object.hasOwn(value, 'parentObservationId') ||
    Object.hasOwn(value, 'parent_observation_id') ||
    (TYPES.has(own(value, 'type')) && own(value, 'level') !== undefined)
  );
}

/** The list may hold no more than ids: then it is the answer to a search for traces. */
function isTraceWithObservations(value: JsonObject): boolean {
  const around = own(value, 'trace');
  const observations = own(value, 'observations');
  if (!Array.isArray(observations)) return isObject(around) && isTrace(around);
  if (isObject(around)) return own(around, 'id') !== undefined;
  const item = observations[0];
  if (isObservation(item)) return true;
  if (own(value, 'id') === undefined || own(value, 'timestamp') === undefined) return false;
  return item === undefined || typeof item === 'string';
}

function isTrace(value: JsonObject): boolean {
  return (
    own(value, 'id') !== undefined &&
    own(value, 'timestamp') !== undefined &&
    (Object.hasOwn(value, 'bookmarked') || Object.hasOwn(value, 'public')) &&
    TRACE_MEMBERS.filter((key) => Object.hasOwn(value, key)).length > 1
  );
}

/** Some tools leave out what is null. */
const TRACE_MEMBERS = [
  'release',
  'sessionId',
  'session_id',
  'userId',
  'user_id',
  'environment',
  'projectId',
  'project_id',
  'tags',
];

type BareTrace = {
  /** It names observations. */
  readonly hasSome: boolean;
  readonly context: ReadContext;
};

class LangfuseReader implements Assembler {
  readonly #join = new TraceJoin();
  readonly #drafts = new EventDrafts();
  /** Traces that were told without their observations. */
  readonly #bare = new Map<string, BareTrace>();
  /** So many observations of a trace stood inside it, or in a list beside it: the other place repeats them. */
  readonly #inside = new Map<string, number>();
  readonly #beside = new Map<string, number>();

  read(value: JsonObject, context: ReadContext): void {
    const event = ingestionEvent(value);
    if (event?.about === 'trace') this.#trace(event.body, context);
    else if (event?.about === 'observation')
      for (const draft of this.#drafts.add(event.body, context))
        this.#observation(draft.observation, undefined, draft.context);
    else if (event !== undefined) context.sink.skip('other_json', context.at);
    else this.#export(value, context);
  }

  #export(value: JsonObject, context: ReadContext): void {
    const around = own(value, 'trace');
    const observations = own(value, 'observations');
    if (isObject(around)) {
      this.#trace(around, context);
      const beside = Array.isArray(observations) ? observations : [];
      this.#observations(beside.length > 0 ? beside : own(around, 'observations'), around, context);
    } else if (!Array.isArray(observations)) {
      if (isObservation(value) || !isTrace(value)) this.#observation(value, undefined, context);
      else this.#bareTrace(value, false, context);
    } else if (own(value, 'id') === undefined) this.#observations(observations, undefined, context);
    else if (observations.length > 0 && observations.every((item) => typeof item === 'string')) {
      // Ids of observations that are somewhere else.
      this.#bareTrace(value, true, context);
    } else {
      this.#trace(value, context);
      this.#observations(observations, value, context);
    }
  }

  end(): void {
    for (const draft of this.#drafts.end()) this.#observation(draft.observation, undefined, draft.context);
    for (const [traceId, { hasSome, context }] of this.#bare) {
      if (this.#join.hasSpans(traceId)) continue;
      // A trace may have no observations; where there are none at all, they were left behind.
      const missing = hasSome || !this.#join.hasSpans();
      context.sink.skip(missing ? 'unsupported' : 'other_json', context.at);
    }
    this.#bare.clear();
    this.#join.end();
  }

  #bareTrace(trace: JsonObject, hasSome: boolean, context: ReadContext): void {
    this.#trace(trace, context);
    const id = canonicalTraceId(own(trace, 'id'))?.id;
    if (id !== undefined && !this.#bare.get(id)?.hasSome) this.#bare.set(id, { hasSome, context });
  }

  #trace(trace: JsonObject, context: ReadContext): void {
    const id = canonicalTraceId(own(trace, 'id'))?.id;
    if (id !== undefined) this.#join.trace(id, traceAttributes(trace, context));
  }

  /**
   * The same list may stand in the trace and beside it. Of a large document the parts of the one and the other come by
   * themselves, in either order; the list beside it then does not name its trace.
   */
  #observations(observations: JsonValue, trace: JsonObject | undefined, context: ReadContext): void {
    const nested = trace !== undefined && own(trace, 'observations') === observations;
    const here = nested ? this.#inside : trace === undefined ? this.#beside : undefined;
    const there = nested ? this.#beside : trace === undefined ? this.#inside : undefined;
    for (const observation of spanObjects(observations, context)) {
      const traceId = canonicalTraceId(first(observation, 'traceId', 'trace_id') ?? trace?.['id'])?.id ?? '';
      const document = `${context.at.source} ${traceId}`;
      if (there !== undefined && takeOne(there, document)) continue;
      here?.set(document, (here.get(document) ?? 0) + 1);
      this.#observation(observation, trace, context);
    }
  }

  #observation(value: JsonObject, trace: JsonObject | undefined, context: ReadContext): void {
    const ids = platformIds(
      context,
      value,
      first(value, 'traceId', 'trace_id') ?? trace?.['id'],
      own(value, 'id'),
      first(value, 'parentObservationId', 'parent_observation_id'),
    );
    const metadata = objectIn(own(value, 'metadata'));
    const start = instantOr(timeOf(first(value, 'startTime', 'start_time')), context);
    const end = instantOr(timeOf(first(value, 'endTime', 'end_time')), context);
    const attributes = observationAttributes(value, metadata, context);
    this.#join.span(
      {
        ...ids,
        name: nameText(own(value, 'name')),
        kind: undefined,
        start,
        end: end ?? (own(value, 'type') === 'EVENT' ? start : undefined),
        status: statusOf(own(value, 'level')),
        statusMessage: text(first(value, 'statusMessage', 'status_message')),
        attributes,
        events: [],
        links: [],
        resource: resourceOf(metadata, context),
        scope: scopeOf(metadata?.['scope'], context),
      },
      context,
    );
  }
}

function takeOne(counts: Map<string, number>, document: string): boolean {
  const count = counts.get(document) ?? 0;
  if (count > 0) counts.set(document, count - 1);
  return count > 0;
}

/** Every observation of a trace says so, also those whose root is elsewhere. */
function traceAttributes(trace: JsonObject, context: ReadContext): MutableAttributes {
  const attributes: MutableAttributes = new Map();
  put(attributes, 'user.id', first(trace, 'userId', 'user_id'), context);
  put(attributes, 'session.id', first(trace, 'sessionId', 'session_id'), context);
  put(attributes, 'langfuse.trace.name', own(trace, 'name'), context);
  put(
    attributes,
    'langfuse.trace.tags',
    list(own(trace, 'tags')).length > 0 ? own(trace, 'tags') : undefined,
    context,
  );
  put(attributes, 'langfuse.environment', own(trace, 'environment'), context);
  put(attributes, 'langfuse.release', own(trace, 'release'), context);
  put(attributes, 'langfuse.version', own(trace, 'version'), context);
  putAll(attributes, 'langfuse.trace.metadata.', objectIn(own(trace, 'metadata')), context, ORIGIN);
  return attributes;
}

/** Where Langfuse keeps what a span said when it came by OpenTelemetry. */
const ORIGIN: ReadonlySet<string> = new Set(['attributes', 'resourceAttributes', 'scope']);

function observationAttributes(
  value: JsonObject,
  metadata: JsonObject | undefined,
  context: ReadContext,
): MutableAttributes {
  const attributes: MutableAttributes = new Map();
  putAll(attributes, '', metadata?.['attributes'], context);
  const add = (key: string, field: JsonValue) =>
    put(attributes, `langfuse.observation.${key}`, field, context);
  const type = text(own(value, 'type'));
  add('type', type?.toLowerCase());
  add('model.name', first(value, 'model', 'providedModelName', 'provided_model_name'));
  add('model.parameters', filled(first(value, 'modelParameters', 'model_parameters')));
  add('usage_details', usageOf(value, type));
  add('cost_details', costOf(value));
  add('level', own(value, 'level'));
  add('status_message', first(value, 'statusMessage', 'status_message'));
  add('completion_start_time', first(value, 'completionStartTime', 'completion_start_time'));
  add('prompt.name', first(value, 'promptName', 'prompt_name'));
  add('prompt.version', first(value, 'promptVersion', 'prompt_version'));
  add('input', own(value, 'input'));
  add('output', own(value, 'output'));
  if (metadata === undefined) add('metadata', own(value, 'metadata'));
  else putAll(attributes, 'langfuse.observation.metadata.', metadata, context, ORIGIN);
  // Rows of a table of observations say whose trace theirs is.
  put(attributes, 'user.id', first(value, 'userId', 'user_id'), context);
  put(attributes, 'session.id', first(value, 'sessionId', 'session_id'), context);
  put(attributes, 'langfuse.trace.name', first(value, 'traceName', 'trace_name'), context);
  put(attributes, 'langfuse.environment', own(value, 'environment'), context);
  put(attributes, 'langfuse.version', own(value, 'version'), context);
  return attributes;
}

const filled = (value: JsonValue): JsonValue =>
  isObject(value) && Object.keys(value).length === 0 ? undefined : value;

/** Observations that call a model. */
const MODEL_TYPES: ReadonlySet<string | undefined> = new Set(['GENERATION', 'EMBEDDING']);

/**
 * `usageDetails` holds everything that was told, and nothing where nothing was. The older fields are 0 there, and count
 * in `unit`, which need not be tokens.
 */
function usageOf(value: JsonObject, type: string | undefined): JsonValue {
  const details = objectIn(first(value, 'usageDetails', 'usage_details'));
  if (details !== undefined && Object.keys(details).length > 0)
    return MODEL_TYPES.has(type) || Object.values(details).some(isPositive) ? details : undefined;
  const usage = own(value, 'usage');
  const unit = isObject(usage) ? own(usage, 'unit') : own(value, 'unit');
  if (typeof unit === 'string' && unit !== 'TOKENS') return undefined;
  const counts: JsonObject = isObject(usage)
    ? {
        input: first(usage, 'input', 'promptTokens', 'prompt_tokens'),
        output: first(usage, 'output', 'completionTokens', 'completion_tokens'),
        total: first(usage, 'total', 'totalTokens', 'total_tokens'),
      }
    : {
        input: first(value, 'inputUsage', 'promptTokens'),
        output: first(value, 'outputUsage', 'completionTokens'),
        total: first(value, 'totalUsage', 'totalTokens'),
      };
  return Object.values(counts).some(isPositive) ? counts : undefined;
}

/** Langfuse works costs out itself where nobody told one; 0 means that it could not. */
function costOf(value: JsonObject): JsonValue {
  const details = objectIn(first(value, 'costDetails', 'cost_details'));
  if (details !== undefined && Object.values(details).some(isPositive)) return details;
  const usage = own(value, 'usage');
  const total =
    first(value, 'totalCost', 'total_cost', 'calculatedTotalCost') ??
    (isObject(usage) ? own(usage, 'totalCost') : undefined);
  return isPositive(total) ? { total } : undefined;
}

function statusOf(level: JsonValue): StatusCode {
  return level === 'ERROR' ? 'error' : 'unset';
}

function resourceOf(metadata: JsonObject | undefined, context: ReadContext): Resource {
  return context.resource(plainAttributes(metadata?.['resourceAttributes']));
}
