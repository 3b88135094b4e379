import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../agentobs.ts';
import { inProcess } from '../answer.ts';

// Generated unit test files of rules, judged by promtool and by `agentobs alerts test --prometheus 2`: case by case the same
// verdict. Half of the expectations are what promtool says it got, so that cases pass; the others are guesses.

const version = /version (\S+)/.exec(spawnSync('promtool', ['--version']).stdout?.toString() ?? '')?.[1];
if (version === undefined) console.warn('promtool is not installed: its verdicts are not compared');

const FILES = Number(process.env['AGENTOBS_DIFFERENTIAL_FILES'] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'agentobs-promtool-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(version === undefined)(`promtool ${version ?? 'is not installed'}`, () => {
  it('gives the same verdict on every generated case', { timeout: 300_000 }, async () => {
    const generated = Array.from({ length: FILES }, (_, seed) => generate(seed));
    const guessed = await judged(generated, 'guess');
    // What promtool got in the first round is what the second expects, in every other case.
    const learned = generated.map((file, i) => learn(file, guessed.theirs[i]!));
    const again = await judged(learned, 'learned');
    for (const round of [guessed, again]) {
      for (const [i, theirs] of round.theirs.entries()) {
        const name = join(round.folder, `${i}-test.yml`);
        const ours = round.ours[i]!;
        expect({ name, brokenBy: ours.brokenBy }).toEqual({ name, brokenBy: theirs.brokenBy });
        // What was not evaluated because a rule failed before promtool does not speak of.
        const spoken =
          theirs.brokenBy === undefined ? ours.failed : ours.failed.filter((one) => ours.judged.has(one));
        expect({ name, failed: spoken }).toEqual({ name, failed: theirs.failed });
      }
    }
    const counts = again.ours.flatMap(({ all, failed }) => all.map((one) => !failed.includes(one)));
    expect(counts.filter((ok) => ok).length).toBeGreaterThan(counts.length / 4);
    expect(counts.filter((ok) => !ok).length).toBeGreaterThan(counts.length / 20);
  });

  const presets = join(root, '../shared/reference/presets/agentobs-presets-test.yml');
  it.skipIf(!existsSync(presets))('and on the tests of the presets', async () => {
    expect(spawnSync('promtool', ['test', 'rules', presets]).status).toBe(0);
    expect((await inProcess(['alerts', 'test', '--prometheus', '2', presets])).code).toBe(0);
    expect((await inProcess(['alerts', 'test', presets])).code).toBe(0);
  });
});

type Case =
  | {
      readonly kind: 'alert';
      readonly name: string;
      readonly time: string;
      readonly expected: readonly string[];
    }
  | {
      readonly kind: 'expr';
      readonly expr: string;
      readonly time: string;
      readonly expected: readonly string[];
    };
type Generated = { readonly rules: string; readonly head: string; readonly cases: readonly Case[] };
type Verdict = {
  readonly failed: readonly string[];
  readonly all: readonly string[];
  /** The rule that ended the test. */
  readonly brokenBy: string | undefined;
  readonly judged: ReadonlySet<string>;
  readonly text: string;
};
type Round = {
  readonly folder: string;
  readonly ours: readonly Verdict[];
  readonly theirs: readonly Verdict[];
};

