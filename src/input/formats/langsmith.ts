import type { SpanEvent, StatusCode } from '../../model/index.ts';
import type { Assembler, Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { timeOf } from '../time.ts';
import { isObject, list, nameText, own, plainAttributes, text } from '../values.ts';
import { type DottedOrder, parseDottedOrder } from './dotted-order.ts';
import { callOf, typeOf } from './langsmith-call.ts';
import { objectIn, platformIds, put, putAll } from './platform.ts';
import { eventTime, instantOr, isWanted, type MutableAttributes, spanObjects } from './spans.ts';

/**
 * LangSmith runs: what its SDKs post (`{ post, patch }`, where a patch completes the run that was posted), answers of its
 * API (`{ runs }`), runs as lines, and runs with their `child_runs` inside.
 */
export const langsmith: Format = {
  name: 'langsmith',
  title:
    'LangSmith: bodies that its SDKs post (post, patch), runs of its API, runs as lines or with child_runs inside',
  source: 'https://github.com/langchain-ai/langsmith-sdk/blob/main/python/langsmith/schemas.py',
  claims: (value) =>
    isRun(value) ||
    [own(value, 'post'), own(value, 'patch'), own(value, 'runs')].some((runs) => isRun(list(runs)[0])) ||
    isPatch(list(own(value, 'patch'))[0]),
  assembler: () => new RunReader(),
  acrossInputs: true,
};

function isRun(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const type = own(value, 'run_type');
  if (typeof type === 'string')
    return own(value, 'id') !== undefined || own(value, 'dotted_order') !== undefined;
  return typeof own(value, 'dotted_order') === 'string';
}

/** What ends a run need not say what it is or where it stands. */
function isPatch(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  return ['id', 'trace_id'].every((key) => own(value, key) !== undefined) && Object.hasOwn(value, 'end_time');
}

/** So many runs wait for the patch that ends them, or for their post; fewer with all that they were told. */
const PATIENCE = { lean: 50_000, whole: 10_000 };

type Draft = { readonly run: JsonObject; readonly context: ReadContext };

class RunReader implements Assembler {
  /** Runs that have not ended, by id. */
  readonly #open = new Map<string, Draft>();
  /** Runs that have: SDKs send again what they are not sure of. */
  readonly #ended = new Set<string>();

  read(value: JsonObject, context: ReadContext): void {
    if (isRun(value)) {
      this.#tree(value, context);
      return;
    }
    for (const key of ['post', 'patch', 'runs'])
      for (const run of spanObjects(own(value, key), context)) this.#tree(run, context);
  }

  end(): void {
    for (const [id, { run, context }] of this.#open) if (!this.#ended.has(id)) addRun(run, context);
    this.#open.clear();
  }

  /** A run and the runs inside it, however deep they are nested. */
  #tree(root: JsonObject, context: ReadContext): void {
    const waiting: JsonObject[] = [root];
    for (let run = waiting.pop(); run !== undefined; run = waiting.pop()) {
      this.#run(run, context);
      const order = parseDottedOrder(own(run, 'dotted_order'));
      const around = { parent_run_id: own(run, 'id') ?? order?.id, trace_id: traceOf(run, order) };
      for (const child of spanObjects(own(run, 'child_runs'), context)) {
        // A child that names its parent and trace itself knows better.
        waiting.push({ ...around, ...told(child) });
      }
    }
  }

  #run(part: JsonObject, context: ReadContext): void {
    const id = text(own(part, 'id')) ?? parseDottedOrder(own(part, 'dotted_order'))?.id;
    const begun = id === undefined ? undefined : this.#open.get(id);
    const run = begun === undefined ? part : merged(begun.run, part);
    const ended = (own(run, 'end_time') ?? undefined) !== undefined;
    if (id === undefined || (ended && (begun !== undefined || own(part, 'run_type') !== undefined))) {
      if (id !== undefined) {
        this.#open.delete(id);
        this.#ended.add(id);
      }
      addRun(run, begun?.context ?? context);
      return;
    }
    this.#open.set(id, { run: trimmed(run, context), context: begun?.context ?? context });
    if (this.#open.size > PATIENCE[isWanted(context, 'gen_ai.prompt') ? 'whole' : 'lean']) this.end();
  }
}

/** What the later part says, and what only the earlier one does. */
function merged(before: JsonObject, after: JsonObject): JsonObject {
  const extra = objectIn(own(after, 'extra'));
  const extraBefore = objectIn(own(before, 'extra'));
  const metadata = { ...objectIn(extraBefore?.['metadata']), ...objectIn(extra?.['metadata']) };
  return {
    ...before,
    ...told(after),
    extra: { ...extraBefore, ...extra, metadata },
  };
}

/** The members that say something: bodies hold `outputs: {}` until there are any. */
function told(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => !isEmpty(item)));
}

