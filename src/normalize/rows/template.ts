import {
  type AgentSpan,
  type AttributeValue,
  FLAG,
  PROFILE_TEXTS,
  ROW,
  ROW_WORDS,
  type RowBatch,
  type RowPlan,
  SPAN_TEXTS,
  type Span,
  type SpanProfile,
  type SpanText,
} from '../../model/index.ts';
import type { Normalizer } from '../normalizer.ts';
import { type CallTemplate, callTemplate, isRight } from './call-template.ts';
import { type ErrorRow, errorRow, isSaid } from './error-row.ts';
import { listen, type PlaceOf, placeOfText } from './heard.ts';
import { type ObservedRow, observedRow } from './observed-row.ts';

/** What all spans of a pattern mean, whatever their ids, times and values are; but for the resource. */
export type Template = {
  readonly profile: Omit<SpanProfile, 'resource'>;
  /** Bits of `FLAG` that hold of all of them. */
  readonly flags: number;
  /** Texts that differ, and which value of the row each of them is; texts that do not. */
  readonly texts: readonly { readonly field: SpanText; readonly place: number }[];
  readonly sameTexts: readonly { readonly field: SpanText; readonly text: string }[];
  /** The same of columns of attributes. */
  readonly columns: readonly { readonly column: string; readonly place: number }[];
  readonly sameColumns: readonly { readonly column: string; readonly text: string }[];
  readonly call: CallTemplate | undefined;
  readonly observed: ObservedRow | undefined;
  /** Undefined where none of them failed; else all did. */
  readonly error: ErrorRow | undefined;
};

/** A column of an attribute: what it is asked for by, and the attribute's key. */
export type Column = { readonly column: string; readonly key: string };

/**
 * Finds out what the other spans of a pattern mean from one of them, which is that of a row, and the slots of the
 * pattern's values. Undefined where it depends on more than is in a row: then each span has to be read as an object.
 */
export type Learn = (
  span: Span,
  slots: readonly number[],
  batch: RowBatch,
  row: number,
) => Template | undefined;

export function createLearner(
  normalizer: Pick<Normalizer, 'normalize'>,
  plan: RowPlan,
  columns: readonly Column[],
  labelOf: (value: AttributeValue | undefined) => string | undefined,
): Learn {
  return (span, slots, batch, row) => {
    const values = batch.doubles;
    const at = (row * ROW_WORDS + ROW.values) / 2;
    const { agent, heard } = listen(normalizer, span);
    // A start report stands for another span.
    if (agent.span !== span || agent.warnings !== undefined) return undefined;
    const keys = slots.map((slot) => plan.keys[slot]!);
    const places = new Map(keys.flatMap((one, place) => (one.of === undefined ? [[one.key, place]] : [])));
    const placeOf: PlaceOf = (key, use) => {
      const place = places.get(key);
      return place !== undefined && keys[place]!.use === use ? place : undefined;
    };
    const error = agent.failed ? errorRow(agent, heard, keys) : undefined;
    if (agent.failed && (error === undefined || !isSaid(error, agent, batch, row))) return undefined;
    const call = callTemplate(agent, heard, placeOf);
    if (call === 'unknown' || (call !== undefined && !isRight(call, agent, values, at))) return undefined;
    const observed = observedRow(agent, heard, placeOf, values, at);
    if (observed === 'unknown') return undefined;
    const texts = SPAN_TEXTS.flatMap((field) => {
      const text = agent.text[field];
      return text === undefined ? [] : { field, text, place: placeOfText(field, heard, placeOf) };
    });
    const labels = columns.flatMap(({ column, key }) => {
      const text = labelOf(span.attributes.get(key));
      return text === undefined ? [] : { column, text, place: placeOf(key, 'text') };
    });
    return {
      profile: profileOf(agent),
      flags: flagsOf(agent) | (call?.flags ?? 0),
      texts: texts.flatMap(({ field, place }) => (place === undefined ? [] : { field, place })),
      sameTexts: texts.flatMap(({ field, text, place }) => (place === undefined ? { field, text } : [])),
      columns: labels.flatMap(({ column, place }) => (place === undefined ? [] : { column, place })),
      sameColumns: labels.flatMap(({ column, text, place }) => (place === undefined ? { column, text } : [])),
      call,
      observed,
      error,
    };
  };
}

function profileOf({ span, kind, dialect, attempt, text }: AgentSpan): Template['profile'] {
  const { name, status, kind: spanKind, half } = span;
  const texts = Object.fromEntries(PROFILE_TEXTS.map((field) => [field, text[field]]));
  return { name, kind, status, spanKind, dialect, half, attempt, text: texts };
}

/** Whether it has a parent and events is part of the pattern; a start and an end has every span that has one. */
function flagsOf({ span, failed }: AgentSpan): number {
  return (
    (failed ? FLAG.failed : 0) |
    FLAG.hasStart |
    FLAG.hasEnd |
    (span.parentSpanId === undefined ? 0 : FLAG.hasParent) |
    (span.events.length === 0 ? 0 : FLAG.hasEvents)
  );
}
