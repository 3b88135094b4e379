import { type AgentKind, type Span, USAGE_FIELDS, type Usage } from '../model/index.ts';
import { type Assumption, disjoint, isOnlyTotal, ruleOf, withMissingHalf } from './accounting.ts';
import { compileCondition, type Test } from './conditions.ts';
import {
  type CountReader,
  type Counts,
  type CountTable,
  countsInAttributes,
  countsInJson,
  noCounts,
} from './counts.ts';
import { COUNTS, type Emitter, type UsageFamily } from './dialect.ts';
import { matches } from './patterns.ts';
import type { Keys, Slots } from './slots.ts';
import type { For, Tables } from './tables.ts';
import type { CountSeen, FamilyCounts, Witness } from './witness.ts';

/** What a span says about its tokens. */
export type Reading = {
  readonly family: UsageFamily;
  /** As the family's own keys tell; with what JSON texts beside them add; with the half that was not told. */
  readonly counts: Counts | 'invalid';
  readonly told: Counts;
  readonly whole: Counts;
  readonly usage: Usage | 'invalid';
  readonly aggregate: boolean;
  readonly cumulative: boolean;
  readonly rule: string | undefined;
  readonly cacheTtlTold: boolean;
  readonly halfTold: boolean;
  /** By what the counts were read; undefined where they cannot be counts. */
  readonly assumption: Assumption | undefined;
  /** A JSON text beside the counts may have had a say. */
  readonly detailed: boolean;
};

/** What the accounting of an emitter depends on besides its keys. */
export type Caller = {
  readonly kind: AgentKind;
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly scope: Span['scope'];
};

/**
 * The first family that a span writes down decides alone: two vocabularies on one span count the same tokens.
 * One that tells no more than a sum gives way to one that tells the parts.
 */
export function compileUsage(
  tables: Tables,
): For<(slots: Slots, caller: Caller, witness?: Witness) => Reading | undefined> {
  const believed = tables.part({
    listed: ({ usage }) => usage,
    compile: compileFamily,
    needs: ({ counts }) => counts.needs,
  });
  return (dialect, shape) => {
    const { has } = shape;
    const families = believed(dialect, shape).flatMap((compiled): readonly Present[] => {
      const { family, counts, details, when, emitters } = compiled;
      const reader = counts.forShape(has);
      if (reader === undefined) return [];
      return [
        {
          family,
          reader,
          when,
          details: details.flatMap((table) => table.forShape(has) ?? []),
          emitters,
          byDefault: assumptionOf(family, []),
        },
      ];
    });
    return (slots, caller, witness) => {
      const chosen = choose(families, slots, caller);
      if (chosen !== undefined) witness?.usage(chosen, countsSeen(families, slots, caller));
      return chosen;
    };
  };
}

/** A family that spans of a shape may have. */
type Present = {
  readonly family: UsageFamily;
  readonly reader: CountReader;
  readonly when: readonly Test[] | undefined;
  readonly details: readonly CountReader[];
  readonly emitters: readonly Writer[];
  readonly byDefault: Assumption;
};

function choose(families: readonly Present[], slots: Slots, caller: Caller): Reading | undefined {
  let sum: Reading | undefined;
  for (const present of families) {
    const reading = readFamily(present, slots, caller, sum !== undefined);
    if (reading === undefined) continue;
    if (reading.counts === 'invalid' || !isOnlyTotal(reading.counts)) return reading;
    sum = reading;
  }
  return sum;
}

/** Undefined where the family says nothing; `parts`: nor where it says no more than a sum. */
function readFamily(
  { family, reader, details, when, emitters, byDefault }: Present,
  slots: Slots,
  caller: Caller,
  parts: boolean,
  seen?: (count: CountSeen) => void,
): Reading | undefined {
  if (when !== undefined && !when.some((test) => test.holds(slots))) return undefined;
  const aggregate = family.aggregate === true;
  const counts = reader.read(slots, seen);
  if (counts === 'invalid') return { ...INVALID, family, aggregate };
  if (!isUsage(counts) || (parts && isOnlyTotal(counts))) return undefined;
  const writers = emitters
    .filter((writer) => wrote(writer, reader, slots, caller))
    .map(({ emitter }) => emitter);
  const assumption = writers.length === 0 ? byDefault : assumptionOf(family, writers);
  const told = withDetails(counts, details, slots, seen);
  // Embeddings have no output, whatever their total is.
  const whole = caller.kind === 'embedding' ? told : withMissingHalf(told, assumption);
  const counted = disjoint(whole, assumption);
  return {
    family,
    counts,
    told,
    whole,
    usage: counted.usage,
    rule: ruleOf(counted),
    cacheTtlTold: counted.cacheTtlTold,
    halfTold: counted.halfTold,
    aggregate: aggregate || writers.some((emitter) => emitter.aggregate === true),
    cumulative: writers.some((emitter) => emitter.cumulative === true),
    assumption,
    detailed: details.length > 0,
  };
}

