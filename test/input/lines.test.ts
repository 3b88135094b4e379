import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../../src/input/lines.ts';

/** Lines with their numbers; pieces of long ones are joined and marked. */
function linesOf(bytes: Buffer, chunk: number, limit = 1 << 20): string[] {
  const told: string[] = [];
  const reader = new LineReader(
    {
      line: (all, start, end, number) => told.push(`${number}:${all.toString('latin1', start, end)}`),
      long: (number) => {
        const pieces: string[] = [];
        return {
          push: (piece) => pieces.push(piece.toString('latin1')),
          end: () => told.push(`${number} long:${pieces.join('')}`),
        };
      },
      nuls: (number) => told.push(`${number} nuls`),
      release: () => undefined,
    },
    limit,
  );
  const memory = Buffer.alloc(chunk);
  for (let from = 0; from < bytes.length; from += chunk) {
    const length = bytes.copy(memory, 0, from, from + chunk);
    reader.push(memory.subarray(0, length));
  }
  reader.end();
  return told;
}

const text = (value: string, chunk = 1024, limit?: number) => linesOf(Buffer.from(value), chunk, limit);

describe('lines', () => {
  it('end at a line feed only, and the last one need not', () => {
    expect(text('a\nb\u2028c\x0bd\re\n\nlast')).toEqual(['1:a', '2:b\xe2\x80\xa8c\x0bd\re', '4:last']);
    expect(text('a\n')).toEqual(['1:a']);
    expect(text('')).toEqual([]);
  });

  it('are cut at runs of NULs, each of which is told once', () => {
    expect(text('a\n\0\0\0b\nc\0\0d\0e\n')).toEqual([
      '1:a',
      '2 nuls',
      '2:b',
      '3:c',
      '3 nuls',
      '3:d',
      '3 nuls',
      '3:e',
    ]);
    expect(text('\0\0\0\0', 3)).toEqual(['1 nuls']);
  });

  it('above the limit come in pieces', () => {
    expect(text('short\n0123456789ab\nend', 4, 10)).toEqual(['1:short', '2 long:0123456789ab', '3:end']);
  });

  it('are the same however the bytes are cut', () => {
    const byte = fc.constantFrom(...Buffer.from('\n\n\0ab{"\r'));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (bytes, chunk) => {
        const whole = Buffer.from(bytes);
        expect(linesOf(whole, chunk, 6)).toEqual(linesOf(whole, 1024, 6));
      }),
    );
  });
});
