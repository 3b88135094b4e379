import { describe, expect, it } from 'vitest';
import { cost } from '../../src/analyses/cost.ts';
import { type Money, type Pico, type PricedCall, UserError } from '../../src/model/index.ts';
import { checkTimes, dimensionsOf, matcher, parseCondition, timeWindow } from '../../src/rollup/index.ts';
import { assemble, attribute, bill } from '../../src/trace/index.ts';
import { type Sketch, tableOf } from '../trace/table.ts';

const SOURCE = { source: 'test', version: '1', as_of: '2026-01-01', overrides: 0 };

function measured(sketches: readonly Sketch[]) {
  const forest = assemble(tableOf(sketches));
  const keys = { user: [], organization: [], workspace: [], session: [], workflow: [] };
  const priceOf = ({ model, usage }: PricedCall) =>
    model === 'unknown'
      ? ({ status: 'unpriced', reason: 'unknown_model', hint: undefined } as const)
      : ({
          status: 'computed',
          amount: (usage.output * 1e6) as Pico,
          lines: [],
          match: { layer: 'preset', row: 'm', kind: 'exact', assumptions: [] },
        } as const);
  return { forest, attribution: attribute(forest, keys), bill: bill(forest, { priceOf }, 'auto') };
}

type Row = {
  key: Record<string, string>;
  calls: number;
  cost_usd: Money;
  unpriced_calls: number;
  share: number;
};

function rowsOf(
  sketches: readonly Sketch[],
  by: string[],
  more: { where?: string[]; sort?: string; limit?: number } = {},
) {
  const data = measured(sketches);
  const { where = [], ...options } = more;
  const selected = where.length === 0 ? undefined : matcher(data, where.map(parseCondition));
  const report = cost(data, { by, dimensions: dimensionsOf(by), prices: SOURCE, selected, ...options });
  return {
    rows: report.body['rows'] as unknown as Row[],
    total: report.body['total'] as unknown as Row,
    report,
  };
}

const RUN: readonly Sketch[] = [
  { id: 'a', kind: 'agent', name: 'run', from: 0, to: 9000, text: { user: 'ana', agent: 'writer' } },
  { id: 'b', parent: 'a', kind: 'tool', from: 0, to: 5000, text: { tool: 'search' } },
  {
    id: '1',
    parent: 'a',
    kind: 'llm',
    from: 1,
    to: 2000,
    tokens: [10, 100],
    text: { model: 'm', provider: 'p' },
  },
  { id: '2', parent: 'b', kind: 'llm', from: 1, to: 2, tokens: [10, 50], text: { requestModel: 'm2' } },
  {
    id: '3',
    parent: 'b',
    kind: 'llm',
    from: 1,
    to: 2,
    tokens: [1, 1],
    text: { model: 'unknown' },
    failed: true,
  },
  {
    id: 'c',
    trace: 'e',
    kind: 'llm',
    from: 86_400_000,
    to: 86_400_005,
    tokens: [1, 7],
    text: { user: 'ben', model: 'm' },
  },
];

