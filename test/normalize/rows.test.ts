import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Span } from '../../src/model/index.ts';
import { createNormalizer } from '../../src/normalize/index.ts';
import { ASK } from '../../src/normalize/slots.ts';
import { read } from '../input/reading.ts';
import { again, alike } from './alike-spans.ts';
import { anySpan } from './any-span.ts';
import { type PlainSpan, spanOf } from './plain.ts';
import { quickly, slowly } from './two-ways.ts';

// A table that was filled by rows says what it says when it is filled span by span.

const normalizer = createNormalizer({ observations: true });
const unasked = createNormalizer();

/** Of how many spans the rows were enough, where observations are asked for. */
function expectEqual(spans: readonly Span[], columns: readonly string[] = []): number {
  const less = quickly(unasked, spans, columns);
  expect(less.view).toEqual(slowly(unasked, spans, columns).view);
  const quick = quickly(normalizer, spans, columns);
  const slow = slowly(normalizer, spans, columns);
  expect(quick.view).toEqual(slow.view);
  expect(quick.warnings).toEqual(slow.warnings);
  return spans.length - quick.objects;
}

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(fixtures, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.jsonl?$/.test(file) && !file.includes('.expected.'))
    .map((file) => join(folder, file));

describe('spans of fixtures, again and again with other values', () => {
  const rounds = 5;
  const repeated = (spans: readonly Span[]): readonly Span[] =>
    Array.from({ length: rounds }, (_, round) => spans.map((span) => again(span, round))).flat();

  it('mean the same as rows, in every dialect', () => {
    const without = new Set(filesIn('dialects').map((file) => file.split('/')[1]!));
    for (const file of filesIn('dialects')) {
      const plain = JSON.parse(readFileSync(join(fixtures, file), 'utf8')) as readonly PlainSpan[];
      const quick = expectEqual(repeated(plain.map(spanOf)));
      if (quick > 0) without.delete(file.split('/')[1]!);
    }
    expect([...without]).toEqual([]);
  });

  it.each(['billing', 'formats/otlp-json'])('mean the same as rows: %s', async (folder) => {
    const columns = [
      'attr:user.id',
      'attr:gen_ai.request.model',
      'attr:gen_ai.response.id',
      'resource:service.name',
    ];
    let quick = 0;
    for (const file of filesIn(folder)) {
      const { spans } = await read(readFileSync(join(fixtures, file)));
      quick += expectEqual(repeated(spans), columns);
    }
    expect(quick).toBeGreaterThan(0);
  });
});

describe('any spans', () => {
  it('mean the same as rows where there are more patterns than are learned at once', () => {
    const session = { 'session.id': 's' };
    const names = Array.from({ length: 500 }, (_, number) =>
      spanOf({ name: `step ${number}`, attributes: session }),
    );
    const quick = expectEqual([0, 1, 2].flatMap((round) => names.map((span) => again(span, round))));
    expect(quick).toBeGreaterThan(500);
    expect(quick).toBeLessThan(1000);
  });

  it('mean the same as rows where texts and labels are numbers and booleans', () => {
    const spans = Array.from({ length: 60 }, (_, round) => {
      const attributes = {
        'user.id': 100 + (round % 20),
        retried: round % 3 === 0,
        temperature: [0, 0.7, -1.5][round % 3]!,
        batch: 200 + round,
      };
      return again(spanOf({ name: 'step', attributes }), round);
    });
    const columns = ['attr:retried', 'attr:temperature', 'attr:batch', 'attr:user.id'];
    expect(expectEqual(spans, columns)).toBeGreaterThan(50);
  });

  it('mean the same as rows where they failed, each in its own words', () => {
    const spans = Array.from({ length: 90 }, (_, round) => {
      const exception = {
        'exception.type': `E${round}`,
        'exception.message': round % 9 > 0 ? `é ${round}` : ' ',
      };
      return again(
        spanOf({
          name: 'step',
          status: 'error',
          statusMessage: ` no. ${round}`,
          events: [{ name: 'log' }, { name: 'exception', attributes: exception }],
          attributes: round % 3 === 0 ? { 'error.type': 'E', 'error.message': `words ${round}` } : {},
        }),
        round,
      );
    });
    expect(expectEqual(spans)).toBeGreaterThan(80);
  });

  it('mean the same as rows', () => {
    fc.assert(
      fc.property(
        fc.array(alike(), { minLength: 1, maxLength: 3 }),
        fc.array(anySpan, { maxLength: 3 }),
        (groups, any) => {
          expectEqual([...groups.flat(), ...any, ...any.map((span, index) => again(span, index))]);
        },
      ),
      { numRuns: 150 },
    );
  });

  // A key of each use, and one whose words decide kinds.
  it.each([
    ['gen_ai.usage.input_tokens', 10, 20],
    ['gen_ai.usage.cost_usd', 0.5, 0.25],
    ['gen_ai.response.id', 'resp_0123456789abcdef', 'resp_fedcba9876543210'],
    ['session.id', 'a', 'b'],
    ['gen_ai.request.model', 'gpt-4o', 'gpt-5'],
    ['traceloop.span.kind', 'tool', 'agent'],
    ['agent.confidence', 0.5, 0.75],
    ['cache.hit', true, false],
    ['connector.action', 'send', 'list'],
  ])('do not where less is asked of a key than the tables ask: %s', (key, one, other) => {
    const { asked, events, ofResource } = normalizer.asks;
    const less = asked.map(([known, asks]) => [known, known === key ? ASK.presence : asks] as const);
    const spans = [one, one, other].map((value, index) =>
      again({ ...spanOf({ name: 'a' }), attributes: new Map([[key, value]]) }, index),
    );
    const slow = slowly(normalizer, spans, []);
    expect(quickly(normalizer, spans, [], { asked: less, events, ofResource }).view).not.toEqual(slow.view);
  });
});
