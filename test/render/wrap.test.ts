import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../src/render/text.ts';
import { wrapped } from '../../src/render/wrap.ts';

describe('wrapped', () => {
  it('breaks between words, and hangs what follows', () => {
    expect(wrapped('label   one two three four', 16, '        ')).toEqual([
      'label   one two',
      '        three',
      '        four',
    ]);
  });

  it('leaves a text alone that fits, or where there is no width', () => {
    expect(wrapped('a  b', 4)).toEqual(['a  b']);
    expect(wrapped('a  b'.repeat(100), undefined)).toHaveLength(1);
  });

  it('cuts a word that is longer than a line', () => {
    expect(wrapped('a bcdefghij', 6, '  ')).toEqual(['a', '  bcd…']);
  });

  it('never writes a line that is too long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 8, max: 40 }), (text, width) => {
        for (const line of wrapped(text.replaceAll('\n', ' '), width, '    ')) {
          expect(cellWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });
});
