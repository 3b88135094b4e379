import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CutFiles, checkCuts, sameThread } from '../fuzz/cuts.ts';
import { Random } from '../fuzz/random.ts';
import { cutOf, documentAt } from '../src/input/cut.ts';
import { openInputs } from '../src/input/index.ts';
import { type AheadOrder, readAhead, type StartAhead, startThread } from '../src/intake/index.ts';
import { load } from '../src/pipeline.ts';
import { createPriceBook } from '../src/pricing/index.ts';
import { run } from './agentobs.ts';
import { otlpSpan } from './input/reading.ts';

// The end of large inputs is read by another thread. Whatever stands where it begins, the answer is that of one thread.

const file = (name: string): Buffer => readFileSync(join(import.meta.dirname, '..', name));
const lines = (bytes: Buffer): number[] => [...bytes.keys()].filter((at) => at > 0 && bytes[at - 1] === 0x0a);

/** Each cut of these files that was tried, and how often what was read ahead was taken. */
async function takenAt(files: readonly Buffer[], cuts: readonly number[], input = 0): Promise<number> {
  const tried = new CutFiles(files, 'ts');
  try {
    for (const offset of cuts) await tried.check({ input, offset });
    return tried.taken;
  } finally {
    tried.remove();
  }
}

const line = (id: number, more: object = {}): string => {
  const attributes = [
    { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
    { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } },
    { key: 'gen_ai.usage.input_tokens', value: { intValue: String(id * 10) } },
    { key: 'gen_ai.response.id', value: { stringValue: `chatcmpl-0123456789${id % 5}` } },
    { key: 'user.id', value: { stringValue: `üser ${id % 3}` } },
  ];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: `s${id % 2}` } }] };
  const spans = [{ ...otlpSpan(`step ${id % 4}`, id), attributes, ...more }];
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'lib' }, spans }] }] });
};
const many = (count: number, first = 1): string[] => Array.from({ length: count }, (_, i) => line(first + i));
const document = (...of: string[]): Buffer => Buffer.from(`${of.join('\n')}\n`);

describe('reading from two places', () => {
  it('is taken at every line of requests', async () => {
    const bytes = document(...many(12));
    const cuts = lines(bytes);
    expect(await takenAt([bytes], cuts)).toBe(cuts.length);
  });

  it('says the same wherever it begins', async () => {
    const bytes = document(
      line(1),
      line(2, { links: [{ traceId: '5b8efff798038103d269b633813fc60c', spanId: '0000000000000001' }] }),
      line(3, { name: 'a\n{"resourceSpans":[]}' }),
      line(4, { spanId: 'odd', status: { code: 2, message: 'no' } }),
    );
    const places = [...bytes.keys()].filter((at) => at % 29 === 1);
    expect(await takenAt([bytes], [...lines(bytes), ...places])).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['a text that looks like a request', 'INFO {"resourceSpans":[]}'],
    ['a log line', 'starting up'],
    ['a request with blanks before it', ` ${line(3)}`],
    ['a request over several lines', JSON.stringify(JSON.parse(line(3)), undefined, 2)],
    ['a cut request', line(3).slice(0, 200)],
    ['a request of another kind', '{"resourceSpans":[{"deprecated":1}]}'],
    ['a console dump', "{\n  traceId: 'x',\n  id: 'y',"],
    ['an open bracket', '{'],
    ['an open list', '['],
    ['a NUL', '\u0000'],
    ['usage that is none', line(3, { attributes: [{ key: 'gen_ai.usage.input_tokens', value: {} }] })],
    [
      'a record of a container',
      JSON.stringify({ log: `${line(3)}\n`, stream: 'stdout', time: '2026-01-01T00:00:00Z' }),
    ],
    [
      'a piece of one',
      JSON.stringify({ log: line(3).slice(0, 50), stream: 'stdout', time: '2026-01-01T00:00:00Z' }),
    ],
    ['a line of a process', '2026-01-01T00:00:00.000000000Z stdout P {"resourceSpans":['],
    ['a log record', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}}]}]}]}'],
    ['a carriage return', `${line(3)}\r`],
    ['bytes that are no text', 'x\ufffd'],
  ])('says the same on both sides of %s', async (_, between) => {
    for (const feed of ['\n', '\r\n']) {
      const bytes = Buffer.from([line(1), line(2), between, ...many(3, 4)].join(feed));
      if (between.startsWith('x')) bytes[bytes.indexOf('x\ufffd')] = 0xff;
      await takenAt([bytes], lines(bytes).slice(1, 5));
    }
  });

  it('says the same of several files, cut or not', async () => {
    const files = [document(...many(3)), document(...many(4, 4), 'text'), document(...many(2, 8), '{"x":1}')];
    for (const input of [1, 2]) expect(await takenAt(files, [0], input)).toBe(1);
    expect(await takenAt(files, lines(files[1]!), 1)).toBe(4);
  });

  it.each([
    'fixtures/demo/team.jsonl',
    'fixtures/formats/otlp-json/sdk-2.12.jsonl',
    'fixtures/formats/otlp-json/odd-and-missing-ids.jsonl',
  ])('of %s', async (name) => {
    const bytes = file(name);
    await takenAt([bytes], new Random(1).shuffled(lines(bytes)).slice(0, 12));
  });

  it('keeps quiet about files that are no text, or not all of them spans', async () => {
    const log = document('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}}]}]}]}');
    expect(await takenAt([document(...many(2)), log], [0], 1)).toBe(0);
  });

  it('in random documents', async () => {
    const random = new Random(11);
    let taken = 0;
    for (let round = 0; round < 3; round++) {
      const bytes = document(...random.shuffled([...many(5), 'text', '{', '', line(2), `\t${line(9)}`]));
      taken += await checkCuts(bytes, round % 2 === 0 ? 'ts' : 'wasm', random, 5);
    }
    expect(taken).toBeGreaterThan(0);
  });
});

