import type { AgentKind, Span, Usage } from '../model/index.ts';
import { type Assumption, disjoint } from './accounting.ts';
import { attributeReader, type CountReader, type Counts, jsonReader } from './counts.ts';
import type { Dialect, Emitter, UsageFamily } from './dialect.ts';
import { ownFirst } from './order.ts';
import { compileCondition, type Keys, type Slots, type Test } from './slots.ts';

/** What a span says about its tokens. */
export type ReportedUsage = {
  readonly usage: Usage | 'invalid';
  readonly aggregate: boolean;
  readonly rule: string | undefined;
};

/** What the accounting of an emitter depends on besides its keys. */
export type Caller = {
  readonly dialect: number;
  readonly kind: AgentKind;
  readonly provider: string | undefined;
  readonly model: string | undefined;
};

type UsageOf = (caller: Caller, slots: Slots, span: Span) => ReportedUsage | undefined;

/** The first family that a span writes down decides alone: two vocabularies on one span count the same tokens. */
export function compileUsage(dialects: readonly Dialect[], keys: Keys): UsageOf {
  const compiled = new Map<UsageFamily, Family>();
  for (const { usage } of dialects) {
    for (const family of usage ?? []) compiled.set(family, compileFamily(family, keys));
  }
  const plans = ownFirst(dialects, (order, own) =>
    order.flatMap((dialect) =>
      (dialect.usage ?? [])
        .filter((family) => family.own === undefined || dialect === own)
        .map((family) => compiled.get(family)!),
    ),
  );
  return (caller, slots, span) => {
    for (const family of plans(caller.dialect)) {
      if (!family.reader.present(slots) || !family.applies(slots)) continue;
      const counts = family.reader.read(slots);
      if (counts === 'invalid')
        return { usage: 'invalid', aggregate: family.data.aggregate === true, rule: undefined };
      if (!hasAnchor(counts)) continue;
      const emitters = family.emitters.filter((emitter) => wrote(emitter, caller, slots, span));
      const { usage, rule } = disjoint(
        withDetails(counts, family.details, slots),
        assumptionOf(family.data, emitters),
      );
      const aggregate = family.data.aggregate === true || emitters.some((emitter) => emitter.aggregate);
      return { usage, aggregate, rule };
    }
    return undefined;
  };
}

type Family = {
  readonly data: UsageFamily;
  readonly reader: CountReader;
  readonly details: readonly CountReader[];
  readonly emitters: readonly Writer[];
  readonly applies: Test;
};

/** An emitter whose keys are compiled. */
type Writer = Omit<Emitter, 'has'> & { readonly has: Test | undefined };

function compileFamily(family: UsageFamily, keys: Keys): Family {
  const when = family.when?.map((condition) => compileCondition(condition, keys));
  const reader =
    family.json === undefined
      ? attributeReader(family.counts, keys)
      : jsonReader(family.json.key, family.json.under, family.counts, keys);
  return {
    data: family,
    reader,
    emitters: (family.emitters ?? []).map((emitter) => ({
      ...emitter,
      has: emitter.has === undefined ? undefined : reader.has(emitter.has),
    })),
    details: (family.details ?? []).map(({ key, counts }) => jsonReader(key, undefined, counts, keys)),
    applies: when === undefined ? () => true : (slots) => when.some((test) => test(slots)),
  };
}

function hasAnchor(counts: Counts): boolean {
  return (
    counts.input !== undefined ||
    counts.output !== undefined ||
    counts.total !== undefined ||
    counts.uncached !== undefined
  );
}

function wrote(emitter: Writer, { kind, provider, model }: Caller, slots: Slots, span: Span): boolean {
  return (
    (emitter.scope === undefined || emitter.scope.test(span.scope?.name ?? '')) &&
    (emitter.provider === undefined || emitter.provider.test(provider ?? '')) &&
    (emitter.model === undefined || emitter.model.test(model ?? '')) &&
    (emitter.kinds === undefined || emitter.kinds.includes(kind)) &&
    (emitter.has === undefined || emitter.has(slots))
  );
}

function assumptionOf(family: UsageFamily, emitters: readonly Writer[]): Assumption {
  const ofCache = emitters.find(({ cached }) => cached !== undefined);
  const ofReasoning = emitters.find(({ reasoning }) => reasoning !== undefined);
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
