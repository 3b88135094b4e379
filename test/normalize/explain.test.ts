import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sign, Span, SpanEvidence } from '../../src/model/index.ts';
import { createNormalizer } from '../../src/normalize/index.ts';
import { root } from '../agentobs.ts';
import { anySpan } from './any-span.ts';
import { type PlainSpan, plainOf, spanOf } from './plain.ts';

// What is said about a decision is what decided: an explanation that differed from the answer would be worse than none.

const normalizer = createNormalizer({ observations: true });
const folder = join(root, 'fixtures/dialects');
const fixtures = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.json') && !file.endsWith('.expected.json'),
);

describe('an explanation', () => {
  it.each(fixtures)('holds for %s', (file) => {
    const spans = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly PlainSpan[];
    for (const span of spans.map(spanOf)) holds(span);
  });

  it('holds for any span', () => {
    fc.assert(fc.property(anySpan, holds), { numRuns: 600 });
  });

  it('leaves nothing behind that changes the next answer', () => {
    fc.assert(
      fc.property(anySpan, anySpan, (one, other) => {
        const before = plainOf(normalizer.normalize(one));
        normalizer.explain(other);
        expect(plainOf(normalizer.normalize(one))).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });
});

function holds(span: Span): void {
  const why = normalizer.explain(span);
  const agent = normalizer.normalize(span);
  expect(plainOf(why.agent)).toEqual(plainOf(agent));

  expect(why.dialect?.name).toBe(agent.dialect);
  if (why.dialect !== undefined) expect(why.dialect.signs).not.toEqual([]);
  expect(why.kind?.kind ?? 'other').toBe(agent.kind);

  const { usageRule, ...texts } = agent.text;
  for (const [name, value] of Object.entries(texts)) expect(why.fields.get(name)?.value).toBe(value);
  for (const { value, sign } of why.fields.values()) {
    // A provider's name is made canonical; everything else is as it was written.
    if (sign.at === 'attribute' && sign.value !== value) expect(why.fields.get('provider')!.sign).toBe(sign);
  }
  expect(why.failure !== undefined).toBe(agent.failed);
  expect(why.attempt !== undefined).toBe(agent.attempt !== undefined);

  holdsOfUsage(why);
  if (typeof agent.usage === 'object') expect(why.usage!.rule).toBe(usageRule);
  holdsOfCost(why);
  for (const sign of signsOf(why)) holdsOfSign(sign, span);
}

function holdsOfUsage({ agent, usage }: SpanEvidence): void {
  if (agent.usage === 'invalid') {
    expect(usage!.buckets).toBeUndefined();
    expect(usage!.counts.at(-1)!.tokens).toBe('invalid');
  } else if (usage?.discarded === true) expect(agent.usage).toBeUndefined();
  else expect(usage?.buckets).toEqual(agent.usage);
  if (usage === undefined || usage.buckets === undefined) return;
  const input = usage.counts.find(({ count }) => count === 'input')?.tokens;
  if (input !== undefined) expect(usage.buckets.reportedInput).toBe(input);
}

function holdsOfCost({ agent, costs }: SpanEvidence): void {
  if (agent.recordedCost === undefined) return;
  const chosen = costs.filter((one) => one.chosen);
  expect(chosen.reduce((sum, { amount }) => sum + amount!, 0)).toBe(agent.recordedCost.amount);
  if (agent.recordedCost.authority === 'billed') expect(chosen.some(({ billed }) => billed)).toBe(true);
}

function signsOf(why: SpanEvidence): readonly Sign[] {
  return [
    ...(why.dialect?.signs ?? []),
    ...(why.kind?.signs ?? []),
    ...[...why.fields.values()].map(({ sign }) => sign),
    ...(why.usage?.counts ?? []).map(({ sign }) => sign),
    ...(why.usage?.passedOver ?? []).flatMap(({ counts }) => counts.map(({ sign }) => sign)),
    ...why.costs.map(({ sign }) => sign),
    ...[why.failure, why.attempt].filter((sign) => sign !== undefined),
  ];
}

/** Nothing is named that is not there. */
function holdsOfSign({ at, key, value }: Sign, span: Span): void {
  if (at === 'attribute') expect(span.attributes.get(key!) ?? undefined).toBeDefined();
  if (at === 'resource') expect(span.resource.attributes.has(key!)).toBe(true);
  if (at === 'scope') expect(value).toBe(span.scope?.name ?? '');
}
