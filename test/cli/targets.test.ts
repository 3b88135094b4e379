import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProcess } from '../answer.ts';

const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const INPUT = 'fixtures/stats/judged.jsonl';
const CONFIG = 'fixtures/stats/agentobs.yaml';

type Target = {
  readonly name: string;
  readonly limit: number;
  readonly value: number | null;
  readonly ok: boolean | null;
};

async function targets(by: string, row: string, ...args: readonly string[]): Promise<Record<string, Target>> {
  const { stdout } = await inProcess(['stats', '--by', by, '-f', 'json', ...args, INPUT]);
  const { rows } = JSON.parse(stdout) as {
    readonly rows: readonly { readonly key: Record<string, string>; readonly targets: readonly Target[] }[];
  };
  const { targets: found } = rows.find(({ key }) => key[by] === row)!;
  return Object.fromEntries(found.map((target) => [target.name, target]));
}

describe('targets', () => {
  it('are the promised ones', async () => {
    const found = await targets('model', 'gpt-4o', '--no-config');
    expect(Object.values(found).map(({ name, limit, ok }) => [name, limit, ok])).toEqual([
      ['success', 0.95, false],
      ['errors', 0.02, false],
      ['p95', 3000, true],
      ['p99', 5000, true],
      ['llm_p95', 2000, true],
      ['confidence', 0.7, null],
      ['hallucination', 0.1, null],
      ['cache_hits', 0.6, null],
      ['accuracy', 0.85, null],
    ]);
    expect(found['llm_p95']!.value).toBe(1850);
    expect(found['confidence']!.value).toBeNull();
  });

  it('for model calls hold for no other rows', async () => {
    expect(await targets('tool', 'search', '--no-config')).not.toHaveProperty('llm_p95');
    expect(await targets('kind', 'llm', '--no-config')).toHaveProperty('llm_p95');
    expect(await targets('kind', 'agent', '--no-config')).not.toHaveProperty('llm_p95');
  });

  it('are changed and switched off by the configuration, for all rows or for one', async () => {
    const search = await targets('tool', 'search', '--config', CONFIG);
    expect(search).not.toHaveProperty('errors');
    expect(search).not.toHaveProperty('cache_hits');
    expect([search['p95']!.limit, search['p95']!.ok]).toEqual([250, false]);
    expect([search['success']!.limit, search['success']!.ok]).toEqual([0.75, false]);
    const room = await targets('tool', 'book_room', '--config', CONFIG);
    expect([room['p95']!.limit, room['cache_hits']!.limit]).toEqual([7000, 0.3]);
    expect((await targets('agent', 'helper', '--config', CONFIG))['success']).toMatchObject({
      limit: 0.6,
      ok: true,
    });
  });
});

describe('--fail-on', () => {
  const code = async (...args: readonly string[]) =>
    (await inProcess(['stats', '-f', 'csv', ...args, INPUT])).code;

  it.each([
    ['a target that is missed', ['--by', 'tool', '--fail-on', 'success'], 1],
    ['any target', ['--by', 'tool', '--fail-on', 'any'], 1],
    ['one of several', ['--by', 'tool', '--fail-on', 'confidence,p95', '--fail-on', 'errors'], 1],
    ['the name of the figure', ['--by', 'tool', '--fail-on', 'success_rate'], 1],
    ['a target that is met', ['--by', 'tool', '--fail-on', 'p95'], 0],
    ['a row that is not shown', ['--by', 'tool', '--fail-on', 'cache_hits', '--limit', '1'], 1],
    ['what no row tells', ['--by', 'tool', '--fail-on', 'confidence'], 3],
    ['no rows', ['--by', 'connector', '--fail-on', 'any'], 3],
    ['nothing', ['--by', 'tool'], 0],
    ['a target that was switched off', ['--by', 'tool', '--config', CONFIG, '--fail-on', 'errors'], 3],
  ])('%s', async (_, args, expected) => {
    expect(await code(...args)).toBe(expected);
  });

  it('says what it cannot tell', async () => {
    const { stderr } = await inProcess(['stats', '--fail-on', 'llm_p95,accuracy', '--by', 'tool', INPUT]);
    expect(stderr).toContain('--fail-on llm_p95,accuracy: the data cannot tell');
  });

  it('knows its names', async () => {
    const { code: ended, stderr } = await inProcess(['stats', '--fail-on', 'sucess', INPUT]);
    expect(ended).toBe(2);
    expect(stderr).toContain("Did you mean 'success'?");
  });
});

describe('the section of targets', () => {
  async function faults(yaml: string): Promise<readonly string[]> {
    const path = join(folder, 'agentobs.yaml');
    writeFileSync(path, yaml);
    const { code, stderr } = await inProcess(['stats', '--config', path, INPUT]);
    expect(code).toBe(2);
    return stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^.*agentobs\.yaml:/, ''));
  }

  it('is told all its faults at once', async () => {
    expect(
      await faults(`targets:
  sucess: 95%
  success: 95
  p95: 3
  p99: soon
  accuracy: [1]
  by:
    tol: { search: { p95: 1s } }
    tool:
      search: { p96: 1s, errors: -1 }
      mail: 7
`),
    ).toEqual([
      '2: targets.sucess: unknown target "sucess"; did you mean "success"?',
      '3: targets.success: expected a share like 95% or 0.95, or off, found number 95',
      '4: targets.p95: expected a length of time like 2s or 350ms, or off, found number 3',
      '5: targets.p99: expected a length of time like 2s or 350ms, or off, found "soon"',
      '6: targets.accuracy: expected a share like 95% or 0.95, or off, found a list',
      '8: targets.by.tol: unknown dimension "tol"; did you mean "tool"?',
      '10: targets.by.tool.search.p96: unknown target "p96"; did you mean "p95"?',
      '10: targets.by.tool.search.errors: expected a share like 95% or 0.95, or off, found number -1',
      '11: targets.by.tool.mail: expected a mapping (key: value), found number 7',
    ]);
  });

  it('may be empty', async () => {
    const path = join(folder, 'empty.yaml');
    writeFileSync(path, 'targets:\n');
    expect((await inProcess(['stats', '--config', path, INPUT])).code).toBe(0);
  });
});
