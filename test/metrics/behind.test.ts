import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/metrics/catalogue.ts';
import { behind, whyNothing } from '../../src/metrics/index.ts';
import { parse, selectorsOf } from '../../src/promql/index.ts';
import type { Scene } from '../analyses/dataset.ts';
import { traceId } from '../trace/table.ts';
import { failures, familiesOf, MINUTE, ZERO } from './replayed.ts';

const matchersOf = (query: string) =>
  selectorsOf(parse(query, { version: 3 })).map(({ selector }) => selector.matchers);

/** The traces behind an expression, by their short ids, with the spans of each. */
function tracesOf(
  scenes: readonly Scene[],
  query: string,
  [from, to]: readonly [number, number],
  options: Parameters<typeof behind>[4] = {},
): [string, string[]][] {
  const found = behind(familiesOf(scenes), matchersOf(query), ZERO + from, ZERO + to, options);
  return found.traces.map(({ traceId: id, spans }) => [
    id.replace(/^0+/, ''),
    spans.map(({ spanId }) => spanId.replace(/^0+/, '')),
  ]);
}

describe('the spans behind a figure', () => {
  const scenes = failures([1_000, 2_000, 3_000, 90_000], 500).map((scene, i) => ({
    ...scene,
    trace: i === 1 ? 'b' : 'c',
    text: { tool: i === 3 ? 'other' : 'search' },
  }));
  const first: readonly [number, number] = [0, MINUTE];

  it('are those that moved it in the window, of the trace that moved it most first', () => {
    expect(tracesOf(scenes, 'rate(tool_errors_total[1m])', first)).toEqual([
      ['c', ['1', '3']],
      ['b', ['2']],
    ]);
    expect(tracesOf(scenes, 'tool_errors_total', [1_000, 2_000])).toEqual([['b', ['2']]]);
    expect(tracesOf(scenes, 'tool_errors_total', [MINUTE, 2 * MINUTE])).toEqual([['c', ['4']]]);
    expect(tracesOf(scenes, 'tool_errors_total', [2 * MINUTE, 3 * MINUTE])).toEqual([]);
  });

  it('are those of the labels of a result, and of the matchers', () => {
    const all: readonly [number, number] = [0, 2 * MINUTE];
    const labels = new Map([['tool_name', 'other']]);
    expect(tracesOf(scenes, 'tool_errors_total', all, { labels })).toEqual([['c', ['4']]]);
    expect(tracesOf(scenes, 'tool_errors_total{tool_name="other"}', all)).toEqual([['c', ['4']]]);
  });

  it('are limited, and how many more there are is told', () => {
    const found = behind(familiesOf(scenes), matchersOf('tool_errors_total'), ZERO, ZERO + MINUTE, {
      limit: 1,
    });
    expect(found.traces).toEqual([
      {
        traceId: traceId('c'),
        moved: expect.closeTo(2 / 3, 12),
        spans: [
          { spanId: '0000000000000001', position: expect.any(Number), moved: expect.closeTo(1 / 3, 12) },
        ],
      },
    ]);
    expect(found.more).toBe(1);
  });

  it('of a histogram are the longest ones first', () => {
    const slow = failures([1_000, 9_000, 3_000], 0).map((scene, i) => ({
      ...scene,
      from: 0,
      trace: `a${i}`,
    }));
    const query = 'histogram_quantile(0.95, rate(tool_execution_duration_seconds_bucket{le="0.1"}[5m]))';
    expect(tracesOf(slow, query, [0, MINUTE]).map(([trace]) => trace)).toEqual(['a1', 'a2', 'a0']);
  });

  it('of what runs are those that ran in the window, also since before', () => {
    const run = (id: string, from: number, to?: number): Scene => {
      return { id, trace: id, kind: 'agent', name: 'a', from, to };
    };
    const runs = [run('1', 0, 5_000), run('2', 1_000, 90_000), run('3', 70_000), run('4', 200_000)];
    const query = 'agent_active_executions > 1';
    expect(tracesOf(runs, query, [MINUTE, 2 * MINUTE]).map(([trace]) => trace)).toEqual(['2', '3']);
  });

  it('weigh selectors of different units alike', () => {
    const query = 'tool_errors_total / tool_calls_total';
    const others: Scene[] = [1, 2, 3, 4].map((i) => ({
      ...{ id: `e${i}`, trace: 'd', kind: 'tool', name: 'search', from: 0, to: 1_000 * i },
      text: { tool: 'search' },
    }));
    const [top] = tracesOf([...scenes, ...others], query, first);
    expect(top![0]).toBe('c');
  });
});

describe('why a selector finds nothing', () => {
  const families = familiesOf(failures([1_000]));
  const why = (query: string): string => whyNothing(families, CATALOGUE, matchersOf(query)[0]!);

  it.each([
    ['tool_eror_total', 'no metric is called tool_eror_total; the nearest is tool_errors_total'],
    ['nothing_like_it', 'no metric is called nothing_like_it'],
    [
      'genxai_tool_errors_total',
      'no metric is called genxai_tool_errors_total, but tool_errors_total is there: --metric-prefix genxai_ names it so',
    ],
    [
      'rate(tool_execution_duration_seconds[5m])',
      'tool_execution_duration_seconds is a histogram: its series are tool_execution_duration_seconds_bucket, tool_execution_duration_seconds_sum, tool_execution_duration_seconds_count',
    ],
    ['llm_cost_total', 'this data has nothing for llm_cost_total'],
    [
      'tool_errors_total{job="api"}',
      'no series of tool_errors_total has a label job: --label job=api adds it to all',
    ],
    [
      'tool_errors_total{tool_name=~"a|b"}',
      'no series of tool_errors_total has tool_name=~"a|b"; there is "search"',
    ],
    ['tool_execution_duration_seconds_bucket{le="5"}', 'le="5" is spelled le="5.0" in Prometheus 3'],
    ['tool_execution_duration_seconds_bucket{le="5.0"}', 'le="5.0" is spelled le="5" in Prometheus 2'],
    ['{__name__=~"x.*"}', 'no metric has a name that fits __name__=~"x.*"'],
  ])('%s', (query, expected) => {
    expect(why(query)).toBe(expected);
  });
});
