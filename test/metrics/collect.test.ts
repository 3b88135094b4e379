import { describe, expect, it } from 'vitest';
import { CATALOGUE, type Family, type Metric } from '../../src/metrics/index.ts';
import type { Scene } from '../analyses/dataset.ts';
import { ORIGIN } from '../trace/table.ts';
import { familiesOf, sums } from './dataset.ts';

const ZERO = Number(ORIGIN / 1_000_000n);
const named = (name: string): Metric => CATALOGUE.find((metric) => metric.name === name)!;
const family = (scenes: readonly Scene[], name: string): Family =>
  familiesOf(scenes, [named(name)]).families[0]!;
const since = (times: Float64Array): number[] => [...times].map((time) => time - ZERO);

const run = (id: string, from: number, to: number | undefined, more: Partial<Scene> = {}): Scene => ({
  id,
  trace: id,
  kind: 'agent',
  from,
  to,
  text: { agent: 'a' },
  ...more,
});

describe('a counter', () => {
  it('grows when a span ends, at the first whole millisecond at which it is over', () => {
    const { times, spans, values, from } = family(
      [run('2', 0, 20), run('1', 5, 10.25), run('3', 1, 1)],
      'agent_executions_total',
    );
    expect(since(times)).toEqual([1, 11, 20]);
    expect([...from]).toEqual([0, 3]);
    expect(values).toBeUndefined();
    expect(new Set(spans).size).toBe(3);
  });

  it('does not count what has not ended, and says so', () => {
    const found = familiesOf([run('1', 0, 1), run('2', 0, undefined)], [named('agent_executions_total')]);
    expect(sums(found.families[0]!)).toEqual({ 'a success': 1 });
    expect(found.notes).toEqual([expect.stringMatching(/^1 span has no end/)]);
  });

  it('tells series apart by all of their labels', () => {
    const failed = { failed: true, error: { type: 'Timeout' } };
    const scenes = [
      run('1', 0, 1),
      run('2', 0, 1, failed),
      run('3', 0, 1, { text: { agent: 'b' }, ...failed }),
      run('4', 0, 1, { kind: 'tool' }),
    ];
    expect(sums(family(scenes, 'agent_executions_total'))).toEqual({
      'a error': 1,
      'a success': 1,
      'b error': 1,
    });
    expect(sums(family(scenes, 'agent_errors_total'))).toEqual({ 'a Timeout': 1, 'b Timeout': 1 });
  });

  it('of costs is exact, and leaves out calls without a price', () => {
    const call = (id: string, model: string, tokens: readonly [number, number]): Scene => ({
      ...run(id, 0, 1),
      kind: 'llm',
      text: { model, provider: 'p' },
      tokens,
    });
    const scenes = [
      ...Array.from({ length: 10 }, (_, i) => call(`a${i}`, 'm', [33_333, 1])),
      call('b1', 'new-model', [5, 5]),
      call('c1', 'free-model', [5, 5]),
    ];
    // (33,333 × 3 + 15) / 1,000,000 dollars each, ten times.
    expect(sums(family(scenes, 'llm_cost_total'))).toEqual({ 'p m': 1.00014, 'p free-model': 0 });
    expect(sums(family(scenes, 'llm_unpriced_calls_total'))).toEqual({ 'p new-model': 1 });
    const { notes } = familiesOf(scenes, [named('llm_cost_total')]);
    expect(notes).toEqual(['1 call has no price: llm_cost_total is a lower bound']);
  });

  it('of predictions and look-ups takes what was told', () => {
    const told = (id: string, numbers: NonNullable<Scene['observed']>['numbers']): Scene =>
      run(id, 0, 1, { observed: { numbers, texts: {} } });
    const scenes = [
      told('1', { predicted: 75, actual: 100 }),
      told('2', { predicted: 500, actual: 100 }),
      told('3', { predictionAccuracy: 1 }),
      told('4', { predicted: 1 }),
      told('5', { hallucination: 0.5 }),
      told('6', { hallucination: 0.51 }),
      told('7', { cacheHits: 3, cacheMisses: 2, cacheHit: 1 }),
      told('8', { cacheHit: 0 }),
    ];
    expect(sums(family(scenes, 'agent_predictions_total'))).toEqual({ 'a correct': 1.75, 'a wrong': 1.25 });
    expect(sums(family(scenes, 'agent_evaluations_total'))).toEqual({
      'a hallucination fail': 1,
      'a hallucination pass': 1,
    });
    const [hits, misses] = Object.values(sums(family(scenes, 'llm_cache_requests_total')));
    expect([hits, misses]).toEqual([3, 3]);
  });

  it('of retries says which attempt it was and whether it came to something', () => {
    const call = (id: string, from: number, failed: boolean): Scene => ({
      id,
      trace: 't',
      kind: 'tool',
      text: { tool: 'x' },
      from,
      to: from + 1,
      failed,
    });
    const scenes = [call('1', 0, true), call('2', 2, true), call('3', 4, false)];
    expect(sums(family(scenes, 'retry_attempts_total'))).toEqual({ 'x 1': 1, 'x 2': 1 });
    expect(sums(family(scenes, 'retry_success_total'))).toEqual({ x: 1 });
    // One span that tells of three attempts, alone and beside the three.
    const told: Scene = { ...call('4', 8, false), trace: 'u', attempt: 3 };
    expect(sums(family([told], 'retry_attempts_total'))).toEqual({ 'x 1': 1, 'x 2': 1 });
    expect(sums(family([...scenes, told], 'retry_attempts_total'))).toEqual({ 'x 1': 2, 'x 2': 2 });
  });

  it('of retries that a span and those below it both tell of counts each once', () => {
    const tool = { trace: 't', kind: 'tool', text: { tool: 'x' } } as const;
    const spans: Scene[] = [
      { ...tool, id: '1', from: 0, to: 9, attempt: 4 },
      { ...tool, id: '2', parent: '1', from: 0, to: 1, failed: true },
      { ...tool, id: '3', parent: '1', from: 2, to: 3 },
    ];
    expect(sums(family(spans, 'retry_attempts_total'))).toEqual({ 'x 1': 1, 'x 2': 1, 'x 3': 1 });
  });

  it('of any number of retries that a span claims makes a hundred series at most', () => {
    const claimed: Scene = {
      ...{ id: '1', trace: 't', kind: 'tool', text: { tool: 'x' }, from: 0, to: 1 },
      attempt: 10_001,
    };
    const counts = sums(family([claimed], 'retry_attempts_total'));
    expect(Object.keys(counts)).toHaveLength(100);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(10_000);
  });

  it('of other things has the number of the retry as a label', () => {
    const metric: Metric = {
      name: 'tries_total',
      help: 'Tries.',
      type: 'counter',
      spans: 'tool',
      labels: [{ name: 'attempt', from: 'attempt' }],
      value: 'one',
    };
    const tried = { trace: 't', kind: 'tool', text: { tool: 'x' } } as const;
    const scenes: Scene[] = [
      { ...tried, id: '1', from: 0, to: 1, failed: true },
      { ...tried, id: '2', from: 2, to: 3 },
    ];
    expect(sums(familiesOf(scenes, [metric]).families[0]!)).toEqual({ '0': 1, '1': 1 });
  });
});

