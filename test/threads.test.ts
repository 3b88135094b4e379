import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkThreads, sameThread, sameThreadUnpacker } from '../fuzz/threads.ts';
import { openInputs } from '../src/input/index.ts';
import { type StartReader, type StartUnpacker, startThread } from '../src/input/reader-thread.ts';
import type { FromThread } from '../src/input/thread/messages.ts';
import { load } from '../src/pipeline.ts';
import { createPriceBook } from '../src/pricing/index.ts';
import { run } from './agentobs.ts';
import { otlpSpan } from './input/reading.ts';
import { skippable, zstd } from './input/zstd.ts';

// Large inputs are read by another thread, up to rows of numbers. Whatever is in them, the answer is that of one thread.

const file = (name: string): Buffer => readFileSync(join(import.meta.dirname, '..', name));

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

describe('two threads', () => {
  it.each([
    ['requests', line(3)],
    ['a text that looks like a request', 'INFO {"resourceSpans":[]}'],
    ['a log line', 'starting up'],
    ['a request over several lines', JSON.stringify(JSON.parse(line(3)), undefined, 2)],
    ['a cut request', line(3).slice(0, 200)],
    ['a request of another kind', '{"resourceSpans":[{"deprecated":1}]}'],
    ['a failed span with an odd id', line(3, { spanId: 'odd', status: { code: 2, message: 'no' } })],
    ['a console dump', "{\n  traceId: 'x',\n  id: 'y',"],
    ['a NUL', '\u0000'],
    ['usage that is none', line(3, { attributes: [{ key: 'gen_ai.usage.input_tokens', value: {} }] })],
    [
      'a record of a container',
      JSON.stringify({ log: `${line(3)}\n`, stream: 'stdout', time: '2026-01-01T00:00:00Z' }),
    ],
    [
      'a log record',
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"5b8efff798038103d269b633813fc60c","body":{"stringValue":"x"}}]}]}]}',
    ],
    ['bytes that are no text', 'x\ufffd'],
  ])('say the same of %s', async (_, between) => {
    const bytes = Buffer.from([line(1), line(2), between, ...many(3, 4)].join('\r\n'));
    if (between.startsWith('x')) bytes[bytes.indexOf('x\ufffd')] = 0xff;
    await checkThreads([bytes], 'ts', 100);
  });

  it('say the same of a large document whose end is damaged: rows are taken back', async () => {
    const spans = Array.from({ length: 3000 }, (_, i) => otlpSpan(`step ${i % 4}`, i + 1));
    const text = JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] });
    await checkThreads([document(...many(3), text.slice(0, -20)), document(...many(2, 8))], 'wasm', 70_000);
  });

  it('say the same of several files, one of them of something else', async () => {
    const jaeger = file('fixtures/formats/jaeger/api.json');
    await checkThreads([document(...many(3)), jaeger, document(...many(2, 8), '{"x":1}')], 'ts', 999);
  });

  it.each([
    'fixtures/demo/team.jsonl',
    'fixtures/formats/otlp-json/sdk-2.12.jsonl',
    'fixtures/formats/otlp-json/odd-and-missing-ids.jsonl',
  ])('say the same of %s', async (name) => {
    await checkThreads([file(name)], 'wasm', 10_000);
  });
});

