import { FIGURES, type FigureName } from '../analyses/figures.ts';
import { readDuration } from '../rollup/index.ts';

/** How an amount is typed, on the command line and in agentobs.yaml; `read` gives undefined for what is not written like it. */
export type Typed<T> = { readonly like: string; readonly read: (text: string) => T | undefined };

/** Picodollars, from dollars. */
export const DOLLARS: Typed<bigint> = {
  like: 'an amount of dollars such as 2.50',
  read: (text) => {
    const match = /^\$?(\d{1,15})(?:\.(\d{1,12}))?$/.exec(text.trim());
    return match === null ? undefined : BigInt(match[1]! + (match[2] ?? '').padEnd(12, '0'));
  },
};

/** Nanoseconds. */
export const TIME: Typed<number> = { like: 'a length of time such as 350ms, 90s or 5m', read: readDuration };

export const COUNT: Typed<number> = {
  like: 'a whole number from 0',
  read: (text) => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined),
};

const AMOUNT: Typed<number> = {
  like: 'a number such as 10 or 0.5',
  read: (text) => (/^\d{1,15}(?:\.\d{1,9})?$/.test(text.trim()) ? Number(text) : undefined),
};

/** A fraction. A bare number above 1 may be meant as percent or not: it is not guessed. */
export const PERCENT: Typed<number> = {
  like: 'a share such as 10% or 0.1',
  read: (text) => {
    const match = /^(\d{1,9}(?:\.\d{1,9})?)\s*(%?)$/.exec(text.trim());
    if (match === null) return undefined;
    const value = Number(match[1]);
    return match[2] === '%' ? value / 100 : value <= 1 ? value : undefined;
  },
};

export const TEXT: Typed<string> = {
  like: 'a text',
  read: (text) => (text.trim() === '' ? undefined : text),
};

/** How an amount of a figure is typed: what `min_change` takes. */
export function amountFor(figure: FigureName): Typed<number> {
  const { unit } = FIGURES[figure];
  if (unit === 'ms') return TIME;
  if (unit !== 'usd') return AMOUNT;
  return {
    like: DOLLARS.like,
    read: (text) => {
      const pico = DOLLARS.read(text);
      return pico === undefined ? undefined : Number(pico);
    },
  };
}
