import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareShapes, readShape, type Shape, shapeOf, writeShape } from '../../src/analyses/shape.ts';
import { openInputs } from '../../src/input/index.ts';
import { AGENT_KINDS, UserError } from '../../src/model/index.ts';
import { type Dataset, load } from '../../src/pipeline.ts';
import { createPriceBook } from '../../src/pricing/index.ts';
import { root } from '../agentobs.ts';
import { datasetOf, type Scene } from './dataset.ts';

const folder = join(root, 'fixtures/shapes');
const cases = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
const prices = createPriceBook();

async function dataOf(file: string): Promise<Dataset> {
  const source = await openInputs([join(folder, file)], { stdin: process.stdin });
  const data = await load(source, { prices, costMode: 'auto' });
  await source.close();
  return data;
}

// `<case>.jsonl` are the runs, `<case>.shape` is what was committed, `<case>.expected.txt` is what differs and, below it,
// the shape of the runs.
describe('runs and the shape that was committed for them', () => {
  it.each(cases)('%s', async (file) => {
    const name = file.replace(/\.jsonl$/, '');
    const found = shapeOf(await dataOf(file));
    const expected = readShape(readFileSync(join(folder, `${name}.shape`), 'utf8'), `${name}.shape`);
    const { ok, differences } = compareShapes(expected, found);
    expect(ok).toBe(differences.length === 0);
    const told = differences.map(({ line }) => `${line}\n`).join('');
    await expect(`${told}\n${writeShape(found)}`).toMatchFileSnapshot(join(folder, `${name}.expected.txt`));
  });
});

describe('the page about shapes', () => {
  it('shows what is written and said of a case', async () => {
    const page = readFileSync(join(root, 'docs/shape.md'), 'utf8');
    const [header, comment] = writeShape({ kinds: [] }).split('\n', 2);
    const expected = readShape(readFileSync(join(folder, 'called-more-often.shape'), 'utf8'), 'f');
    const found = shapeOf(await dataOf('called-more-often.jsonl'));
    expect(page).toContain(`${header}\n${comment}\n`);
    expect(page).toContain(writeShape(expected));
    for (const line of lines(expected, found)) expect(page).toContain(line);
    for (const line of ['    retrieval retriever ×1\n', '    retrieval retriever ×1..3\n'])
      expect(`${writeShape(expected)}${writeShape(found)}`).toContain(line);
  });
});

