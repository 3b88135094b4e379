import { quoted } from '../decimal.ts';
import type { RateRow } from '../rates.ts';

/** One model of a foreign price list, under the names this house files it by. */
export type SourceModel = {
  readonly provider: string;
  readonly model: string;
  /** In order; those with a date of their own hold from then on. */
  readonly rows: readonly RateRow[];
};

/** Why an entry of a price list is not taken. Keys are JSON names. */
export const LEFT_OUT = {
  no_token_price: 'no price per token (images, audio by the second, pages)',
  zero_price: 'a price of 0 for everything, which lists also write where they know none',
  inexact_price: 'a price that cannot be written in picodollars a unit',
  two_prices: 'listed twice under one name with two prices',
  odd_name: 'a name that cannot be one model',
} as const;
export type LeftOut = keyof typeof LEFT_OUT;

/** A price list as it was read. `left` names the entries that were not taken, by reason. */
export type SourcePrices = {
  readonly models: readonly SourceModel[];
  readonly left: ReadonlyMap<LeftOut, readonly string[]>;
};

/** What stands in a JSON file: unknown until looked at. */
export type Json = unknown;
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property, because the names come from strangers. */
export function own(object: JsonObject, key: string): Json {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A price as picodollars a unit; `undefined` for no number, `'inexact'` for one that cannot be written so. */
export function rateOf(value: Json, digits: number): number | 'inexact' | undefined {
  if (typeof value !== 'number') return undefined;
  return Number.isFinite(value) && value >= 0 ? (quoted(value, digits) ?? 'inexact') : 'inexact';
}

const LONGEST_NAME = 300;

/** Collects models, the first of a name; a second one with another price takes both away. */
export class Collector {
  readonly #models = new Map<string, SourceModel | undefined>();
  readonly #left = new Map<LeftOut, string[]>();

  add(model: SourceModel): void {
    const key = `${model.provider}/${model.model}`;
    if (key.length > LONGEST_NAME || /[*\p{Cc}]/u.test(key)) this.leave('odd_name', key);
    else if (!this.#models.has(key)) this.#models.set(key, model);
    else if (textOf(this.#models.get(key)) !== textOf(model)) {
      this.#models.set(key, undefined);
      this.leave('two_prices', key);
    }
  }

  leave(reason: LeftOut, name: string): void {
    const names = this.#left.get(reason);
    if (names === undefined) this.#left.set(reason, [name]);
    else names.push(name);
  }

  done(): SourcePrices {
    return { models: [...this.#models.values()].filter((model) => model !== undefined), left: this.#left };
  }
}

function textOf(model: SourceModel | undefined): string {
  return JSON.stringify(model?.rows, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** Every rate is 0, of all tiers. */
export function isZero({ rates, serviceTiers }: RateRow): boolean {
  const all = [rates, ...(serviceTiers?.values() ?? [])].flatMap((each) => Object.values(each));
  return all.every((rate) =>
    typeof rate === 'number' ? rate === 0 : rate.base === 0 && rate.above.every(([, upper]) => upper === 0),
  );
}