function isEmpty(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined || value === null;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** A run that waits need not hold what nobody asks for. */
function trimmed(run: JsonObject, context: ReadContext): JsonObject {
  const { serialized: _, child_runs: __, ...rest } = run;
  const inputs = own(run, 'inputs');
  if (isWanted(context, 'gen_ai.prompt') || !isObject(inputs)) return rest;
  return { ...rest, inputs: { model: own(inputs, 'model') } };
}

function traceOf(run: JsonObject, order: DottedOrder | undefined): JsonValue {
  return own(run, 'trace_id') ?? order?.traceId ?? (isRoot(run, order) ? own(run, 'id') : undefined);
}

function isRoot(run: JsonObject, order: DottedOrder | undefined): boolean {
  return (own(run, 'parent_run_id') ?? order?.parentId ?? undefined) === undefined;
}

function addRun(run: JsonObject, context: ReadContext): void {
  const order = parseDottedOrder(own(run, 'dotted_order'));
  const start = instantOr(timeOf(own(run, 'start_time')), context) ?? order?.start;
  const error = own(run, 'error');
  context.sink.span(
    {
      ...platformIds(
        context,
        run,
        traceOf(run, order),
        own(run, 'id') ?? order?.id,
        own(run, 'parent_run_id') ?? order?.parentId,
      ),
      name: nameText(own(run, 'name')),
      kind: undefined,
      start,
      end: instantOr(timeOf(own(run, 'end_time')), context),
      status: statusOf(error, own(run, 'status')),
      statusMessage: text(error),
      attributes: attributesOf(run, isRoot(run, order), context),
      events: context.projection.events ? list(own(run, 'events')).flatMap(eventOf) : [],
      links: [],
      resource: context.resource(new Map()),
      scope: undefined,
    },
    context.at,
  );
}

function statusOf(error: JsonValue, status: JsonValue): StatusCode {
  if (status === 'error' || (error !== undefined && error !== null && error !== '')) return 'error';
  return status === 'success' ? 'ok' : 'unset';
}

/** Names as LangSmith's own OpenTelemetry exporter has them. */
function attributesOf(run: JsonObject, root: boolean, context: ReadContext): MutableAttributes {
  const attributes: MutableAttributes = new Map();
  const add = (key: string, value: JsonValue) => put(attributes, key, value, context);
  const extra = objectIn(own(run, 'extra'));
  add('langsmith.span.kind', typeOf(run, extra));
  if (root) add('langsmith.trace.name', own(run, 'name'));
  // The session of a run is its project.
  add('langsmith.trace.session_id', own(run, 'session_id'));
  add('langsmith.trace.session_name', own(run, 'session_name'));
  add('langsmith.span.tags', list(own(run, 'tags')).length > 0 ? own(run, 'tags') : undefined);
  putAll(attributes, 'langsmith.metadata.', objectIn(extra?.['metadata']), context, USAGE);
  const call = callOf(run, extra);
  for (const [key, value] of Object.entries(call)) add(key, value);
  add('gen_ai.prompt', own(run, 'inputs'));
  add('gen_ai.completion', own(run, 'outputs'));
  return attributes;
}

const USAGE: ReadonlySet<string> = new Set(['usage_metadata']);

/** Every token of a streamed answer is an event too. */
function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event) || own(event, 'name') === 'new_token') return [];
  const attributes = plainAttributes(own(event, 'kwargs'));
  return [{ name: nameText(own(event, 'name')), time: eventTime(timeOf(own(event, 'time'))), attributes }];
}
