import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cellWidth, cutEnd, cutMiddle, padLeft, padRight, safeText } from '../../src/render/text.ts';

describe('text from the input', () => {
  it.each([
    ['plain ~ text', 'plain ~ text'],
    ['größer 漢字 é', 'größer 漢字 é'],
    ['a\nb\r\nc\td', 'a\\nb\\r\\nc\\td'],
    ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['\u009b31m', '\\x9b31m'],
    ['\u0000\u007f', '\\x00\\x7f'],
    ['user\u202egpj.exe', 'user\\u202egpj.exe'],
    ['\u2066x\u2069', '\\u2066x\\u2069'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['a\u200db', 'a\\u200db'],
    ['line\u2028separator', 'line\\u2028separator'],
    ['\ud83d', '\\ud83d'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\u3164', '\\u3164'],
    ['👩‍💻 ❤️ 👍🏽 🏳️‍🌈', '👩‍💻 ❤️ 👍🏽 🏳️‍🌈'],
  ])('%j is shown as %j', (text, shown) => {
    expect(safeText(text)).toBe(shown);
    expect(safeText(shown)).toBe(shown);
  });

  it('never acts on a terminal, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(safeText(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('columns', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['漢字', 4],
    ['e\u0301', 1],
    ['👩‍💻', 2],
    ['\u001b[31mred\u001b[39m', 3],
  ])('%j takes %d', (text, width) => {
    expect(cellWidth(text)).toBe(width);
  });

  it('are filled up on either side', () => {
    expect(padRight('漢', 4)).toBe('漢  ');
    expect(padLeft('漢', 4)).toBe('  漢');
    expect(padRight('long', 2)).toBe('long');
  });
});

describe('cutting', () => {
  it.each([
    ['short', 5, 'short', 'short'],
    ['a_rather_long_name', 10, 'a_rather_…', 'a_rath…ame'],
    ['漢字漢字漢字', 7, '漢字漢…', '漢字…字'],
    ['漢字漢字漢字', 6, '漢字…', '漢字…'],
    ['e\u0301e\u0301e\u0301e\u0301', 3, 'e\u0301e\u0301…', 'e\u0301e\u0301…'],
    ['abc', 1, '…', '…'],
    ['abc', 0, '', ''],
  ])('%s to %d', (text, width, end, middle) => {
    expect(cutEnd(text, width)).toBe(end);
    expect(cutMiddle(text, width)).toBe(middle);
  });

  it('never exceeds the width, and keeps what fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 30 }), (raw, width) => {
        const text = safeText(raw);
        for (const cut of [cutEnd(text, width), cutMiddle(text, width)]) {
          expect(cellWidth(cut)).toBeLessThanOrEqual(width);
          if (cellWidth(text) <= width) expect(cut).toBe(text);
        }
      }),
    );
  });

  it('does not read megabytes to show a line', () => {
    const text = `${'漢'.repeat(5_000_000)}end`;
    expect(cutMiddle(text, 11)).toBe('漢漢漢…end');
  });
});

describe('width', () => {
  it('is what string-width says of every character of scripts with letters, alone and beside others', () => {
    const wrong: string[] = [];
    for (let code = 0; code < 0x3400; code++) {
      const character = String.fromCharCode(code);
      for (const text of [character, `é${character}×`, `✖ ${character}`, `\x1b[31m${character}\x1b[39m`]) {
        if (cellWidth(text) !== stringWidth(text)) wrong.push(JSON.stringify(text));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is what string-width says of any text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '─',
        '✔',
        '✖',
        '▪',
        '→',
        '\u0301',
        '\u200d',
        '\ufe0f',
        '👩',
        '漢',
        'ß',
        '\x1b[2m',
        '\x1b[1;31m',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(cellWidth(pieces.join(''))).toBe(stringWidth(pieces.join('')));
      }),
      { numRuns: 500 },
    );
  });
});
