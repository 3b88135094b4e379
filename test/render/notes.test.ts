import { describe, expect, it } from 'vitest';
import { type InputSummary, type Report, usd } from '../../src/model/index.ts';
import { costNotes, inputNotes, noteLines } from '../../src/render/notes.ts';

const INPUT: InputSummary = {
  sources: [],
  spans: 1,
  duplicates: 0,
  traces: 1,
  roots: 1,
  orphans: 0,
  errors: 0,
  open_spans: 0,
  logs: 0,
  skipped: [],
  warnings: [],
  complete: true,
};

describe('what is said about the input', () => {
  it('is nothing when all is well', () => {
    expect(inputNotes(INPUT)).toEqual([]);
  });

  it('is every reason and warning, how often, and where the first one stood', () => {
    const notes = inputNotes({
      ...INPUT,
      skipped: [
        { reason: 'text', count: 12_345, first: 'app.log:1' },
        { reason: 'truncated', count: 1, first: 'a\x1b[2Jb.jsonl:4' },
      ],
      warnings: [{ kind: 'cycle', count: 3, first: 'app.log:9' }],
    });
    expect(notes).toEqual([
      'skipped 12,345: lines that are not telemetry; first at app.log:1',
      'skipped      1: records cut off before their end; first at a\\x1b[2Jb.jsonl:4',
      'warning 3: spans whose parents form a circle; cut at the earliest of them; first at app.log:9',
    ]);
  });
});

const UNPRICED = { model: 'm', provider: 'p', calls: 2, reason: 'unknown_model', hint: 'nearest: m-1' };

type Evidence = { readonly sums?: number; readonly conflicts?: number };

function costReport(unpriced: readonly object[], rows = 'rows', more: Evidence = {}): Report {
  return {
    command: 'cost',
    body: {
      coverage: {
        priced_calls: 1204,
        unpriced_calls: unpriced.length * 2,
        unpriced,
        aggregate_only_calls: more.sums ?? 0,
        conflicts: {
          calls: more.conflicts ?? 0,
          recorded_usd: usd(500_000_000_000n),
          computed_usd: usd(16_500_000_000n),
        },
      },
      excluded: { rollups: { spans: 2, cost_usd: usd(520_000_000_000n) }, duplicates: { spans: 1 } },
      prices: { source: 'prices', version: '1.2.3', as_of: '2026-09-23', overrides: 2 },
    } as unknown as Report['body'],
    table: { rows, columns: [] },
    notes: [],
  };
}

describe('what is said about a total', () => {
  it('is what is priced, what was not counted twice, and where prices come from', () => {
    expect(noteLines(costNotes(costReport([])))).toEqual([
      'priced 1,204/1,204 calls',
      'not counted twice: 2 roll-up spans ($0.5200 recorded), 1 repeated report',
      'list prices as of 2026-09-23 (prices 1.2.3), 2 overrides; other discounts, credits and taxes not included',
    ]);
  });

  it('is where recorded costs disagree with prices, and where only a sum is known', () => {
    const notes = noteLines(costNotes(costReport([], 'rows', { sums: 2, conflicts: 1 })));
    expect(notes.slice(1, 3)).toEqual([
      'recorded and computed cost disagree on 1 call: $0.5000 recorded, $0.0165 computed; --cost-mode computed counts the latter',
      'counted once by its own sum (aggregate_only): 2 spans with nothing below that reports usage or cost',
    ]);
  });

  it('names what has no price, the first three of them', () => {
    const groups = [UNPRICED, { ...UNPRICED, model: null, provider: null, hint: null, reason: 'no_model' }];
    expect(noteLines(costNotes(costReport([...groups, UNPRICED, UNPRICED, UNPRICED]))).slice(0, 5)).toEqual([
      'priced 1,204/1,214 calls; 10 unpriced -> agentobs cost --unpriced',
      '  2 × p/m: unknown_model; nearest: m-1',
      '  2 × (no model): no_model',
      '  2 × p/m: unknown_model; nearest: m-1',
      '  … and 2 more',
    ]);
  });

  it('tells below their list how to price all of them', () => {
    const groups = Array.from({ length: 5 }, (_, i) => ({ ...UNPRICED, model: `m${i}` }));
    const [first] = costNotes(costReport(groups, 'coverage.unpriced'));
    expect(first?.text).toBe('priced 1,204/1,214 calls; 10 unpriced');
    expect(first?.details).toEqual(groups.map(({ model }) => `p/${model}: nearest: m-1`));
  });
});
