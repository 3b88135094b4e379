import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { inProcess } from '../answer.ts';
import { type DumpSpan, dumps, otlpLines } from './dumps.ts';

// Metrics are the same figures as the tables tell, whatever the dump.

const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;
function file(spans: readonly DumpSpan[]): string {
  const path = join(folder, `${written++}.jsonl`);
  writeFileSync(path, otlpLines(spans));
  return path;
}

async function answer(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inProcess([...args, '--no-config']);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** Every span ended: what is open counts in tables, and in no metric. */
const ended = dumps.map((spans) =>
  spans.map((span) =>
    span.endTimeUnixNano === '0' ? { ...span, endTimeUnixNano: span.startTimeUnixNano } : span,
  ),
);

type Row = {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | null;
  readonly count: number | null;
};
type Total = { readonly total: Readonly<Record<string, number | string | null>> };

it('counters add up to what cost and stats say', async () => {
  await fc.assert(
    fc.asyncProperty(ended, async (spans) => {
      const input = file(spans);
      const read = async <T>(...args: readonly string[]): Promise<T> =>
        JSON.parse(await answer(...args, '-f', 'json', input)) as T;
      const { rows } = await read<{ readonly rows: readonly Row[] }>('metrics');
      const sum = (metric: string, labels: Readonly<Record<string, string>> = {}): number => {
        const fitting = rows.filter(
          (row) =>
            row.metric === metric &&
            Object.entries(labels).every(([name, value]) => row.labels[name] === value),
        );
        return fitting.reduce((before, { value, count }) => before + (value ?? count ?? 0), 0);
      };
      const { total: cost } = await read<Total>('cost');
      for (const type of ['input', 'output', 'cache_read', 'cache_write', 'reasoning'])
        expect(sum('llm_tokens_total', { token_type: type }), type).toBe(cost[`${type}_tokens`]);
      expect(sum('llm_unpriced_calls_total')).toBe(cost['unpriced_calls']);
      expect(sum('llm_cost_total')).toBeCloseTo(Number(cost['cost_usd'] ?? 0), 9);
      const { total: models } = await read<Total>('stats', '--by', 'model');
      expect(sum('llm_requests_total')).toBe(models['calls']);
      expect(sum('llm_requests_total', { status: 'error' })).toBe(models['errors']);
      const { total: tools } = await read<Total>('stats', '--by', 'tool');
      expect(sum('tool_calls_total')).toBe(tools['calls']);
      expect(sum('tool_errors_total')).toBe(tools['errors']);
      const { total: steps } = await read<Total>('stats', '--by', 'step');
      expect(sum('retry_attempts_total')).toBe(steps['retries']);
      expect(sum('agent_execution_duration_seconds')).toBeLessThanOrEqual(sum('agent_executions_total'));
    }),
    { numRuns: 30 },
  );
});

it('the order of spans changes nothing', async () => {
  const shuffled = dumps.chain((spans) =>
    fc.tuple(
      fc.constant(spans),
      fc.shuffledSubarray([...spans], { minLength: spans.length, maxLength: spans.length }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([spans, other]) => {
      const [one, two] = [file(spans), file(other)];
      for (const more of [['-f', 'openmetrics'], ['--timestamps']])
        expect(await answer('metrics', ...more, two)).toBe(await answer('metrics', ...more, one));
    }),
    { numRuns: 20 },
  );
});
