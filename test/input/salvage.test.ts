import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consoleLines, otlp, otlpSpan, read } from './reading.ts';

const json = (value: unknown) => JSON.stringify(value);
const line = (name: string) => json(otlp(name));

describe('damaged input', () => {
  it('keeps whole lines before and after one that was cut', async () => {
    const cut = line('x').slice(0, -30);
    expect(await read(`${line('a')}\n${cut}\n${line('b')}\n`)).toMatchObject({
      names: ['a', 'b'],
      skipped: { truncated: [1, 2] },
    });
    expect(await read(`${line('a')}\n${cut}`)).toMatchObject({
      names: ['a'],
      skipped: { truncated: [1, 2] },
    });
  });

  it('keeps what is whole in a cut line', async () => {
    const cut = json(otlp('a', 'b', 'c')).slice(0, -40);
    expect(await read(cut)).toMatchObject({ names: ['a', 'b'], skipped: { truncated: [1, 1] } });
  });

  it('finds the record of a writer that began again in the line where it had died', async () => {
    for (const end of [40, 100, 200, 300]) {
      const { names, skipped } = await read(`${line('x').slice(0, end)}${line('a')}\n${line('b')}`);
      expect(names).toEqual(['a', 'b']);
      expect(skipped).toEqual({ truncated: [1, 1] });
    }
  });

  it('reads past cuts at any place of a compact line', async () => {
    const whole = line('x');
    for (let end = 1; end < whole.length; end++) {
      const { names } = await read(`${whole.slice(0, end)}\n${line('a')}\n${line('b')}\n`);
      // The span may be whole before its request is.
      expect(names.slice(names[0] === 'x' ? 1 : 0), whole.slice(0, end)).toEqual(['a', 'b']);
    }
  });

  it('keeps the good spans of a document with one that is no JSON', async () => {
    const text = json(otlp('a', 'b', 'c')).replace('"name":"b"', '"name":"b" "x"');
    const { names, skipped } = await read(text);
    expect(names).toEqual(['a', 'c']);
    expect(skipped).toEqual({ invalid_json: [1, 1] });
    expect((await read(text, { limits: { split: 50, hold: 1 << 20 } })).names).toEqual(['a', 'c']);
  });

  it('finds a request that a logger put into JSON without escaping it', async () => {
    expect((await read(`{"level":"info","msg":"sent ${line('a')}"}`)).names).toEqual(['a']);
  });

  it('steps over NULs and counts each run', async () => {
    const { names, skipped } = await read(`${line('a')}\n${'\0'.repeat(5000)}${line('b')}\n${line('c')}`);
    expect(names).toEqual(['a', 'b', 'c']);
    expect(skipped).toEqual({ nul_bytes: [1, 2] });
  });

  it('shows bytes that are not UTF-8 as U+FFFD', async () => {
    const bytes = Buffer.from(line('a\u00e9b'), 'latin1');
    const { names, skipped } = await read(bytes);
    expect(names).toEqual(['a\ufffdb']);
    expect(skipped).toEqual({ invalid_utf8: [1, 1] });
    expect((await read(line('漢字 🚀'.repeat(2000)))).names).toEqual(['漢字 🚀'.repeat(2000)]);
  });

  it('says what it could not hold', async () => {
    const spans = [otlpSpan('a'), { ...otlpSpan('b'), attributes: ['x'.repeat(9000)] }, otlpSpan('c')];
    const text = json({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans }] }] });
    const limits = { split: 1000, hold: 4000 };
    expect(await read(text, { limits, chunk: 100 })).toMatchObject({
      names: ['a', 'c'],
      skipped: { too_large: [1, 1] },
    });
    const plain = `${line('a')}\n${'x'.repeat(9000)}\n${line('b')}`;
    expect(await read(plain, { limits })).toMatchObject({
      names: ['a', 'b'],
      skipped: { too_large: [1, 2] },
    });
  });

  it('names packings that are not read', async () => {
    expect((await read('PK\x03\x04 zip')).skipped).toEqual({ unsupported: [1, 1] });
  });

  it('never fails, however it is damaged and however it is cut into chunks', async () => {
    const parts = fc.constantFrom(
      line('a'),
      line('b').slice(0, 200),
      json(otlp('c')),
      JSON.stringify(otlp('d'), null, 2),
      consoleLines('e').join('\n'),
      consoleLines('f').slice(0, 7).join('\n'),
      ...consoleLines('g'),
      `2026-11-21T02:40:20Z stdout P ${line('h').slice(0, 50)}`,
      `2026-11-21T02:40:20Z stdout F ${line('h').slice(50)}`,
      json({ log: `${line('i')}\n`, stream: 'stdout', time: '' }),
      json({ msg: '{' }),
      '{',
      '}',
      '[',
      '{"resourceSpans":[',
      '"a": 1,',
      '\0\0',
      '\x1b[31m',
      '\x1e',
      '\\',
      '"',
      "'",
      '\xff',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(parts, fc.constantFrom('\n', '\n', '\n  ', '', '\r\n')), { maxLength: 12 }),
        fc.integer({ min: 1, max: 300 }),
        async (pieces, chunk) => {
          const bytes = Buffer.from(pieces.flat().join(''), 'latin1');
          const whole = await read(bytes);
          expect(await read(bytes, { chunk })).toEqual(whole);
          await read(bytes, { limits: { split: 60, hold: 500 }, chunk });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never fails on bytes of any kind', async () => {
    const magic = fc.constantFrom(
      '',
      '1f8b08',
      '28b52ffd',
      '0a',
      '0000000528b52ffd',
      'fffe',
      'feff',
      'efbbbf',
      '1e',
    );
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 200 }), async (head, tail) => {
        const { names } = await read(Buffer.concat([Buffer.from(head, 'hex'), tail]));
        expect(names).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('goes through hostile lines in linear time', { timeout: 60_000 }, async () => {
    const size = 400_000;
    const hostile = [
      '{'.repeat(size),
      '{"a":'.repeat(size / 5),
      '{"a"'.repeat(size / 4),
      '\x1b]'.repeat(size / 2),
      '"{\\"'.repeat(size / 4),
      '"{""'.repeat(size / 4),
      `{"trace_id":"${'\\'.repeat(size)}`,
      `x ${'{a} '.repeat(size / 4)}`,
      `${'{\n'.repeat(size / 40)}`,
      `${'a: {\n  b\n'.repeat(size / 40)}`,
      '\x1e{'.repeat(size / 40),
      '{"a":[\n'.repeat(size / 40),
      '{"trace_id":["x",\n{"trace_id":1}\n'.repeat(size / 40),
      `{"trace_id":"${'x'.repeat(60)}","a":[\n`.repeat(size / 80),
      `{\n  "trace_id":\n  ${'\r'.repeat(size)}x\n}`,
      `${'1 '.repeat(100)}{\n${'1 '.repeat(size / 2)}`,
      `{"log":${json(`{"log":${json('{'.repeat(size / 8))}`)},"stream":"stdout"}`,
    ];
    for (const text of hostile) {
      expect((await read(text)).spans, text.slice(0, 30)).toHaveLength(0);
    }
  });

  it('is told when it is compressed', async () => {
    const packed = gzipSync(`${line('a')}\n${line('b')}\n`);
    expect(await read(packed.subarray(0, -4))).toMatchObject({
      names: ['a', 'b'],
      skipped: { compression: [1, 3] },
    });
  });
});
