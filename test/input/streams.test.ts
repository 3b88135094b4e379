import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { otlp, read } from './reading.ts';
import { skippable, zstd } from './zstd.ts';

const json = (value: unknown) => JSON.stringify(value);
const text = `${json(otlp('a'))}\n${json(otlp('b', 'c'))}\n`;

const prefixed = (...messages: Buffer[]) =>
  Buffer.concat(
    messages.flatMap((message) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(message.length);
      return [length, message];
    }),
  );

const field = (number: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content);
  const length: number[] = [];
  for (let left = bytes.length; ; left >>>= 7) {
    length.push(left < 128 ? left : (left & 127) | 128);
    if (left < 128) break;
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
};
/** One `resource_spans` of a protobuf request. */
const proto = (name: string) => {
  const span = Buffer.concat([
    field(1, Buffer.alloc(16, 7)),
    field(2, Buffer.alloc(8, name.charCodeAt(0))),
    field(5, name),
  ]);
  return field(1, Buffer.concat([field(1, ''), field(2, Buffer.concat([field(1, ''), field(2, span)]))]));
};

const utf16be = (value: string) => Buffer.from(value, 'utf16le').swap16();
const names = ['a', 'b', 'c'];

describe('streams of bytes', () => {
  it.each([
    ['plain', Buffer.from(text)],
    ['gzip', gzipSync(text)],
    ['gzip members one after another', Buffer.concat(text.match(/.+\n/g)!.map((line) => gzipSync(line)))],
    ['gzip padded with zeros', Buffer.concat([gzipSync(text), Buffer.alloc(600)])],
    ['gzip in gzip', gzipSync(gzipSync(text))],
    ['zstd', zstd(Buffer.from(text))],
    ['zstd with a checksum', zstd(Buffer.from(text), 1000, true)],
    [
      'zstd frames one after another',
      Buffer.concat([
        skippable,
        ...text.match(/.{1,50}\n?/g)!.map((part) => zstd(Buffer.from(part), 9, true)),
        skippable,
      ]),
    ],
    ['zstd in gzip', gzipSync(zstd(Buffer.from(text)))],
    ['a UTF-8 byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16BE with a mark', utf16be(`\ufeff${text}`)],
    ['UTF-16LE without one', Buffer.from(text, 'utf16le')],
    ['UTF-16BE without one', utf16be(text)],
    ['CRLF', Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['without a last line feed', Buffer.from(text.trimEnd())],
    ['RFC 7464', Buffer.from(text.replaceAll(/^/gm, '\x1e'))],
    [
      'a JSON text sequence of pretty documents',
      Buffer.from([otlp('a'), otlp('b', 'c')].map((one) => `\x1e${JSON.stringify(one, null, 2)}\n`).join('')),
    ],
    [
      'the collector, zstd',
      prefixed(
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => zstd(Buffer.from(line))),
      ),
    ],
    [
      'the collector, JSON',
      prefixed(
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => Buffer.from(line)),
      ),
    ],
    ['the collector, protobuf', prefixed(proto('a'), Buffer.concat([proto('b'), proto('c')]))],
    [
      'the collector, protobuf in zstd',
      prefixed(zstd(proto('a')), zstd(Buffer.concat([proto('b'), proto('c')]))),
    ],
    ['protobuf', Buffer.concat([proto('a'), proto('b'), proto('c')])],
    ['protobuf in gzip', gzipSync(Buffer.concat([proto('a'), proto('b'), proto('c')]))],
  ])('%s', async (_, bytes) => {
    const whole = await read(bytes);
    expect(whole.names).toEqual(names);
    expect(whole.skipped).toEqual({});
    for (const chunk of [1, 7, 100]) expect(await read(bytes, { chunk })).toEqual(whole);
  });

  it('are text where a line feed only looks like protobuf', async () => {
    for (const head of ['\n', '\n\n\n', '\n{"x":1}\n', '\n\x12\x0a ']) {
      expect((await read(`${head}\n${text}`)).names).toEqual(names);
    }
    expect(await read('\n\n  \r\n')).toMatchObject({ names: [], skipped: {} });
  });

  it('that end early keep what came before', async () => {
    const bytes = gzipSync(Buffer.concat([Buffer.from(text), Buffer.from(json(otlp('d')))]));
    expect(await read(bytes.subarray(0, -9))).toMatchObject({ skipped: { compression: [1, 3] } });
    const frames = Buffer.concat([zstd(Buffer.from(text)), zstd(Buffer.from('{}'))]);
    expect(await read(frames.subarray(0, -1))).toMatchObject({ names, skipped: { compression: [1, 3] } });
    expect(await read(frames.subarray(0, frames.length - 12))).toMatchObject({ names });
    const messages = prefixed(
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => Buffer.from(line)),
    );
    expect(await read(messages.subarray(0, -5))).toMatchObject({ names: ['a'] });
    expect((await read(messages.subarray(0, -5))).skipped['truncated']?.[0]).toBe(1);
    const fields = Buffer.concat([proto('a'), proto('b')]);
    expect(await read(fields.subarray(0, -3))).toMatchObject({ names: ['a'] });
    expect((await read(fields.subarray(0, -3))).skipped).toEqual({ truncated: [1, proto('a').length] });
  });

  it('that are damaged inside are told so', async () => {
    const frame = zstd(Buffer.from(text));
    frame[9] = 0xff;
    frame[10] = 0xff;
    expect((await read(frame)).skipped).toMatchObject({ compression: [1, 1] });
    const window = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0, 0, 0]);
    expect((await read(window)).skipped).toEqual({ compression: [1, 1] });
    const messages = prefixed(
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 9, 9, 9, 9, 9]),
      zstd(Buffer.from(json(otlp('a')))),
    );
    expect(await read(messages)).toMatchObject({ names: ['a'], skipped: { compression: [1, 0] } });
    const garbage = Buffer.concat([gzipSync(text), Buffer.from('garbage')]);
    const behind = await read(garbage);
    expect(behind.names).toContain('a');
    expect(behind.skipped).toMatchObject({ compression: [1, 2] });
  });

  it('are not held beyond the limit', async () => {
    const messages = prefixed(Buffer.from(json(otlp('x'.repeat(5000)))), Buffer.from(json(otlp('a'))));
    const limits = { split: 1000, hold: 2000 };
    expect(await read(messages, { limits })).toMatchObject({ names: ['a'], skipped: { too_large: [1, 0] } });
    const fields = Buffer.concat([proto('x'.repeat(5000)), proto('a')]);
    expect(await read(fields, { limits })).toMatchObject({ names: ['a'], skipped: { too_large: [1, 0] } });
  });
});
