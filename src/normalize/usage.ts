import type { AgentKind, Span, Usage } from '../model/index.ts';
import { type Assumption, disjoint, isOnlyTotal, withMissingHalf } from './accounting.ts';
import { compileCondition, type Test } from './conditions.ts';
import {
  type CountReader,
  type Counts,
  type CountTable,
  countsInAttributes,
  countsInJson,
} from './counts.ts';
import type { Dialect, Emitter, UsageFamily } from './dialect.ts';
import { believed, type For } from './order.ts';
import type { Keys, Slots } from './slots.ts';

/** What a span says about its tokens. */
export type ReportedUsage = {
  readonly usage: Usage | 'invalid';
  readonly aggregate: boolean;
  readonly rule: string | undefined;
  readonly cacheTtlTold: boolean;
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
  dialects: readonly Dialect[],
  keys: Keys,
): For<(slots: Slots, caller: Caller) => ReportedUsage | undefined> {
  const compiled = new Map<UsageFamily, Compiled>();
  for (const { usage } of dialects) {
    for (const family of usage ?? []) compiled.set(family, compileFamily(family, keys));
  }
  const familiesOf = believed(dialects, ({ usage }) => usage);
  return (dialect, has) => {
    const families = familiesOf(dialect).flatMap((family) => {
      const { counts, details, when } = compiled.get(family)!;
      const reader = counts.forShape(has);
      if (reader === undefined) return [];
      return [
        {
          family,
          reader,
          when,
          details: details.flatMap((table) => table.forShape(has) ?? []),
          emitters: family.emitters ?? [],
          byDefault: assumptionOf(family, []),
        },
      ];
    });
    return (slots, caller) => {
      let sum: ReportedUsage | undefined;
      for (const { family, reader, details, when, emitters, byDefault } of families) {
        if (when !== undefined && !when.some((test) => test.holds(slots))) continue;
        const aggregate = family.aggregate === true;
        const counts = reader.read(slots);
        if (counts === 'invalid') return { usage: 'invalid', aggregate, rule: undefined, cacheTtlTold: false };
        if (!isUsage(counts) || (sum !== undefined && isOnlyTotal(counts))) continue;
        const writers = emitters.filter((emitter) => wrote(emitter, reader, slots, caller));
        const assumption = writers.length === 0 ? byDefault : assumptionOf(family, writers);
        const told = withDetails(counts, details, slots);
        // Embeddings have no output, whatever their total is.
        const whole = caller.kind === 'embedding' ? told : withMissingHalf(told, assumption);
        const { usage, rule, cacheTtlTold } = disjoint(whole, assumption);
        const reported: ReportedUsage = {
          usage,
          rule,
          cacheTtlTold,
          aggregate: aggregate || writers.some((emitter) => emitter.aggregate === true),
        };
        if (!isOnlyTotal(counts)) return reported;
        sum = reported;
      }
      return sum;
    };
  };
}

type Compiled = {
  readonly counts: CountTable;
  readonly details: readonly CountTable[];
  readonly when: readonly Test[] | undefined;
};

function compileFamily({ json, counts, details, when }: UsageFamily, keys: Keys): Compiled {
  return {
    counts:
      json === undefined
        ? countsInAttributes(counts, keys)
        : countsInJson(json.key, json.under, counts, keys),
    details: (details ?? []).map((detail) => countsInJson(detail.key, undefined, detail.counts, keys)),
    when: when?.map((condition) => compileCondition(condition, keys)),
  };
}

/** Details alone are no usage. */
function isUsage({ input, output, total, uncached }: Counts): boolean {
  return input !== undefined || output !== undefined || total !== undefined || uncached !== undefined;
}

function wrote(emitter: Emitter, reader: CountReader, slots: Slots, caller: Caller): boolean {
  return (
    (emitter.scope === undefined || emitter.scope.test(caller.scope?.name ?? '')) &&
    (emitter.provider === undefined || emitter.provider.test(caller.provider ?? '')) &&
    (emitter.model === undefined || emitter.model.test(caller.model ?? '')) &&
    (emitter.kinds === undefined || emitter.kinds.includes(caller.kind)) &&
    (emitter.has === undefined || reader.mentions(slots, emitter.has))
  );
}

function assumptionOf(family: UsageFamily, writers: readonly Emitter[]): Assumption {
  const ofCache = writers.find(({ cached }) => cached !== undefined);
  const ofReasoning = writers.find(({ reasoning }) => reasoning !== undefined);
  return {
    cached: ofCache?.cached ?? family.cached,
    rule: ofCache === undefined ? `dialect:${family.name}` : `emitter:${family.name}-${ofCache.name}`,
    reasoning: ofReasoning?.reasoning ?? family.reasoning,
    audio: family.audio ?? 'inclusive',
    providerTotal: family.totals === 'provider',
  };
}

/**
 * Adds what JSON texts beside the counts tell. On a roll-up they describe its last step only: where they state the input
 * and it is not this one's, nothing in them is.
 */
function withDetails(counts: Counts, readers: readonly CountReader[], slots: Slots): Counts {
  let all = counts;
  for (const reader of readers) {
    const details = reader.read(slots);
    if (details === 'invalid' || contradicts(counts, details)) continue;
    all = { ...details, ...all };
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
  return (Object.values(usage) as number[]).every((count) => count === 0);
}
