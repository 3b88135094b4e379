import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { instant, type Price, SpanTable } from '../src/model/index.ts';
import { createNormalizer } from '../src/normalize/index.ts';
import { assemble, bill } from '../src/trace/index.ts';
import { root } from './agentobs.ts';
import { type PlainSpan, spanOf } from './normalize/plain.ts';

// fixtures/reports/<case>.json holds the spans of one run as its SDKs report them, some of them the same tokens twice;
// <case>.expected.json what each span is to the bill, and the tokens of the calls.

const folder = join(root, 'fixtures/reports');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.expected.json'))
  .map((file) => file.slice(0, -'.json'.length));

/** Times are whole milliseconds. */
type Report = PlainSpan & {
  readonly id: string;
  readonly parent?: string;
  readonly from: number;
  readonly to: number;
};

const ORIGIN = 1_790_000_000_000_000_000n;

function tableOf(reports: readonly Report[]): SpanTable {
  const normalizer = createNormalizer();
  const table = new SpanTable();
  for (const { id, parent, from, to, ...plain } of reports) {
    const span = {
      ...spanOf(plain),
      spanId: id.padStart(16, '0'),
      parentSpanId: parent?.padStart(16, '0'),
      start: instant(ORIGIN + BigInt(from) * 1_000_000n),
      end: instant(ORIGIN + BigInt(to) * 1_000_000n),
    };
    table.push(normalizer.normalize(span));
  }
  return table;
}

/** Anything costs nothing: what counts here is which spans count. */
const prices = { priceOf: (): Price => ({ status: 'unpriced', reason: 'unknown_model', hint: '' }) };

function billed(reports: readonly Report[]): object {
  const forest = assemble(tableOf(reports));
  const result = bill(forest, prices, 'computed');
  const { table } = forest;
  const spans: Record<string, string> = {};
  const total = { calls: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, totalOnly: 0 };
  for (let p = 0; p < forest.length; p++) {
    const row = forest.row[p]!;
    const id = table.spanIdOf(row).replace(/^0+/, '');
    const { rule } = result.verdict(p);
    if (rule !== 'none') spans[id] = rule;
    if (!result.isCall(p)) continue;
    total.calls++;
    const of = (field: Parameters<typeof table.usageOf>[1]): number =>
      table.hasUsage(row) ? table.usageOf(row, field) : 0;
    total.input += of('uncachedInput');
    total.output += of('output');
    total.cacheRead += of('cacheRead');
    total.cacheWrite += of('cacheWrite5m') + of('cacheWrite1h');
    total.reasoning += of('reasoning');
    total.totalOnly += of('totalOnly');
  }
  const told = Object.entries(total).filter(([key, value]) => key === 'calls' || value > 0);
  return { total: Object.fromEntries(told), spans };
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
}

describe('usage that is reported more than once', () => {
  it.each(cases)('%s', (name) => {
    const reports = read<readonly Report[]>(`${name}.json`);
    const expected = read<object>(`${name}.expected.json`);
    expect(billed(reports)).toEqual(expected);
    expect(billed([...reports].reverse())).toEqual(expected);
  });
});
