import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './agentobs.ts';
import { ask, type SpanNode } from './answer.ts';
import { parseBill, pico } from './bill.ts';

// Bills worked out by hand, arithmetic and prices written out beside the telemetry, against what the program bills.

/** What every product's telemetry has to get right. */
const CASES = [
  'plain',
  'cached-read',
  'cached-write',
  'reasoning',
  'tiered',
  'error',
  'retry',
  'streamed',
  'aggregate-parent',
  'nested-agent',
];

const folder = join(root, 'fixtures/billing');
const bills = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.bill'))
  .sort();

describe('bills', () => {
  it('cover every case in at least twelve dialects', () => {
    const complete = readdirSync(folder).filter((dialect) =>
      CASES.every((name) => bills.includes(join(dialect, `${name}.bill`))),
    );
    expect(complete.length, complete.join(', ')).toBeGreaterThanOrEqual(12);
  });

  it.for(bills)('%s', async (name) => {
    const bill = parseBill(readFileSync(join(folder, name), 'utf8'));
    const input = inputOf(name);
    const [{ total }, { traces }] = await Promise.all([
      ask(['cost', input]),
      ask(['trace', 'show', '--pick', 'all', '--no-fold', input]),
    ]);

    expect(total.calls).toBe(bill.calls.length);
    if (bill.calls.some((call) => call.pico !== undefined)) isEqual(total.cost_usd, bill.total);
    else expect(total.cost_usd).toBe(bill.calls.length === 0 ? '0' : null);
    expect(total.unpriced_calls > 0).toBe(bill.lowerBound);

    const spans = new Map(
      traces.flatMap(({ roots }) => roots.flatMap(flat)).map((span) => [span.span_id, span]),
    );
    for (const call of bill.calls) {
      const span = spans.get(call.span);
      expect(span?.cost_status, call.span).toBe(call.status);
      if (call.pico === undefined) expect(span?.cost_usd, call.span).toBeNull();
      else isEqual(span!.cost_usd, call.pico, call.span);
    }
    for (const { span, status } of bill.notCounted) expect(spans.get(span)?.cost_status, span).toBe(status);
  });
});

describe('the arithmetic of a bill', () => {
  const price = 'price m (list): input 3, output 15';
  it.each([
    ['a wrong product', `${price}\ncall a\n  1,000 input × 3 = 0.004\n  = 0.004\ntotal 0.004`, 'is 0.003'],
    ['a wrong sum', `${price}\ncall a\n  1,000 input × 3 = 0.003\n  = 0.004\ntotal 0.004`, 'add up to 0.003'],
    [
      'a wrong total',
      `${price}\ncall a\n  1,000 input × 3 = 0.003\n  = 0.003\ntotal 0.004`,
      'add up to 0.003',
    ],
    [
      'a rate nobody cites',
      `${price}\ncall a\n  1,000 input × 15 = 0.015\n  = 0.015\ntotal 0.015`,
      'no cited price',
    ],
    ['a call without a sum', `${price}\ncall a\n  1,000 input × 3 = 0.003\ntotal 0.003`, 'no sum'],
    [
      'a bound that is none',
      `${price}\ncall a\n  1,000 input × 3 = 0.003\n  = 0.003\ntotal at least 0.003`,
      'at least',
    ],
  ])('shows %s', (_, text, message) => expect(() => parseBill(text)).toThrow(message));
});

/** The telemetry beside a bill. */
function inputOf(name: string): string {
  const path = join(folder, name);
  const stem = name.slice(name.lastIndexOf('/') + 1, -'.bill'.length);
  const found = readdirSync(join(path, '..')).filter(
    (file) => file.startsWith(`${stem}.`) && !file.endsWith('.bill'),
  );
  if (found.length !== 1) throw new Error(`${name}: ${found.length} inputs beside it`);
  return join(path, '..', found[0]!);
}

const flat = (span: SpanNode): SpanNode[] => [span, ...span.children.flatMap(flat)];

/** Equal to a microdollar. */
function isEqual(usd: string | null, expected: bigint, what = 'total'): void {
  expect(usd, what).not.toBeNull();
  const difference = pico(usd!) - expected;
  expect(difference < 1_000_000n && difference > -1_000_000n, `${what}: ${usd}`).toBe(true);
}
