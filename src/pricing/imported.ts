import type { PriceImport } from '../model/index.ts';
import { dashed } from './catalogue.ts';
import type { ConfigModel } from './config.ts';
import type { Override, OverrideHit, Overrides } from './overrides.ts';
import { FIRST_PARTIES } from './providers.ts';

/** What was imported: from which files, and the rows they added. Keys are `provider/model` in full. */
export type Imported = {
  /** Oldest first. */
  readonly imports: readonly PriceImport[];
  readonly models: readonly ConfigModel[];
};

/** Imported prices as a layer. A name is looked up as it is, and under the other names of the very same model. */
export function createImported({ models }: Imported): Overrides {
  const exact = new Map<string, Override>();
  const byDashes = new Map<string, Override | undefined>();
  for (const { key, rows } of models) {
    const override: Override = { layer: 'import', key, rows };
    const name = key.toLowerCase();
    exact.set(name, override);
    // Names that differ in nothing else are no better than no name.
    byDashes.set(dashed(name), byDashes.has(dashed(name)) ? undefined : override);
  }
  const find = (provider: string, name: string): Override | undefined =>
    exact.get(`${provider}/${name}`) ?? byDashes.get(dashed(`${provider}/${name}`));

  return {
    layer: 'import',
    aliasOf: () => undefined,
    discountOf: () => undefined,
    named: [],
    priceOf: (routes): OverrideHit | undefined => {
      for (const { biller, name } of routes) {
        const override = biller === undefined ? undefined : find(biller, name);
        if (override !== undefined)
          return { override, kind: 'exact', provider: biller, assumption: undefined };
      }
      for (const { biller, name } of routes) {
        if (biller !== undefined) continue;
        const makers = FIRST_PARTIES.filter((provider) => find(provider, name) !== undefined);
        const [only] = makers;
        if (only !== undefined && makers.length === 1)
          return {
            override: find(only, name)!,
            kind: 'exact',
            provider: only,
            assumption: `provider=${only}`,
          };
      }
      return undefined;
    },
    byRow: ({ provider, names }, known) => {
      // An alias that moves tells nothing about the model that it stood for before.
      const fixed = names.filter((name, index) => index === 0 || !/[-@]latest$/.test(name));
      const found = fixed
        .flatMap((name) => exact.get(`${provider}/${name}`) ?? [])
        .filter((override) => override !== known);
      const [first] = found;
      return found.every(({ rows }) => sameRows(rows, first!.rows)) ? first : undefined;
    },
  };
}

function sameRows(a: Override['rows'], b: Override['rows']): boolean {
  return a === b || textOf(a) === textOf(b);
}

const textOf = (rows: Override['rows']): string =>
  JSON.stringify(rows, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
