import { describe, expect, it } from 'vitest';
import { checkReport } from '../../src/analyses/gate.ts';
import { type Comparison, type Gate, ms, usd } from '../../src/model/index.ts';
import { asMarkdown, asText } from '../../src/render/gates.ts';
import { cellWidth } from '../../src/render/text.ts';

const comparison: Comparison = {
  root: 'invoke_agent support-bot with a long name',
  workflow: 'nightly',
  figure: 'cost',
  statistic: 'mean',
  ok: false,
  reason: null,
  paired: false,
  runs_before: 30,
  runs_after: 31,
  before: usd(100_000_000_000n),
  after: usd(150_000_000_000n),
  change: 0.5,
  change_low: 0.31,
  change_high: null,
  p: 0.001,
  detectable: 0.27,
};

const GATES: readonly Gate[] = [
  {
    name: 'budget',
    ok: null,
    value: usd(1_250_000_000_000n, true),
    limit: usd(2_500_000_000_000n),
    unit: 'usd',
    detail: 'at least $1.2500; 3 calls have no price, so that it cannot be told',
  },
  { name: 'max_duration', ok: true, value: ms(undefined), limit: ms(90e9), unit: 'ms', detail: 'no run' },
  {
    name: 'max_increase.cost',
    ok: false,
    value: 0.5,
    limit: 0.1,
    unit: 'fraction',
    detail: 'a sentence that is long enough to be broken into several lines on a screen of eighty columns',
    comparisons: [comparison, { ...comparison, statistic: 'median', ok: null, change: null }],
  },
  {
    name: 'shape',
    ok: false,
    value: 2,
    limit: 0,
    unit: 'count',
    detail: '2 differences',
    differences: ['+ tool \u001b[31mretriever called 3× (was 1)', '− [x](http://example.org) | not seen'],
  },
];

const textOf = (width: number | undefined, gates = GATES): string =>
  [...asText(checkReport(gates, []), { width, color: false, zone: 'UTC' })].join('');

describe('gates on a screen', () => {
  it.each([60, 80, 120])('fit %i columns', (width) => {
    const wide = textOf(width)
      .split('\n')
      .filter((line) => cellWidth(line) > width);
    expect(wide).toEqual([]);
  });

  it('say by a mark, not by colour, what holds', () => {
    expect(textOf(undefined).split('\n').slice(0, 5)).toEqual([
      '  GATE                   FOUND   LIMIT',
      '? budget             ≥ $1.2500   $2.50  at least $1.2500; 3 calls have no price, so that it cannot be told',
      '✔ max_duration               –  1m 30s  no run',
      '✖ max_increase.cost       +50%    +10%  a sentence that is long enough to be broken into several lines on a screen of eighty columns',
      '✖ shape                      2       0  2 differences',
    ]);
    expect(textOf(undefined)).toMatch(/\n2 gates fail, 1 cannot tell, 1 holds\n$/);
  });

  it('tell what was compared, also without bounds', () => {
    const rows = textOf(undefined)
      .split('\n')
      .filter((line) => line.includes('(nightly)'));
    expect(rows[0]).toMatch(/mean cost +30 \/ 31 +\$0\.1000 +\$0\.1500 +\+50% +\+31% … ∞ +\+27% +✖$/);
    expect(rows[1]).toMatch(/median cost .* – .*\?$/);
  });

  it.each(Array.from({ length: 40 }, (_, i) => 80 + i))(
    'have room for marks of two columns in %i',
    (width) => {
      const detail = 'ab '.repeat(60).trim();
      const lines = textOf(width, [{ ...GATES[0]!, ok: false, detail }]).split('\n');
      expect(lines.filter((line) => cellWidth(line) > width)).toEqual([]);
    },
  );

  it('never hand control characters on', () => {
    expect(textOf(undefined)).not.toContain('\u001b');
  });

  it('are nothing where there are none', () => {
    expect(textOf(80, [])).toBe('');
  });
});

it('as Markdown, nothing in them is markup', () => {
  const text = [...asMarkdown(checkReport(GATES, []), { zone: 'UTC' })].join('');
  expect(text).toMatch(/\n```diff\n\+ tool .*\n- \[x\]\(http:\/\/example.org\) \| not seen\n```\n$/);
  expect(text).toContain('| ? | budget | ≥ $1.2500 | $2.50 |');
  expect(text).not.toContain('\u001b');
});
