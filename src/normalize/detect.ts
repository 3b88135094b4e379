import type { Resource, Sign, Span } from '../model/index.ts';
import { compileCondition } from './conditions.ts';
import type { Dialect, Evidence } from './dialect.ts';
import { byName } from './names.ts';
import { matches } from './patterns.ts';
import type { Shapes } from './shapes.ts';
import { ASK, type Keys, type Slots } from './slots.ts';
import { textOf } from './text.ts';
import { attributeSign, type Witness } from './witness.ts';

/** No dialect claims the span. */
export const UNCLAIMED = -1;

/**
 * The index of the first dialect that has evidence of its own in a span, or `UNCLAIMED`.
 * Evidence that is a single key, scope, name or resource is looked up; only combined evidence is weighed span by span.
 */
export function compileDetection(
  dialects: readonly Dialect[],
  keys: Keys,
  shapes: Shapes,
): (slots: Slots, span: Span, witness?: Witness) => number {
  const keyClaims: { readonly dialect: number; readonly slot: number; readonly key: string }[] = [];
  const scopeClaims: Claim[] = [];
  const nameClaims: Claim[] = [];
  const resourceClaims: (Claim & { readonly key: string })[] = [];
  const combined: Combined[] = [];

  dialects.forEach((table, dialect) => {
    for (const evidence of table.detect ?? []) {
      const { scope, name, resource, value } = evidence;
      if (resource !== undefined) keys.ofResource.add(resource.key);
      if (Object.keys(evidence).length > 1 || value !== undefined)
        combined.push(compileEvidence(dialect, evidence, keys));
      else if (scope !== undefined) scopeClaims.push({ dialect, pattern: scope });
      else if (name !== undefined) nameClaims.push({ dialect, pattern: name });
      else if (resource !== undefined)
        resourceClaims.push({ dialect, pattern: resource.is, key: resource.key });
      else
        for (const key of evidence.keys ?? [])
          keyClaims.push({ dialect, slot: keys.slot(key, ASK.presence), key });
    }
  });

  const ofScope = byName((name) => firstClaim(scopeClaims, name));
  const ofName = byName((name) => firstClaim(nameClaims, name));
  const ofResource = byResource((resource) => {
    const claim = resourceClaims.find(({ key, pattern }) => matches(pattern, resourceValue(resource, key)));
    return claim?.dialect ?? Infinity;
  });
  const possible = shapes.remember(({ has }) => ({
    byKey: keyClaims.filter(({ slot }) => has(slot)),
    combined: combined.filter(({ needs }) => needs === undefined || needs.some(has)),
  }));

  /** All that speaks for the dialect, by the same claims. */
  const signsOf = (dialect: number, slots: Slots, span: Span): readonly Sign[] => {
    const own = <C extends { readonly dialect: number }>(claims: readonly C[]): readonly C[] =>
      claims.filter((claim) => claim.dialect === dialect);
    const scope = span.scope?.name;
    const { byKey, combined } = possible(slots.shape);
    const signs: (Sign | readonly Sign[])[] = [
      ...own(scopeClaims)
        .filter(({ pattern }) => scope !== undefined && matches(pattern, scope))
        .map((): Sign => ({ at: 'scope', value: scope! })),
      ...own(byKey)
        .filter(({ slot }) => slots.values[slot] !== undefined)
        .map(({ key }) => attributeSign(key, undefined)),
      ...own(combined)
        .filter(({ holds }) => holds(slots, span))
        .map(({ signs }) => signs(slots, span)),
      ...own(nameClaims)
        .filter(({ pattern }) => matches(pattern, span.name))
        .map((): Sign => ({ at: 'name', value: span.name })),
      ...own(resourceClaims)
        .filter(({ key, pattern }) => matches(pattern, resourceValue(span.resource, key)))
        .map(({ key }): Sign => ({ at: 'resource', key, value: resourceValue(span.resource, key) })),
    ];
    return signs.flat();
  };

  return (slots, span, witness) => {
    const { byKey, combined } = possible(slots.shape);
    let best = Math.min(ofName(span.name), ofResource(span.resource));
    if (span.scope !== undefined) best = Math.min(best, ofScope(span.scope.name));
    for (const { dialect, slot } of byKey) {
      if (dialect >= best) break;
      if (slots.values[slot] !== undefined) best = dialect;
    }
    for (const { dialect, holds } of combined) {
      if (dialect >= best) break;
      if (holds(slots, span)) best = dialect;
    }
    if (best === Infinity) return UNCLAIMED;
    witness?.dialect(signsOf(best, slots, span));
    return best;
  };
}

type Claim = { readonly dialect: number; readonly pattern: RegExp };

function firstClaim(claims: readonly Claim[], text: string): number {
  return claims.find(({ pattern }) => matches(pattern, text))?.dialect ?? Infinity;
}

type Combined = {
  readonly dialect: number;
  /** Slots without any of which it cannot hold. */
  readonly needs: readonly number[] | undefined;
  readonly holds: (slots: Slots, span: Span) => boolean;
  readonly signs: (slots: Slots, span: Span) => readonly Sign[];
};

function compileEvidence(dialect: number, evidence: Evidence, keys: Keys): Combined {
  const { scope, name, resource } = evidence;
  const slots = evidence.keys?.map((key) => keys.slot(key, ASK.presence));
  const value = evidence.value === undefined ? undefined : compileCondition(evidence.value, keys);
  const nameFits = name === undefined ? undefined : byName((text) => matches(name, text));
  return {
    dialect,
    needs: slots ?? value?.needs,
    holds: (filled, span) =>
      (slots === undefined || slots.some((slot) => filled.values[slot] !== undefined)) &&
      (value === undefined || value.holds(filled)) &&
      (nameFits === undefined || nameFits(span.name)) &&
      (scope === undefined || matches(scope, span.scope?.name ?? '')) &&
      (resource === undefined || matches(resource.is, resourceValue(span.resource, resource.key))),
    signs: (filled, span) => [
      ...(scope === undefined ? [] : [{ at: 'scope', value: span.scope?.name ?? '' } as const]),
      ...(evidence.keys ?? [])
        .filter((_, i) => filled.values[slots![i]!] !== undefined)
        .map((key) => attributeSign(key, undefined)),
      ...(value === undefined ? [] : [value.sign(filled)]),
      ...(name === undefined ? [] : [{ at: 'name', value: span.name } as const]),
      ...(resource === undefined
        ? []
        : [
            {
              at: 'resource',
              key: resource.key,
              value: resourceValue(span.resource, resource.key),
            } as const,
          ]),
    ],
  };
}

function resourceValue(resource: Resource, key: string): string {
  return textOf(resource.attributes.get(key)) ?? '';
}

/** A function of a resource, computed once an object: readers share one object between the spans of a process. */
export function byResource<T>(compute: (resource: Resource) => T): (resource: Resource) => T {
  const known = new WeakMap<Resource, { readonly answer: T }>();
  return (resource) => {
    let entry = known.get(resource);
    if (entry === undefined) {
      entry = { answer: compute(resource) };
      known.set(resource, entry);
    }
    return entry.answer;
  };
}