/** Any runs: steps of a few names below one another, some of them failed, open, without times or without a parent. */
const scenes = fc
  .array(
    fc.array(
      fc.record({
        parent: fc.integer({ min: -2, max: 20 }),
        kind: fc.constantFrom(...AGENT_KINDS),
        name: fc.constantFrom(
          'a',
          'b',
          'c',
          'step 7',
          '*',
          'a *',
          '__proto__',
          'x ×2',
          'y, in order',
          '# z',
          '',
        ),
        model: fc.option(fc.constantFrom('gpt-4o', 'gpt-4o-2024-08-06', '\u202e漢字')),
        from: fc.option(fc.integer({ min: 0, max: 9 })),
        length: fc.option(fc.integer({ min: 0, max: 5 })),
        failed: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((runs) =>
    runs.flatMap((steps, run) =>
      steps.map(({ parent, kind, name, model, from, length, failed }, i): Scene => {
        const above = i === 0 || parent === -1 ? undefined : parent < 0 ? 'dead' : id(parent % i);
        return {
          ...{ id: id(i), trace: `${run + 1}`, name, kind, failed },
          ...(above === undefined ? {} : { parent: above }),
          ...(from === null ? {} : { from, to: length === null ? undefined : from + length }),
          ...(model === null ? {} : { text: { model } }),
        };
      }),
    ),
  );

const id = (i: number): string => (i + 1).toString(16);

const shapes = scenes.map((some) => shapeOf(datasetOf(some)));
const text = (some: readonly Scene[]): string => writeShape(shapeOf(datasetOf(some)));
const lines = (expected: Shape, found: Shape): string[] =>
  compareShapes(expected, found).differences.map(({ line }) => line);

describe('a shape', () => {
  it('is met by the runs it was made of, written and read', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(lines(readShape(writeShape(shape), 'f'), shape)).toEqual([]);
      }),
    );
  });

  it('is met by each of the runs it was made of, but for kinds of runs that are not there', () => {
    fc.assert(
      fc.property(scenes, (some) => {
        const whole = readShape(text(some), 'f');
        for (const trace of new Set(some.map((scene) => scene.trace))) {
          const one = shapeOf(datasetOf(some.filter((scene) => scene.trace === trace)));
          const kinds = whole.kinds.filter(({ name }) => one.kinds.some((kind) => kind.name === name));
          expect(lines({ kinds }, one)).toEqual([]);
        }
      }),
    );
  });

  it('is the same text after it was read', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const written = writeShape(shape);
        expect(writeShape(readShape(written, 'f'))).toBe(written);
      }),
    );
  });

  it('does not depend on the order of spans, on ids, or on when runs began', () => {
    fc.assert(
      fc.property(scenes, fc.nat(), (some, seed) => {
        const shuffled = some
          .map((scene, i): [number, Scene] => [(i * 7919 + seed) % 101, scene])
          .sort(([a], [b]) => a - b)
          .map(([, scene]) => scene);
        const renamed = (given: string): string => (given === 'dead' ? given : `c${given}`);
        const later = Number(seed % 7) * 1000;
        const other = shuffled.map(
          (scene): Scene => ({
            ...scene,
            id: renamed(scene.id),
            trace: `${9 - Number(scene.trace)}`,
            ...(scene.parent === undefined ? {} : { parent: renamed(scene.parent) }),
            ...(scene.from === undefined ? {} : { from: scene.from + later }),
            ...(scene.to === undefined ? {} : { to: scene.to + later }),
          }),
        );
        expect(text(other)).toBe(text(some));
      }),
    );
  });

  it('tells every run that differs, once for each difference, with one of them', () => {
    fc.assert(
      fc.property(scenes, scenes, (before, now) => {
        const { differences } = compareShapes(shapeOf(datasetOf(before)), shapeOf(datasetOf(now)));
        expect(new Set(differences.map(({ line }) => line)).size).toBe(differences.length);
        for (const { runs, of, example, text: what } of differences) {
          expect(runs).toBeLessThanOrEqual(of);
          expect(example === undefined).toBe(runs === 0);
          expect(runs > 0 || what.startsWith('not seen')).toBe(true);
        }
      }),
    );
  });
});

describe('which spans a shape is of', () => {
  it('the chosen ones and what is above them, in runs with a chosen one', () => {
    const data = datasetOf([
      { id: '1', trace: '1', name: 'root', kind: 'agent', from: 0, to: 9 },
      { id: '2', trace: '1', parent: '1', name: 'a', kind: 'tool', from: 0, to: 1 },
      { id: '3', trace: '1', parent: '1', name: 'b', kind: 'tool', from: 2, to: 3 },
      { id: '1', trace: '2', name: 'other', kind: 'agent', from: 0, to: 9 },
    ]);
    const { forest } = data;
    const selected = (p: number): boolean => forest.table.nameOf(forest.row[p]!) === 'b';
    expect(steps(shapeOf({ ...data, selected }))).toEqual([
      'run agent root',
      '  agent root ×1',
      '    tool b ×1',
    ]);
  });

  it('none of no runs: everything that was expected is missing', () => {
    const expected = shapeOf(datasetOf([{ id: '1', name: 'root', kind: 'agent' }]));
    const found = shapeOf(datasetOf([]));
    expect(steps(found)).toEqual([]);
    expect(lines(expected, found)).toEqual(['− run agent root not seen: there are no runs · 0 of 0 runs']);
    expect(compareShapes(found, found)).toEqual({ ok: true, differences: [] });
  });
});

/** The lines of a shape that say something about runs. */
const steps = (shape: Shape): string[] =>
  writeShape(shape)
    .split('\n')
    .slice(1)
    .filter((line) => line !== '' && !line.startsWith('#'));

