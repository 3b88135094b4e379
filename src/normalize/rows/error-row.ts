import {
  type AgentSpan,
  ROW,
  ROW_WORDS,
  type RowBatch,
  type RowKey,
  type SpanError,
} from '../../model/index.ts';
import type { Field } from '../dialect.ts';
import { FAILURE_KEYS, lastException, statedMessage } from '../failure.ts';
import { textOf } from '../text.ts';
import type { Heard } from './heard.ts';

/** How the spans of one pattern, all of which failed, say so. */
export type ErrorRow = { readonly type: Told; readonly message: Told };

/** A text that all of them have, or the first of some passages of the row that says something. */
type Told = {
  readonly same: string | undefined;
  readonly passages: readonly Passage[];
  /** Where no passage says anything, something else may: the span itself has to be looked at. */
  readonly needed: boolean;
};

/** Which value of the row it is, and what its text says. */
type Passage = { readonly place: number; readonly says: (text: string) => string | undefined };

/**
 * How spans of a pattern say how they failed, from one of them; `keys` are those of the values of its row, in their order.
 * Undefined where they may speak by something that their rows do not tell.
 */
export function errorRow(
  { span, error }: AgentSpan,
  heard: Heard,
  keys: readonly RowKey[],
): ErrorRow | undefined {
  // An attribute that says nothing here may speak on the next span, in place of the one that does.
  for (const { key, use, of } of keys)
    if (use === 'passage' && of === undefined && textOf(span.attributes.get(key)) === undefined)
      return undefined;
  const exception = lastException(span);
  const type =
    toldBy('errorType', error?.type, heard, keys) ??
    first(keys, [[FAILURE_KEYS.type, exception.type, textOf]]);
  const message =
    toldBy('errorMessage', error?.message, heard, keys) ??
    first(keys, [
      [FAILURE_KEYS.message, exception.message, textOf],
      [FAILURE_KEYS.statedMessage, statedMessage(span.statusMessage), statedMessage],
    ]);
  return type === 'unknown' || message === 'unknown' ? undefined : { type, message };
}

/** What an attribute tells; undefined where none does. */
function toldBy(
  field: Field,
  text: string | undefined,
  { fields }: Heard,
  keys: readonly RowKey[],
): Told | 'unknown' | undefined {
  const sign = fields.get(field);
  if (sign === undefined) return undefined;
  const place = placeIn(keys, sign.key, undefined);
  if (place < 0) return { same: text, passages: [], needed: false };
  if (keys[place]!.use !== 'passage' || sign.path !== undefined) return 'unknown';
  return { same: undefined, passages: [{ place, says: textOf }], needed: true };
}

/** The passages up to the first thing that says the same on all spans. */
function first(
  keys: readonly RowKey[],
  sources: readonly (readonly [key: RowKey, said: string | undefined, says: Passage['says']])[],
): Told {
  const passages: Passage[] = [];
  for (const [wanted, said, says] of sources) {
    const place = placeIn(keys, wanted.key, wanted.of);
    if (place >= 0) passages.push({ place, says });
    else if (said !== undefined) return { same: said, passages, needed: false };
  }
  return { same: undefined, passages, needed: false };
}

const placeIn = (keys: readonly RowKey[], key: string | undefined, of: RowKey['of']): number =>
  keys.findIndex((one) => one.key === key && one.of === of);

/** Whether a row comes out as its span did. */
export function isSaid(row: ErrorRow, { error }: AgentSpan, batch: RowBatch, number: number): boolean {
  const said = errorOfRow(row, batch, number);
  return said !== undefined && said.type === error?.type && said.message === error?.message;
}

/** How the span of a row failed; undefined where that has to be found in the span itself. */
export function errorOfRow({ type, message }: ErrorRow, batch: RowBatch, row: number): SpanError | undefined {
  const typed = saidBy(type, batch, row);
  const said = saidBy(message, batch, row);
  if ((typed === undefined && type.needed) || (said === undefined && message.needed)) return undefined;
  return { type: typed, message: said };
}

function saidBy({ same, passages }: Told, batch: RowBatch, row: number): string | undefined {
  for (const { place, says } of passages) {
    const at = row * ROW_WORDS + ROW.values + 2 * place;
    const said = says(batch.passage(row, batch.words[at]!, batch.words[at + 1]!));
    if (said !== undefined) return said;
  }
  return same;
}
