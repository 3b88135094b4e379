import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Span } from '../../src/model/index.ts';
import { createNormalizer, DIALECTS } from '../../src/normalize/index.ts';
import { type PlainSpan, plainOf, spanOf } from './plain.ts';

// fixtures/dialects/<dialect>/<case>.json holds spans, <case>.expected.json what they mean, in the same order.

const folder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'fixtures', 'dialects');

const cases = readdirSync(folder).flatMap((dialect) =>
  readdirSync(join(folder, dialect))
    .filter((file) => file.endsWith('.json') && !file.endsWith('.expected.json'))
    .map((file) => ({
      dialect,
      name: file.slice(0, -'.json'.length),
      spans: (read(join(dialect, file)) as readonly PlainSpan[]).map(spanOf),
      expected: read(join(dialect, file.replace(/\.json$/, '.expected.json'))) as readonly object[],
    })),
);

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}

const normalizer = createNormalizer({ observations: true });
const meaningOf = (spans: readonly Span[]): readonly object[] =>
  spans.map((span) => plainOf(normalizer.normalize(span)));

describe.each(cases)('$dialect: $name', ({ spans, expected }) => {
  it('means what is expected', () => {
    expect(meaningOf(spans)).toEqual(expected);
  });

  it('means the same from the keys a reader is told to keep', () => {
    const narrow = spans.map((span) => ({
      ...span,
      attributes: new Map([...span.attributes].filter(([key]) => normalizer.reads.has(key))),
    }));
    expect(meaningOf(narrow)).toEqual(expected);
  });

  it('means the same whatever the order of its attributes', () => {
    const reversed = spans.map((span) => ({ ...span, attributes: new Map([...span.attributes].reverse()) }));
    expect(meaningOf(reversed)).toEqual(expected);
  });
});

describe('the tables', () => {
  it('have fixtures for every dialect', () => {
    const covered = new Set(cases.map(({ dialect }) => dialect));
    expect(DIALECTS.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
  });

  it('name each dialect once, with the source of its spelling', () => {
    expect(new Set(DIALECTS.map(({ name }) => name)).size).toBe(DIALECTS.length);
    for (const { source } of DIALECTS) expect(source).toMatch(/^(?:https:\/\/\S+|in-house)$/);
  });
});
