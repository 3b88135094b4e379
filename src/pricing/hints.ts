import { closest } from '../model/index.ts';
import type { Catalogue } from './catalogue.ts';
import { FIRST_PARTIES } from './providers.ts';

/** What to say about a model no layer lists: the nearest listed names, and the line of agentobs.yaml that prices it. */
export function unknownModelHint(catalogue: Catalogue, biller: string | undefined, name: string): string {
  const key = biller === undefined ? name : `${biller}/${name}`;
  const close = closest(name, namesAt(catalogue, biller), 3);
  if (close.length > 0) {
    const listed = close.map((other) => qualified(catalogue, biller, other));
    return `nearest: ${listed.join(', ')}; if it is the same model, ${aliasLine(key, listed[0]!)}`;
  }
  const own = biller !== undefined && catalogue.provider(biller) === undefined;
  return `${modelLine(key, ['input', 'output'])}${own ? '; or { free: true } if nobody bills it' : ''}`;
}

/** For a name several companies sell under: the line that says whose it is. */
export function ambiguousHint(name: string, sellers: readonly string[]): string {
  const line = aliasLine(name, `${sellers[0]}/${name}`);
  return `sold by ${sellers.join(' and ')}, and the call does not say which; ${line}`;
}

/** The line that gives a model its prices. The file is refused until numbers stand in it. */
export function modelLine(key: string, rates: readonly string[]): string {
  const prices = rates
    .map((rate) => `${rate}: USD_PER_${rate === 'web_search' ? 'THOUSAND' : 'MILLION'}`)
    .join(', ');
  return `add under prices.models in agentobs.yaml: ${JSON.stringify(key)}: { ${prices} }`;
}

/** A line and not a whole file, so that several can be pasted one below the other. */
function aliasLine(key: string, target: string): string {
  return `add under prices.aliases in agentobs.yaml: ${JSON.stringify(key)}: ${JSON.stringify(target)}`;
}

/** Where a name that was not found may have been meant to stand. */
function providersNear(catalogue: Catalogue, biller: string | undefined): readonly string[] {
  if (biller === undefined) return FIRST_PARTIES;
  return [biller, ...catalogue.fallback(biller)];
}

function* namesAt(catalogue: Catalogue, biller: string | undefined): Generator<string> {
  for (const provider of providersNear(catalogue, biller)) yield* catalogue.provider(provider)?.listed ?? [];
}

/** A listed name with the provider it stands at, as an alias names its target. */
function qualified(catalogue: Catalogue, biller: string | undefined, name: string): string {
  const seller = providersNear(catalogue, biller).find((id) => catalogue.provider(id)?.names.has(name));
  return seller === undefined ? name : `${seller}/${name}`;
}