describe('a gauge', () => {
  it('is how many run: from the start to the end, and on where there is no end', () => {
    const { times, values } = family(
      [run('1', 0, 10), run('2', 5, 15), run('3', 20, undefined)],
      'agent_active_executions',
    );
    expect(since(times)).toEqual([0, 5, 10, 15, 20]);
    expect([...values!]).toEqual([1, 2, 1, 0, 1]);
  });

  it('is what was told last', () => {
    const told = (id: string, to: number, memoryBytes: number): Scene =>
      run(id, 0, to, { kind: 'memory', observed: { numbers: { memoryBytes }, texts: { memoryType: 'm' } } });
    const { times, values } = family([told('1', 8, 200), told('2', 3, 100)], 'memory_size_bytes');
    expect(since(times)).toEqual([3, 8]);
    expect([...values!]).toEqual([100, 200]);
  });
});

describe('a histogram', () => {
  it('holds what was observed in whole nanoseconds, and not what ended before it began', () => {
    const { values, divisor } = family(
      [run('1', 0, 0.5), run('2', 0, 1500)],
      'agent_execution_duration_seconds',
    );
    expect([[...values!], divisor]).toEqual([[500_000, 1_500_000_000], 1e9]);
  });
});

describe('too many series', () => {
  const metric = named('tool_calls_total');
  const scenes = Array.from(
    { length: 12 },
    (_, i): Scene => ({
      id: `${i}`,
      trace: `${i}`,
      kind: 'tool',
      // Tool 0 is called six times; half of the calls fail.
      text: { tool: `tool-${Math.max(0, i - 5)}` },
      from: 0,
      to: 1,
      failed: i % 2 === 1,
    }),
  );

  it('put the rarest values of the label with the most of them together', () => {
    const { families, notes } = familiesOf(scenes, [metric], { maxSeries: 4 });
    expect(sums(families[0]!)).toEqual({
      'other error': 3,
      'other success': 3,
      'tool-0 error': 3,
      'tool-0 success': 3,
    });
    expect(notes).toEqual([
      'tool_calls_total: more than 4 series, because of tool_name with 7 values; all but 1 of them are "other" (--max-series)',
    ]);
  });

  it('go on to the next label where one is not enough', () => {
    const { families } = familiesOf(scenes, [metric], { maxSeries: 1 });
    expect(sums(families[0]!)).toEqual({ 'other other': 12 });
  });

  it('are left alone below the limit', () => {
    const { families, notes } = familiesOf(scenes, [metric], { maxSeries: 8 });
    expect([families[0]!.series.length, notes]).toEqual([8, []]);
  });
});

it('names like those of prototypes are names', () => {
  const names = ['__proto__', 'constructor', 'toString'];
  const scenes = names.map((agent, i) => run(`${i}`, 0, 1, { text: { agent } }));
  const { series } = family(scenes, 'agent_executions_total');
  expect(series.map(([agent]) => agent)).toEqual(names.toSorted());
});