async function judged(files: readonly Generated[], round: string): Promise<Round> {
  const within = join(folder, round);
  mkdirSync(within);
  const paths = files.map((file, i) => {
    writeFileSync(join(within, `${i}-rules.yml`), file.rules);
    const path = join(within, `${i}-test.yml`);
    writeFileSync(path, textOf(file, i));
    return path;
  });
  const theirs = theirVerdicts(await promtool(paths), files);
  const { stdout, stderr } = await inProcess([
    ...['alerts', 'test', '--prometheus', '2', '--format', 'json'],
    ...paths,
  ]);
  expect(stderr).toBe('');
  const answer = JSON.parse(stdout) as {
    files: { tests: { kind: string; expr: string; eval_time: string; ok: boolean; error?: string }[] }[];
  };
  const ours = answer.files.map(({ tests }, i): Verdict => {
    const broken = tests.find(({ error = '' }) => /^rule \S+ \(/.test(error));
    const cases = tests.filter((one) => one !== broken);
    return {
      failed: cases
        .filter(({ ok }) => !ok)
        .map(keyOf)
        .sort(),
      all: files[i]!.cases.map(caseKey),
      brokenBy: /^rule (\S+) \(/.exec(broken?.error ?? '')?.[1],
      judged: new Set(cases.filter(({ error = '' }) => !error.startsWith('not evaluated')).map(keyOf)),
      text: JSON.stringify(tests),
    };
  });
  return { folder: within, ours, theirs };
}

/** All files in one call: starting the program takes longer than testing a file. */
function promtool(paths: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const child = spawn('sh', ['-c', 'promtool test rules "$@" 2>&1', 'sh', ...paths]);
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString();
    });
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}

/** What failed, from promtool's text: the files in their order, in each the cases that failed. */
function theirVerdicts(text: string, files: readonly Generated[]): Verdict[] {
  const parts = text.split(/^Unit Testing: .*\n/m).slice(1);
  expect(parts).toHaveLength(files.length);
  return parts.map((part, i) => {
    const failed = [
      ...[...part.matchAll(/alertname: (\w+), time: (\w+)/g)].map(
        ([, name, time]) => `alert ${name} ${time}`,
      ),
      ...[...part.matchAll(/^ {4}expr: ("(?:[^"\\]|\\.)*"), time: (\w+)/gm)].map(
        ([, expr, time]) => `expr ${JSON.parse(expr!)} ${time}`,
      ),
    ];
    const all = files[i]!.cases.map(caseKey);
    const brokenBy = /^ {4}rule: (\S+), time/m.exec(part)?.[1];
    // Whatever else is wrong would be a fault of the generated file.
    expect(failed.length > 0 || brokenBy !== undefined || part.includes('SUCCESS'), part).toBe(true);
    return { failed: failed.sort(), all, brokenBy, judged: new Set(all), text: part };
  });
}

const keyOf = (one: { kind: string; expr: string; eval_time: string }): string =>
  `${one.kind} ${one.expr} ${one.eval_time}`;
const caseKey = (one: Case): string =>
  `${one.kind} ${one.kind === 'alert' ? one.name : one.expr} ${one.time}`;

/** Every other case with what promtool got as its expectation. */
function learn(file: Generated, { text }: Verdict): Generated {
  const alerts = new Map<string, string[]>(
    [...text.matchAll(/alertname: (\w+), time: (\w+), \n\s+exp:[\s\S]*?got:(\[\]|\[[\s\S]*?\n {12}\])/g)].map(
      ([, name, time, got]) => [`alert ${name} ${time}`, alertsIn(got!)] as const,
    ),
  );
  const samples = new Map<string, string[]>(
    [...text.matchAll(/^ {4}expr: ("(?:[^"\\]|\\.)*"), time: (\w+),\n\s+exp: .*\n\s+got: (.*)$/gm)].map(
      ([, expr, time, got]) => [`expr ${JSON.parse(expr!)} ${time}`, samplesIn(got!)] as const,
    ),
  );
  const cases = file.cases.map((one, i) => {
    const got = (one.kind === 'alert' ? alerts : samples).get(caseKey(one));
    return got === undefined || i % 5 === 4 ? one : { ...one, expected: got };
  });
  return { ...file, cases };
}

const alertsIn = (got: string): string[] =>
  [...got.matchAll(/Labels:(\{.*\})\n\s+Annotations:(\{.*\})/g)].map(
    ([, labels, annotations]) =>
      `{exp_labels: ${yamlOf(labels!, ['alertname'])}, exp_annotations: ${yamlOf(annotations!)}}`,
  );

