import { describe, expect, it } from 'vitest';
import { type Column, ms, type Report, usd } from '../../src/model/index.ts';
import { renderCsv } from '../../src/render/csv.ts';
import { renderMarkdown } from '../../src/render/markdown.ts';
import type { RenderOptions } from '../../src/render/options.ts';
import { renderTable } from '../../src/render/table.ts';

const COLUMNS: readonly Column[] = [
  { path: ['key', 'user'], name: 'user', label: 'user', show: 'text' },
  { path: ['trace'], name: 'trace', label: 'trace', show: 'id', droppable: 1 },
  { path: ['calls'], name: 'calls', label: 'calls', show: 'count', droppable: 2 },
  { path: ['tokens'], name: 'input_tokens', label: 'in', show: 'tokens', droppable: 3 },
  { path: ['took'], name: 'duration_ms', label: 'duration', show: 'duration', droppable: 4 },
  { path: ['cost'], name: 'cost_usd', label: 'cost', show: 'money' },
];

const row = (user: string, calls: number, pico: bigint | undefined, lowerBound = false) => ({
  key: { user },
  trace: '4bf92f3577b34da6a3ce929d0e0e4736',
  calls,
  tokens: calls * 1500,
  took: ms(2_100_000_000),
  cost: usd(pico, lowerBound),
});

const ROWS = [row('ana', 1200, 16_500_000_000n), row('ben|x', 3, undefined), row('日本', 0, 0n)];
const TOTAL = { calls: 1203, tokens: 1_804_500, took: ms(undefined), cost: usd(16_500_000_000n, true) };

function report(rows: readonly object[] = ROWS, total: object | null = TOTAL): Report {
  const table = { rows: 'rows', columns: COLUMNS };
  return {
    command: 'cost',
    body: { rows, ...(total === null ? {} : { total }) } as Report['body'],
    table: total === null ? table : { ...table, total: 'total' },
    notes: [],
  };
}

const PIPED: RenderOptions = { width: undefined, color: false, zone: 'UTC' };
const lines = (pieces: Iterable<string>): string[] => [...pieces].join('').split('\n').slice(0, -1);

