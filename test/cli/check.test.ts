import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../agentobs.ts';
import { inProcess } from '../answer.ts';

const TEAM = 'fixtures/demo/team.jsonl';
const BEFORE = 'fixtures/check/before.jsonl';
const AFTER = 'fixtures/check/after.jsonl';
const UNCHANGED = 'fixtures/check/unchanged.jsonl';
const BASELINE = 'fixtures/check/baseline.json';

const folder = mkdtempSync(join(tmpdir(), 'agentobs-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of this test's own. */
const file = (name: string, text?: string): string => {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};

type Gate = {
  readonly name: string;
  readonly ok: boolean | null;
  readonly value: string | number | null;
  readonly limit: string | number | null;
  readonly lower_bound?: boolean;
  readonly unit: string;
  readonly detail: string;
  readonly over?: readonly { readonly key: string; readonly value: string }[];
  readonly comparisons?: readonly Readonly<Record<string, unknown>>[];
};

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
const schema = (name: string) => JSON.parse(readFileSync(join(root, 'docs/schema', name), 'utf8'));
ajv.addSchema(schema('input.json'), 'input.json');
const validate = ajv.compile(schema('check.json'));

/** The gates as a script sees them; every answer is as the schema says. */
async function check(
  ...args: string[]
): Promise<{ readonly code: number | null; readonly gates: readonly Gate[] }> {
  const { code, stdout, stderr } = await inProcess(['check', '-f', 'json', '--no-config', ...args]);
  expect(stderr).not.toMatch(/^agentobs: /);
  const answer = JSON.parse(stdout);
  validate(answer);
  expect(validate.errors ?? []).toEqual([]);
  return { code, gates: answer.gates };
}

const run = (...args: string[]) => inProcess(['check', ...args]);

describe('budgets and limits', () => {
  it('hold up to the limit and not beyond', async () => {
    const cost = (await check('--budget', '100', BEFORE)).gates[0]!.value as string;
    expect(await check('--budget', cost, BEFORE)).toMatchObject({
      code: 0,
      gates: [{ ok: true, limit: cost }],
    });
    const less = `${cost.slice(0, -1)}${Number(cost.at(-1)) - 1}`;
    expect(await check('--budget', less, BEFORE)).toMatchObject({
      code: 1,
      gates: [{ name: 'budget', ok: false, value: cost, limit: less, unit: 'usd' }],
    });
  });

  it('a budget is broken by a lower bound that is above it, and cannot be proved by one below', async () => {
    const [below, above] = [await check('--budget', '0.1', TEAM), await check('--budget', '1', TEAM)];
    expect(below).toMatchObject({ code: 1, gates: [{ ok: false, value: '0.3185' }] });
    expect(above).toMatchObject({ code: 3, gates: [{ ok: null, value: '0.3185' }] });
    expect(above.gates[0]!.detail).toContain('2 calls have no price');
  });

  it('budgets for each name who is over, the most first, and add up nothing', async () => {
    const { code, gates } = await check('--budget-per', 'user=0.05', '--budget-per', 'day=9', BEFORE);
    expect(code).toBe(1);
    expect(gates).toMatchObject([
      { name: 'budget_per.user', ok: false, over: [{ key: 'eval' }] },
      { name: 'budget_per.day', ok: true, over: [] },
    ]);
    const cases = await check('--budget-per', 'attr:test.case.name=0.1', BEFORE);
    const [gate] = cases.gates;
    expect(gate!.over).toHaveLength(5);
    expect(gate!.over![0]).toEqual({ key: 'closed-account', value: gate!.value });
    expect(gate!.detail).toMatch(/^6 of 12 over: closed-account \$0\.1611, .*, and 1 more$/);
  });

  it('count what the other commands count', async () => {
    const list = JSON.parse(
      (await inProcess(['trace', 'list', '-f', 'json', '--no-config', TEAM])).stdout,
    ).traces;
    const total = (key: string): number =>
      list.reduce((sum: number, one: Record<string, number>) => sum + one[key]!, 0);
    const limits = ['--max-duration=1s', '--max-errors=0', '--max-tokens=0', '--max-unpriced=0'];
    const { gates } = await check(...limits, TEAM);
    expect(gates.map(({ value }) => value)).toEqual([
      Math.max(...list.map(({ duration_ms }: Record<string, number>) => duration_ms!)),
      total('errors'),
      total('input_tokens') + total('output_tokens'),
      total('unpriced_calls'),
    ]);
  });

  it('look at what the filters leave', async () => {
    const { gates } = await check('--budget', '1', '--where', 'user=ana', TEAM);
    const cost = JSON.parse(
      (await inProcess(['cost', '--by', 'user', '-f', 'json', '--no-config', TEAM])).stdout,
    );
    const ana = cost.rows.find(({ key }: { key: { user: string } }) => key.user === 'ana');
    expect(gates[0]!.value).toBe(ana.cost_usd);
    const nobody = await run('--budget', '1', '--where', 'user=nobody', '--no-config', TEAM);
    // What a mistyped filter leaves is no proof: who there is instead is said.
    const stderr = 'no span has user "nobody"; there is ana, ben\nno span meets the filters\n';
    expect(nobody).toMatchObject({ code: 0, stderr });
  });

  it('cannot tell how long a run takes that has not ended', async () => {
    const span = {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      name: 'run',
      startTimeUnixNano: '1770199200000000000',
    };
    const open = file('open.json', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
    expect(await check('--max-duration', '1h', open)).toMatchObject({ code: 3, gates: [{ ok: null }] });
  });

  it('waste is the share that bottlenecks --waste finds; wasted calls without a price may be any amount', async () => {
    const loops = 'fixtures/waste/loop-identical-calls.jsonl';
    const args = ['bottlenecks', '--waste', '-f', 'json', '--no-config', loops];
    const { share } = JSON.parse((await inProcess(args)).stdout).waste.total;
    expect(share).toBeGreaterThan(0.01);
    expect(await check('--max-waste', '1%', loops)).toMatchObject({
      code: 1,
      gates: [{ ok: false, value: share }],
    });
    expect(await check('--max-waste', '100%', loops)).toMatchObject({ code: 0, gates: [{ ok: true }] });
    expect(await check('--max-waste', '100%', TEAM)).toMatchObject({
      code: 3,
      gates: [{ ok: null, value: 0 }],
    });
  });

  it('one that fails goes before one that cannot tell, and --strict before both', async () => {
    const args = ['--budget', '1', '--max-errors', '0', TEAM];
    expect((await check(...args)).code).toBe(1);
    expect((await run('--strict', '--no-config', ...args)).code).toBe(2);
  });
});

describe('a baseline', () => {
  it('is the same bytes for the same runs, and holds no ids', async () => {
    const [first, second] = [file('first.json'), file('second.json')];
    await run('--save-baseline', first, '--no-config', BEFORE);
    await run('--save-baseline', second, '--no-config', BEFORE);
    const text = readFileSync(first, 'utf8');
    expect(readFileSync(second, 'utf8')).toBe(text);
    expect(text).not.toMatch(/be0000|eval\b/);
    expect(text.split('\n').length).toBe(25);
  });

  it('finds runs that cost more, and says so to programs of CI', async () => {
    const args = ['--baseline', BASELINE, '--max-increase', 'cost=10%', '--max-increase', 'calls=0%'];
    const { code, gates } = await check(...args, AFTER);
    expect(code).toBe(1);
    expect(gates).toMatchObject([
      { name: 'max_increase.cost', ok: false, limit: 0.1, unit: 'fraction' },
      { name: 'max_increase.calls', ok: true, value: 0 },
    ]);
    expect(gates[0]!.comparisons).toMatchObject([
      { statistic: 'mean', paired: true, runs_before: 12, ok: false },
      { statistic: 'median', ok: false },
    ]);
    expect((await run(...args, '-f', 'github', AFTER)).stdout).toMatch(
      /^<!--\n::error title=max_increase.cost::/,
    );
    expect((await run(...args, '-f', 'junit', AFTER)).stdout).toContain('tests="2" failures="1"');
  });

  it('is compared with in the same way, whatever the order of the runs', async () => {
    const lines = readFileSync(join(root, AFTER), 'utf8').trimEnd().split('\n');
    const turned = file('turned.jsonl', `${lines.toReversed().join('\n')}\n`);
    const args = ['--baseline', BASELINE, '--max-increase', 'cost=10%,duration=1%'];
    expect(await check(...args, turned)).toEqual(await check(...args, AFTER));
  });

  it('is held by runs that have not changed; without a figure, cost and duration are compared', async () => {
    const { code, gates } = await check('--baseline', BASELINE, UNCHANGED);
    expect(gates.map(({ name, ok }) => [name, ok])).toEqual([
      ['max_increase.cost', true],
      ['max_increase.duration', true],
    ]);
    expect(code).toBe(0);
  });

  it('of few runs tells nothing', async () => {
    const baseline = file('few.json');
    await run('--save-baseline', baseline, '--no-config', 'fixtures/demo/deploy-app.log');
    const { code, gates } = await check(
      '--baseline',
      baseline,
      '--max-increase',
      'cost=10%',
      'fixtures/demo/deploy-app.log',
    );
    expect(code).toBe(3);
    expect(gates[0]!.detail).toContain('1 run before and 1 now, at least 8 a side are needed');
  });

  it('gives the same answer for a seed', async () => {
    const args = ['--baseline', BASELINE, '--max-increase', 'duration=1%', UNCHANGED];
    expect(await check('--seed', '7', ...args)).toEqual(await check('--seed', '7', ...args));
    expect(await check('--seed', '8', ...args)).not.toEqual(await check('--seed', '7', ...args));
  });

  it('is not written where a gate fails, nor where the data are not whole and that matters', async () => {
    const path = file('never.json');
    const failing = await run('--max-tokens', '1', '--save-baseline', path, '--no-config', BEFORE);
    expect(failing).toMatchObject({ code: 1, stderr: `${path} was not written: max_tokens does not hold\n` });
    await run('--strict', '--save-baseline', path, '--no-config', TEAM);
    expect(existsSync(path)).toBe(false);
  });

  it('can be compared with and replaced in one go, and be the first one', async () => {
    const path = file('rolling.json');
    const args = ['--baseline', path, '--save-baseline', path, '--no-config'];
    expect(await run(...args, BEFORE)).toMatchObject({ code: 0 });
    expect(await run(...args, UNCHANGED)).toMatchObject({ code: 0 });
    const text = readFileSync(path, 'utf8');
    expect(await run(...args, AFTER)).toMatchObject({ code: 1 });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('pairs runs by what it was saved with, and by nothing else', async () => {
    const path = file('by-user.json');
    await run('--save-baseline', path, '--pair-by', 'session', '--no-config', TEAM);
    const other = await run('--baseline', path, '--pair-by', 'attr:x', '--no-config', TEAM);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('was saved with session');
  });
});

describe('gates in agentobs.yaml', () => {
  const CONFIG = 'fixtures/check/agentobs.yaml';

  it('are asked in the order of the help page; files stand beside the configuration', async () => {
    const { code, stdout } = await run('--config', CONFIG, '-f', 'csv', UNCHANGED);
    expect(stdout.split('\n').map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      ...['name ok', 'budget true', 'budget_per.user true', 'budget_per.attr:test.case.name true'],
      ...['max_duration true', 'max_errors true', 'max_unpriced true'],
      ...['max_increase.cost true', 'max_increase.duration true', ''],
    ]);
    expect(code).toBe(0);
  });

  it('give way to the command line, gate by gate', async () => {
    const args = [
      '--config',
      CONFIG,
      '--budget',
      '1',
      '--budget-per',
      'user=1',
      '--max-increase',
      'cost=50%',
    ];
    const { stdout } = await run(...args, '-f', 'csv', AFTER);
    const rows = stdout.split('\n').map((line) => line.split(','));
    const limits = new Map(rows.map(([name, ok, , limit]) => [name, `${limit} ${ok}`]));
    expect(Object.fromEntries(limits)).toMatchObject({
      budget: '1 false',
      'budget_per.user': '1 false',
      'budget_per.attr:test.case.name': '0.25 true',
      'max_increase.cost': '0.5 true',
      'max_increase.duration': '0.2 true',
    });
  });

  it('every fault is told at once, with its line', async () => {
    const config = file(
      'faulty.yaml',
      'gates:\n  budgt: 3\n  budget: lots\n  budget_per:\n    usr: 3\n  max_duration: 90\n  max_errors: -1\n  max_increase:\n    costs: 10%\n    cost: 10\n  pair_by: user\n',
    );
    const { code, stderr } = await run('--config', config, TEAM);
    expect(code).toBe(2);
    expect(stderr.replaceAll(/^.*faulty\.yaml:/gm, '')).toBe(
      [
        '2: gates.budgt: unknown key "budgt"; did you mean "budget"?',
        '3: gates.budget: expected an amount of dollars such as 2.50, found "lots"',
        '5: gates.budget_per.usr: unknown dimension "usr"; did you mean "user"?',
        '6: gates.max_duration: expected a length of time such as 350ms, 90s or 5m, found number 90',
        '7: gates.max_errors: expected a whole number from 0, found number -1',
        '9: gates.max_increase.costs: unknown figure "costs"; did you mean "cost"?',
        '10: gates.max_increase.cost: expected a share such as 10% or 0.1, found number 10',
        '11: gates.pair_by: expected a dimension other than user and trace, such as attr:eval.case, found "user"',
        '',
      ].join('\n'),
    );
  });
});

describe('where there are no runs', () => {
  const METRICS = file('metrics.json', '{"resourceMetrics":[{"scopeMetrics":[]}]}');
  const NOBODY = [TEAM, '--where', 'user=nobody'] as const;
  const save = file('none.json');

  it('nothing can be compared', async () => {
    await run('--save-shape', file('some.shape'), '--save-baseline', save, '--no-config', BEFORE);
    for (const args of [
      ['--shape', file('some.shape')],
      ['--baseline', save],
    ]) {
      for (const input of [NOBODY, [METRICS]]) {
        const { code, gates } = await check(...args, ...input);
        expect([code, gates[0]!.ok, gates[0]!.detail]).toEqual([3, null, 'no runs were found to compare']);
      }
    }
  });

  it('nothing was spent, took time, failed or was wasted', async () => {
    const limits = [
      '--budget=1',
      '--max-duration=1s',
      '--max-errors=0',
      '--max-tokens=0',
      '--max-unpriced=0',
    ];
    const { code, gates } = await check(...limits, '--max-waste=0%', ...NOBODY);
    expect(code).toBe(0);
    expect(gates).toHaveLength(6);
    expect(new Set(gates.map(({ ok, detail }) => `${ok} ${detail}`))).toEqual(new Set(['true no runs']));
  });
});

it('a value that is a lower bound says so', async () => {
  const { gates } = await check('--budget', '1', '--budget-per', 'user=0.05', '--max-errors', '9', TEAM);
  expect(gates.map(({ lower_bound: bound }) => bound)).toEqual([true, true, undefined]);
  expect((await check('--budget', '1', BEFORE)).gates[0]).not.toHaveProperty('lower_bound');
});

describe('what cannot be asked', () => {
  it.each([
    [[], 'no gate is set'],
    [['--seed', '1'], 'no gate is set'],
    [['--max-increase', 'cost=10%'], 'there is nothing to compare with'],
    [['--baseline', 'nowhere.json'], 'there is no such file'],
    [['--baseline', TEAM], 'no baseline'],
    [['--budget', '-1'], "--budget '-1': not understood"],
    [['--budget', '1e3'], "--budget '1e3': not understood"],
    [['--max-errors', '1.5'], 'Write a whole number from 0'],
    [['--max-duration', '90'], 'Write a length of time such as'],
    [['--max-waste', '25'], 'Write a share such as 10% or 0.1'],
    [['--budget-per', 'user'], 'names no dimension'],
    [['--budget-per', 'usr=1'], "Did you mean 'user'?"],
    [['--max-increase', 'cst=1%', '--baseline', BASELINE], "Did you mean 'cost'?"],
    [['--min-change', 'cost=cheap', '--budget', '1'], 'Write an amount of dollars'],
    [['--pair-by', 'user', '--save-baseline', 'x.json'], 'a dimension other than user and trace'],
    [['--save-baseline', 'no/such/folder/b.json'], '--save-baseline no/such/folder/b.json: the folder'],
    [['--save-baseline', 'fixtures'], '--save-baseline fixtures: is a folder'],
    [['--save-baseline', '-'], '--save-baseline -: standard output is for the answer'],
    [['--save-shape', '-'], '--save-shape -: standard output is for the answer'],
    [['--shape', 'fixtures'], '--shape fixtures: that is a folder'],
    [['--baseline', 'fixtures'], '--baseline fixtures: that is a folder'],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await run('--no-config', ...args, TEAM);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });
});

describe('shape', () => {
  it('is saved and held, and what differs is told', async () => {
    const path = file('shape.txt');
    await run('--save-shape', path, '--no-config', BEFORE);
    expect(await check('--shape', path, UNCHANGED)).toMatchObject({
      code: 0,
      gates: [{ name: 'shape', ok: true, value: 0 }],
    });
    const { code, gates } = await check('--shape', path, TEAM);
    expect(code).toBe(1);
    expect(gates[0]).toMatchObject({ ok: false, unit: 'count' });
    expect(gates[0]!.value).toBeGreaterThan(0);
  });

  it('that differs in one thing says it once', async () => {
    const path = 'fixtures/shapes/called-more-often';
    for (const format of ['junit', 'github', 'markdown']) {
      const { stdout } = await run('--shape', `${path}.shape`, '--no-config', '-f', format, `${path}.jsonl`);
      const [annotations, summary] = format === 'github' ? stdout.split('-->') : [stdout, stdout];
      expect(annotations!.split('retrieval retriever called 3×').length - 1).toBe(1);
      expect(summary!.split('retrieval retriever called 3×').length - 1).toBe(1);
    }
  });
});