describe('what `*` stands for', () => {
  const data = datasetOf([
    { id: '1', name: 'root', kind: 'agent' },
    { id: '2', parent: '1', name: 'a', kind: 'tool' },
    { id: '3', parent: '2', name: 'b', kind: 'http' },
  ]);
  const differences = (...expected: string[]): string[] =>
    compareShapes(readShape(`agentobs-shape 1\n${expected.join('\n')}`, 'f'), shapeOf(data)).differences.map(
      ({ sign, step, text: what }) => `${sign} ${step} ${what}`,
    );

  it.each([
    [['run agent *'], []],
    [['run tool *'], ['+ run agent root is new']],
    [['run agent root', '  * ×0..*'], []],
    [['run agent root', '  agent root ×1', '    tool * ×0..*'], []],
    [['run agent root', '  agent root ×1', '    llm * ×0..*'], ['+ tool a called 1× (was 0)']],
    [
      ['run agent root', '  agent root ×1', '    tool * ×0..*', '    tool a ×1'],
      ['+ http b called 1× (was 0)'],
    ],
    [
      ['run agent root', '  agent root ×1', '    tool * ×0..*', '    tool c ×1'],
      ['− tool c not called (was 1)'],
    ],
  ])('%j', (expected, told) => {
    expect(differences(...expected)).toEqual(told);
  });
});

describe('a file that is no shape', () => {
  const faultsOf = (file: string): string => {
    try {
      readShape(file, 'a.shape');
      return 'none';
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      return (error as UserError).message;
    }
  };
  const good = 'agentobs-shape 1\nrun agent a\n';

  it.each([
    ['', '1: the file is empty; a shape begins with the line `agentobs-shape 1`'],
    ['run agent a\n', '1: a shape begins with the line `agentobs-shape 1`'],
    ['agentobs-shape 2\n', '1: this version reads `agentobs-shape 1` only'],
    [`${good}\ttool b ×1`, '3: a tab; lines are indented by two spaces a level'],
    [`${good}   tool b ×1`, '3: indented by 3 spaces; a level is two'],
    [`${good}    tool b ×1`, '3: indented by more than one level below the line above it'],
    [
      `${good}  tool b`,
      '3: `tool b`: a step ends with how often it is called, such as `×1`, `×2..4` or `×1..*`',
    ],
    [`${good}  tool b ×4..2`, '3: 4..2: the first number is the smaller one'],
    [`${good}  tool b ×0`, '3: a step that is never called is left out'],
    [`${good}  tool b ×9999999999`, '3: a number is too large'],
    [`${good}  tol b ×1`, '3: `tol` is no kind of step; did you mean "tool"?'],
    [`${good}  tool ×1`, '3: `tool` of what name?'],
    [
      `${good}  tool b ×1, may fall`,
      '3: `may fall` is not known here; a step `may fail` or `always fails`, and its steps stand `in order`',
    ],
    [`${good}  tool b ×1\n  tool b ×2`, '4: `tool b` stands twice below the same step'],
    [`${good}  tool * ×0..*\n    tool b ×1`, '4: nothing can stand below `tool *`'],
    [`${good}  again agent b ×1`, '3: `agent b` does not stand above this line'],
    [`${good}run agent a`, '3: `run agent a` stands twice'],
    [`${good}<<<<<<< ours`, '3: a merge conflict is left here'],
    [`${good}  tool \u202eb ×1`, '3: a character that cannot be seen'],
    [`agentobs-shape 1\n  tool b ×1`, '2: a step stands below a line that begins with `run `'],
    [`agentobs-shape 1\nsome agent`, '2: `some agent`: a line without indentation begins with `run `'],
  ])('%j', (file, message) => {
    expect(faultsOf(file)).toBe(`a.shape:${message}`);
  });

  it('has all of its faults told at once', () => {
    expect(faultsOf(`${good}  tool b\n  tol c ×1\n\n  tool d ×1`)).toBe(
      'a.shape:3: `tool b`: a step ends with how often it is called, such as `×1`, `×2..4` or `×1..*`\n' +
        'a.shape:4: `tol` is no kind of step; did you mean "tool"?',
    );
  });

  it('is never answered with anything but its faults', () => {
    const part = fc.constantFrom(
      'run ',
      'tool ',
      '  ',
      '\n',
      ' ×1',
      '..',
      '*',
      'again ',
      ', in order',
      '# ',
      '\0',
      'a',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string())), (parts) => {
        const file = `agentobs-shape 1\n${parts.join('')}`;
        const faults = faultsOf(file);
        if (faults === 'none') expect(writeShape(readShape(file, 'f'))).toBeTypeOf('string');
        else expect(faults).toMatch(/^a\.shape:\d+: /);
      }),
    );
  });

  it('may have a thousand levels and a million lines', () => {
    const deep = Array.from({ length: 1000 }, (_, i) => `${'  '.repeat(i + 1)}tool b ×1`).join('\n');
    expect(faultsOf(good + deep)).toContain('a.shape:103: more than 100 levels');
    expect(faultsOf(good + 'x\n'.repeat(1_000_000))).toMatch(/… and \d+ more$/);
    expect(faultsOf(' '.repeat(20_000_000))).toBe('a.shape: too large to be a shape');
  });

  it('may be edited: comments, blank lines, any order, line ends of Windows', () => {
    const edited =
      '\ufeff# ours\r\nagentobs-shape 1\r\n\r\nrun agent a\r\n  tool c ×1..*\r\n  # not b\r\n  tool a ×1\r\n';
    expect(steps(readShape(edited, 'f'))).toEqual(['run agent a', '  tool a ×1', '  tool c ×1..*']);
  });
});

