import type { Money, Sign, SpanRef } from '../model/index.ts';
import { exact } from './exact.ts';
import { safeText } from './text.ts';

/** One fact: what it is called, what it is, and where that is said. */
export type Fact = { readonly label: string; readonly text: string; readonly source?: string };
/** What belongs together; the lead stands beside the title. */
export type Section = { readonly title: string; readonly lead: string; readonly facts: readonly Fact[] };

/** Lists of spans are cut here: JSON has them all. */
export const MOST = 5;

/** A span by what it does and its id. */
export const refText = ({ step, span_id: id }: SpanRef): string => safeText(`${step} ${id}`);

const PLACES: Readonly<Record<Sign['at'], string>> = {
  attribute: '',
  name: 'name',
  scope: 'scope',
  resource: 'resource',
  event: 'event',
  status: 'status',
  model_name: 'model name',
};

/** `gen_ai.operation.name = chat`; a value that stands beside it already is left out. */
export function signText({ at, key, path, value }: Sign, beside?: string): string {
  const where = [PLACES[at], key, path === undefined ? undefined : `› ${path}`].filter(Boolean).join(' ');
  const said = value === undefined || value === beside ? where : `${where} = ${value}`;
  return safeText(said === '' ? 'status message' : said);
}

/** With a mark where some of it is unknown. */
export const boundedUsd = (money: Money): string =>
  `${money.lowerBound === true && money.pico !== undefined ? '≥ ' : ''}${exactUsd(money)}`;

/** Every digit. */
export function exactUsd(money: Money): string {
  const text = exact(money);
  if (text === null) return 'unknown';
  return String(text).startsWith('-') ? `-$${String(text).slice(1)}` : `$${text}`;
}
