import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TraceShowOptions, traceShow } from '../../src/analyses/trace-show.ts';
import type { Report } from '../../src/model/index.ts';
import { cellWidth } from '../../src/render/text.ts';
import { renderTree, type TreeOptions } from '../../src/render/tree.ts';
import { root } from '../agentobs.ts';
import { datasetOf } from '../analyses/dataset.ts';
import { spanId } from '../trace/table.ts';
import * as stages from './scenes.ts';

const PLAIN: TreeOptions = { width: undefined, color: false, zone: 'UTC' };

/** What a person sees. */
function draw(stage: stages.Stage, options: Partial<TreeOptions> = {}, asked: TraceShowOptions = {}): string {
  return drawReport(reportOf(stage, asked), options);
}

const drawReport = (report: Report, options: Partial<TreeOptions>): string =>
  [...renderTree(report, { ...PLAIN, ...options })].join('');

function reportOf(stage: stages.Stage, asked: TraceShowOptions): Report {
  const data = datasetOf(stage.spans);
  const details = new Map(Object.entries(stage.details ?? {}).map(([id, found]) => [spanId(id), found]));
  return traceShow(data, {
    pick: 'all',
    details: (p) => {
      const found = details.get(data.forest.table.spanIdOf(data.forest.row[p]!));
      return found === undefined ? undefined : { events: [], logs: [], ...found };
    },
    ...asked,
  });
}

const snapshot = (name: string): string => join(root, 'fixtures/trees', `${name}.txt`);

describe('a tree', () => {
  it.each([
    ['deploy-80', stages.deploy, { width: 80 }],
    ['deploy-120', stages.deploy, { width: 120 }],
    ['deploy-200', stages.deploy, { width: 200 }],
    ['deploy-piped', stages.deploy, {}],
    ['deploy-120-colour', stages.deploy, { width: 120, color: true }],
    ['deploy-unfolded', stages.deploy, { fold: false }],
    ['trouble-80', stages.trouble, { width: 80 }],
    ['trouble-120', stages.trouble, { width: 120 }],
    ['trouble-piped', stages.trouble, {}],
    ['wide-80', stages.wide, { width: 80 }],
    ['wide-piped', stages.wide, {}],
    ['hostile-120', stages.hostile, { width: 120, color: true }],
    ['hostile-piped', stages.hostile, {}],
    ['deep-80', stages.deep, { width: 80 }],
    ['deep-piped', stages.deep, {}],
  ] as const)('%s', async (name, stage, options) => {
    await expect(draw(stage, options)).toMatchFileSnapshot(snapshot(name));
  });
});

describe('repeated steps', () => {
  const repeats = (...lengths: readonly number[]): string[] => {
    let at = 0;
    const steps = lengths.map((length, i) => {
      at += length;
      return { id: `a${i}`, parent: '1', kind: 'tool' as const, name: 'read', from: at - length, to: at };
    });
    const spans = [{ id: '1', kind: 'step' as const, name: 'r', from: 0, to: at }, ...steps];
    return linesOf({ spans }, {}, {}).slice(1, -1);
  };

  it('are told in one line from three on', () => {
    expect(repeats(40, 60)).toEqual([
      '   ├─ tool read  40ms  ✔ ◆',
      '   └─ tool read  60ms  ✔ ◆ SLOW  60% of the run',
    ]);
    expect(repeats(30, 40, 30)).toEqual([
      '   └─ tool read ×3 Σ 100ms  30ms–40ms each  ✔ ◆ SLOW  100% of the run',
    ]);
  });

  it('are told without the slowest where it stands out', () => {
    expect(repeats(5, 5, 5, 80, 5)).toEqual([
      '   ├─ tool read ×3 Σ 15ms  5ms each  ✔ ◆',
      '   ├─ tool read      80ms  ✔ ◆ SLOW  80% of the run',
      '   └─ tool read       5ms  ✔ ◆',
    ]);
  });
});

