import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { DIMENSIONS } from '../../src/rollup/index.ts';
import { type Answer, ask, type CostRow } from '../answer.ts';
import { type DumpSpan, dumps, otlpLines } from './dumps.ts';

// What holds for every dump: an answer is about the facts in it, not about how they happen to be written down.

const KEYS = Object.keys(DIMENSIONS);
const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes spans into as many files as there are lists, and returns their paths. */
let written = 0;
function files(...lists: readonly (readonly DumpSpan[])[]): string[] {
  return lists.map((spans) => {
    const path = join(folder, `${written++}.jsonl`);
    writeFileSync(path, otlpLines(spans));
    return path;
  });
}

/** Spans, some of them reported again with other content. */
const contradictory = fc
  .record({
    spans: dumps,
    again: fc.array(
      fc.record({ pick: fc.nat(1000), contentOf: fc.nat(1000), longer: fc.integer({ min: 0, max: 3 }) }),
      { maxLength: 4 },
    ),
  })
  .map(({ spans, again }) => [
    ...spans,
    ...again.map(({ pick, contentOf, longer }): DumpSpan => {
      const span = spans[pick % spans.length]!;
      const end = span.endTimeUnixNano === '0' ? '0' : String(BigInt(span.endTimeUnixNano) + BigInt(longer));
      const { attributes, status } = spans[contentOf % spans.length]!;
      return { ...span, attributes, status, endTimeUnixNano: end };
    }),
  ]);

/** The same in another order, cut into two lists somewhere. */
const shuffled = contradictory.chain((spans) =>
  fc.record({
    spans: fc.constant(spans),
    order: fc.shuffledSubarray([...spans], { minLength: spans.length, maxLength: spans.length }),
    cut: fc.nat(spans.length),
  }),
);

describe('answers', () => {
  it('do not depend on the order of spans or on their split into files', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ spans, order, cut }) => {
        const before = await answers(files(spans));
        const after = await answers(files(order.slice(0, cut), order.slice(cut)));
        expect(after).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it('do not change when spans are sent again', async () => {
    await fc.assert(
      fc.asyncProperty(
        dumps,
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 }),
        async (spans, picks) => {
          const again = picks.map((pick) => spans[pick % spans.length]!);
          const before = await answers(files(spans));
          const after = await answers(files([...spans, ...again]));
          for (const one of after) expect(one.input.duplicates).toBe(again.length);
          expect(after.map(withoutDuplicates)).toEqual(before.map(withoutDuplicates));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('have rows that add up to the total, exactly, by every dimension', async () => {
    await fc.assert(
      fc.asyncProperty(
        dumps,
        fc.subarray([...KEYS, 'attr:user.id', 'resource:service.name'], {
          minLength: 1,
          maxLength: 3,
        }),
        async (spans, by) => {
          const { rows, total } = await ask(['cost', '--by', by.join(','), ...files(spans)]);
          expect(sum(rows)).toEqual(sum([total]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('have rows that add up by every single dimension of one large dump', async () => {
    const [spans] = fc.sample(
      fc.array(dumps, { minLength: 20, maxLength: 20 }).map((many) => many.flatMap(inTracesOfTheirOwn)),
      { numRuns: 1, seed: 7 },
    );
    const [path] = files(spans!);
    for (const key of KEYS) {
      const { rows, total } = await ask(['cost', '--by', key, path!]);
      expect(sum(rows), key).toEqual(sum([total]));
      expect(rows.length, key).toBeGreaterThan(0);
    }
  });
});

/** What every command says about some files. */
async function answers(paths: readonly string[]) {
  const questions = [
    ['trace', 'list'],
    ['trace', 'show', '--pick', 'all', '--attributes'],
    ['cost', '--by', 'user,model'],
  ];
  const asked = await Promise.all(questions.map((question) => ask([...question, ...paths])));
  return asked.map(facts);
}

/** What is left of an answer when it does not tell how often spans were reported. */
function withoutDuplicates({
  input: { duplicates: _, ...input },
  excluded,
  ...rest
}: ReturnType<typeof facts>) {
  return { ...rest, input, rollups: excluded?.rollups };
}

/** An answer without what names the files it was read from. */
function facts({ input, ...rest }: Answer) {
  const { sources: _, skipped, warnings, ...counts } = input;
  return {
    ...rest,
    input: { ...counts, skipped: skipped.length, warnings: warnings.map(({ kind }) => kind) },
  };
}

function sum(rows: readonly CostRow[]) {
  const add = (
    name: 'calls' | 'input_tokens' | 'output_tokens' | 'cache_read_tokens' | 'unpriced_calls' | 'errors',
  ) => rows.reduce((total, row) => total + row[name], 0);
  return {
    cost: rows.reduce((total, row) => total + pico(row.cost_usd), 0n),
    calls: add('calls'),
    input: add('input_tokens'),
    output: add('output_tokens'),
    cached: add('cache_read_tokens'),
    unpriced: add('unpriced_calls'),
    errors: add('errors'),
  };
}

/** A decimal string of dollars as picodollars; an unknown cost adds nothing. */
function pico(usd: string | null): bigint {
  if (usd === null) return 0n;
  expect(usd).toMatch(/^\d+(\.\d{1,12})?$/);
  const [dollars, fraction = ''] = usd.split('.');
  return BigInt(dollars! + fraction.padEnd(12, '0'));
}

function inTracesOfTheirOwn(spans: readonly DumpSpan[], dump: number): DumpSpan[] {
  const prefix = (dump + 1).toString(16).padStart(8, '0');
  return spans.map((span) => ({ ...span, traceId: prefix + span.traceId.slice(8) }));
}
