import type { Resource, Span } from '../model/index.ts';
import type { Dialect, Evidence } from './dialect.ts';
import { byName } from './names.ts';
import { compileCondition, type Keys, type Slots, type Test } from './slots.ts';
import { textOf } from './text.ts';

/** No dialect claims the span. */
export const UNCLAIMED = -1;

type Detect = (slots: Slots, span: Span) => number;

/**
 * The index of the first dialect that has evidence of its own in a span, or `UNCLAIMED`.
 * Evidence that is a single key, scope, name or resource is looked up; only combined evidence is weighed span by span.
 */
export function compileDetection(dialects: readonly Dialect[], keys: Keys): Detect {
  const keyClaims = new Map<number, number>();
  const scopeClaims: Claim[] = [];
  const nameClaims: Claim[] = [];
  const resourceClaims: { readonly dialect: number; readonly key: string; readonly is: RegExp }[] = [];
  const combined: { readonly dialect: number; readonly holds: (slots: Slots, span: Span) => boolean }[] = [];

  dialects.forEach((dialect, index) => {
    for (const evidence of dialect.detect ?? []) {
      const parts = Object.keys(evidence);
      if (parts.length > 1 || evidence.value !== undefined) {
        combined.push({ dialect: index, holds: compileEvidence(evidence, keys) });
      } else if (evidence.scope !== undefined) {
        scopeClaims.push({ dialect: index, pattern: evidence.scope });
      } else if (evidence.name !== undefined) {
        nameClaims.push({ dialect: index, pattern: evidence.name });
      } else if (evidence.resource !== undefined) {
        resourceClaims.push({ dialect: index, ...evidence.resource });
      } else {
        for (const key of evidence.keys ?? []) {
          const slot = keys.slot(key);
          keyClaims.set(slot, Math.min(index, keyClaims.get(slot) ?? index));
        }
      }
    }
  });

  const ofScope = byName((name) => firstClaim(scopeClaims, name));
  const ofName = byName((name) => firstClaim(nameClaims, name));
  const ofResource = byResource((resource) => {
    const claim = resourceClaims.find(({ key, is }) => is.test(textOf(resource.attributes.get(key)) ?? ''));
    return claim?.dialect ?? Infinity;
  });

  return (slots, span) => {
    let best = Math.min(ofName(span.name), ofResource(span.resource));
    if (span.scope !== undefined) best = Math.min(best, ofScope(span.scope.name));
    for (const slot of slots.filled) {
      const claim = keyClaims.get(slot);
      if (claim !== undefined && claim < best) best = claim;
    }
    for (const { dialect, holds } of combined) {
      if (dialect >= best) break;
      if (holds(slots, span)) best = dialect;
    }
    return best === Infinity ? UNCLAIMED : best;
  };
}

type Claim = { readonly dialect: number; readonly pattern: RegExp };

function firstClaim(claims: readonly Claim[], text: string): number {
  return claims.find(({ pattern }) => pattern.test(text))?.dialect ?? Infinity;
}

function compileEvidence(evidence: Evidence, keys: Keys): (slots: Slots, span: Span) => boolean {
  const { scope, name, resource } = evidence;
  const nameFits = name === undefined ? undefined : byName((text) => name.test(text));
  const slots = evidence.keys?.map((key) => keys.slot(key));
  const value: Test | undefined =
    evidence.value === undefined ? undefined : compileCondition(evidence.value, keys);
  return (filled, span) =>
    (slots === undefined || slots.some((slot) => filled.has(slot))) &&
    (value === undefined || value(filled)) &&
    (nameFits === undefined || nameFits(span.name)) &&
    (scope === undefined || (span.scope !== undefined && scope.test(span.scope.name))) &&
    (resource === undefined || resource.is.test(textOf(span.resource.attributes.get(resource.key)) ?? ''));
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
