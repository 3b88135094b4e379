import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { inProcess } from '../answer.ts';
import { type DumpSpan, dumps, otlpLines } from './dumps.ts';

const folder = mkdtempSync(join(tmpdir(), 'agentobs-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));
let written = 0;

/** The spans in a file of their own. */
function fileOf(spans: readonly DumpSpan[]): string {
  const path = join(folder, `${written++}.jsonl`);
  writeFileSync(path, otlpLines(spans));
  return path;
}

type Step = {
  readonly path: readonly string[];
  readonly change: string;
  readonly cost_change_usd: string | null;
};
type Diff = {
  readonly input: unknown;
  readonly a: { readonly name: string; readonly cost_usd: string | null };
  readonly b: { readonly name: string; readonly cost_usd: string | null };
  readonly matched: { readonly spans: number; readonly of: number; readonly share: number };
  readonly cost_change: {
    readonly total_usd: string | null;
    readonly terms: readonly { readonly name: string; readonly usd: string | null }[];
  };
  readonly steps: readonly Step[];
};

async function diff(a: string, b: string, ...more: readonly string[]): Promise<Diff> {
  const { code, stdout, stderr } = await inProcess([
    ...['trace', 'diff', a, b, '-f', 'json', '--no-config'],
    ...more,
  ]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Diff;
}

/** An exact decimal as picodollars; nothing is 0. */
function pico(usd: string | null): bigint {
  if (usd === null) return 0n;
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(usd)!;
  return (sign === '-' ? -1n : 1n) * BigInt(whole! + fraction.padEnd(12, '0'));
}

const sum = (amounts: readonly (string | null)[]): bigint =>
  amounts.reduce((all, one) => all + pico(one), 0n);

/** What an answer says besides the names of what it was read from. */
const facts = ({ input: _, a: { name: _a, ...a }, b: { name: _b, ...b }, ...rest }: Diff) => ({
  ...rest,
  a,
  b,
});

describe('for any two data sets', () => {
  it('terms and steps add up to the difference of the costs', async () => {
    await fc.assert(
      fc.asyncProperty(dumps, dumps, async (one, other) => {
        const found = await diff(fileOf(one), fileOf(other), '--all');
        const { total_usd: total, terms } = found.cost_change;
        if (found.a.cost_usd === null || found.b.cost_usd === null) {
          expect(new Set([total, ...terms.map(({ usd }) => usd)])).toEqual(new Set([null]));
        } else {
          const difference = pico(found.b.cost_usd) - pico(found.a.cost_usd);
          expect(pico(total)).toBe(difference);
          expect(sum(terms.map(({ usd }) => usd))).toBe(difference);
          const changes = found.steps.map((step) => step.cost_change_usd);
          if (!changes.includes(null)) expect(sum(changes)).toBe(difference);
        }
        expect(found.matched.spans).toBeLessThanOrEqual(found.matched.of);
      }),
      { numRuns: 25 },
    );
  });

  it('the difference of one to itself is none', async () => {
    await fc.assert(
      fc.asyncProperty(dumps, async (spans) => {
        const path = fileOf(spans);
        const { a, steps, matched, cost_change: change } = await diff(path, path);
        expect(steps).toEqual([]);
        expect(matched.share).toBe(1);
        expect(new Set([change.total_usd, ...change.terms.map(({ usd }) => usd)])).toEqual(
          new Set([a.cost_usd === null ? null : '0']),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('A and B in each other’s place turn every sign of money', async () => {
    await fc.assert(
      fc.asyncProperty(dumps, dumps, async (one, other) => {
        const [a, b] = [fileOf(one), fileOf(other)];
        const [there, back] = [await diff(a, b), await diff(b, a)];
        expect(pico(back.cost_change.total_usd)).toBe(-pico(there.cost_change.total_usd));
        expect(back.matched.of).toBe(there.matched.of);
      }),
      { numRuns: 15 },
    );
  });

  it('the order of spans does not matter', async () => {
    await fc.assert(
      fc.asyncProperty(dumps, dumps, async (one, other) => {
        const b = fileOf(other);
        const there = await diff(fileOf(one), b);
        const shuffled = await diff(fileOf(one.toReversed()), b);
        expect(facts(shuffled)).toEqual(facts(there));
      }),
      { numRuns: 15 },
    );
  });
});