describe('tables', () => {
  it('align columns, say what is not known and put the total below', () => {
    expect(lines(renderTable(report(), PIPED))).toEqual([
      'USER   TRACE                             CALLS    IN  DURATION            COST',
      'ana    4bf92f3577b34da6a3ce929d0e0e4736  1,200  1.8M      2.1s         $0.0165',
      'ben|x  4bf92f3577b34da6a3ce929d0e0e4736      3  4.5k      2.1s  n/a (unpriced)',
      '日本   4bf92f3577b34da6a3ce929d0e0e4736      0     0      2.1s              $0',
      '──────────────────────────────────────────────────────────────────────────────',
      'total  –                                 1,203  1.8M         –       ≥ $0.0165',
    ]);
  });

  it.each([40, 60, 80])('fit %i columns', (width) => {
    const rows = [row('a-very-long-user-name-that-nobody-would-type@example.org', 1, 1n), ...ROWS];
    const shown = lines(renderTable(report(rows), { ...PIPED, width }));
    for (const line of shown) expect(cells(line)).toBeLessThanOrEqual(width);
    expect(shown[0]).toMatch(/^USER .*COST$/);
    expect(shown[1]).toMatch(/^a-very-.*\$0\.000000000001$/);
  });

  it('keep the least droppable columns, and of the others what there is room for', () => {
    const headings = (width: number) => lines(renderTable(report(), { ...PIPED, width }))[0]!.split(/ +/);
    expect(headings(60)).toEqual(['USER', 'TRACE', 'CALLS', 'IN', 'DURATION', 'COST']);
    expect(headings(40)).toEqual(['USER', 'TRACE', 'CALLS', 'COST']);
    expect(headings(50)).toEqual(['USER', 'TRACE', 'CALLS', 'IN', 'COST']);
    expect(headings(30)).toEqual(['USER', 'CALLS', 'COST']);
    expect(headings(20)).toEqual(['USER', 'COST']);
  });

  it('shorten ids on a screen as far as they differ', () => {
    const beside = (trace: string) => {
      const rows = [...ROWS, { ...row('eve', 1, 1n), trace }];
      return lines(renderTable(report(rows), { ...PIPED, width: 120 }))[1];
    };
    expect(beside('00000000000000000000000000000000')).toContain(' 4bf92f35 ');
    expect(beside('4bf92f3577000000000000000000000')).toContain(' 4bf92f3577b ');
    expect(beside('4bf92f3577b34da6a3ce929d0e0e0000')).toContain(' 4bf92f35…0e0e4736 ');
    expect(beside('4bf92f3577b34da6a3ce929d0e0e4737')).toContain(' 4bf92f35…0e0e4736 ');
    expect(beside('4bf92f3577b34da6ffff929d0e0e4736')).toContain(' 4bf92f3577b34da6a3ce929d0e0e4736 ');
  });

  it.each([undefined, 20, 80])('name the total in full beside short names (width %s)', (width) => {
    const rows = [row('u1', 1, 1n)];
    const columns = [{ ...COLUMNS[0]!, label: 'u' }, ...COLUMNS.slice(1)];
    const narrow = { ...report(rows), table: { rows: 'rows', total: 'total', columns } };
    const shown = lines(renderTable(narrow, { ...PIPED, width }));
    expect(shown.at(-1)).toMatch(/^total /);
    expect(shown[0]).toMatch(/^U {6}/);
    expect(new Set(shown.map(cells)).size).toBe(1);
  });

  it('leave out a droppable column with nothing in it', () => {
    const rows = ROWS.map((one) => ({ ...one, calls: 0, tokens: 0 }));
    expect(lines(renderTable(report(rows), PIPED))[0]).toBe(
      'USER   TRACE                             DURATION            COST',
    );
  });

  it('say nothing by colour alone', () => {
    const colored = [...renderTable(report(), { ...PIPED, color: true })].join('');
    expect(colored).toContain('\x1b[1mUSER');
    expect(colored.replace(/\x1b\[\d+m/g, '')).toBe([...renderTable(report(), PIPED)].join(''));
  });

  it('let no name act on the terminal or push the other rows away', () => {
    const rows = [row(`\x1b[31mred\u202e\n${'x'.repeat(500)}`, 1, 1n), row('ana', 1, 1n)];
    const shown = lines(renderTable(report(rows, null), PIPED));
    expect(shown).toHaveLength(3);
    expect(shown[1]).toMatch(/^\\x1b\[31mred\\u202e\\nx{500} /);
    expect(shown[2]!.length).toBeLessThan(140);
  });

  it('are one below the other in a pipe, however long the names are that people read', () => {
    const shown = lines(renderTable(report([row('x'.repeat(150), 1, 1n), row('ana', 1, 1n)], null), PIPED));
    expect(new Set(shown.map((text) => text.length)).size).toBe(1);
  });

  it('lay out thousands of rows with long names, measuring each about once', { timeout: 60_000 }, () => {
    const rows = Array.from({ length: 5000 }, (_, i) => row(`${'é'.repeat(2000)}${i}`, i, 1n));
    expect(lines(renderTable(report(rows), { ...PIPED, width: 80 }))).toHaveLength(5003);
  });
});

describe('CSV', () => {
  it('holds the exact values, and nothing where they are not known', () => {
    expect(lines(renderCsv(report()))).toEqual([
      'user,trace,calls,input_tokens,duration_ms,cost_usd',
      'ana,4bf92f3577b34da6a3ce929d0e0e4736,1200,1800000,2100,0.0165',
      'ben|x,4bf92f3577b34da6a3ce929d0e0e4736,3,4500,2100,',
      '日本,4bf92f3577b34da6a3ce929d0e0e4736,0,0,2100,0',
    ]);
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['a\nb', 'a\\nb'],
    ['=1+1', "'=1+1"],
    ['+49170', "'+49170"],
    ['-x', "'-x"],
    ['@cf/meta,x', `"'@cf/meta,x"`],
    ['\x1b[0m', '\\x1b[0m'],
  ])('writes %j as %s', (user, cell) => {
    expect(lines(renderCsv(report([row(user, 1, 0n)])))[1]).toBe(
      `${cell},4bf92f3577b34da6a3ce929d0e0e4736,1,1500,2100,0`,
    );
  });

  it('does not take a negative amount for a formula', () => {
    expect(lines(renderCsv(report([row('a', 1, -1_000_000_000_000n)])))[1]).toMatch(/,-1$/);
  });
});

describe('Markdown', () => {
  it('is a table with aligned numbers and a total', () => {
    expect(lines(renderMarkdown(report(), PIPED))).toEqual([
      '| user | trace | calls | in | duration | cost |',
      '| --- | --- | ---: | ---: | ---: | ---: |',
      '| ana | 4bf92f3577b34da6a3ce929d0e0e4736 | 1,200 | 1.8M | 2.1s | $0.0165 |',
      '| ben\\|x | 4bf92f3577b34da6a3ce929d0e0e4736 | 3 | 4.5k | 2.1s | n/a (unpriced) |',
      '| 日本 | 4bf92f3577b34da6a3ce929d0e0e4736 | 0 | 0 | 2.1s | $0 |',
      '| **total** | **–** | **1,203** | **1.8M** | **–** | **≥ $0.0165** |',
    ]);
  });

  it('takes no name for markup', () => {
    const rows = [row('a|b`c`<img src=x> [l](u) *b* \\ &lt;', 1, 0n)];
    expect(lines(renderMarkdown(report(rows, null), PIPED))[2]).toMatch(
      /^\| a\\\|b\\`c\\`&lt;img src=x> \\\[l\\\]\(u\) \\\*b\\\* \\\\ &amp;lt; \|/,
    );
  });
});

/** Columns of a line on a screen; the names above use no other wide characters. */
const cells = (line: string): number => [...line].reduce((sum, c) => sum + (/[日本]/.test(c) ? 2 : 1), 0);
