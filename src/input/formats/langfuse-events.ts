import type { JsonObject, JsonValue, ReadContext } from '../format.ts';
import { isObject, own, text } from '../values.ts';
import { objectIn } from './platform.ts';
import { isWanted } from './spans.ts';

/**
 * What Langfuse's SDKs before version 3 post for ingestion: events that create traces and observations, and complete them.
 * https://github.com/langfuse/langfuse/blob/main/fern/apis/server/definition/ingestion.yml
 */
export type IngestionEvent = {
  readonly about: 'trace' | 'observation' | 'other';
  /** The trace or observation as far as this event tells it. */
  readonly body: JsonObject;
};

const TYPE = /^([a-z]+)-(?:create|update)$/;
const OTHERS: ReadonlySet<JsonValue> = new Set(['sdk-log', 'dataset-run-item-create', 'score-create']);

/** The event that a record is, if it is one. */
export function ingestionEvent(value: JsonObject): IngestionEvent | undefined {
  const body = own(value, 'body');
  const type = own(value, 'type');
  if (typeof type !== 'string' || !isObject(body)) return undefined;
  if (own(value, 'id') === undefined || own(value, 'timestamp') === undefined) return undefined;
  if (OTHERS.has(type)) return { about: 'other', body };
  const subject = TYPE.exec(type)?.[1];
  if (subject === undefined || own(body, 'id') === undefined) return undefined;
  if (subject === 'trace') return { about: 'trace', body: { timestamp: own(value, 'timestamp'), ...body } };
  // Early SDKs name the type of what they create in the body.
  const named = subject === 'observation' ? text(own(body, 'type')) : subject;
  return { about: 'observation', body: { ...body, type: named?.toUpperCase() } };
}

export type EventDraft = { readonly observation: JsonObject; readonly context: ReadContext };

/** So many observations wait for the events that complete them; fewer with all that they hold. */
const PATIENCE = { lean: 50_000, whole: 10_000 };

/** Puts observations together from the events about them, in whatever order these come. */
export class EventDrafts {
  readonly #drafts = new Map<string, EventDraft>();

  /** What has to leave to make room for it. */
  add(body: JsonObject, context: ReadContext): readonly EventDraft[] {
    const id = String(own(body, 'id'));
    const before = this.#drafts.get(id);
    const observation = merged(before?.observation ?? {}, trimmed(body, context));
    this.#drafts.set(id, { observation, context: before?.context ?? context });
    const most = PATIENCE[isWanted(context, 'langfuse.observation.input') ? 'whole' : 'lean'];
    return this.#drafts.size > most ? this.end() : [];
  }

  end(): readonly EventDraft[] {
    const drafts = [...this.#drafts.values()];
    this.#drafts.clear();
    return drafts;
  }
}

/** Members that say nothing change nothing; of metadata, members are added. */
function merged(before: JsonObject, after: JsonObject): JsonObject {
  const told = Object.entries(after).filter(([, value]) => value !== undefined && value !== null);
  const metadata = objectIn(own(after, 'metadata'));
  const metadataBefore = objectIn(own(before, 'metadata'));
  return {
    ...before,
    ...Object.fromEntries(told),
    ...(metadata !== undefined && metadataBefore !== undefined
      ? { metadata: { ...metadataBefore, ...metadata } }
      : {}),
  };
}

/** An observation that waits need not hold what nobody asks for. */
function trimmed(body: JsonObject, context: ReadContext): JsonObject {
  if (isWanted(context, 'langfuse.observation.input')) return body;
  const { input: _, output: __, ...rest } = body;
  return rest;
}