describe('two threads, packed input', () => {
  const text = document(...many(40));
  const gzip = gzipSync(text);
  const frames = Buffer.concat([zstd(text, 900, true), skippable, zstd(document(...many(3, 50)), 2000)]);
  const damaged = Buffer.from(frames);
  damaged.fill(0xff, 3000, 3100);
  const proto = file('fixtures/formats/otlp-proto/sdk-2.12.pb');

  it.each([
    ['gzip', gzip],
    ['gzip members, and zeros behind them', Buffer.concat([gzip, gzip, Buffer.alloc(99)])],
    ['gzip with something else behind it', Buffer.concat([gzip, Buffer.from('garbage')])],
    ['gzip that ends early', gzip.subarray(0, -20)],
    ['gzip that hardly begins', gzip.subarray(0, 12)],
    ['gzip in gzip', gzipSync(gzip)],
    ['zstd', frames],
    ['zstd that ends early', frames.subarray(0, -700)],
    ['zstd that is damaged, with more behind it', damaged],
    ['zstd in gzip', gzipSync(frames)],
    ['protobuf', gzipSync(proto)],
    ['a Jaeger document', gzipSync(file('fixtures/formats/jaeger/api.json'))],
    ['nothing', gzipSync('')],
  ])('say the same of %s', async (_, bytes) => {
    await checkThreads([bytes], 'wasm', 300);
    await checkThreads([bytes, gzip, text], 'ts', 100_000);
  });

  it('say the same of a bomb, and of more than is ever ahead', async () => {
    await checkThreads([gzipSync(Buffer.alloc(4_000_000, ' \n'))], 'wasm', 4000);
    await checkThreads([gzipSync(document(...many(2000)))], 'wasm', 50_000);
  });
});