/** Generous: machines that run tests are busy. */
const PATIENCE = 120_000;

describe('traces of any size', { timeout: PATIENCE }, () => {
  const chain = (nameOf: (i: number) => string, length = 200_000): Scene[] =>
    Array.from({ length }, (_, i): Scene => {
      const parent = i === 0 ? {} : { parent: id(i - 1) };
      return { id: id(i), ...parent, kind: 'agent', name: nameOf(i), from: i / 1000, to: 400 - i / 1000 };
    });

  it('200,000 deep: what calls itself is told three times, and then that it does so again', () => {
    expect(steps(shapeOf(datasetOf(chain(() => 'crew'))))).toEqual([
      'run agent crew',
      '  agent crew ×1',
      '    agent crew ×1',
      '      agent crew ×1',
      '        again agent crew ×0..1',
    ]);
  });

  it('20,000 deep: what is deeper than anybody reads is any step', () => {
    const found = steps(shapeOf(datasetOf(chain((i) => `a${i}b`, 20_000))));
    expect(found.length).toBe(42);
    expect(found.at(-1)).toBe(`${'  '.repeat(41)}* ×0..*`);
  });

  it('200,000 wide, of one name; 20,000 of as many', () => {
    const wide = (nameOf: (i: number) => string, length = 200_000): Scene[] => [
      { id: id(0), kind: 'agent', name: 'root', from: 0, to: 200 },
      ...Array.from({ length }, (_, i): Scene => {
        return { id: id(i + 1), parent: id(0), kind: 'tool', name: nameOf(i), from: i / 1000, to: i / 1000 };
      }),
    ];
    expect(steps(shapeOf(datasetOf(wide(() => 'read'))))).toContain('    tool read ×200000');
    expect(steps(shapeOf(datasetOf(wide((i) => `a${i}b`, 20_000))))).toContain('    tool * ×0..*');
  });

  it('10,000 kinds of runs', () => {
    const many = (kind: 'agent' | 'tool'): Scene[] =>
      Array.from(
        { length: 5000 },
        (_, i): Scene => ({ id: '1', trace: `${kind === 'agent' ? 'a' : 'b'}${i}`, kind, name: `a${i}b` }),
      );
    expect(steps(shapeOf(datasetOf([...many('agent'), ...many('tool')])))).toEqual([
      'run agent *',
      '  agent * ×0..*',
      'run tool *',
      '  tool * ×0..*',
    ]);
  });
});
