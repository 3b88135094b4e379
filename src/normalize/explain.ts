import {
  type AgentSpan,
  type FamilyEvidence,
  otherReading,
  type Sign,
  type SpanEvidence,
  type Usage,
  type UsageEvidence,
} from '../model/index.ts';
import type { Dialect, Field, UsageFamily } from './dialect.ts';
import { DIALECTS } from './dialects/index.ts';
import { lastException } from './failure.ts';
import { RESOURCE_TEXT, resourceText } from './resource.ts';
import type { Reading } from './usage.ts';
import type { CountSeen, FamilyCounts, Witness } from './witness.ts';

/** Lets a span be understood with a witness, and tells what the witness heard. */
export function evidenceOf(understand: (witness: Witness) => AgentSpan): SpanEvidence {
  const told = new Map<Field, Sign>();
  const heard: Heard = {};
  const observed = new Map<string, { value: number | string; sign: Sign }>();
  const agent = understand({
    dialect: (signs) => {
      heard.dialect = signs;
    },
    kind: (...kind) => {
      heard.kind = kind;
    },
    field: (field, sign) => told.set(field, sign),
    failure: (sign) => {
      heard.failure = sign;
    },
    attempt: (sign) => {
      heard.attempt = sign;
    },
    usage: (...usage) => {
      heard.usage = usage;
    },
    costs: (seen) => {
      heard.costs = seen;
    },
    observed: (name, { told, sign }) => {
      if (told !== undefined) observed.set(name, { value: told, sign });
    },
  });
  const dialect = DIALECTS.find(({ name }) => name === agent.dialect);
  return {
    agent,
    dialect: dialect && { name: dialect.name, source: dialect.source, signs: heard.dialect ?? [] },
    kind: heard.kind && kindOf(agent, ...heard.kind),
    fields: fieldsOf(agent, told),
    failure: heard.failure,
    attempt: heard.attempt,
    usage: heard.usage && usageOf(agent, ...heard.usage),
    costs: heard.costs ?? [],
    observed,
  };
}

type Heard = {
  -readonly [Part in Exclude<keyof Witness, 'field' | 'observed'>]?: Said<Parameters<Witness[Part]>>;
};
/** One argument as it is, several as they came. */
type Said<Arguments extends readonly unknown[]> = Arguments extends readonly [infer Only] ? Only : Arguments;

function kindOf(agent: AgentSpan, ...[rule, signs]: Parameters<Witness['kind']>): SpanEvidence['kind'] {
  const dialect = tableOf(agent, ({ kinds }) => kinds?.includes(rule) === true);
  return { kind: agent.kind, strength: rule.strength, dialect, signs };
}

/** Which tables' fields speak for a text of an agent span, first to last. */
export const SOURCES: Readonly<Record<string, readonly Field[]>> = {
  user: ['user', 'userFallback'],
  workflow: ['workflow', 'workflowId'],
  agent: ['agent', 'agentId'],
  model: ['responseModel', 'requestModel'],
};

function fieldsOf(agent: AgentSpan, told: ReadonlyMap<Field, Sign>): SpanEvidence['fields'] {
  const { usageRule: _, ...texts } = agent.text;
  const values = Object.entries({
    ...texts,
    responseId: agent.responseId,
    errorType: agent.error?.type,
    errorMessage: agent.error?.message,
  });
  return new Map(
    values.flatMap(([name, value]) => {
      if (value === undefined) return [];
      const field = (SOURCES[name] ?? [name as Field]).find((one) => told.has(one));
      return [[name, { value, sign: field === undefined ? unspelled(name, agent) : told.get(field)! }]];
    }),
  );
}

/** What is told by something else than the tables' fields. */
function unspelled(name: string, { text, span }: AgentSpan): Sign {
  if (name === 'provider') return { at: 'model_name', value: text.requestModel ?? text.model ?? '' };
  if (name === 'service' || name === 'environment') {
    const { key, text: value } = resourceText(span.resource, RESOURCE_TEXT[name])!;
    return { at: 'resource', key, value };
  }
  const part = name === 'errorType' ? 'type' : 'message';
  const value = lastException(span)[part];
  if (value === undefined) return { at: 'status' };
  return { at: 'event', key: `exception: exception.${part}`, value };
}

/** The recognised dialect's table before the others, as they are believed. */
function tableOf(agent: AgentSpan, holds: (table: Dialect) => boolean): string {
  const own = DIALECTS.find(({ name }) => name === agent.dialect);
  const found = own !== undefined && holds(own) ? own : DIALECTS.find(holds);
  return found?.name ?? '';
}

function usageOf(agent: AgentSpan, chosen: Reading, families: readonly FamilyCounts[]): UsageEvidence {
  const { usage, rule, told, whole } = chosen;
  const buckets = usage === 'invalid' ? undefined : usage;
  const own = families.find(({ reading }) => reading.family === chosen.family);
  return {
    ...familyOf(agent, chosen.family, own?.counts ?? []),
    rule,
    derived: whole.input !== told.input ? 'input' : whole.output !== told.output ? 'output' : undefined,
    buckets,
    otherReading: buckets && otherReading(buckets, rule),
    aggregate: chosen.aggregate,
    discarded: buckets !== undefined && agent.usage === undefined,
    passedOver: families
      .filter((one) => one !== own && !one.counts.every((count) => own?.counts.some(isSame(count))))
      .map(({ reading, counts }) => ({
        ...familyOf(agent, reading.family, counts),
        agrees: buckets !== undefined && reading.usage !== 'invalid' && agree(buckets, reading.usage),
      })),
  };
}

/** Two vocabularies may list the same keys: what stands there is not told twice. */
const isSame =
  ({ sign: { key, path } }: CountSeen) =>
  (other: CountSeen): boolean =>
    other.sign.key === key && other.sign.path === path;

function familyOf(agent: AgentSpan, family: UsageFamily, counts: FamilyEvidence['counts']): FamilyEvidence {
  const dialect = tableOf(agent, ({ usage }) => usage?.includes(family) === true);
  return { family: family.name, dialect, counts };
}

/** The same prompt and output; a sum alone agrees with parts that add up to it. */
function agree(a: Usage, b: Usage): boolean {
  if (a.totalOnly > 0 || b.totalOnly > 0) return sumOf(a) === sumOf(b);
  return promptOf(a) === promptOf(b) && a.output === b.output;
}

const promptOf = (usage: Usage): number =>
  usage.uncachedInput + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
const sumOf = (usage: Usage): number => promptOf(usage) + usage.output + usage.totalOnly;
