import type { PriceMatch } from '../model/index.ts';
import type { Catalogue, ModelRow } from './catalogue.ts';
import { ambiguousHint, unknownModelHint } from './hints.ts';
import { type Found, lookup } from './lookup.ts';
import type { Override, OverrideHit, Overrides } from './overrides.ts';
import { FIRST_PARTIES } from './providers.ts';
import type { RateRow } from './rates.ts';
import { coreOf, isBillersName, modelName, type Route, routesOf } from './routes.ts';
import { dayOf } from './written-rates.ts';

/** What a call names, and nothing of what it used. */
export type Named = {
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly requestModel: string | undefined;
};

/** One layer's rows for a model, and how the name was matched to them. */
export type LayerRows = {
  readonly layer: PriceMatch['layer'];
  readonly row: string;
  readonly kind: PriceMatch['kind'];
  readonly rows: readonly RateRow[];
};

/** A model that was found: its rows layer by layer, and the road to them. */
export type Resolved = {
  readonly biller: string | undefined;
  readonly layers: readonly LayerRows[];
  /** Told by the name (`gpt-5:flex`). */
  readonly serviceTier: string | undefined;
  readonly steps: readonly string[];
  readonly assumptions: readonly string[];
};

/** Why no price was found: `hint` tells what to do about it. It takes a search to make, so few are made. */
export type Unresolved = { readonly reason: 'no_model' | 'unknown_model'; readonly hint: () => string };

/** Finds the row of a call in every layer. Pure; the caller remembers the answers. */
export function createResolver(
  catalogue: Catalogue,
  overrides: readonly Overrides[],
): (call: Named) => Resolved | Unresolved {
  const named = namedRows(catalogue, overrides);

  /**
   * What one source says of a model. Imports of other days may have known it by another of its names: they hold for the
   * days on which the name itself has no price.
   */
  function hitsOf(layer: Overrides, routes: readonly Route[], row: ModelRow | undefined): OtherHit[] {
    const hit = layer.priceOf(routes);
    const beside = row && layer.byRow?.(row, hit?.override);
    const other = beside ?? (hit === undefined && row ? named.get(layer)?.get(row) : undefined);
    const hits: OtherHit[] = hit === undefined ? [] : [hit];
    if (other !== undefined)
      hits.push({ override: other, kind: 'variant', provider: undefined, assumption: undefined });
    return hits;
  }

  /** The layers' rows for one model name, or undefined if no layer lists it. */
  function rowsFor(provider: string | undefined, name: string): Resolved | undefined {
    const { routes, open } = routesOf(provider, name);
    const listed = inCatalogue(catalogue, routes) ?? (open ? byMaker(catalogue, routes) : undefined);
    const all = listed === undefined ? routes : [...routes, listed.route];
    const hits = overrides.flatMap((layer) => hitsOf(layer, all, listed?.found.row));
    const [first] = hits;
    if (first === undefined && listed === undefined) return undefined;
    const layers = hits.map(({ override, kind }): LayerRows => {
      const { layer, key, rows } = override;
      const known = listed !== undefined || layer !== 'import';
      return { layer, row: key, kind, rows: known ? rows : fromTheStart(rows) };
    });
    if (listed !== undefined) layers.push(...catalogueLayers(listed.found));
    const road = listed?.route ?? routes[routes.length - 1]!;
    return {
      biller: first?.provider ?? road.biller,
      layers,
      serviceTier: undefined,
      steps: [...stepsTo(road, routes), ...(listed?.found.steps ?? [])],
      assumptions: [
        ...[first?.assumption, listed?.assumption].filter((text) => text !== undefined),
        ...(/[-@]latest$/.test(road.name) ? [`moving_alias=${road.name}`] : []),
      ],
    };
  }

  /** A name as the user may have renamed it, then as it is, then without the service tier it may end in. */
  function resolveName(provider: string | undefined, name: string): Resolved | undefined {
    const target = aliasFor(overrides, provider, name);
    if (target !== undefined) {
      const aliased = modelName(target);
      const found = aliased === undefined ? undefined : rowsFor(undefined, aliased);
      return found && aliasOf(found, `alias "${name}" stands for "${target}"`);
    }
    const found = rowsFor(provider, name);
    const tier = found === undefined ? /^(.+):(batch|flex|priority)$/.exec(name) : null;
    if (tier === null) return found;
    const base = rowsFor(provider, tier[1]!);
    return (
      base && { ...base, serviceTier: tier[2], steps: [`":${tier[2]}" is a service tier`, ...base.steps] }
    );
  }

  return (call) => {
    const answered = modelName(call.model);
    const asked = modelName(call.requestModel);
    if (answered === undefined && asked === undefined) {
      const odd = call.model ?? call.requestModel;
      const hint = odd ? 'the model name is too long to be one' : 'the span names no model';
      return { reason: 'no_model', hint: () => hint };
    }
    const { provider } = call;
    for (const name of namesInTurn(provider, answered, asked, overrides)) {
      const found = resolveName(provider, name);
      if (found !== undefined) return found;
    }
    const name = answered ?? asked!;
    return { reason: 'unknown_model', hint: () => hintFor(catalogue, provider, name) };
  };
}

/**
 * The answer's model decides. The request's comes first only where it is the same model under the biller's longer
 * name (Bedrock's region, OpenRouter's `:free`), and second only where it is a name that bills or the user's alias.
 */
