import { describe, expect, it } from 'vitest';
import { audit } from '../../src/analyses/audit.ts';
import type { Audit, InputSummary, Money, Pico, Price, PricedCall } from '../../src/model/index.ts';
import { dimensionsOf, matcher, parseCondition, Rollup } from '../../src/rollup/index.ts';
import { assemble, attribute, bill } from '../../src/trace/index.ts';
import { type Sketch, tableOf } from '../trace/table.ts';

/** A dollar a million input tokens, two for output; a cent a search; a total alone costs between the two. */
const PRICES = {
  priceOf: ({ model, usage }: PricedCall): Price => {
    if (model === 'unknown') return { status: 'unpriced', reason: 'unknown_model', hint: 'no such model' };
    const tokens = usage.totalOnly;
    if (tokens > 0) {
      const bounds = { low: (tokens * 1e6) as Pico, high: (tokens * 2e6) as Pico };
      return { status: 'unpriced', reason: 'total_only', hint: undefined, bounds };
    }
    const amount = ((usage.uncachedInput + usage.cacheRead + usage.cacheWrite5m) * 1e6 +
      usage.output * 2e6) as Pico;
    const assumptions = usage.cacheWrite5m > 0 ? ['cache_write_ttl=5m'] : [];
    return {
      status: 'computed',
      amount,
      lines: [],
      match: { layer: 'catalogue', row: 'm', kind: 'exact', assumptions },
    };
  },
  toolPrice: (name: string) =>
    name === 'search'
      ? { perCall: 10_000_000_000 as Pico, row: 'search', layer: 'config' as const }
      : undefined,
};

const WHOLE: InputSummary = {
  sources: [],
  ...{ spans: 0, duplicates: 0, traces: 0, roots: 0, orphans: 0, errors: 0, open_spans: 0, logs: 0 },
  skipped: [],
  warnings: [],
  complete: true,
};

function audited(
  sketches: readonly Sketch[],
  { where = [] as string[], by = ['model'], input = WHOLE } = {},
): Audit {
  const forest = assemble(tableOf(sketches));
  const nobody = { user: [], organization: [], workspace: [], session: [], workflow: [] };
  const data = { forest, attribution: attribute(forest, nobody), bill: bill(forest, PRICES, 'auto') };
  const selected = where.length === 0 ? undefined : matcher(data, where.map(parseCondition));
  const rollup = new Rollup(data, dimensionsOf(by));
  for (let p = 0; p < forest.length; p++) {
    if (data.bill.isCall(p) && (selected === undefined || selected(p))) rollup.add(p);
  }
  return audit(data, rollup.total(), { by, dimensions: dimensionsOf(by), selected, input });
}

const llm = (
  id: string,
  parent: string,
  tokens: readonly [number, number],
  more: Partial<Sketch> = {},
): Sketch => ({
  ...{ id, parent, kind: 'llm', from: 1, to: 2, tokens, text: { model: 'm' } },
  ...more,
});
const dollars = ({ pico }: Money): number => Number(pico) / 1e12;

/** Calls, input, output and dollars of every line. */
function sheetOf({ balance }: Audit) {
  return Object.fromEntries(
    [...balance.lines, balance.total].map((one) => [
      one.line,
      [one.calls, one.input_tokens, one.output_tokens, dollars(one.cost_usd)],
    ]),
  );
}

