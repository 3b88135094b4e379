import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { root } from '../agentobs.ts';
import { inProcess } from '../answer.ts';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
const schema = (name: string) => JSON.parse(readFileSync(join(root, 'docs/schema', name), 'utf8'));
for (const name of ['input.json', 'trace-list.json']) ajv.addSchema(schema(name), name);

const INPUTS = [
  'fixtures/demo/team.jsonl',
  'fixtures/demo/deploy-app.log',
  ...[
    'bad-ids',
    'cycle',
    'duplicates',
    'odd-tokens',
    'orphans',
    'proto-keys',
    'terminal-escapes',
    'time-trouble',
  ].map((name) => `fixtures/hostile/${name}.jsonl`),
  'fixtures/hostile/mixed-formats.log',
  'fixtures/carried/coder.jsonl',
  'fixtures/waste/retry-storm-model.jsonl',
  'fixtures/waste/cache-prefix-change.jsonl',
  'fixtures/events/claude-code-session.jsonl',
  'fixtures/stats/judged.jsonl',
];

const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['trace-list.json', ['trace', 'list']],
  ['trace-show.json', ['trace', 'show', '--pick', 'all', '--attributes', '*', '--content', '--logs']],
  ['cost.json', ['cost', '--by', 'user,model,tool,step,error,trace,hour,attr:gen_ai.request.model']],
  ['trace-diff.json', ['trace', 'diff', '--all', 'fixtures/diff/before.jsonl']],
  ['trace-show.json', ['trace', 'show', '--fix-skew']],
  ['cost.json', ['cost', '--audit']],
  ['explain.json', ['explain', '--pick', 'slowest']],
  ['explain.json', ['explain', '--pick', 'latest']],
  ['doctor.json', ['doctor']],
  ['cost.json', ['cost', '--carried', '--by', 'tool,user']],
  ['stats.json', ['stats', '--by', 'kind']],
  ['stats.json', ['stats', '--by', 'user,model']],
  ['metrics.json', ['metrics']],
  ['metrics.json', ['metrics', '--profile', 'otel', '--metric-prefix', 'x_']],
  ['stats.json', ['stats']],
  ['bottlenecks.json', ['bottlenecks', '--by', 'step']],
  ['bottlenecks.json', ['bottlenecks', '--by', 'path']],
  ['bottlenecks.json', ['bottlenecks', '--by', 'tool']],
  ['bottlenecks.json', ['bottlenecks', '--by', 'agent']],
  ['bottlenecks-waste.json', ['bottlenecks', '--waste']],
  ['alerts-lint.json', ['alerts', 'lint', '--fail-on', 'never', 'fixtures/rules/seeds.yml']],
  ['metrics-query.json', ['metrics', 'query', '{__name__=~".+"}']],
  ['metrics-query.json', ['metrics', 'query', '--range', 'rate({__name__=~"tool_.+_bucket"}[5m])']],
  ['metrics-query.json', ['metrics', 'query', 'time()']],
];

describe.each(COMMANDS)('%s', (name, args) => {
  const validate = name === 'trace-list.json' ? ajv.getSchema(name)! : ajv.compile(schema(name));

  it.each(INPUTS)('describes the answer for %s', async (input) => {
    const { code, stdout } = await inProcess([...args, '-f', 'json', input]);
    expect(code).toBe(0);
    validate(JSON.parse(stdout));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('describes all of the answer: another key is refused', async () => {
    const { stdout } = await inProcess([...args, '-f', 'json', INPUTS[0]!]);
    const answer = JSON.parse(stdout);
    expect(validate({ ...answer, more: 1 })).toBe(false);
    expect(validate({ ...answer, schema_version: 2 })).toBe(false);
    expect(validate({ ...answer, input: { ...answer.input, more: 1 } })).toBe(false);
  });
});

it('formats.json describes what agentobs formats says', async () => {
  const { code, stdout } = await inProcess(['formats', '-f', 'json']);
  expect(code).toBe(0);
  const validate = ajv.compile(schema('formats.json'));
  const answer = JSON.parse(stdout);
  validate(answer);
  expect(validate.errors ?? []).toEqual([]);
  expect(answer.formats.map(({ name }: { name: string }) => name)).toContain('otlp-json');
  expect(validate({ ...answer, more: 1 })).toBe(false);
});

it('alerts-test.json describes what agentobs alerts test says', async () => {
  const files = ['golden', 'failing'].map((name) => `fixtures/rules/tests/${name}.yml`);
  const { code, stdout } = await inProcess(['alerts', 'test', '-f', 'json', ...files]);
  expect(code).toBe(1);
  const validate = ajv.compile(schema('alerts-test.json'));
  const answer = JSON.parse(stdout);
  validate(answer);
  expect(validate.errors ?? []).toEqual([]);
  expect(validate({ ...answer, more: 1 })).toBe(false);
});

describe.each(readdirSync(join(root, 'docs/schema')))('%s', (name) => {
  const objects = [...objectsIn(schema(name), name)];

  it('says of every key what it is', () => {
    const silent = objects.flatMap(({ properties, path }) =>
      Object.entries(properties)
        .filter(([, key]) => key.$ref === undefined && !/^[A-Z`1].{3,}\.$/s.test(key.description ?? ''))
        .map(([key]) => `${path}/${key}`),
    );
    expect(silent).toEqual([]);
  });

  it('is closed', () => {
    // What others build on is closed by them.
    const base = /\/\$defs\/(?:head|numbers|priceRow)$/;
    const open = objects.filter(({ closed, path }) => !closed && !base.test(path)).map(({ path }) => path);
    expect(open).toEqual([]);
  });
});

type Described = { readonly $ref?: string; readonly description?: string };
type ObjectSchema = {
  readonly path: string;
  readonly properties: Readonly<Record<string, Described>>;
  readonly closed: boolean;
};

/** Every object with named keys in a schema. */
function* objectsIn(node: unknown, path: string): Iterable<ObjectSchema> {
  if (node === null || typeof node !== 'object') return;
  const { properties, additionalProperties, unevaluatedProperties } = node as Record<string, unknown>;
  if (properties !== undefined && !path.endsWith('/properties')) {
    const closed = additionalProperties === false || unevaluatedProperties === false;
    yield { path, properties: properties as ObjectSchema['properties'], closed };
  }
  for (const [key, value] of Object.entries(node)) yield* objectsIn(value, `${path}/${key}`);
}

it('the same input gives the same bytes', async () => {
  const args = ['trace', 'show', '--pick', 'all', '-f', 'json', ...INPUTS];
  const [first, second] = await Promise.all([inProcess(args), inProcess(args)]);
  expect(second.stdout).toBe(first.stdout);
});