const samplesIn = (got: string): string[] =>
  got === 'nil'
    ? []
    : [...got.matchAll(/(\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\}) (\S+?)(?:, |$)/g)].map(([, labels, value]) => {
        const number =
          value === 'NaN' ? '.nan' : value === '+Inf' ? '.inf' : value === '-Inf' ? '-.inf' : value;
        return `{labels: ${JSON.stringify(labels)}, value: ${number}}`;
      });

/** `{a="b"}` as a mapping of YAML. */
function yamlOf(labels: string, leftOut: readonly string[] = []): string {
  const pairs = [...labels.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].filter(
    ([, name]) => !leftOut.includes(name!),
  );
  return `{${pairs.map(([, name, value]) => `${name}: ${value}`).join(', ')}}`;
}

function textOf({ head, cases }: Generated, index: number): string {
  const alerts = cases.flatMap((one) =>
    one.kind === 'expr'
      ? []
      : [
          `      - {eval_time: ${one.time}, alertname: ${one.name}, exp_alerts: [${one.expected.join(', ')}]}`,
        ],
  );
  const expressions = cases.flatMap((one) =>
    one.kind === 'alert'
      ? []
      : [
          `      - {expr: ${JSON.stringify(one.expr)}, eval_time: ${one.time}, exp_samples: [${one.expected.join(', ')}]}`,
        ],
  );
  return [
    `rule_files: [${index}-rules.yml]`,
    head,
    '    alert_rule_test:',
    ...alerts,
    '    promql_expr_test:',
    ...expressions,
    '',
  ].join('\n');
}

