import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyedRun, kept, readBaseline, runGroups, writeBaseline } from '../../src/analyses/baseline.ts';
import { compareWithBaseline, type Limits } from '../../src/analyses/regression.ts';

const prices = { source: 'test', version: '1.0.0', as_of: '2026-07-01' };

const anyRun: fc.Arbitrary<KeyedRun> = fc.record({
  trace: fc.nat(),
  root: fc.constantFrom('agent', '__proto__', 'über "agent"'),
  workflow: fc.constantFrom(undefined, 'daily'),
  key: fc.constantFrom(undefined, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'),
  cost: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  unpricedCalls: fc.constantFrom(0, 0, 0, 1),
  duration: fc.option(fc.nat({ max: 1e14 }), { nil: undefined }),
  open: fc.boolean(),
  errors: fc.nat({ max: 5 }),
  calls: fc.nat({ max: 50 }),
  toolCalls: fc.nat({ max: 50 }),
  inputTokens: fc.nat(),
  outputTokens: fc.nat(),
});
const anyRuns = fc.array(anyRun, { maxLength: 60 });

const textOf = (runs: readonly KeyedRun[], pairBy: string | null = null): string =>
  writeBaseline({ prices, pairBy, groups: runGroups(runs) });

const LIMITS: Limits = {
  increase: new Map([
    ['cost', 0],
    ['duration', 0],
    ['errors', 0],
    ['tokens', 0.1],
  ]),
  floor: new Map([['cost', 0]]),
  seed: 1,
};

const run = (own: Partial<KeyedRun> = {}): KeyedRun => ({
  trace: 0,
  root: 'agent',
  workflow: undefined,
  key: undefined,
  cost: 10_000_000_000n,
  unpricedCalls: 0,
  duration: 1e9,
  open: false,
  errors: 0,
  calls: 2,
  toolCalls: 1,
  inputTokens: 1000,
  outputTokens: 100,
  ...own,
});

describe('a baseline file', () => {
  it('says what was written, group by group', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const read = readBaseline(textOf(runs, 'attr:case'), 'b.json');
        expect(read).toEqual({
          prices,
          pairBy: 'attr:case',
          groups: runGroups(runs).map((group) => kept(group)),
        });
      }),
    );
  });

  it('is the same for every order of the runs', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        expect(textOf(runs.toReversed())).toBe(textOf(runs));
      }),
    );
  });

  it('is small: two hundred runs of a group at most, a line each', () => {
    const runs = Array.from({ length: 1000 }, (_, i) => run({ cost: BigInt(i) * 10n ** 9n }));
    const lines = textOf(runs).split('\n');
    expect(lines.filter((line) => line.startsWith('      [')).length).toBe(200);
    expect(textOf(runs)).toContain('"runs": 1000');
  });

  it('has no key that is as long as a text', () => {
    const [group] = runGroups([run({ key: 'x'.repeat(121) }), run({ key: 'x'.repeat(120) })]);
    expect(group!.samples.map(({ key }) => key?.length ?? 0).sort((a, b) => a - b)).toEqual([0, 120]);
  });

  it.each([
    ['', /^b\.json: no baseline: /],
    ['[]', /no baseline of agentobs check/],
    ['{"agentobs_baseline": 2}', /version 2; this program reads 1/],
    ['{"agentobs_baseline": 1, "figures": ["cost_usd"]}', /figures: expected \["cost_usd","duration_ms"/],
    [
      textOf([run()]).replace('[null, "0.01"', '[null, 0.01'),
      /groups\[0\]\.samples\[0\]\[1\]: expected cost_usd/,
    ],
    [
      textOf([run()]).replace('[null, "0.01", 1000,', '[null, "0.01", -1,'),
      /samples\[0\]\[2\]: expected duration_ms/,
    ],
    [textOf([run()]).replace('[null, "0.01"', '["0.01"'), /samples\[0\]: expected a key and 8 figures/],
    [textOf([run()]).replace('"runs": 1', '"runs": "1"'), /groups\[0\]: expected runs and samples/],
    [`<<<<<<< HEAD\n${textOf([run()])}`, /no baseline: /],
  ])('that is damaged is refused, and the place is named: %#', (text, message) => {
    expect(() => readBaseline(text, 'b.json')).toThrow(message);
  });

  it('that is damaged anywhere is refused or read, never a fault of the program', () => {
    const whole = textOf([run({ key: 'a' }), run({ errors: 3 })]);
    fc.assert(
      fc.property(
        fc.nat({ max: whole.length }),
        fc.nat({ max: 9 }),
        fc.string({ maxLength: 3 }),
        (at, cut, text) => {
          try {
            readBaseline(whole.slice(0, at) + text + whole.slice(at + cut), 'b.json');
          } catch (error) {
            expect((error as Error).name).toBe('UserError');
          }
        },
      ),
    );
  });
});

