import { withoutBedrockRegion } from '../model/index.ts';
import { type Catalogue, dashed, type ModelRow } from './catalogue.ts';
import { covers } from './match-rule.ts';

/** A row of the catalogue and how a name came to it. `priced` names the provider whose prices stand in. */
export type Found = {
  readonly row: ModelRow;
  readonly kind: 'exact' | 'alias' | 'variant';
  readonly steps: readonly string[];
  readonly standIn: boolean;
};

/**
 * The row for a lower-case name at one provider, or at one whose prices the catalogue declares to be the same.
 *
 * A listed name is a match. A name that is not listed is one only if two things agree: without parts that never make
 * it another model (a date, `-latest`, Bedrock's region and version) it is listed, and the row it is listed in says
 * itself that it covers the whole name. The data's own open-ended rules alone would give `claude-haiku-4-5-turbo`
 * the price of `claude-haiku-4-5`, and every new model that of an older one.
 */
export function lookup(catalogue: Catalogue, provider: string, name: string): Found | undefined {
  const own = find(catalogue, provider, name);
  if (own !== undefined) return { ...own, standIn: false };
  for (const other of catalogue.fallback(provider)) {
    const found = find(catalogue, other, name);
    if (found !== undefined) return { ...found, standIn: true };
  }
  return undefined;
}

function find(catalogue: Catalogue, provider: string, name: string): Omit<Found, 'standIn'> | undefined {
  // Bedrock's names may have a region and a vendor in front; no others lose their first letters.
  if (provider !== 'aws' && !catalogue.mayList(provider, name)) return undefined;
  const index = catalogue.provider(provider);
  if (index === undefined) return undefined;
  const listed = index.names.get(name);
  if (listed !== undefined) {
    const own = listed.preset?.name ?? listed.model;
    return { row: listed, kind: own.toLowerCase() === name ? 'exact' : 'alias', steps: [] };
  }
  const sameVersion = index.dashed.get(dashed(name));
  if (sameVersion !== undefined)
    return { row: sameVersion, kind: 'variant', steps: ['"." and "-" in a version are the same'] };
  for (const { base, step } of withoutSafeParts(name, provider)) {
    const row = index.names.get(base) ?? index.dashed.get(dashed(base));
    if (row?.rule !== undefined && covers(row.rule, name)) return { row, kind: 'variant', steps: [step] };
  }
  return undefined;
}

type Base = { readonly base: string; readonly step: string };

/** The name without the parts that never name another model, fewest parts removed first. */
function* withoutSafeParts(name: string, provider: string): Generator<Base> {
  const heads = provider === 'aws' ? bedrockHeads(name) : [name];
  for (const head of heads) if (head !== name) yield { base: head, step: removed(name, head) };
  for (const head of heads) {
    const once = safeSuffixes(head, provider);
    for (const base of once) yield { base, step: removed(name, base) };
    for (const base of once)
      for (const twice of safeSuffixes(base, provider)) yield { base: twice, step: removed(name, twice) };
  }
}

const removed = (name: string, base: string): string => `"${name}" is listed as "${base}"`;

/** `us.anthropic.claude-…` also without its region, and without its vendor. */
function bedrockHeads(name: string): string[] {
  const regionless = withoutBedrockRegion(name);
  return [...new Set([name, regionless, regionless.replace(/^[a-z0-9]+\./, '')])];
}

/** Each suffix that may follow a model's name without changing the model, by what it must also satisfy. */
const SUFFIXES: readonly {
  readonly pattern: RegExp;
  readonly valid?: (match: RegExpExecArray) => boolean;
}[] = [
  { pattern: /[-@](20\d\d)(\d\d)(\d\d)$/, valid: (m) => isDay(m[2], m[3]) },
  { pattern: /-(20\d\d)-(\d\d)-(\d\d)$/, valid: (m) => isDay(m[2], m[3]) },
  { pattern: /-(\d\d)-(20\d\d)$/, valid: (m) => isDay(m[1], '01') },
  { pattern: /-(\d\d)-(\d\d)$/, valid: (m) => isDay(m[1], m[2]) },
  // MMDD, or YYMM as Mistral writes it.
  {
    pattern: /-(\d\d)(\d\d)$/,
    valid: (m) => isDay(m[1], m[2]) || (/^[23]/.test(m[1]!) && isDay(m[2], '01')),
  },
  // Google numbers the stable versions of a model: gemini-2.0-flash-001.
  { pattern: /-0\d\d$/ },
  { pattern: /[-@](?:latest|default)$/ },
];
const BEDROCK_SUFFIXES: typeof SUFFIXES = [{ pattern: /-v\d{1,2}(?::\d{1,2})?$/ }, { pattern: /:\d{1,2}$/ }];

function safeSuffixes(name: string, provider: string): string[] {
  const bases: string[] = [];
  if (!/(?:\d|latest|default)$/.test(name)) return bases;
  for (const { pattern, valid } of provider === 'aws' ? [...SUFFIXES, ...BEDROCK_SUFFIXES] : SUFFIXES) {
    const match = pattern.exec(name);
    if (match !== null && match.index > 0 && (valid?.(match) ?? true)) bases.push(name.slice(0, match.index));
  }
  return bases;
}

function isDay(month: string | undefined, day: string | undefined): boolean {
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
}