describe('audit', () => {
  it('leads from every reported number to the total, a line for each rule', () => {
    const found = audited([
      { id: 'a', kind: 'agent', from: 0, to: 9, tokens: [3000, 300], text: { model: 'm' } },
      llm('1', 'a', [1000, 100]),
      llm('1', 'a', [1000, 100]),
      llm('2', 'a', [2000, 200]),
      llm('3', '2', [2000, 200], { recorded: 0.5 }),
      llm('4', 'a', [100, 10], { recorded: 0.25, authority: 'not_billed' }),
      llm('5', 'a', [100, 10], { text: { model: 'unknown' } }),
      { id: 'b', parent: 'a', kind: 'tool', from: 1, to: 2, text: { tool: 'search' } },
    ]);
    expect(sheetOf(found)).toEqual({
      as_reported: [7, 9200, 920, 0.0036 + 0.0012 + 0.0012 + 0.0024 + 0.5 + 0.25],
      resent: [-1, -1000, -100, -0.0012],
      rollup_of_reports: [-1, -3000, -300, -0.0036],
      duplicate_layer: [-1, -2000, -200, -0.0024],
      not_billed: [0, 0, 0, -0.25],
      tool_price: [1, 0, 0, 0.01],
      total: [5, 3200, 320, 0.5112],
    });
    expect(found.checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['balance', true],
      ['traces', true],
      ...['model', 'user', 'workflow', 'tool'].map((key) => [`rows by ${key}`, true]),
    ]);
  });

  it('tells what a call takes from its other reports', () => {
    const found = audited([
      llm('1', 'a', [1000, 100], { usage: { uncachedInput: 100, cacheRead: 900 } }),
      llm('2', '1', [1000, 100], { recorded: 0.5 }),
    ]);
    expect(sheetOf(found)).toEqual({
      as_reported: [2, 2000, 200, 0.5012],
      duplicate_layer: [-1, -1000, -100, -0.5],
      other_reports: [0, 0, 0, 0.4988],
      total: [1, 1000, 100, 0.5],
    });
  });

  it('is of the chosen spans alone', () => {
    const found = audited(
      [
        { id: 'a', kind: 'agent', from: 0, to: 9, tokens: [3000, 300] },
        llm('1', 'a', [1000, 100]),
        llm('2', 'a', [2000, 200], { text: { model: 'other' } }),
      ],
      { where: ['model=other'], by: ['user', 'model'] },
    );
    expect(sheetOf(found)['total']).toEqual([1, 2000, 200, 0.0024]);
    expect(found.checks.map(({ name, ok }) => `${name} ${ok}`)).toEqual([
      'balance true',
      'rows by user,model true',
      ...['user', 'workflow', 'tool', 'model'].map((key) => `rows by ${key} true`),
    ]);
    expect(found.dimensions[0]).toMatchObject({ by: ['user', 'model'], rows: 1, absent: null });
    expect(found.dimensions[1]!.absent).toMatchObject({ label: '(unattributed)', calls: 1, share: 1 });
  });

  it('reports what a roll-up knows beyond its calls, once, and whose it may be', () => {
    const { residuals, unpriced, balance } = audited([
      { id: 'a', kind: 'workflow', from: 0, to: 9, tokens: [5000, 500], recorded: 0.1 },
      { id: 'b', parent: 'a', kind: 'agent', from: 0, to: 9, tokens: [4000, 500] },
      llm('1', 'b', [1000, 100]),
      { id: '2', parent: 'b', kind: 'llm', from: 1, to: 2, text: { model: 'm' }, failed: true },
    ]);
    expect(residuals).toMatchObject({ spans: 2, input_tokens: 4000, output_tokens: 400 });
    expect(
      residuals.worst.map(({ step, input_tokens, output_tokens, cost_usd, calls_without_usage }) => [
        ...[step, input_tokens, output_tokens, dollars(cost_usd), calls_without_usage],
      ]),
    ).toEqual([
      ['workflow a', 1000, 0, 0.0988, 1],
      ['agent b', 3000, 400, 0, 1],
    ]);
    expect(unpriced.groups).toMatchObject([
      { model: 'm', reason: 'no_usage', calls: 1, failed_calls: 1, below_residual_calls: 1 },
    ]);
    expect(unpriced.high_usd.pico).toBeUndefined();
    expect(dollars(balance.total.cost_usd)).toBe(0.0012);
    expect(balance.total.cost_usd.lowerBound).toBe(true);
  });

  it('bounds what has no price where that much is known', () => {
    const { unpriced } = audited([
      { id: 'a', kind: 'agent', from: 0, to: 9, usage: { totalOnly: 1000 }, text: { model: 'm' } },
    ]);
    expect(unpriced.groups).toMatchObject([{ reason: 'total_only', calls: 1, total_only_tokens: 1000 }]);
    expect([dollars(unpriced.low_usd), dollars(unpriced.high_usd)]).toEqual([0.001, 0.002]);
  });

  it('holds recorded against computed cost, the worst disagreement first', () => {
    const { recorded } = audited([
      { id: 'a', kind: 'agent', from: 0, to: 9 },
      llm('1', 'a', [1000, 100], { recorded: 0.5 }),
      llm('2', 'a', [1000, 100], { recorded: 0.9 }),
      llm('3', 'a', [1000, 100], { recorded: 0.0012, authority: 'billed' }),
      llm('4', 'a', [1000, 100], { recorded: 0 }),
      llm('5', 'a', [1000, 100], { recorded: 0.5, text: { model: 'unknown' } }),
    ]);
    expect(
      recorded.classes.map(({ class: name, counted, calls, recorded_usd, computed_usd, without_price }) => [
        ...[name, counted, calls, dollars(recorded_usd), dollars(computed_usd), without_price],
      ]),
    ).toEqual([
      ['billed', true, 1, 0.0012, 0.0012, 0],
      ['asserted', true, 3, 1.9, 0.0024, 1],
      ['zero_with_usage', false, 1, 0, 0.0012, 0],
    ]);
    expect(
      recorded.conflicts.worst.map(({ span_id, difference_usd }) => [
        span_id.at(-1),
        dollars(difference_usd),
      ]),
    ).toEqual([
      ['2', 0.8988],
      ['1', 0.4988],
    ]);
  });

  it('says how much rests on what is assumed, and what is missing from the input', () => {
    const { assumptions, input } = audited(
      [
        { id: 'a', kind: 'agent', from: 0, to: 9, tokens: [3000, 300], text: { model: 'm' } },
        { id: 'r', trace: 'e', kind: 'agent', from: 0, to: 9 },
        llm('1', 'r', [1000, 100], { trace: 'e', usage: { uncachedInput: 0, cacheWrite5m: 1000 } }),
      ],
      {
        input: {
          ...WHOLE,
          complete: false,
          skipped: [
            { reason: 'truncated', count: 2, first: 'a.jsonl:7' },
            { reason: 'text', count: 9, first: 'a.jsonl:1' },
          ],
        },
      },
    );
    expect(
      assumptions.map(({ assumption, calls, cost_usd }) => [assumption, calls, dollars(cost_usd)]),
    ).toEqual([
      ['aggregate_only', 1, 0.0036],
      ['cache_write_ttl=5m', 1, 0.0012],
    ]);
    expect(input.missing.map(({ kind, count, first }) => [kind, count, first])).toEqual([
      ['truncated', 2, 'a.jsonl:7'],
    ]);
  });
});