describe('a second reader', () => {
  let folder = '';
  let path = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'agentobs-threads-'));
    path = join(folder, 'a.jsonl');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Spans of the answer, with somebody else who reads ahead. */
  async function spansWith(start: StartAhead): Promise<number> {
    const source = await openInputs([path], { stdin: process.stdin, threads: 2, scanner: 'ts' });
    const options = { prices: createPriceBook(), costMode: 'auto', readAhead: start } as const;
    const { input } = await load(source, options);
    return input.spans;
  }

  const once =
    (change: () => void): StartAhead =>
    (order, onProgress) => ({
      result: Promise.resolve()
        .then(change)
        .then(() => readAhead(order, onProgress)),
      stop: () => undefined,
    });

  it('that fails is done without', async () => {
    writeFileSync(path, document(...many(9)));
    expect(await spansWith(() => ({ result: Promise.resolve(undefined), stop: () => undefined }))).toBe(9);
  });

  it('is another thread, of the built program', async () => {
    writeFileSync(path, document(...many(9)));
    const asked: AheadOrder[] = [];
    const found: unknown[] = [];
    const spans = await spansWith((order, onProgress) => {
      asked.push(order);
      const { result, stop } = startThread(order, onProgress);
      return { stop, result: result.finally(() => result.then((told) => found.push(told))) };
    });
    expect(spans).toBe(9);
    expect(asked.map(({ task }) => task.offset)).toEqual([expect.any(Number)]);
    expect(found).toMatchObject([{ table: { length: expect.any(Number) } }]);
  });

  it('that cannot load anything is done without', async () => {
    writeFileSync(path, document(...many(9)));
    const lost: StartAhead = (order, onProgress) =>
      startThread({ ...order, task: { ...order.task, files: [] } }, onProgress);
    expect(await spansWith(lost)).toBe(9);
  });

  it('reads what has grown since as one file or the other, never half', async () => {
    writeFileSync(path, document(...many(9)));
    expect(await spansWith(once(() => appendFileSync(path, document(...many(2, 20)))))).toBe(11);
  });

  it('knows nothing of what was cut off since', async () => {
    const bytes = document(...many(9));
    writeFileSync(path, bytes);
    const [first] = lines(bytes);
    expect(await spansWith(once(() => truncateSync(path, first)))).toBeLessThanOrEqual(9);
  });

  it('gives the same answers of the command line, details among them', async () => {
    writeFileSync(path, document(...many(200)));
    for (const words of ['cost --by user,model', 'trace list', 'trace show --pick costliest']) {
      const args = ['bin/agentobs.js', ...words.split(' '), path, '--format', 'json', '--no-config'];
      const answers = [];
      for (const threads of ['1', '2'])
        answers.push(await run(process.execPath, args, { env: { AGENTOBS_THREADS: threads } }));
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[0]!.code).toBe(0);
    }
  });

  it('is not asked for where there is little to read, nor where somebody sees every span', async () => {
    writeFileSync(path, document(...many(9)));
    const options = { prices: createPriceBook(), costMode: 'auto' } as const;
    const never: StartAhead = () => {
      throw new Error('nobody asked');
    };
    const one = await openInputs([path], { stdin: process.stdin });
    expect((await load(one, { ...options, readAhead: never })).input.spans).toBe(9);
    const two = await openInputs([path], { stdin: process.stdin, threads: 2 });
    const observe = () => undefined;
    expect((await load(two, { ...options, readAhead: never, observe })).input.spans).toBe(9);
  });

  it('tells how far it is', async () => {
    writeFileSync(path, document(...many(9)));
    const told: number[] = [];
    const source = await openInputs([path], {
      stdin: process.stdin,
      threads: 2,
      onProgress: (_, __, ahead) => told.push(ahead),
    });
    const options = { prices: createPriceBook(), costMode: 'auto', readAhead: sameThread } as const;
    await load(source, options);
    expect(Math.max(...told)).toBeGreaterThan(0);
  });
});

describe('a cut', () => {
  it('is where a line with a request begins', () => {
    expect(documentAt(Buffer.from('{"resourceSpans":[]}\n{"resourceSpans":[]}'))).toBe(21);
    expect(documentAt(Buffer.from('x\r\n {\n  "resourceSpans": []'))).toBe(3);
    expect(documentAt(Buffer.from('"\\n{\\"resourceSpans\\":[]}", {"resourceSpans":[]}'))).toBeUndefined();
  });

  it('is beside the file in which the middle lies, where it is small', () => {
    const files = [5, 2, 9, 4].map((size, i) => ({
      kind: 'file' as const,
      name: `${i}`,
      path: `${i}`,
      size,
      member: false,
    }));
    expect(cutOf(files, 10)).toEqual({ input: 2, offset: 0 });
    expect(cutOf(files, 15)).toEqual({ input: 3, offset: 0 });
    expect(cutOf(files, 1)).toBeUndefined();
    expect(cutOf(files, 19)).toBeUndefined();
  });
});
