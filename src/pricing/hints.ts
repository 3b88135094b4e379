import type { Catalogue } from './catalogue.ts';
import { nearest } from './nearest.ts';
import { FIRST_PARTIES } from './providers.ts';

/** What to say about a model no layer lists: the nearest listed names, and the line of agentobs.yaml that prices it. */
export function unknownModelHint(catalogue: Catalogue, biller: string | undefined, name: string): string {
  const key = biller === undefined ? name : `${biller}/${name}`;
  const close = nearest(name, namesAt(catalogue, biller), 3);
  if (close.length > 0) {
    const listed = close.map((other) => qualified(catalogue, biller, other));
    const line = aliasLine(key, listed[0]!);
    return `nearest: ${listed.join(', ')}; if it is the same model, add to agentobs.yaml: ${line}`;
  }
  const own = biller !== undefined && catalogue.provider(biller) === undefined;
  return `add to agentobs.yaml: ${modelLine(key)}${own ? '; or { free: true } if nobody bills it' : ''}`;
}

/** For a name several companies sell under: the line that says whose it is. */
export function ambiguousHint(name: string, sellers: readonly string[]): string {
  const line = aliasLine(name, `${sellers[0]}/${name}`);
  return `sold by ${sellers.join(' and ')}, and the call does not say which; add to agentobs.yaml: ${line}`;
}

/** The line of agentobs.yaml that gives a model its prices. Refused until the words are replaced by numbers. */
function modelLine(key: string): string {
  return `prices: { models: { ${JSON.stringify(key)}: { input: USD_PER_MILLION, output: USD_PER_MILLION } } }`;
}

function aliasLine(key: string, target: string): string {
  return `prices: { aliases: { ${JSON.stringify(key)}: ${JSON.stringify(target)} } }`;
}

/** Where a name that was not found may have been meant to stand. */
function providersNear(catalogue: Catalogue, biller: string | undefined): readonly string[] {
  if (biller === undefined) return FIRST_PARTIES;
  return [biller, ...(catalogue.provider(biller)?.fallback ?? [])];
}

function* namesAt(catalogue: Catalogue, biller: string | undefined): Generator<string> {
  for (const provider of providersNear(catalogue, biller)) yield* catalogue.provider(provider)?.listed ?? [];
}

/** A listed name with the provider it stands at, as an alias names its target. */
function qualified(catalogue: Catalogue, biller: string | undefined, name: string): string {
  const seller = providersNear(catalogue, biller).find((id) => catalogue.provider(id)?.names.has(name));
  return seller === undefined ? name : `${seller}/${name}`;
}
