import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRules } from '../../src/alerts/index.ts';
import { readRuleFiles, ruleContext } from '../../src/cli/rule-files.ts';
import { readYaml } from '../../src/cli/yaml-file.ts';
import { UserError } from '../../src/model/index.ts';
import { root } from '../agentobs.ts';

const folder = join(root, 'fixtures/rules');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

/** What is wrong with a file; nothing where nothing is. */
async function faultsOf(name: string, version: 2 | 3): Promise<string> {
  try {
    await readRuleFiles([{ path: join(folder, name), name }], version);
    return '';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.message}\n`;
  }
}

describe('rule files', () => {
  it.each(files.filter((name) => name.endsWith('.good.yaml')))('accepts %s', async (name) => {
    expect(await faultsOf(name, 2)).toBe('');
    expect(await faultsOf(name, 3)).toBe('');
  });

  it.each(files.filter((name) => name.endsWith('.bad.yaml')))(
    'says all that is wrong with %s',
    async (name) => {
      const faults = await faultsOf(name, 2);
      expect(faults).not.toBe('');
      await expect(faults).toMatchFileSnapshot(join(folder, name.replace('.bad.yaml', '.expected.txt')));
    },
  );

  it('takes null for a name where Prometheus 2 does', async () => {
    expect(await faultsOf('null-as-name.2.yaml', 2)).toBe('');
    expect(await faultsOf('null-as-name.2.yaml', 3)).toContain("one of 'record' or 'alert' must be set");
  });

  it.skipIf(!hasPromtool).each(files)('accepts or refuses like promtool: %s', async (name) => {
    const { status } = spawnSync('promtool', ['check', 'rules', name], { cwd: folder });
    expect((await faultsOf(name, 2)) === '').toBe(status === 0);
  });

  it.each([
    ['rule_files: [a.yml]\ntests: []\n', ':2: that is a file of unit tests: agentobs alerts test FILE'],
    [
      'kind: PrometheusRule\nspec: { groups: [] }\n',
      ':1: that is a Kubernetes object (PrometheusRule): the rule file is what stands under its spec',
    ],
  ])('says what a file is that is no rule file: %j', async (text, fault) => {
    const read = readYaml(
      text,
      'FILE',
      (top, context) => parseRules(top, ruleContext('FILE', context), { version: 3 }),
      { texts: true },
    );
    await expect(read).rejects.toThrow(`FILE${fault}`);
  });

  it('says of several documents in a file that is no rule file where the second begins', async () => {
    const read = readYaml('a: 1\n---\nb: 2\n', 'FILE', (top) => top);
    await expect(read).rejects.toThrow(/^FILE:\d: a second YAML document begins here: a file holds one$/);
  });

  it('reads labels of groups where Prometheus 3 does', async () => {
    const rule = new Map([
      ['alert', 'A'],
      ['expr', 'up'],
    ]);
    const labels = new Map([
      ['team', 'a'],
      ['severity', 'page'],
    ]);
    const group = new Map<string, unknown>([
      ['name', 'g'],
      ['labels', labels],
      ['query_offset', '1m'],
      ['rules', [new Map<string, unknown>([...rule, ['labels', new Map([['severity', 'info']])]])]],
    ]);
    const faults: string[] = [];
    const context = {
      file: 'r.yml',
      lineOf: () => 1,
      writtenAt: () => '',
      fault: (_at: unknown, text: string) => faults.push(text),
    };
    const [read] = parseRules(new Map([['groups', [group]]]), context, { version: 3 });
    expect(faults).toEqual([]);
    expect(read?.queryOffset).toBe(60_000);
    expect(read?.rules[0]?.labels).toEqual(new Map([...labels, ['severity', 'info']]));
    parseRules(new Map([['groups', [group]]]), context, { version: 2 });
    expect(faults).toEqual(['group "g": unknown key "labels"']);
  });
});
