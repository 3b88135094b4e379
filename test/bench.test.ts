import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './agentobs.ts';
import { inProcess } from './answer.ts';

// Measurements are worth what the answers behind them are: the corpus says what is true about it, and the program agrees,
// however the corpus is written.

type UserTruth = { user: string; calls: number; input: number; cached: number; output: number; pico: string };
type Truth = {
  bytes: number;
  spans: number;
  traces: number;
  calls: number;
  users: UserTruth[];
  slowest: { trace: string; nanoseconds: number; spans: number }[];
  shown: { trace: string };
};
type Options = Readonly<Record<string, string | number | boolean | undefined>>;
type Check = (truth: Truth) => (stdout: string) => void;

const load = async <T>(name: string) => (await import(pathToFileURL(join(root, 'bench', name)).href)) as T;
const { generate } = await load<{ generate: (options: Options) => Truth }>('generate.js');
const { costAnswer, slowestAnswer, shownAnswer } =
  await load<Record<'costAnswer' | 'slowestAnswer' | 'shownAnswer', Check>>('check.js');

const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
afterAll(() => rmSync(folder, { recursive: true }));
let written = 0;

function corpus(options: Options) {
  const out = join(folder, String(written++));
  return { out, truth: generate({ megabytes: 0.3, seed: 5, out, ...options }) };
}

async function answer(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await inProcess([...args, '--format', 'json', '--no-config']);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe('a corpus', () => {
  it('has the same bytes whenever it is made', () => {
    const [first, second] = [corpus({}), corpus({})];
    expect(readFileSync(first.out)).toEqual(readFileSync(second.out));
  });

  it('holds the same spans in every format', () => {
    const [lines, ...others] = ['lines', 'document', 'proto', 'flat', 'js-console', 'jaeger'].map(
      (format) => corpus({ format }).truth,
    );
    for (const other of others) expect({ ...other, bytes: 0 }).toEqual({ ...lines, bytes: 0 });
  });

  it('holds the same runs when their texts are longer', () => {
    const { traces, users, bytes } = corpus({}).truth;
    const long = corpus({ megabytes: undefined, runs: traces, mix: 'long' }).truth;
    expect(long.users).toEqual(users);
    expect(long.bytes).toBeGreaterThan(3 * bytes);
  });

  it('says what a plain count of its lines says', () => {
    const { out, truth } = corpus({});
    expect(truth.spans).toBeGreaterThan(50);
    expect(counted(readFileSync(out, 'utf8'))).toEqual({
      spans: truth.spans,
      traces: truth.traces,
      calls: truth.calls,
      input: truth.users.reduce((sum, { input }) => sum + input, 0),
      dollars: expect.closeTo(truth.users.reduce((sum, { pico }) => sum + Number(pico), 0) / 1e12, 9),
      slowest: truth.slowest[0],
    });
  });
});

type Attribute = { key: string; value: { intValue?: string; doubleValue?: number } };
type LineSpan = {
  traceId: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
};
type Line = { resourceSpans: { scopeSpans: { spans: LineSpan[] }[] }[] };

function counted(text: string) {
  const requests = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const spans = requests.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
  const values = (key: string) =>
    spans.flatMap(({ attributes }) =>
      attributes.filter((attribute) => attribute.key === key).map(({ value }) => value),
    );
  const traces = [...new Set(spans.map(({ traceId }) => traceId))].map((trace) => {
    const own = spans.filter(({ traceId }) => traceId === trace);
    const starts = own.map(({ startTimeUnixNano }) => BigInt(startTimeUnixNano));
    const ends = own.map(({ endTimeUnixNano }) => BigInt(endTimeUnixNano));
    const from = starts.reduce((a, b) => (a < b ? a : b));
    const to = ends.reduce((a, b) => (a > b ? a : b));
    return { trace, nanoseconds: Number(to - from), spans: own.length };
  });
  const inputs = values('gen_ai.usage.input_tokens').map(({ intValue }) => Number(intValue));
  return {
    spans: spans.length,
    traces: traces.length,
    calls: inputs.length,
    input: inputs.reduce((a, b) => a + b, 0),
    dollars: values('gen_ai.usage.cost').reduce((sum, { doubleValue }) => sum + (doubleValue ?? 0), 0),
    slowest: traces.sort((a, b) => b.nanoseconds - a.nanoseconds)[0],
  };
}

describe('the program agrees with the truth', () => {
  const formats = ['document', 'proto', 'flat', 'python-console', 'js-console', 'zipkin', 'jaeger'];
  it.each<Options>([
    ...formats.map((format) => ({ format })),
    { layout: 'shuffled' },
    { layout: 'spaced' },
    { layout: 'pretty' },
    { format: 'document', layout: 'shuffled' },
    { mix: 'attributes', format: 'proto' },
    { mix: 'dialects', layout: 'shuffled' },
    { mix: 'dialects', format: 'flat' },
    { files: true },
    { shape: 'deep', count: 300 },
    { shape: 'wide', count: 300 },
  ])('%j', async (options) => {
    const { out, truth } = corpus(options);
    costAnswer(truth)(await answer('cost', '--by', 'user', out));
  });

  it('about the slowest traces and the one to show', async () => {
    const { out, truth } = corpus({});
    slowestAnswer(truth)(await answer('trace', 'list', '--pick', 'slowest', out));
    shownAnswer(truth)(await answer('trace', 'show', '--trace', truth.shown.trace, out));
  });

  it('and an answer that is wrong by one is found', async () => {
    const { out, truth } = corpus({});
    const right = await answer('cost', '--by', 'user', out);
    const [first, ...others] = truth.users;
    const wrong = { ...truth, users: [{ ...first!, pico: String(BigInt(first!.pico) + 1n) }, ...others] };
    expect(() => costAnswer(wrong)(right)).toThrow(/wrong answer: cost of user-/);
  });
});
