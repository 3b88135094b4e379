import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openInputs } from '../src/input/index.ts';
import { OBSERVED_NUMBERS, OBSERVED_TEXTS } from '../src/model/index.ts';
import { load } from '../src/pipeline.ts';
import { createPriceBook } from '../src/pricing/index.ts';
import { root } from './agentobs.ts';

// fixtures/observations/<case>.jsonl holds an input, <case>.expected.json what its spans tell besides usage and money: by
// the name of the span, in the order of the input. What belongs to other spans has been handed on to them.

const folder = join(root, 'fixtures/observations');
const cases = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
const prices = createPriceBook();

async function told(file: string, observations: boolean, threads: 1 | 2): Promise<readonly object[]> {
  const source = await openInputs([join(folder, file)], { stdin: process.stdin, threads });
  const { forest } = await load(source, { prices, costMode: 'auto', observations });
  await source.close();
  const { table } = forest;
  return Array.from({ length: table.length }, (_, row) => {
    const numbers = OBSERVED_NUMBERS.map((name) => [name, table.observations.number(name, row)] as const);
    const texts = OBSERVED_TEXTS.map((name) => [name, table.observations.text(name, row)] as const);
    const found = [...numbers, ...texts].filter(([, value]) => value !== undefined);
    expect(table.observations.tells(row) || found.length === 0).toBe(true);
    return { span: table.nameOf(row), ...Object.fromEntries(found) };
  });
}

describe('observations', () => {
  it.each(cases)('are what is expected: %s', async (file) => {
    const expected: unknown = JSON.parse(
      readFileSync(join(folder, file.replace('.jsonl', '.expected.json')), 'utf8'),
    );
    expect(await told(file, true, 1)).toEqual(expected);
    expect(await told(file, true, 2)).toEqual(expected);
  });

  it.each(cases)('are not read where nobody asks for them: %s', async (file) => {
    for (const { span: _, ...found } of (await told(file, false, 1)) as readonly { span: string }[])
      expect(found).toEqual({});
  });
});