describe('what is left out of a tree', () => {
  it('is counted where it would stand: below a depth', () => {
    expect(linesOf(stages.deploy, {}, { depth: 1 })).toMatchInlineSnapshot(`
      [
        "└─ agent.run              45.2s  (Σ $0.3788)",
        "   ├─ llm claude-sonnet-4  2.1s  $0.0165  1.5k in · 800 out  ◆",
        "   ├─ tool clone           5.1s  ✔ ◆",
        "   ├─ tool install        18.3s  (Σ $0.3450)  own 17.3s  ✔ ◆ SLOW  38% of the run",
        "   │  · 14:13:28.234 command_started  command=npm ci",
        "   │  └─ … 1 more",
        "   ├─ tool test           10.5s  ✖ ExitError: 2 failing ◆",
        "   │  · 14:13:55.900 exception ExitError: 2 failing",
        "   └─ tool deploy          9.2s  (Σ $0.0173)  own 4.7s  ✔ ◆",
        "      └─ … 5 more",
        "◆ critical path 45.2s   Bottleneck: install (17.3s, 38%); without it the run would take 27.9s",
        "  all of the $0.3788 was spent on the path",
      ]
    `);
  });

  it('is counted where it would stand: short spans', () => {
    expect(linesOf(stages.deploy, {}, { minShare: 0.2 })).toMatchInlineSnapshot(`
      [
        "└─ agent.run       45.2s  (Σ $0.3788)",
        "   ├─ tool install 18.3s  (Σ $0.3450)  own 17.3s  ✔ ◆ SLOW  38% of the run",
        "   │  · 14:13:28.234 command_started  command=npm ci",
        "   │  └─ … 1 more",
        "   ├─ tool test    10.5s  ✖ ExitError: 2 failing ◆",
        "   │  · 14:13:55.900 exception ExitError: 2 failing",
        "   ├─ tool deploy   9.2s  (Σ $0.0173)  own 4.7s  ✔ ◆",
        "   │  └─ … 5 more",
        "   └─ … 2 more",
        "◆ critical path 45.2s   Bottleneck: install (17.3s, 38%); without it the run would take 27.9s",
        "  all of the $0.3788 was spent on the path",
      ]
    `);
  });

  it.each(['critical', 'errors', 'llm', 'tools'] as const)('keeps what is above: --only %s', async (only) => {
    const lines = linesOf(stages.trouble, {}, { only });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(snapshot(`trouble-only-${only}`));
  });

  it('is a whole top-level subtree', () => {
    expect(linesOf(stages.trouble, {}, { minShare: 0.3 })).toMatchInlineSnapshot(`
      [
        "├─ workflow nightly   20.0s  (Σ ≥ $0.0180)  own 1.3s  ◆",
        "│  ├─ step upload log 12.0s  runs 9.0s past its parent  ◆",
        "│  └─ … 12 more",
        "└─ … 3 more",
        "◆ critical path 22.0s   Bottleneck: fetch (8.7s, 27%); without it the run would take 23.3s",
        "  ≥ $0.0180 of ≥ $0.0180 was spent on the path (100%), calls without a price beside it",
        "  not on the path: 9.0s of spans that no root waited for, and 1.0s in which nothing ran",
        "  1 span outlived its parent: step upload log by 9.0s",
        "  2 spans were not waited for: parent missing",
      ]
    `);
  });
});

/** Labels and what stands right of the bars. */
function linesOf(stage: stages.Stage, options: Partial<TreeOptions>, asked: TraceShowOptions): string[] {
  return draw(stage, options, asked)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/ +[▏▎▍▌▋▊▉█┄]+[▏▎▍▌▋▊▉█┄ ]*/, '  ').trimEnd());
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('\u001b[31m', '\r\n', 'tool', '', '\u202e', '漢字'.repeat(30), '\ud800', '👩‍👩‍👧‍👦'),
);

