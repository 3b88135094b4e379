import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { DASHBOARDS } from '../../src/metrics/dashboards/index.ts';
import { PROFILES, vocabularyOf } from '../../src/metrics/index.ts';
import { parse, selectorsOf } from '../../src/promql/index.ts';
import { root } from '../agentobs.ts';
import { inProcess } from '../answer.ts';
import { hasPromtool, promtool } from './dataset.ts';

type Dashboard = {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly {
      readonly refId: string;
      readonly expr: string;
      readonly legendFormat: string;
    }[];
  }[];
};

const folder = mkdtempSync(join(tmpdir(), 'agentobs-dashboards-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function written(...args: readonly string[]) {
  const to = join(folder, args.join('_') || 'default');
  const { code, stdout, stderr } = await inProcess([
    ...['metrics', 'dashboards', '--no-config', '-f', 'json', '--to', to],
    ...args,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const dashboards = readdirSync(to)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, ...(JSON.parse(readFileSync(join(to, name), 'utf8')) as Dashboard) }));
  return { to, dashboards, answer: JSON.parse(stdout) };
}

const expressionsOf = ({ panels }: Dashboard): readonly string[] =>
  panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** Whether an expression has a result with a number somewhere along a dump. */
async function hasData(expr: string, dump: string, args: readonly string[]): Promise<boolean> {
  const { code, stdout, stderr } = await inProcess([
    ...['metrics', 'query', '--no-config', '-q', '-f', 'json', '--range', '--end', '0s', ...args, expr, dump],
  ]);
  if (code !== 0) throw new Error(`${expr}: ${stderr}`);
  const { result } = JSON.parse(stdout) as { result: { values: [number, string][] }[] };
  return result.some(({ values }) => values.some(([, value]) => value !== 'NaN'));
}

const profiles = Object.keys(PROFILES).filter((name) => name !== 'none');
/** The demo dump in which every metric has something. */
const DEMO = 'fixtures/demo/shop.jsonl';

describe.each(profiles)('dashboards of the profile %s', (profile) => {
  it('parse, use the names of the profile, and return data on the demo dump', {
    timeout: 120_000,
  }, async () => {
    const { dashboards } = await written('--profile', profile);
    expect(dashboards.map(({ name }) => name).sort()).toEqual(
      DASHBOARDS.map(({ name }) => `agentobs-${name}.json`).sort(),
    );
    const known = new Set(
      PROFILES[profile as keyof typeof PROFILES].metrics.flatMap(({ name, type }) =>
        type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
      ),
    );
    const expressions = [...new Set(dashboards.flatMap(expressionsOf))];
    const unknown = expressions.flatMap((expr) =>
      selectorsOf(parse(expr, { version: 2 }))
        .map(({ selector }) => selector.name ?? expr)
        .filter((name) => !known.has(name)),
    );
    expect(unknown).toEqual([]);
    const empty: string[] = [];
    for (const expr of expressions) {
      if (!(await hasData(expr, DEMO, ['--profile', profile]))) empty.push(expr);
    }
    expect(empty).toEqual([]);
  });
});

describe('metrics dashboards', () => {
  it('has the ten panels of the overview, and all of them return data on the demo', async () => {
    const { dashboards } = await written();
    const overview = dashboards.find(({ name }) => name === 'agentobs-overview.json')!;
    expect(overview.panels).toHaveLength(10);
    const empty: string[] = [];
    for (const expr of expressionsOf(overview)) {
      if (!(await hasData(expr, 'fixtures/demo/team.jsonl', []))) empty.push(expr);
    }
    expect(empty).toEqual([]);
  });

  it('has panels beside each other, each with its own id', async () => {
    const { dashboards } = await written('--profile', 'valuecanvas');
    for (const { panels } of dashboards) {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const places = panels.map(({ gridPos: { x, y, w } }) => `${x + w <= 24} ${x} ${y}`);
      expect(new Set(places).size).toBe(panels.length);
      expect(places.filter((place) => place.startsWith('false'))).toEqual([]);
      for (const { targets } of panels)
        for (const { legendFormat } of targets) expect(legendFormat).not.toBe('');
    }
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    for (const { uid } of dashboards) expect(uid).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
  });

  it('puts a prefix before every name, and the rule files beside', async () => {
    const { to, dashboards } = await written('--metric-prefix', 'acme_');
    for (const expr of dashboards.flatMap(expressionsOf))
      expect(expr).not.toMatch(/(?<!acme_)(?:agent|llm|tool)_\w*(?:total|bucket)/);
    const rules = readdirSync(to).filter((name) => name.endsWith('.yml'));
    expect(rules).toEqual(['budgets.rules.yml', 'genxai.rules.yml', 'valuecanvas.rules.yml']);
    for (const name of rules) {
      expect(readFileSync(join(to, name), 'utf8')).toContain('acme_');
      if (hasPromtool) expect(promtool(['check', 'rules', join(to, name)], '').code).toBe(0);
    }
  });

  it('leaves out what a profile cannot show', () => {
    const say = vocabularyOf(PROFILES.default.metrics.filter(({ name }) => name.startsWith('tool_')));
    const shown = DASHBOARDS.map(({ name, panels }) => [
      name,
      panels(say).filter((one) => one !== undefined).length,
    ]);
    expect(Object.fromEntries(shown)).toEqual({
      overview: 1,
      agent: 2,
      llm: 0,
      cost: 0,
      reliability: 2,
      'prediction-accuracy': 0,
    });
  });

  it('is described', async () => {
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
    const schema = (file: string) => JSON.parse(readFileSync(join(root, 'docs/schema', file), 'utf8'));
    ajv.addSchema(schema('input.json'), 'input.json');
    const validate = ajv.compile(schema('metrics-dashboards.json'));
    const { answer } = await written('--profile', 'otel');
    validate(answer);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...answer, more: 1 })).toBe(false);
  });

  it('says what is wrong', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const ask = (...args: readonly string[]) => inProcess(['metrics', 'dashboards', '--no-config', ...args]);
    for (const [args, said] of [
      [[], 'where are the dashboards to be written?'],
      [['--to', file], 'is not a folder'],
      [['--to', join(file, 'below')], 'is not a folder'],
      [['--to', join(folder, 'x'), DEMO], 'dashboards are made without data'],
      [['--to', join(folder, 'x'), '--profile', 'none'], 'none of the metrics'],
    ] as const) {
      const { code, stderr } = await ask(...args);
      expect(code).toBe(2);
      expect(stderr).toContain(said);
    }
  });
});