describe('cost', () => {
  it('has a row a value, the costliest first, that add up to the total exactly', () => {
    const { rows, total } = rowsOf(RUN, ['user']);
    expect(
      rows.map(({ key, calls, cost_usd, unpriced_calls }) => [
        key['user'],
        calls,
        cost_usd.pico,
        unpriced_calls,
      ]),
    ).toEqual([
      ['ana', 3, 150_000_000n, 1],
      ['ben', 1, 7_000_000n, 0],
    ]);
    expect(rows[0]?.cost_usd.lowerBound).toBe(true);
    expect(total.cost_usd.pico).toBe(157_000_000n);
    expect(total.share).toBe(1);
  });

  it('knows the tool around a call, and the loop outside of any', () => {
    const { rows } = rowsOf(RUN, ['tool']);
    expect(rows.map(({ key }) => key['tool'])).toEqual(['(agent loop)', 'search']);
  });

  it('is null where nothing in a row has a price, and "0" where there is nothing to pay', () => {
    const { rows } = rowsOf(RUN, ['model']);
    expect(rows.find(({ key }) => key['model'] === 'unknown')?.cost_usd.pico).toBeUndefined();
    expect(rowsOf([], ['model']).total.cost_usd.pico).toBe(0n);
  });

  it('groups by several dimensions, time in order', () => {
    const { rows } = rowsOf(RUN, ['day', 'user']);
    expect(rows.map(({ key }) => `${key['day']} ${key['user']}`)).toEqual([
      '2026-09-21 ana',
      '2026-09-22 ben',
    ]);
    expect(rowsOf(RUN, ['hour']).rows[0]?.key['hour']).toBe('2026-09-21T14:00Z');
  });

  it('filters by any dimension, duration and cost', () => {
    const ids = (where: string[]) => rowsOf(RUN, ['trace'], { where }).total.calls;
    expect(ids(['user=ana'])).toBe(3);
    expect(ids(['user!=ana'])).toBe(1);
    expect(ids(['tool=search', 'model~^m'])).toBe(1);
    expect(ids(['duration>1s'])).toBe(1);
    expect(ids(['cost>=0.00005'])).toBe(2);
    expect(ids(['status=error'])).toBe(1);
    expect(() => parseCondition('usr=ana')).toThrow(/unknown key 'usr'/);
    expect(() => parseCondition('nothing')).toThrow(/no condition/);
    expect(() => parseCondition('name~(')).toThrow(/no regular expression/);
  });

  it.each(['cost=0', 'cost!=1', 'cost<0.001', 'cost<=1', 'cost>=0'])(
    'does not count a call of unknown cost for %s',
    (condition) => {
      const ids = rowsOf(RUN, ['model'], { where: [condition] });
      expect(ids.rows.map(({ key }) => key['model'])).not.toContain('unknown');
      expect(ids.total.unpriced_calls).toBe(0);
    },
  );

  it('refuses operators that are none, or that do not go with the key', () => {
    expect(() => parseCondition('cost~0')).toThrow(/operator '~' does not go with cost/);
    expect(() => parseCondition('duration ~ 2s')).toThrow(/operator '~' does not go with duration/);
    const hintOf = (text: string): string | undefined => {
      try {
        parseCondition(text);
      } catch (error) {
        if (error instanceof UserError) return error.hint;
      }
      return undefined;
    };
    expect(hintOf('user==ana')).toContain("Write '='");
    expect(hintOf('user=~an')).toContain("Write '~'");
    expect(hintOf('user~=an')).toContain("Write '~'");
    expect(hintOf('user!==ana')).toContain("Write '!='");
    expect(parseCondition('attr:mark= =x')).toEqual({ key: 'attr:mark', operator: '=', value: '=x' });
    expect(parseCondition('attr:query=a==b').value).toBe('a==b');
  });

  it.each(['9999999999999d', `${'9'.repeat(400)}s`, '200000d'])('refuses the length %s', (length) => {
    const { forest } = measured(RUN);
    expect(() => parseCondition(`duration>${length}`)).toThrow(UserError);
    expect(() => timeWindow(forest, length, undefined)).toThrow(UserError);
    expect(() => checkTimes(undefined, length)).toThrow(UserError);
  });

  it.each(['2023-02-30', '2023-02-29', '2023-13-01', '2023-04-31T10:00:00Z', '2023-01-01T25:00'])(
    'refuses %s, which does not exist',
    (date) => {
      expect(() => checkTimes(date, undefined)).toThrow(UserError);
      expect(() => checkTimes('2024-02-29', date)).toThrow(/no such date/);
    },
  );

  it('takes a window relative to the newest span, half-open', () => {
    const { forest } = measured(RUN);
    const count = (since?: string, until?: string) => {
      const window = timeWindow(forest, since, until);
      return [...forest.row].filter((_, p) => window === undefined || window.selected(p)).length;
    };
    expect(count('1h')).toBe(1);
    expect(count(undefined, '1h')).toBe(5);
    expect(count('2026-09-22')).toBe(1);
    expect(count('2026-09-21T14:13:20Z', '2026-09-21T14:13:20.001Z')).toBe(2);
    expect(timeWindow(forest, '24h', undefined)?.notes[0]).toContain('from 2026-09-21T14:13:20Z');
    expect(() => timeWindow(forest, 'soon', undefined)).toThrow(/no time/);
  });

  it('refuses a dimension it does not know, with a suggestion', () => {
    expect(() => dimensionsOf(['usr'])).toThrow(/unknown dimension 'usr'/);
  });
});
