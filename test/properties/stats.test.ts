import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { DIMENSIONS } from '../../src/rollup/index.ts';
import { inProcess } from '../answer.ts';
import { type DumpSpan, dumps, otlpLines } from './dumps.ts';

// What holds of statistics, whatever is in a dump.

const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Row = { readonly calls: number; readonly errors: number; readonly [name: string]: unknown };
type Answer = { readonly rows: readonly Row[]; readonly total: Row };

let written = 0;
async function ask(spans: readonly DumpSpan[], by: string): Promise<Answer> {
  const path = join(folder, `${written++}.jsonl`);
  writeFileSync(path, otlpLines(spans));
  const { code, stdout, stderr } = await inProcess(['stats', '--by', by, '-f', 'json', '--no-config', path]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}

/** What dumps tell besides: judgements, attempts and call ids. */
const judgements = fc.array(
  fc.record({
    confidence: fc.option(fc.integer({ min: 0, max: 10 }), { freq: 3 }),
    hallucination: fc.option(fc.integer({ min: 0, max: 10 }), { freq: 3 }),
    cache: fc.option(fc.boolean(), { freq: 3 }),
    attempt: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 2 }),
    callId: fc.option(fc.constantFrom('a', 'b'), { freq: 2 }),
  }),
  { minLength: 1, maxLength: 10 },
);

const judged = fc.tuple(dumps, judgements).map(([spans, told]) =>
  spans.map((span, i): DumpSpan => {
    const { confidence, hallucination, cache, attempt, callId } = told[i % told.length]!;
    const number = (key: string, value: number | null) =>
      value === null ? [] : [{ key, value: { doubleValue: value / 10 } }];
    return {
      ...span,
      attributes: [
        ...span.attributes,
        ...number('evaluation.score.confidence', confidence),
        ...number('evaluation.score.hallucination', hallucination),
        ...(cache === null ? [] : [{ key: 'cache.hit', value: { boolValue: cache } }]),
        ...(attempt === null
          ? []
          : [{ key: 'gen_ai.request.attempt', value: { intValue: String(attempt) } }]),
        ...(callId === null ? [] : [{ key: 'gen_ai.tool.call.id', value: { stringValue: callId } }]),
      ],
    };
  }),
);

const keys = fc.constantFrom(
  ...Object.keys(DIMENSIONS),
  'user,model',
  'agent,tool',
  'step,status',
  'attr:user.id',
);

const sum = (rows: readonly Row[], name: string): number =>
  rows.reduce((total, row) => total + (row[name] as number), 0);

describe('statistics', () => {
  it('have rows that add up to the total, by every dimension', async () => {
    await fc.assert(
      fc.asyncProperty(judged, keys, async (spans, by) => {
        const { rows, total } = await ask(spans, by);
        for (const name of ['calls', 'errors', 'retries', 'retried_calls'])
          expect([name, sum(rows, name)]).toEqual([name, total[name]]);
        for (const row of [...rows, total]) expect(row.errors).toBeLessThanOrEqual(row.calls);
        for (const row of rows) expect(row.calls).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it('do not depend on the order of spans', async () => {
    const shuffled = judged.chain((spans) =>
      fc.tuple(
        fc.constant(spans),
        fc.shuffledSubarray([...spans], { minLength: spans.length, maxLength: spans.length }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, keys, async ([spans, order], by) => {
        const [before, after] = [await ask(spans, by), await ask(order, by)];
        expect([after.rows, after.total]).toEqual([before.rows, before.total]);
      }),
      { numRuns: 40 },
    );
  });

  it('count every step once, and retry no more of them than there are, where only spans tell', async () => {
    await fc.assert(
      fc.asyncProperty(dumps, async (spans) => {
        const { total } = await ask(spans, 'step');
        expect(total.calls).toBe(new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).size);
        expect(total['retries']).toBeLessThan(total.calls);
      }),
      { numRuns: 30 },
    );
  });
});