describe('another thread', () => {
  let folder = '';
  let path = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'agentobs-threads-'));
    path = join(folder, 'a.jsonl');
    writeFileSync(path, document(...many(200)));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Spans of the answer, with somebody else who reads. */
  async function spansWith(reader: StartReader, name = path): Promise<number> {
    const stdin = createReadStream(path);
    const source = await openInputs([name], { stdin, once: true, threads: 2, scanner: 'ts', reader });
    const { input } = await load(source, { prices: createPriceBook(), costMode: 'auto' });
    return input.spans;
  }

  it('is started, of the built program', async () => {
    const heard: FromThread[] = [];
    const spans = await spansWith((order, hear, lost) =>
      startThread(
        order,
        (message) => {
          heard.push(message);
          hear(message);
        },
        lost,
      ),
    );
    expect(spans).toBe(200);
    expect(heard.at(-1)).toMatchObject({ finished: { sources: [{ spans: 200 }] } });
  });

  it.each(['file', 'pipe'])('that cannot start is done without: a %s', async (kind) => {
    const lost: StartReader = (_, __, tell) => {
      setImmediate(tell, undefined);
      return { say: () => undefined, stop: () => undefined };
    };
    expect(await spansWith(lost, kind === 'file' ? path : '-')).toBe(200);
  });

  it.each(['file', 'pipe'])('that the system refuses is done without: a %s', async (kind) => {
    const refused: StartReader = () => {
      throw new Error('no more threads');
    };
    expect(await spansWith(refused, kind === 'file' ? path : '-')).toBe(200);
  });

  it.each(['file', 'pipe'])('that finds little in it is done without: a %s', async (kind) => {
    const unfit: StartReader = (_, hear) => {
      setImmediate(hear, { unfit: true });
      return { say: () => undefined, stop: () => undefined };
    };
    expect(await spansWith(unfit, kind === 'file' ? path : '-')).toBe(200);
  });

  it('that fails half-way is an error, not half an answer', async () => {
    const failing: StartReader = (order, hear, lost) =>
      sameThread(
        order,
        (message) => {
          if (!('finished' in message)) hear(message);
          else lost(new Error('out of memory'));
        },
        lost,
      );
    await expect(spansWith(failing)).rejects.toThrow('out of memory');
  });

  describe('that unpacks', () => {
    const packed: string[] = [];
    beforeAll(() => {
      for (const first of [1, 1001]) {
        packed.push(join(folder, `packed-${first}.gz`));
        writeFileSync(packed.at(-1)!, gzipSync(document(...many(200, first))));
      }
    });

    async function spansUnpacked(unpacker: StartUnpacker): Promise<number> {
      const source = await openInputs(packed, { stdin: process.stdin, threads: 2, unpacker });
      const { input } = await load(source, { prices: createPriceBook(), costMode: 'auto' });
      return input.spans;
    }

    it('is started once', async () => {
      let started = 0;
      const counted: StartUnpacker = (hear, lost) => {
        started++;
        return sameThreadUnpacker(hear, lost);
      };
      expect(await spansUnpacked(counted)).toBe(400);
      expect(started).toBe(1);
    });

    it('is done without where it cannot start, or the system refuses it', async () => {
      const lost: StartUnpacker = (_, tell) => {
        setImmediate(tell, undefined);
        return { say: () => undefined, stop: () => undefined };
      };
      expect(await spansUnpacked(lost)).toBe(400);
      const refused: StartUnpacker = () => {
        throw new Error('no more threads');
      };
      expect(await spansUnpacked(refused)).toBe(400);
    });

    it('is an error where it fails half-way', async () => {
      const failing: StartUnpacker = (hear, lost) =>
        sameThreadUnpacker((message) => {
          if (!('over' in message)) hear(message);
          else lost(new Error('out of memory'));
        }, lost);
      await expect(spansUnpacked(failing)).rejects.toThrow('out of memory');
    });
  });

  it('gives the same answers of the command line, details among them', async () => {
    const packed = join(folder, 'a.jsonl.gz');
    writeFileSync(packed, gzipSync(readFileSync(path)));
    for (const words of ['cost --by user,model', 'trace list', 'trace show --pick costliest']) {
      for (const name of [path, packed]) {
        const args = ['bin/agentobs.js', ...words.split(' '), name, '--format', 'json', '--no-config'];
        const answers = [];
        for (const threads of ['1', '2'])
          answers.push(await run(process.execPath, args, { env: { AGENTOBS_THREADS: threads } }));
        expect(answers[1]).toEqual(answers[0]);
        expect(answers[0]!.code).toBe(0);
      }
    }
  });

  it('reads what comes through a pipe', async () => {
    const args = ['bin/agentobs.js', 'cost', '--format', 'json', '--no-config'];
    const child = spawn(process.execPath, args, { env: { ...process.env, AGENTOBS_THREADS: '2' } });
    createReadStream(path).pipe(child.stdin);
    let out = '';
    for await (const chunk of child.stdout) out += chunk;
    expect(JSON.parse(out)).toMatchObject({ input: { spans: 200 } });
  });

  it.skipIf(process.platform === 'win32')('reads on from a pipe of the shell by itself', async () => {
    const large = join(folder, 'large.jsonl');
    writeFileSync(large, document(...many(30_000)));
    const command = `cat '${large}' | '${process.execPath}' bin/agentobs.js cost --by user --format json --no-config`;
    const answers = [];
    for (const threads of ['1', '2'])
      answers.push(await run('sh', ['-c', command], { env: { AGENTOBS_THREADS: threads } }));
    expect(answers[1]).toEqual(answers[0]);
    expect(JSON.parse(answers[0]!.stdout)).toMatchObject({ input: { spans: 30_000 } });
  });

  it('is not asked for where there is little to read, where somebody sees every span, nor where no rows can be', async () => {
    const options = { prices: createPriceBook(), costMode: 'auto' } as const;
    let asked = 0;
    const reader: StartReader = (order, hear, lost) => {
      asked++;
      return sameThread(order, hear, lost);
    };
    const one = await openInputs([path], { stdin: process.stdin, reader });
    expect((await load(one, options)).input.spans).toBe(200);
    const two = await openInputs([path], { stdin: process.stdin, threads: 2, reader });
    expect((await load(two, { ...options, observe: () => undefined })).input.spans).toBe(200);
    const three = await openInputs([path], {
      stdin: process.stdin,
      threads: 2,
      reader,
      inputFormat: 'zipkin',
    });
    expect((await load(three, options)).input.spans).toBe(0);
    expect(asked).toBe(0);
  });

  it('tells how far it is', async () => {
    const told: number[] = [];
    const source = await openInputs([path], {
      stdin: process.stdin,
      threads: 2,
      reader: sameThread,
      onProgress: (bytes) => told.push(bytes),
    });
    await load(source, { prices: createPriceBook(), costMode: 'auto' });
    expect(told.at(-1)).toBe(readFileSync(path).length);
  });
});
