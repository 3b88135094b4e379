import type { Held } from './card.ts';
import { catalogue } from './catalogue.ts';
import type { Layers } from './layers.ts';
import { heldAt } from './plan.ts';
import { RATE_KEYS, type Rate, type RateKey, rowAt } from './rates.ts';
import { createResolver, type Resolved } from './resolve.ts';

/** One rate of a model at one moment: who names it, and whose rates it stands before. */
type NamedRate = {
  readonly key: RateKey;
  readonly rate: Rate;
  readonly by: Held;
  readonly instead: readonly { readonly rate: Rate; readonly by: Held }[];
};

/** What all layers say of a model at one moment, the first that names a rate deciding. */
export type Answer = {
  readonly resolved: Resolved;
  readonly held: readonly Held[];
  readonly rates: readonly NamedRate[];
};

/** Asks for prices as a person does: by a name and a day, without a call. */
export type Enquiry = {
  /** Undefined where nothing lists the model; `second` undefined: today as each layer has it. */
  readonly ask: (
    provider: string | undefined,
    model: string,
    second: number | undefined,
  ) => Answer | { readonly hint: () => string };
  /** The first change after a second that the shipped prices know of. */
  readonly nextChange: (answer: Answer, second: number) => number | undefined;
};

export function createEnquiry({ overrides }: Pick<Layers, 'overrides'>): Enquiry {
  const resolve = createResolver(catalogue(), overrides);
  const asOf = Date.parse(catalogue().as_of) / 1000;
  return {
    ask: (provider, model, second) => {
      const resolved = resolve({ provider, model, requestModel: undefined });
      if ('reason' in resolved) return { hint: resolved.hint };
      const held = heldAt(resolved.layers, second, asOf);
      return { resolved, held, rates: namedRates(held) };
    },
    nextChange: ({ resolved }, second) => {
      const shipped = resolved.layers.filter(({ layer }) => layer === 'preset' || layer === 'catalogue');
      const later = shipped.flatMap(({ rows }) => rows.flatMap(({ from }) => from ?? []));
      const next = Math.min(...later.filter((from) => from > second));
      return Number.isFinite(next) ? next : undefined;
    },
  };
}

function namedRates(held: readonly Held[]): NamedRate[] {
  return RATE_KEYS.flatMap((key): NamedRate[] => {
    const said = held.flatMap((by) => {
      const rate = by.row.free === true ? 0 : by.row.rates[key];
      return rate === undefined || (by.row.free === true && key !== 'input' && key !== 'output')
        ? []
        : [{ rate, by }];
    });
    const [first, ...instead] = said;
    return first === undefined ? [] : [{ key, ...first, instead }];
  });
}

/** The row of a list that holds at a second, whatever the hour. */
export const rowOn = <R extends Held['row']>(rows: readonly R[], second: number): R | undefined =>
  rows[rowAt(rows, second, false)];
