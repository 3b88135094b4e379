import { closest, UserError } from '../model/index.ts';
import { catalogue } from './catalogue.ts';
import type { PriceConfig, PriceFile } from './config.ts';
import { createImported, type Imported } from './imported.ts';
import { createOverrides, type Overrides } from './overrides.ts';
import { createResolver } from './resolve.ts';
import { modelName } from './routes.ts';

/** Everything that comes before the shipped prices. */
export type PriceSources = {
  readonly config?: PriceConfig | undefined;
  readonly files?: readonly PriceFile[] | undefined;
  readonly imported?: Imported | undefined;
};

export type Layers = {
  /** What a person wrote, the first that has a say first. */
  readonly configured: readonly { readonly layer: 'config' | 'file'; readonly prices: PriceConfig }[];
  /** The same and what was imported, as the resolver asks them. */
  readonly overrides: readonly Overrides[];
};

/** The layers in their order. Throws a `UserError` where they contradict themselves or an alias stands for nothing. */
export function createLayers({ config, files = [], imported }: PriceSources): Layers {
  const configured = [
    ...(config === undefined ? [] : [{ layer: 'config' as const, prices: config }]),
    ...files.map(({ prices }) => ({ layer: 'file' as const, prices })),
  ];
  const overrides = configured.map(({ layer, prices }) => createOverrides(prices, layer));
  if (imported !== undefined) overrides.push(createImported(imported));
  checkAliases(configured, overrides);
  return { configured, overrides };
}

/** An alias of an alias would end nowhere or in a circle; one of an unknown model would leave every call unpriced. */
function checkAliases(configured: Layers['configured'], overrides: readonly Overrides[]): void {
  const aliases = configured.flatMap(({ prices }) => prices.aliases);
  if (aliases.length === 0) return;
  const written = new Map(aliases.map((alias) => [modelName(alias.key), alias]));
  const unaliased = overrides.map((layer) => ({ ...layer, aliasOf: () => undefined }));
  const resolve = createResolver(catalogue(), unaliased);
  const faults = aliases.flatMap(({ key, target, at }) => {
    const name = modelName(target);
    const next = written.get(name);
    if (next !== undefined)
      return [`${at}: the alias "${key}" stands for "${target}", which is an alias itself (${next.at})`];
    const found = resolve({ provider: undefined, model: name, requestModel: undefined });
    if (!('reason' in found)) return [];
    return [`${at}: the alias "${key}" stands for "${target}", which nothing lists${near(target)}`];
  });
  if (faults.length > 0)
    throw new UserError(faults.join('\n'), {
      hint: 'An alias stands for a listed model, like anthropic/claude-sonnet-4; agentobs prices list shows them.',
    });
}

function near(target: string): string {
  const data = catalogue();
  const slash = target.indexOf('/');
  const index = slash < 0 ? undefined : data.provider(target.slice(0, slash).toLowerCase());
  const [best] = closest(target.slice(slash + 1), index?.listed ?? [], 1);
  return best === undefined ? '' : `; did you mean "${target.slice(0, slash + 1)}${best}"?`;
}
