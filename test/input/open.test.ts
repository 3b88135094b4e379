import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alternatives } from '../../src/input/glob.ts';
import { INPUT_FORMATS, openInputs } from '../../src/input/index.ts';
import { resolveInputs } from '../../src/input/resolve.ts';
import { Spool } from '../../src/input/spool.ts';
import { EVERYTHING, UserError } from '../../src/model/index.ts';
import { consoleLines, otlp } from './reading.ts';

const folder = mkdtempSync(join(tmpdir(), 'agentobs-open-'));
const at = (name: string) => join(folder, name);
const write = (name: string, content: string) => {
  mkdirSync(join(at(name), '..'), { recursive: true });
  writeFileSync(at(name), content);
};
const line = (name: string) => `${JSON.stringify(otlp(name))}\n`;
const nothing = () => Readable.from([]);

beforeAll(() => {
  write('a.jsonl', line('a'));
  write('b.jsonl', line('b'));
  write('c.log', consoleLines('c').join('\n'));
  write('logs/2026/d.json', line('d'));
  write('logs/README.md', '# Notes\n{ "a": 1 }\n');
  write('logs/picture.png', 'PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe');
  write('logs/cut.json', line('x').slice(0, -50));
  write('logs/.hidden/h.json', line('h'));
  write('logs/node_modules/n.json', line('n'));
  write('[odd] {name}*.json', line('odd'));
  mkdirSync(at('none'));
  symlinkSync(at('logs'), at('logs/2026/loop'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function readAll(inputs: readonly string[], options: Partial<Parameters<typeof openInputs>[1]> = {}) {
  const source = await openInputs(inputs, { stdin: nothing(), ...options });
  const once = async () => {
    const names: string[] = [];
    const skipped: Record<string, [number, string]> = {};
    const sources = await source.read(
      {
        span: (span) => names.push(span.name),
        log: () => undefined,
        skip: (reason, place, count = 1) => {
          const known = skipped[reason];
          skipped[reason] = [
            count + (known?.[0] ?? 0),
            known?.[1] ?? `${relative(folder, place.source)}:${place.line}`,
          ];
        },
        warn: () => undefined,
      },
      EVERYTHING,
    );
    return { names, skipped, sources };
  };
  const first = await once();
  const again = await once();
  await source.close();
  expect(again).toEqual(first);
  return first;
}

const refusal = async (inputs: readonly string[], options = {}): Promise<UserError> => {
  try {
    await openInputs(inputs, { stdin: nothing(), ...options });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

describe('inputs', () => {
  it('are files in the order of their names on the command line, each of them once', async () => {
    const { names, sources } = await readAll([at('b.jsonl'), at('a.jsonl'), at('./b.jsonl'), at('*.jsonl')]);
    expect(names).toEqual(['b', 'a']);
    expect(sources.map(({ name }) => relative(folder, name))).toEqual(['b.jsonl', 'a.jsonl']);
    expect(sources[0]).toMatchObject({
      format: 'otlp-json',
      bytes: line('b').length,
      spans: 1,
      logs: 0,
      skipped: 0,
    });
  });

  it('are folders with all that is in them, telemetry or not', async () => {
    const { names, skipped, sources } = await readAll([`${at('logs')}/`]);
    expect(names).toEqual(['d']);
    expect(skipped).toEqual({ truncated: [1, 'logs/cut.json:1'], unknown_file: [2, 'logs/README.md:1'] });
    expect(sources.map(({ name }) => relative(folder, name))).toEqual(['logs/2026/d.json', 'logs/cut.json']);
  });

  it('are globs', async () => {
    const found = async (pattern: string) => (await readAll([at(pattern)])).names.join('');
    expect(await found('*.jsonl')).toBe('ab');
    expect(await found('[ab].jsonl')).toBe('ab');
    expect(await found('[!b-z].jsonl')).toBe('a');
    expect(await found('?.*')).toBe('abc');
    expect(await found('{a,c}.{jsonl,log}')).toBe('ac');
    expect(await found('**/d.json')).toBe('d');
    expect(await found('**/*.json')).toBe('oddd');
    expect(await found('logs/**')).toBe('d');
    expect(await found('l*/2*')).toBe('d');
    expect(await found('logs/.h*/*')).toBe('h');
    expect(await found('[odd] {name}*.json')).toBe('odd');
  });

  it('are a folder of thousands by name, however they came to be there, each file once', async () => {
    const names = Array.from({ length: 2100 }, (_, i) => `many/${i % 3}/${(i * 7919) % 2100}.json`);
    for (const name of names) write(name, '');
    symlinkSync(at('many/0/0.json'), at('many/0/a link.json'));
    symlinkSync(at('many/1'), at('many/9'));
    const resolved = await resolveInputs([at('many/2/*'), at('many'), at('many/**')]);
    const found = resolved.map((input) => relative(at('many'), input.name));
    const sorted = (folder: string) =>
      names
        .filter((name) => name.startsWith(`many/${folder}`))
        .map((name) => name.slice(5))
        .sort();
    expect(found).toEqual([...sorted('2'), ...sorted('0'), ...sorted('1')]);
    expect(resolved.map((input) => input.kind === 'file' && input.member)).toEqual(
      found.map((name) => !name.startsWith('2/')),
    );
  });

  it('know alternatives in alternatives, and not without end', () => {
    expect([...alternatives('{a,b{c,d}}e')].sort()).toEqual(['ae', 'bce', 'bde']);
    expect(alternatives('{a}')).toEqual(['{a}']);
    expect(alternatives('{a,b}'.repeat(40)).length).toBeLessThanOrEqual(1000);
  });

  it('are standard input, which can be read again', async () => {
    for (const inputs of [[], ['-'], ['-', '-']]) {
      const stdin = Readable.from([Buffer.from(line('a').slice(0, 9)), line('a').slice(9)]);
      const { names, sources } = await readAll(inputs, { stdin });
      expect(names).toEqual(['a']);
      expect(sources).toMatchObject([{ name: 'stdin', spans: 1, bytes: line('a').length }]);
    }
  });

  it('are pipes that have a name', async ({ skip }) => {
    skip(process.platform === 'win32', 'no named pipes');
    execFileSync('mkfifo', [at('pipe')]);
    execFileSync('sh', ['-c', `cat '${at('a.jsonl')}' > '${at('pipe')}' &`], { stdio: 'ignore' });
    expect((await readAll([at('pipe')])).names).toEqual(['a']);
    rmSync(at('pipe'));
  });

  it('that are not there, hold nothing or are closed to us are refused', async ({ skip }) => {
    expect((await refusal([at('nope.json')])).message).toMatch(/nope\.json: no such file/);
    expect((await refusal([at('*.nope')])).message).toMatch(/\*\.nope: no file matches/);
    expect((await refusal([at('none')])).message).toMatch(/none: no files/);
    chmodSync(at('b.jsonl'), 0);
    skip(process.getuid?.() === 0, 'nothing is closed to root');
    expect((await refusal([at('b.jsonl')])).message).toMatch(/b\.jsonl: no permission/);
  });

  it('can be held to one format', async () => {
    const inputs = [at('a.jsonl'), at('c.log')];
    expect((await readAll(inputs, { inputFormat: 'js-console' })).names).toEqual(['c']);
    const error = await refusal(inputs, { inputFormat: 'js-consol' });
    expect(error.hint).toMatch(/Did you mean js-console\?.*agentobs formats/);
    expect(INPUT_FORMATS).toContain('otlp-json');
  });

  it('tell how far they are', async () => {
    const told: (readonly [number, number | undefined])[] = [];
    const total = line('a').length + line('b').length;
    const source = await openInputs([at('a.jsonl'), at('b.jsonl')], {
      stdin: nothing(),
      onProgress: (bytes, of) => told.push([bytes, of]),
    });
    await source.read(
      { span: () => undefined, log: () => undefined, skip: () => undefined, warn: () => undefined },
      EVERYTHING,
    );
    expect(told).toEqual([
      [line('a').length, total],
      [total, total],
    ]);
  });
});

describe('a stream kept aside', () => {
  it('is read again from memory and from a file without a name', async () => {
    const chunks = Array.from({ length: 40 }, (_, i) => Buffer.alloc(100, i));
    const before = readdirSync(tmpdir()).length;
    const spool = new Spool(Readable.from(chunks), 1000);
    const collect = async () => {
      const parts: Buffer[] = [];
      for await (const chunk of spool.read()) parts.push(Buffer.from(chunk));
      return Buffer.concat(parts);
    };
    const partial = spool.read();
    for (let i = 0; i < 15; i++) await partial.next();
    expect(await collect()).toEqual(Buffer.concat(chunks));
    expect(await collect()).toEqual(Buffer.concat(chunks));
    expect(readdirSync(tmpdir()).length).toBeLessThanOrEqual(before);
    await spool.close();
  });
});
