import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../src/promql/functions/index.ts';
import { functionNames, signatureOf } from '../../src/promql/functions/signatures.ts';
import { instant } from './instant.ts';

const series = 'g{a="one-two", b="x"} 1x10';
const BRACED = '$' + '{1}';

/** The label `to` after a replacement from `a`. */
function replaced(replacement: string, pattern: string, version: 2 | 3 = 3): string | undefined {
  const query = `label_replace(g, "to", ${JSON.stringify(replacement)}, "a", ${JSON.stringify(pattern)})`;
  return /to="([^"]*)"/.exec(Object.keys(instant(query, series, { version }))[0]!)?.[1];
}

describe('label_replace', () => {
  it('puts groups in by number and by name', () => {
    expect(replaced('$2/$1', '(.*)-(.*)')).toBe('two/one');
    expect(replaced(`${BRACED}x`, '(.*)-.*')).toBe('onex');
    expect(replaced('$first!', '(?P<first>.*)-.*')).toBe('one!');
    expect(replaced('$0', 'one-two')).toBe('one-two');
  });

  it('reads names as far as they go, and knows what is none', () => {
    expect(replaced('<$1x>', '(.*)-.*')).toBe('<>');
    expect(replaced('<$3$9999999999$01>', '(.*)-.*')).toBe('<>');
    expect(replaced('$$1 $ $-', '(.*)-.*')).toBe('$1 $ $-');
    expect(replaced('$' + '{1', '(.*)-.*')).toBe('$' + '{1');
    expect(replaced('$__proto__$constructor.', '(.*)-.*')).toBe('.');
  });

  it('matches whole values, and leaves series alone that do not match', () => {
    expect(replaced('x', 'one')).toBeUndefined();
    expect(replaced('x', '(?i)ONE-[[:alpha:]]+')).toBe('x');
    expect(instant('label_replace(g, "to", "y", "missing", "")', series)).toEqual({
      'g{a="one-two", b="x", to="y"}': 1,
    });
  });

  it('takes a label away by an empty value, and can name the metric', () => {
    expect(instant('label_replace(g, "b", "", "a", ".*")', series)).toEqual({ 'g{a="one-two"}': 1 });
    expect(instant('label_replace(g, "__name__", "h", "a", ".*")', series)).toEqual({
      'h{a="one-two", b="x"}': 1,
    });
  });

  it('refuses series that it has made alike', () => {
    expect(() => instant('label_replace(g, "b", "", "b", ".*")', 'g{b="1"} 1x10\ng{b="2"} 1x10')).toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });

  it('refuses what is no expression or no name', () => {
    expect(() => replaced('', '(')).toThrow('invalid regular expression in label_replace(): (');
    const named = (name: string, version: 2 | 3) => () =>
      instant(`label_replace(g, "${name}", "x", "a", ".*")`, series, { version });
    expect(named('a-b', 2)).toThrow('invalid destination label name in label_replace(): a-b');
    expect(named('', 3)).toThrow('invalid destination label name in label_replace(): ');
    expect(named('a-b', 3)()).toEqual({ 'g{a="one-two", "a-b"="x", b="x"}': 1 });
  });

  it('lets the dot match a line feed in version 3', () => {
    const query = 'label_replace(label_replace(g, "c", "1\\n2", "a", ".*"), "c", "$1", "c", "1(.)2")';
    expect(Object.keys(instant(query, 'g{a="x"} 1x10', { version: 3 }))).toEqual(['g{a="x", c="\\n"}']);
    expect(Object.keys(instant(query, 'g{a="x"} 1x10', { version: 2 }))).toEqual(['g{a="x", c="1\\n2"}']);
  });
});

describe('label_join', () => {
  it('joins values, those that are missing too', () => {
    expect(instant('label_join(g, "to", "/", "b", "missing", "a")', series)).toEqual({
      'g{a="one-two", b="x", to="x//one-two"}': 1,
    });
    expect(instant('label_join(g, "b", "/")', series)).toEqual({ 'g{a="one-two"}': 1 });
  });

  it('refuses what is no name', () => {
    const joined = (target: string, source: string) => () =>
      instant(`label_join(g, "${target}", "-", "${source}")`, series, { version: 2 });
    expect(joined('a-b', 'c')).toThrow('invalid destination label name in label_join(): a-b');
    expect(joined('a-b', 'c-d')).toThrow('invalid source label name in label_join(): c-d');
  });
});

describe('signatures', () => {
  it('are there for every function, and functions for every signature', () => {
    const callable = new Set([...functionNames(2), ...functionNames(3)]);
    expect([...FUNCTIONS.keys()].sort()).toEqual([...callable].sort());
  });

  it('refuse what needs native histograms or a feature flag, with what to do instead', () => {
    for (const name of ['histogram_count', 'histogram_sum']) {
      for (const version of [2, 3] as const)
        expect(signatureOf(name, version)).toMatchObject({ refused: expect.stringContaining('native') });
    }
    expect(signatureOf('mad_over_time', 3)).toMatchObject({
      refused: 'function "mad_over_time" is not enabled',
    });
    expect(signatureOf('mad_over_time', 2)).toBeUndefined();
    expect(signatureOf('holt_winters', 3)).toMatchObject({
      fix: expect.stringContaining('double_exponential_smoothing'),
    });
    expect(signatureOf('constructor', 3)).toBeUndefined();
  });
});