/** A rule file and a unit test file for it, the same for the same seed. */
function generate(seed: number): Generated {
  const random = randomOf(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const rules = Array.from({ length: 2 + upTo(2) }, (_, g) => {
    const list = Array.from({ length: 1 + upTo(3) }, (_, r) => ruleOf(g, r));
    return `  - name: g${g}\n    interval: ${pick(['15s', '1m', '7m'])}\n    rules:\n${list.join('')}`;
  });
  function ruleOf(g: number, r: number): string {
    const expr = pick(EXPRESSIONS);
    if (random() < 0.4) {
      const labels = random() < 0.3 ? `      labels: {l: ${pick(['x', "''"])}}\n` : '';
      return `    - record: rec:${pick(['a', 'b'])}:${g}${r}\n      expr: ${JSON.stringify(pick(RECORDED))}\n${labels}`;
    }
    const held = random() < 0.6 ? `      for: ${pick(['0s', '30s', '1m', '2m', '90s'])}\n` : '';
    const kept = random() < 0.4 ? `      keep_firing_for: ${pick(['30s', '1m', '3m'])}\n` : '';
    // Two rules never write the same series.
    const more = random() < 0.5 ? `, severity: ${pick(['warning', '1.0'])}, t: 'x ${pick(TEMPLATES)}'` : '';
    const labels = `      labels: {r: r${g}${r}${more}}\n`;
    const annotations =
      random() < 0.7 ? `      annotations: {s: '${pick(TEMPLATES)}', e: '${pick(TEMPLATES)}'}\n` : '';
    return `    - alert: A${upTo(3)}\n      expr: ${JSON.stringify(expr)}\n${held}${kept}${labels}${annotations}`;
  }
  const values = (): string =>
    Array.from({ length: 1 + upTo(4) }, () =>
      pick([
        ...[
          `${upTo(9)}`,
          '_',
          'stale',
          `_x${upTo(4)}`,
          `${upTo(20)}+${upTo(5)}x${upTo(12)}`,
          '-3',
          '1e1',
          '0.1',
        ],
        ...[`${upTo(50)}-${upTo(3)}x${upTo(9)}`, `${upTo(9)}x${upTo(9)}`, 'NaN', 'Inf'],
      ]),
    ).join(' ');
  const series = Array.from(
    { length: 2 + upTo(4) },
    () => `      - {series: '${pick(SERIES)}', values: '${values()}'}`,
  );
  const groupOrder = rules.map((_, g) => `g${g}`);
  if (random() < 0.5) groupOrder.reverse();
  const times = ['0s', '1m', '90s', '2m', '3m', '4m', '5m', '10s', '6m', '7m30s'];
  const head = [
    `evaluation_interval: ${pick(['15s', '30s', '1m', '40s'])}`,
    // promtool's order of groups that are not named is not the same in two runs.
    `group_eval_order: [${groupOrder.join(', ')}]`,
    'tests:',
    `  - interval: ${pick(['15s', '30s', '1m'])}`,
    ...(random() < 0.5 ? ['    external_labels: {region: eu, n: 1.0}'] : []),
    ...(random() < 0.3 ? ['    external_url: http://prometheus.example/'] : []),
    '    input_series:',
    ...series,
  ].join('\n');
  const cases = new Map<string, Case>();
  for (let i = 0; i < 6; i++) {
    const one: Case =
      i % 2 === 0
        ? { kind: 'alert', name: `A${upTo(3)}`, time: printed(pick(times)), expected: [] }
        : { kind: 'expr', expr: pick(ASKED), time: printed(pick(times)), expected: [] };
    cases.set(caseKey(one), one);
  }
  return { rules: `groups:\n${rules.join('')}`, head, cases: [...cases.values()] };
}

/** As promtool prints it. */
const printed = (time: string): string => (time === '90s' ? '1m30s' : time);

const SERIES = ['m{i="a"}', 'm{i="b"}', 'm{i="b", j="c"}', 'n{i="a"}', 'n{i="b"}', 'up'];
const RECORDED = [
  ...['sum by (i) (m)', 'm * 2', 'rate(m[2m])', 'rec:a:00 + 1', 'max(n) - min(m)', 'rec:b:10', 'up == 1'],
  ...['count(m) or vector(0)', 'sum_over_time(m[1m:30s])', 'avg(ALERTS)', 'time()', '42'],
];
const EXPRESSIONS = [
  ...[
    'm > 3',
    'm > 0',
    'sum by (i) (m) > 5',
    'rate(m[2m]) > 0.01',
    'increase(n[3m]) >= 2',
    'absent(up)',
    'm - n > 0',
  ],
  ...[
    'rec:a:00 > 1',
    '{__name__=~"rec:.*"} > 0',
    'm and on (i) n',
    'm unless n',
    'changes(m[5m]) > 1',
    'up == 0',
  ],
  ...[
    'ALERTS{alertstate="firing"}',
    'ALERTS_FOR_STATE > 0',
    'vector(1)',
    'm > bool 3',
    'sum(m) / sum(n) > 0.5',
  ],
];
const TEMPLATES = [
  ...[
    'v {{ $value }}',
    '{{ $labels.i }}',
    '{{ $value | humanize }}',
    '{{ .Value | printf "%.2f" }}',
    'plain',
  ],
  ...['{{ $externalLabels.region }}', '{{ range query "up" }}{{ .Value }}{{ end }}', '{{ $labels.nope }}'],
  ...[
    '{{ if gt $value 5.0 }}high{{ else }}low{{ end }}',
    '{{ $value | humanizePercentage }}',
    '{{ $externalURL }}',
  ],
];
const ASKED = [
  ...[
    'm',
    'n',
    'ALERTS',
    'ALERTS_FOR_STATE',
    'rec:a:00',
    'rec:b:10',
    'sum(m)',
    'rate(m[2m])',
    '1',
    'm[1m]',
    '"x"',
  ],
  ...[
    '{__name__=~"rec:.*"}',
    'count(ALERTS) by (alertname)',
    'm offset 1m',
    'max_over_time(m[2m:])',
    'm / n',
    'sum(',
  ],
];

/** Numbers from 0 to 1 that look random; mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