const scenesOf = fc
  .array(
    fc.record({
      parent: fc.nat(),
      from: fc.nat({ max: 5000 }),
      length: fc.option(fc.nat({ max: 5000 }), { nil: undefined }),
      kind: fc.constantFrom('tool', 'llm', 'agent', 'step', 'other'),
      name: texts,
      error: fc.option(fc.record({ type: texts, message: texts }), { nil: undefined }),
      tokens: fc.option(fc.tuple(fc.nat(), fc.nat()), { nil: undefined }),
      user: texts,
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((spans) =>
    spans.map(({ parent, from, length, name, error, tokens, user, kind }, i) => ({
      id: (i + 1).toString(16),
      ...(i === 0 || parent % 13 === 0 ? {} : { parent: ((parent % (i + 2)) + 1).toString(16) }),
      from,
      to: length === undefined ? undefined : from + length,
      kind: kind as 'tool',
      name,
      text: { user, model: name },
      ...(error === undefined ? {} : { error, failed: true }),
      ...(tokens === undefined ? {} : { tokens }),
    })),
  );

/** Marks are a column wide on terminals; by themselves, without being asked to, only emoji are two. */
const columnsOf = (line: string): number => cellWidth(line.replace(/[✔✖]/g, '+'));

describe('a tree of anything', () => {
  it('fits the screen, and nothing in it acts on a terminal', () => {
    fc.assert(
      fc.property(scenesOf, fc.integer({ min: 40, max: 220 }), (spans, width) => {
        for (const line of draw({ spans }, { width }).trimEnd().split('\n')) {
          expect(line).not.toMatch(
            /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u,
          );
          expect(columnsOf(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it('says in colour what it says without', () => {
    fc.assert(
      fc.property(scenesOf, (spans) => {
        const coloured = draw({ spans }, { width: 100, color: true });
        expect(stripVTControlCharacters(coloured)).toBe(draw({ spans }, { width: 100 }));
      }),
    );
  });

  it('shows every span once: by itself, in a fold, or in a count', () => {
    fc.assert(
      fc.property(scenesOf, fc.nat({ max: 5 }), (scenes, depth) => {
        const spans = scenes.map((scene) => ({ ...scene, name: 'n', text: {}, error: { type: 'E' } }));
        let shown = 0;
        for (const line of draw({ spans }, {}, { depth }).split('\n').slice(1)) {
          if (/^◆|^ {2}\S|missing parent|^$/.test(line)) continue;
          shown += Number(/ ×(\d+)/.exec(line)?.[1] ?? /… (\d+) more/.exec(line)?.[1] ?? 1);
        }
        expect(shown).toBe(spans.length);
      }),
    );
  });
});

/** Generous: machines that run tests are busy. */
const PATIENCE = 120_000;

describe('a tree of any size', { timeout: PATIENCE }, () => {
  it('100,000 deep: every line stays short', () => {
    const spans = Array.from({ length: 100_000 }, (_, i) => ({
      id: (i + 1).toString(16),
      ...(i === 0 ? {} : { parent: i.toString(16) }),
      from: 0,
      to: 1000,
      name: 'call',
    }));
    const report = reportOf({ spans }, {});
    const text = drawReport(report, { width: 80 });
    expect(text.split('\n').length).toBeGreaterThan(100_000);
    expect(text).toContain('[depth 99999] call');
    expect(drawReport(report, {}).length).toBeLessThan(100_000 * 200);
  });

  it('100,000 wide', () => {
    const spans = Array.from({ length: 100_000 }, (_, i) => ({
      id: (i + 1).toString(16),
      ...(i === 0 ? {} : { parent: '1' }),
      from: i,
      to: i === 0 ? 100_000 : i + 1,
      name: i === 0 ? 'root' : 'call',
      kind: 'tool' as const,
    }));
    const report = reportOf({ spans }, {});
    expect(drawReport(report, { width: 80 })).toContain('tool call ×99,999');
    expect(drawReport(report, { width: 80, fold: false }).split('\n').length).toBeGreaterThan(100_000);
  });
});