describe('compared with a baseline', () => {
  const compare = (before: readonly KeyedRun[], after: readonly KeyedRun[], limits: Limits = LIMITS) =>
    compareWithBaseline(readBaseline(textOf(before), 'b.json'), runGroups(after), limits);

  it('a data set against itself never fails, and holds where there are runs enough', {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const { comparisons } = compare(runs, runs.toReversed());
        expect(comparisons.filter(({ ok }) => ok === false)).toEqual([]);
        for (const { statistic, ok, change } of comparisons) {
          if (statistic !== null) expect([ok, change]).toEqual([true, 0]);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('a large data set against a sample of itself never fails either', () => {
    const runs = Array.from({ length: 500 }, (_, i) => run({ cost: BigInt((i * 7919) % 1000) * 10n ** 9n }));
    expect(compare(runs, runs).comparisons.map(({ ok }) => ok)).toEqual(new Array(8).fill(true));
  });

  const spread = (count: number, scale: number, own: Partial<KeyedRun> = {}) =>
    Array.from({ length: count }, (_, i) =>
      run({ cost: BigInt(Math.round(scale * (100 + ((i * 37) % 11)))) * 10n ** 8n, ...own }),
    );
  const cost = (increase: number, floor = 0): Limits => ({
    increase: new Map([['cost', increase]]),
    floor: new Map([['cost', floor]]),
    seed: 1,
  });

  it('runs that cost more fail, beyond the limit only', () => {
    const dearer = spread(30, 1.5);
    expect(compare(spread(30, 1), dearer, cost(0.1)).comparisons.map(({ ok }) => ok)).toEqual([false, false]);
    expect(compare(spread(30, 1), dearer, cost(0.8)).comparisons.map(({ ok }) => ok)).toEqual([true, true]);
    const near = compare(spread(30, 1), dearer, cost(0.5)).comparisons;
    expect(near.map(({ ok, reason }) => [ok, reason])).toEqual([
      [null, 'straddles'],
      [null, 'straddles'],
    ]);
    expect(near[0]!.detectable).toBeGreaterThan(0.5);
  });

  it('a difference below the floor is none, however large in percent', () => {
    // 0.01 USD and 0.015 USD: half a cent more.
    const [before, after] = [spread(30, 1), spread(30, 1.5)];
    expect(compare(before, after, cost(0.1, 4e9)).comparisons.map(({ ok }) => ok)).toEqual([false, false]);
    expect(compare(before, after, cost(0.1, 1e10)).comparisons.map(({ ok }) => ok)).toEqual([true, true]);
  });

  it.each([
    ['fewer runs than eight', spread(7, 1), spread(30, 1), 'too_few'],
    ['one run and the same one', [run()], [run()], 'too_few'],
    ['a group that is new', [run({ root: 'other' })], spread(30, 1), 'new'],
    ['runs whose cost is unknown', spread(30, 1), spread(30, 1, { unpricedCalls: 1 }), 'unknown_figures'],
  ])('%s: cannot be told', (_, before, after, reason) => {
    const { comparisons, untold } = compare(before, after, cost(0.1));
    expect(comparisons.find((one) => one.reason === reason)).toMatchObject({ ok: null, statistic: null });
    expect([...untold]).toEqual(['cost']);
  });

  it('a few runs that cannot be compared do not keep the others from being told', () => {
    const rare = run({ root: 'rare' });
    const { comparisons, untold } = compare([...spread(40, 1), rare], [...spread(40, 1), rare], cost(0.1));
    expect(comparisons.map(({ root, reason, ok }) => [root, reason, ok])).toEqual([
      ['agent', null, true],
      ['agent', null, true],
      ['rare', 'too_few', null],
    ]);
    expect([...untold]).toEqual([]);
  });

  it('runs of one key are compared with each other, their averages where there are several', () => {
    const cases = (scale: number, times: number) =>
      Array.from({ length: 10 * times }, (_, i) =>
        run({ key: `case ${i % 10}`, cost: BigInt(Math.round(scale * 4 ** (i % 10))) * 10n ** 6n }),
      );
    const { comparisons } = compare(cases(100, 1), cases(120, 3), cost(0.1));
    expect(comparisons[0]).toMatchObject({
      ok: false,
      paired: true,
      runs_before: 10,
      runs_after: 10,
      change: 0.2,
    });
    const apart = compare(
      cases(100, 1).map((one) => ({ ...one, key: undefined })),
      cases(120, 1).map((one) => ({ ...one, key: undefined })),
      cost(0.1),
    );
    expect(apart.comparisons[0]).toMatchObject({ ok: null, paired: false });
  });

  it('of many groups those with the most runs are compared', () => {
    const runs = Array.from({ length: 22 * 9 }, (_, i) =>
      run({ root: `agent ${String(i % 22).padStart(2, '0')}` }),
    );
    const { comparisons, untold } = compare([...runs, ...runs.slice(2, 22)], runs, cost(0.1));
    expect(comparisons.filter(({ statistic }) => statistic === 'mean')).toHaveLength(20);
    expect(comparisons.filter(({ reason }) => reason === 'many_groups')).toHaveLength(2);
    expect([...untold]).toEqual(['cost']);
  });
});
