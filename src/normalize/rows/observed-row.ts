import type { AgentSpan, ObservedNumber, ObservedText } from '../../model/index.ts';
import { OBSERVED_NUMBERS, OBSERVED_TEXTS } from '../../model/index.ts';
import { type Heard, type PlaceOf, placeOfText } from './heard.ts';

/** What the spans of one pattern tell besides usage and money: values of the row, and what all of them tell. */
export type ObservedRow = {
  readonly numbers: readonly NumberOfRow[];
  readonly texts: readonly { readonly name: ObservedText; readonly place: number }[];
  readonly sameNumbers: readonly { readonly name: ObservedNumber; readonly value: number }[];
  readonly sameTexts: readonly { readonly name: ObservedText; readonly text: string }[];
};

type NumberOfRow = {
  readonly name: ObservedNumber;
  readonly place: number;
  /** Undefined where the span itself has to be looked at. */
  readonly of: (value: number) => number | undefined;
};

/**
 * Undefined where the spans tell nothing; `'unknown'` where what they tell is not in their rows alone, or where a value that
 * was passed over on this span may speak on the next.
 */
export function observedRow(
  { observed }: AgentSpan,
  heard: Heard,
  placeOf: PlaceOf,
  values: Float64Array,
  at: number,
): ObservedRow | 'unknown' | undefined {
  const numbers: NumberOfRow[] = [];
  const sameNumbers: { name: ObservedNumber; value: number }[] = [];
  for (const name of OBSERVED_NUMBERS) {
    for (const { told, sign, ofRow, inRows } of heard.observed.get(name) ?? []) {
      if (!inRows) return 'unknown';
      const place =
        sign.key === undefined || sign.path !== undefined || ofRow === undefined
          ? undefined
          : placeOf(sign.key, 'amount');
      if (place === undefined) {
        if (told !== undefined) sameNumbers.push({ name, value: told as number });
        continue;
      }
      if (told === undefined || ofRow!(values[at + place]!) !== told) return 'unknown';
      numbers.push({ name, place, of: ofRow! });
    }
  }
  if (observed === undefined) return undefined;
  const texts = OBSERVED_TEXTS.flatMap((name) => {
    const text = observed.texts[name];
    return text === undefined ? [] : { name, text, place: placeOfObserved(name, heard, placeOf) };
  });
  return {
    numbers,
    sameNumbers,
    texts: texts.flatMap(({ name, place }) => (place === undefined ? [] : { name, place })),
    sameTexts: texts.flatMap(({ name, text, place }) => (place === undefined ? { name, text } : [])),
  };
}

function placeOfObserved(name: ObservedText, heard: Heard, placeOf: PlaceOf): number | undefined {
  const sign = heard.observed.get(name)?.at(-1)?.sign;
  if (sign === undefined) return placeOfText(name, heard, placeOf);
  return sign.key === undefined || sign.path !== undefined ? undefined : placeOf(sign.key, 'text');
}
