import { UserError } from '../model/index.ts';
import type { ModelRow } from './catalogue.ts';
import type { PriceConfig } from './config.ts';
import { globMatches } from './globs.ts';
import { bySpecificity, conflict, refuseEqualGlobs, refuseTwins } from './keys.ts';
import { billerOf, knownBiller } from './providers.ts';
import type { RateRow } from './rates.ts';
import type { Route } from './routes.ts';

/** What a person configured or imported for a model: their key as written, and whether the call was named or fell under a glob. */
export type Override = {
  readonly layer: 'config' | 'file' | 'import';
  readonly key: string;
  readonly rows: readonly RateRow[];
};
export type OverrideHit = {
  readonly override: Override;
  readonly kind: 'exact' | 'glob';
  /** Whose model it is, where the key says so. */
  readonly provider: string | undefined;
  /** `provider=acme` where the call named no provider and only that one's model has the name. */
  readonly assumption: string | undefined;
};

/** One source of overrides: agentobs.yaml, a price file, or what was imported. */
export type Overrides = {
  readonly layer: Override['layer'];
  readonly aliasOf: (routes: readonly Route[]) => string | undefined;
  readonly priceOf: (routes: readonly Route[]) => OverrideHit | undefined;
  /** Models named without a glob, shortest name first, for finding them under their other names. */
  readonly named: readonly {
    readonly provider: string | undefined;
    readonly model: string;
    readonly override: Override;
  }[];
  /** What it says of a model of the catalogue under other names than the one that led to `known`. */
  readonly byRow?: (row: ModelRow, known: Override | undefined) => Override | undefined;
  readonly discountOf: (biller: string) => Discount | undefined;
};

/** `keep` of 10^8 is left of a price. */
export type Discount = { readonly keep: number; readonly layer: 'config' | 'file' };

/** Throws a `UserError` that names both places when two keys would claim a model with equal right. */
export function createOverrides(config: PriceConfig, layer: 'config' | 'file'): Overrides {
  const aliases = keyTable(config.aliases.map(({ key, target, at }) => ({ key, value: target, at })));
  const models = keyTable(
    config.models.map(({ key, rows, at }) => ({ key, value: { layer, key, rows } as Override, at })),
  );
  for (const alias of aliases.keys) {
    const model = models.keys.find((other) => other.pattern === alias.pattern);
    if (model !== undefined && !alias.glob)
      conflict('are an alias and a price of the same model', alias, model);
  }
  const discounts = new Map<string, Discount>();
  for (const { provider, keep, at } of config.discounts) {
    const id = canonicalProvider(provider);
    if (discounts.has(id))
      throw new UserError(`${at}: ${provider} is given two discounts`, { hint: 'Keep one of them.' });
    discounts.set(id, { keep, layer });
  }
  return {
    layer,
    aliasOf: (routes) => aliases.find(routes)?.value,
    priceOf: (routes) => {
      const hit = models.find(routes);
      return (
        hit && { override: hit.value, kind: hit.kind, provider: hit.provider, assumption: hit.assumption }
      );
    },
    named: models.keys
      .filter((key) => !key.glob)
      .sort((a, b) => a.model.length - b.model.length || (a.model < b.model ? -1 : 1))
      .map((key) => ({ provider: key.provider, model: key.model, override: key.value })),
    discountOf: (biller) => discounts.get(biller),
  };
}

/** A key of the configuration: `provider/model`, or a model of any provider. Either may hold `*`. */
type Key<V> = {
  readonly written: string;
  readonly at: string;
  readonly value: V;
  readonly provider: string | undefined;
  readonly model: string;
  readonly pattern: string;
  readonly glob: boolean;
};
type Hit<V> = {
  readonly value: V;
  readonly kind: 'exact' | 'glob';
  readonly provider: string | undefined;
  readonly assumption: string | undefined;
};
type KeyTable<V> = {
  readonly keys: readonly Key<V>[];
  readonly find: (routes: readonly Route[]) => Hit<V> | undefined;
};

/** Exact before glob, longer literal before shorter, for every reading of a name in turn. */
function keyTable<V>(
  entries: readonly { readonly key: string; readonly value: V; readonly at: string }[],
): KeyTable<V> {
  const keys = entries.map(({ key, value, at }): Key<V> => ({ ...readKey(key), value, at, written: key }));
  refuseTwins(keys, 'model');
  const exact = new Map(keys.filter((key) => !key.glob).map((key) => [key.pattern, key]));
  const globs = bySpecificity(keys.filter((key) => key.glob));
  refuseEqualGlobs(globs, 'model');
  return {
    keys,
    find: (routes) => {
      for (const { biller, name } of routes)
        for (const text of [`${biller ?? ''}/${name}`, name, `*/${name}`]) {
          const key = exact.get(text);
          if (key !== undefined) return hitOf(key, undefined);
        }
      for (const key of globs)
        for (const { biller, name } of routes)
          if (globMatches(key.pattern, `${biller ?? ''}/${name}`) || globMatches(key.pattern, name))
            return hitOf(key, undefined);
      const nameless = routes.filter((route) => route.biller === undefined);
      return nameless.length === 0 ? undefined : findByModel(keys, nameless);
    },
  };
}

/** For calls that name no provider: the one configured model of that name, if there is only one. */
function findByModel<V>(keys: readonly Key<V>[], routes: readonly Route[]): Hit<V> | undefined {
  for (const { name } of routes)
    for (const glob of [false, true]) {
      const matching = keys.filter(
        (key) =>
          key.glob === glob &&
          key.provider !== undefined &&
          key.model !== '*' &&
          globMatches(key.model, name),
      );
      const [only] = matching;
      if (only !== undefined && matching.length === 1) return hitOf(only, `provider=${only.provider}`);
    }
  return undefined;
}

function hitOf<V>({ value, glob, provider }: Key<V>, assumption: string | undefined): Hit<V> {
  return { value, kind: glob ? 'glob' : 'exact', provider, assumption };
}

function readKey(written: string): Pick<Key<unknown>, 'provider' | 'model' | 'pattern' | 'glob'> {
  const text = written.normalize('NFC').trim().toLowerCase();
  const glob = text.includes('*');
  const slash = text.indexOf('/');
  // An ARN holds slashes and is a name by itself.
  if (text.startsWith('arn:')) return { provider: undefined, model: text, pattern: text, glob };
  if (slash < 0) return { provider: undefined, model: text, pattern: `*/${text}`, glob };
  const provider = canonicalProvider(text.slice(0, slash));
  const model = text.slice(slash + 1);
  const one = provider.includes('*') ? undefined : provider;
  return { provider: one, model, pattern: `${provider}/${model}`, glob };
}

/** A provider under the name that this room files it by. */
export function canonicalProvider(name: string): string {
  const text = name.trim().toLowerCase();
  return knownBiller(text) ?? billerOf(text).id ?? text;
}
