import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSeries } from '../../src/promql/index.ts';
import { hasPromtool } from './promtool.ts';
import '../seed.ts';

const SERIES = Number(process.env['EXPRESSIONS'] ?? 150);
/** How many minutes are asked for, a sample in each. */
const MINUTES = 8;

const number = fc.constantFrom('0', '1', '-2.5', '+3', '.5', '7.', '1e2', '1E-1', 'Inf', '-inf', 'NaN', '08');
const times = fc.constantFrom('', 'x0', 'x1', 'x2', 'x3');
const item = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(number, times).map((parts) => parts.join('')) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(number, fc.constantFrom('+', '-'), fc.constantFrom('1', '0.1', '2e1'), times)
      .map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: fc.constantFrom('_', '_x2', '_x0', 'stale') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('stalex1', 'a', 'x2', '__', '1x-1', '1x1.5', '1a', ',', '1_0', '0x1f', '--1'),
  },
);
const anyValues = fc
  .tuple(fc.array(item, { maxLength: 4 }), fc.constantFrom(' ', '  '))
  .map(([items, space]) => items.join(space));

/** The samples of each series by minute as promtool shows them, or what it says of its notation. */
function readByPromtool(series: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-promtool-'));
  try {
    const file = join(folder, 'test.yml');
    const tests = series.map((values, index) => ({
      interval: '1m',
      input_series: [{ series: 'x{a="b"}', values }],
      promql_expr_test: Array.from({ length: MINUTES }, (_, minute) => ({
        expr: `last_over_time(x[30s]) # ${index}`,
        eval_time: `${minute}m`,
        exp_samples: [{ labels: 'nothing_is_called_so', value: 0 }],
      })),
    }));
    writeFileSync(file, JSON.stringify({ tests }));
    const { stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const read = new Map<number, string[]>();
    const found = /expr: ".*? # (\d+)", time: .*\n.*\n\s*got:\s?(.*)|(\d+:\d+: parse error: .*)/g;
    const faults: string[] = [];
    for (const [, index, got, fault] of (stdout + stderr).matchAll(found)) {
      if (fault !== undefined) faults.push(fault);
      else read.set(Number(index), [...(read.get(Number(index)) ?? []), got!.replace(/^\{.*\} /, '')]);
    }
    // A series that cannot be read has nothing but a fault; those stand in the order of the tests.
    return series.map((_, index) => read.get(index)?.join(' ') ?? faults.shift() ?? 'nothing');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readByUs(values: string): string {
  try {
    const read = parseSeries(`x{a="b"} ${values}`, { version: 2 }).values;
    return Array.from({ length: MINUTES }, (_, minute) => shown(read[minute])).join(' ');
  } catch (error) {
    return (error as Error).message;
  }
}

function shown(value: number | 'stale' | undefined): string {
  if (value === undefined || value === 'stale') return 'nil';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  // Go writes two digits of an exponent at least.
  return value
    .toExponential()
    .toUpperCase()
    .replace(/([+-])(\d)$/, '$10$2');
}

describe.skipIf(!hasPromtool)(
  'series of unit tests, against promtool (skipped where it is not installed)',
  () => {
    it('have the samples that promtool reads, and the faults that promtool finds', () => {
      const seed = fc.readConfigureGlobal().seed;
      const series = fc.sample(anyValues, { numRuns: SERIES, ...(seed === undefined ? {} : { seed }) });
      const expected = readByPromtool(series);
      const differences = series.flatMap((values, index) => {
        const ours = readByUs(values);
        return ours === expected[index] ? [] : [{ values, promtool: expected[index], agentobs: ours }];
      });
      expect(differences).toEqual([]);
    });
  },
);
