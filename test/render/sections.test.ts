import { describe, expect, it } from 'vitest';
import { renderSections, type Section } from '../../src/render/sections.ts';

const section: Section = {
  title: 'Balance',
  columns: [
    { path: ['line'], name: 'line', label: 'line', show: 'text' },
    { path: ['calls'], name: 'calls', label: 'calls', show: 'count' },
    { path: ['help'], name: 'help', label: 'what it is', show: 'text', droppable: 9 },
  ],
  rows: [{ line: 'rollup', calls: -3, help: 'no call itself; spans below it report their own usage' }],
  total: { line: 'total', calls: 2, help: 'what is counted' },
  below: [{ text: 'adds up', tone: 'good' }],
};
const shown = (width: number | undefined): string =>
  [...renderSections([section], { width, color: false, zone: 'UTC' })].join('');

describe('what explains a row of a section', () => {
  it('stands beside it where there is room', () => {
    for (const width of [80, undefined]) {
      expect(shown(width)).toContain('WHAT IT IS');
      expect(shown(width)).toMatch(/^rollup +-3 {2}no call itself; spans below it report their own usage$/m);
    }
  });

  it('stands whole below the table where it would be cut', () => {
    expect(shown(40)).not.toContain('WHAT IT IS');
    expect(shown(40)).toContain(
      '\nrollup: no call itself; spans below it\n  report their own usage\nadds up\n',
    );
  });
});