function namesInTurn(
  provider: string | undefined,
  answered: string | undefined,
  asked: string | undefined,
  overrides: readonly Overrides[],
): readonly string[] {
  if (answered === undefined || asked === undefined || answered === asked) return [answered ?? asked!];
  if (asked.length > answered.length && coreOf(asked) === coreOf(answered)) return [asked, answered];
  const bills = isBillersName(provider, asked) || aliasFor(overrides, provider, asked) !== undefined;
  return bills ? [answered, asked] : [answered];
}

function aliasFor(
  overrides: readonly Overrides[],
  provider: string | undefined,
  name: string,
): string | undefined {
  const { routes } = routesOf(provider, name);
  for (const layer of overrides) {
    const target = layer.aliasOf(routes);
    if (target !== undefined) return target;
  }
  return undefined;
}

/** A row of the catalogue, the reading of the name that led there, and what that reading takes for granted. */
type Listed = { readonly route: Route; readonly found: Found; readonly assumption: string | undefined };

function inCatalogue(catalogue: Catalogue, routes: readonly Route[]): Listed | undefined {
  for (const route of routes) {
    const seller = route.priceOf ?? route.biller;
    const found = seller === undefined ? undefined : lookup(catalogue, seller, route.name);
    if (found === undefined) continue;
    const standIn = found.standIn || route.priceOf !== undefined;
    return { route, found, assumption: standIn ? `provider_price=${found.row.provider}` : undefined };
  }
  // OpenRouter's own mark for what it gives away; the catalogue lists only some of them.
  const free = routes.find(
    ({ biller, name }) => name.endsWith(':free') && (biller ?? 'openrouter') === 'openrouter',
  );
  return (
    free && {
      route: { ...free, biller: 'openrouter' },
      found: freeOf(free.name),
      assumption: undefined,
    }
  );
}

function freeOf(name: string): Found {
  const rows = [{ rates: {}, free: true }];
  const row = {
    provider: 'openrouter',
    model: name,
    names: [name],
    rule: undefined,
    rows,
    preset: undefined,
    resold: false,
  };
  return { row, kind: 'variant', steps: ['":free" costs nothing'], standIn: false };
}

/** For calls that leave the biller open: the one company that sells a model of its own under that very name. */
function byMaker(catalogue: Catalogue, routes: readonly Route[]): Listed | undefined {
  for (const route of [...routes].reverse()) {
    const [only, ...others] = makersOf(catalogue, route.name);
    if (only === undefined || others.length > 0) continue;
    const { provider } = only.row;
    const maker: Route = { biller: provider, name: route.name, step: `sold by ${provider}` };
    return { route: maker, found: only, assumption: `provider=${provider}` };
  }
  return undefined;
}

function makersOf(catalogue: Catalogue, name: string): Found[] {
  return FIRST_PARTIES.flatMap((provider) => {
    const found = lookup(catalogue, provider, name);
    return found === undefined || found.standIn || found.row.resold ? [] : [found];
  });
}

/** What nothing else lists has no other price before its first import: a call of the day before is not left without one. */
function fromTheStart(rows: readonly RateRow[]): readonly RateRow[] {
  const [first] = rows;
  if (first?.from === undefined) return rows;
  const { from, ...rest } = first;
  return [{ ...rest, until: from, assume: `first_price=${dayOf(from)}` }, ...rows];
}

function catalogueLayers({ row, kind }: Found): LayerRows[] {
  const { provider, model, preset, rows } = row;
  const listed: LayerRows = { layer: 'catalogue', row: `${provider}/${model}`, kind, rows };
  if (preset === undefined || preset.rows.length === 0) return [listed];
  return [{ layer: 'preset', row: `${provider}/${preset.name}`, kind, rows: preset.rows }, listed];
}

function aliasOf(found: Resolved, step: string): Resolved {
  const layers = found.layers.map((rows) =>
    rows.kind === 'exact' ? { ...rows, kind: 'alias' as const } : rows,
  );
  return { ...found, layers, steps: [step, ...found.steps] };
}

/** What it took to read the reported name as `road` does. */
function stepsTo(road: Route, routes: readonly Route[]): readonly string[] {
  const end = routes.findIndex((route) => route.name === road.name);
  const steps = [...routes.slice(0, end + 1), road].flatMap((route) => route.step ?? []);
  return [...new Set(steps)];
}

type OtherHit = Omit<OverrideHit, 'kind'> & { readonly kind: PriceMatch['kind'] };

/** Models configured in full by their row of the catalogue: they hold for its other names, which cost the same. */
function namedRows(
  catalogue: Catalogue,
  overrides: readonly Overrides[],
): ReadonlyMap<Overrides, ReadonlyMap<ModelRow, Override>> {
  return new Map(
    overrides.map((layer) => {
      const rows = new Map<ModelRow, Override>();
      for (const { provider, model, override } of layer.named) {
        const { routes } = routesOf(provider, model);
        const listed =
          inCatalogue(catalogue, routes) ?? (provider === undefined ? byMaker(catalogue, routes) : undefined);
        if (listed !== undefined && !rows.has(listed.found.row)) rows.set(listed.found.row, override);
      }
      return [layer, rows] as const;
    }),
  );
}

function hintFor(catalogue: Catalogue, provider: string | undefined, name: string): string {
  const { routes, open } = routesOf(provider, name);
  const last = routes[routes.length - 1]!;
  const makers = open ? makersOf(catalogue, last.name).map((found) => found.row.provider) : [];
  if (makers.length > 1) return ambiguousHint(last.name, makers);
  // Where the prefixes named no other biller, they belong to the name as this one writes it.
  const own = routes.find((route) => route.biller === last.biller) ?? last;
  return unknownModelHint(catalogue, own.biller, own.name);
}
