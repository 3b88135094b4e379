import { expect, test } from 'vitest';
import { createPriceBook } from '../../src/pricing/index.ts';
import { config, time } from './calls.ts';

function fee(yaml: string, name: string, date?: string) {
  const book = createPriceBook({ config: config(`tools:\n${yaml}`) });
  return book.toolPrice!(name, 'tool', date === undefined ? undefined : time(date));
}

test('one use costs what is written, to the last digit', () => {
  expect(fee('  web_search: { per_call: 0.01 }', 'Web_Search')).toEqual({
    perCall: 10_000_000_000,
    row: 'web_search',
    layer: 'config',
  });
  expect(fee('  tiny: { per_call: 0.000000000001 }', 'tiny')?.perCall).toBe(1);
  expect(fee('  web_search: { per_call: 0.01 }', 'web_fetch')).toBeUndefined();
});

test('a name beats a glob, a longer glob a shorter one', () => {
  const yaml = "  '*': { per_call: 1 }\n  'mcp__*': { per_call: 2 }\n  mcp__maps: { per_call: 3 }";
  expect(['other', 'mcp__mail', 'mcp__maps'].map((name) => fee(yaml, name)!.perCall / 1e12)).toEqual([
    1, 2, 3,
  ]);
});

test('a fee has dates; a use without a time costs the newest', () => {
  const yaml = `  serp:
    - { per_call: 0.02, until: 2026-03-01 }
    - { from: 2026-07-01, per_call: 0.005 }`;
  const dates = ['2026-01-01T00:00:00Z', '2026-05-01T00:00:00Z', '2026-07-01T00:00:00Z', undefined];
  expect(dates.map((date) => fee(yaml, 'serp', date)?.perCall)).toEqual([2e10, undefined, 5e9, 5e9]);
});

test('agentobs.yaml goes before price files, for as long as it has a fee', () => {
  const files = [{ path: 'p.yaml', prices: config('tools: { a: { per_call: 1 }, b: { per_call: 1 } }') }];
  const own = config('tools: { a: { per_call: 2, from: 2026-07-01 } }');
  const { toolPrice, source } = createPriceBook({ config: own, files });
  const layers = ['2026-08-01T00:00:00Z', '2026-06-01T00:00:00Z'].map((date) =>
    toolPrice!('a', 'tool', time(date)),
  );
  expect(layers.map((found) => [found?.layer, found?.perCall])).toEqual([
    ['config', 2e12],
    ['file', 1e12],
  ]);
  expect(toolPrice!('b', 'connector', undefined)?.layer).toBe('file');
  expect(source.overrides).toBe(3);
});

test.each([
  ['  a: { per_cal: 1, per_call: 1 }', /tools\.a\.per_cal: unknown key "per_cal"; did you mean "per_call"\?/],
  ['  a: 0.01', /tools\.a: expected a price like \{ per_call: 0\.01 \}, found number 0\.01/],
  ['  a: {}', /tools\.a: names no price/],
  ['  a: { per_call: "1" }', /expected a number \(USD per call\), found "1"/],
  ['  a: { per_call: -1 }', /cannot be billed exactly/],
  ['  a: { per_call: 1.5e-13 }', /cannot be billed exactly/],
  ['  a: { per_call: 1, from: 2026-07-01, until: 2026-07-01 }', /`until` is not later/],
  ['  a: [{ per_call: 1 }, { per_call: 2 }]', /two prices start at the same time/],
  ['  a: []', /at least one price/],
  ['  a: { per_call: 1 }\n  A: { per_call: 2 }', /"a" .* and "A" .* name the same tool/],
  ["  'a*': { per_call: 1 }\n  '*b': { per_call: 2 }", /fit some tools equally well/],
])('%s is refused', (yaml, message) => {
  expect(() => fee(yaml, 'a')).toThrow(message);
});

test('a million names take no more memory than some thousand', () => {
  const { toolPrice } = createPriceBook({ config: config("tools: { 'x*': { per_call: 1 } }") });
  for (let i = 0; i < 20_000; i++) toolPrice!(`x${i}`, 'tool', undefined);
  expect(toolPrice!('x1', 'tool', undefined)?.perCall).toBe(1e12);
});
