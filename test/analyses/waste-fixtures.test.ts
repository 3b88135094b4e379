import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Run } from '../agentobs.ts';
import { root } from '../agentobs.ts';
import { inProcess } from '../answer.ts';

// What is waste and what only looks like it: files whose names begin with `not-` hold no loop, no storm and no missed cache.

const folder = join(root, 'fixtures/waste');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => name.slice(0, -'.jsonl'.length));
const UPDATE = process.env['UPDATE_WASTE'] !== undefined;

const ask = (name: string, ...more: readonly string[]): Promise<Run> =>
  inProcess(['bottlenecks', '--waste', '--no-config', ...more, join(folder, `${name}.jsonl`)]);

async function wasteOf(name: string) {
  const { code, stdout } = await ask(name, '-f', 'json');
  expect(code).toBe(0);
  return JSON.parse(stdout).waste;
}

const PREFIXES: Readonly<Record<string, RegExp>> = {
  loop: /^loop-/,
  cycle: /^cycle-/,
  retry_storm: /^retry-storm-/,
  failed_branch: /^failed-/,
  cache_miss: /^cache-/,
};

describe.each(names)('%s', (name) => {
  it('is found as expected', async () => {
    const waste = await wasteOf(name);
    const path = join(folder, `${name}.expected.json`);
    if (UPDATE) writeFileSync(path, `${JSON.stringify(waste, null, 2)}\n`);
    expect(waste).toEqual(JSON.parse(readFileSync(path, 'utf8')));
  });

  it('is of the kind that its name says', async () => {
    const { findings } = await wasteOf(name);
    const kinds: string[] = findings.map(({ kind }: { kind: string }) => kind);
    if (name.startsWith('not-')) expect(kinds.filter((kind) => kind !== 'failed_branch')).toEqual([]);
    else expect(name).toMatch(PREFIXES[kinds[0]!] ?? /^$/);
  });
});

describe('--fail-on', () => {
  const told = async (name: string, ...limits: readonly string[]) => {
    const { code, stdout } = await ask(
      name,
      ...limits.flatMap((limit) => ['--fail-on', limit]),
      '-f',
      'json',
    );
    return { code, limits: stdout === '' ? [] : JSON.parse(stdout).waste.limits };
  };

  it('exits 1 where a limit holds', async () => {
    expect(await told('loop-identical-calls', 'waste > 10%', 'waste > $2', 'waste_time >= 2.7s')).toEqual({
      code: 1,
      limits: [
        { expression: 'waste > 10%', holds: true, value: 0.0162 / 0.0315, limit: 0.1, unit: 'share' },
        { expression: 'waste > $2', holds: false, value: 0.0162, limit: 2, unit: 'usd' },
        { expression: 'waste_time >= 2.7s', holds: true, value: 2.7, limit: 2.7, unit: 'seconds' },
      ],
    });
  });

  it('exits 0 where none does', async () => {
    expect(await told('loop-identical-calls', 'waste > 52%', 'cycles > 0', 'loops > $0.02')).toMatchObject({
      code: 0,
      limits: [{ holds: false }, { holds: false, value: 0 }, { holds: false, value: 0.0162 }],
    });
  });

  it('exits 3 where no call has a price, unless another limit holds', async () => {
    expect(await told('loop-without-prices', 'waste > 10%')).toMatchObject({
      code: 3,
      limits: [{ holds: null, value: null }],
    });
    expect(await told('loop-without-prices', 'waste > 10%', 'waste_seconds > 1')).toMatchObject({ code: 1 });
  });

  it('a gate that nobody can read is a mistake', async () => {
    for (const [limit, hint] of [
      ['wast > 10%', "Did you mean 'waste'?"],
      ['waste', "Write it like 'waste > 10%'"],
      ['waste > 5m', "'waste > 10%' or 'waste > $2'"],
    ] as const) {
      const { code, stderr } = await ask('loop-identical-calls', '--fail-on', limit);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(hint) });
    }
  });
});