const INVALID = {
  counts: 'invalid',
  told: noCounts(),
  whole: noCounts(),
  usage: 'invalid',
  rule: undefined,
  cumulative: false,
  cacheTtlTold: false,
  halfTold: false,
  assumption: undefined,
  detailed: false,
} as const;

/** What every family says, the ones that were not believed too. */
function countsSeen(families: readonly Present[], slots: Slots, caller: Caller): FamilyCounts[] {
  return families.flatMap((present) => {
    const counts: CountSeen[] = [];
    const reading = readFamily(present, slots, caller, false, (count) => counts.push(count));
    return reading === undefined ? [] : [{ reading, counts }];
  });
}

type Compiled = {
  readonly family: UsageFamily;
  readonly counts: CountTable;
  readonly details: readonly CountTable[];
  readonly when: readonly Test[] | undefined;
  readonly emitters: readonly Writer[];
};

/** An emitter, and the condition on the span's attributes that it has to meet. */
type Writer = { readonly emitter: Emitter; readonly when: Test | undefined };

function compileFamily(family: UsageFamily, keys: Keys): Compiled {
  const { json, counts, details, when, emitters } = family;
  return {
    family,
    counts:
      json === undefined
        ? countsInAttributes(counts, keys)
        : countsInJson(json.key, json.under, counts, keys),
    details: (details ?? []).map((detail) => countsInJson(detail.key, undefined, detail.counts, keys)),
    when: when?.map((condition) => compileCondition(condition, keys)),
    emitters: (emitters ?? []).map((emitter) => ({
      emitter,
      when: emitter.when === undefined ? undefined : compileCondition(emitter.when, keys),
    })),
  };
}

/** Details alone are no usage. */
function isUsage({ input, output, total, uncached }: Counts): boolean {
  return input !== undefined || output !== undefined || total !== undefined || uncached !== undefined;
}

function wrote({ emitter, when }: Writer, reader: CountReader, slots: Slots, caller: Caller): boolean {
  return (
    (when === undefined || when.holds(slots)) &&
    (emitter.scope === undefined || matches(emitter.scope, caller.scope?.name ?? '')) &&
    (emitter.version === undefined || matches(emitter.version, caller.scope?.version ?? '')) &&
    (emitter.provider === undefined || matches(emitter.provider, caller.provider ?? '')) &&
    (emitter.model === undefined || matches(emitter.model, caller.model ?? '')) &&
    (emitter.kinds === undefined || emitter.kinds.includes(caller.kind)) &&
    (emitter.has === undefined || reader.mentions(slots, emitter.has))
  );
}

function assumptionOf(family: UsageFamily, writers: readonly Emitter[]): Assumption {
  const ofCache = writers.find(({ cached }) => cached !== undefined);
  const ofReasoning = writers.find(({ reasoning }) => reasoning !== undefined);
  return {
    cached: ofCache?.cached ?? family.cached,
    stated: ofCache?.stated === true,
    rule: ofCache === undefined ? byFamily(family) : `emitter:${family.name}-${ofCache.name}`,
    reasoning: ofReasoning?.reasoning ?? family.reasoning,
    audio: family.audio ?? 'inclusive',
    providerTotal: family.totals === 'provider',
  };
}

const byFamily = ({ name, certain }: UsageFamily): string =>
  certain === true ? `product:${name}` : `dialect:${name}`;

/**
 * Adds what JSON texts beside the counts tell. On a roll-up they describe its last step only: where they state the input
 * and it is not this one's, nothing in them is.
 */
function withDetails(
  counts: Counts,
  readers: readonly CountReader[],
  slots: Slots,
  seen: ((count: CountSeen) => void) | undefined,
): Counts {
  let all = counts;
  for (const reader of readers) {
    const added: CountSeen[] = [];
    const details = reader.read(slots, seen && ((count) => added.push(count)));
    if (details === 'invalid' || contradicts(counts, details)) continue;
    if (seen !== undefined) for (const count of added) if (all[count.count] === undefined) seen(count);
    all = { ...all };
    for (const count of COUNTS) all[count] ??= details[count];
  }
  return all;
}

function contradicts({ input }: Counts, details: Counts): boolean {
  const { uncached, cacheRead = 0, cacheWrite = 0 } = details;
  if (input === undefined || uncached === undefined) return false;
  return input !== uncached && input !== uncached + cacheRead + cacheWrite;
}

/** Every count is 0. */
export function isZero(usage: Usage): boolean {
  return USAGE_FIELDS.every((field) => usage[field] === 0);
}
