import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './agentobs.ts';
import { type Answer, ask, type SpanNode } from './answer.ts';

// Coding agents spread a session over files and copy parts of one into another: fixtures/sessions holds such files.

const folder = join(root, 'fixtures/sessions');
const SESSION = '0f6b1c52-7a52-4d0e-9a44-1a2b3c4d5e6f';
const MAIN = join(folder, 'claude-code/0f6b1c52.jsonl');
const SUB_AGENT = join(folder, 'claude-code/0f6b1c52/subagents/agent-a17f3c2.jsonl');
const RESUMED = join(folder, 'claude-code-resumed.jsonl');
const rollout = (name: string): string => join(folder, `codex/rollout-${name}.jsonl`);

const scratch = mkdtempSync(join(tmpdir(), 'agentobs-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const cost = (by: string, ...inputs: readonly string[]): Promise<Answer> =>
  ask(['cost', '--by', by, ...inputs]);
const keyed = ({ rows }: Answer, by: string) =>
  Object.fromEntries(rows.map(({ key, calls, cost_usd }) => [key![by], [calls, cost_usd]]));

/** Names from the root to every span without children. */
function paths(span: SpanNode, above: readonly string[] = []): readonly string[] {
  const path = [...above, span.name];
  return span.children.length === 0
    ? [path.join(' > ')]
    : span.children.flatMap((child) => paths(child, path));
}

describe('a Claude Code session', () => {
  it.each([
    ['before', [MAIN, SUB_AGENT]],
    ['after', [SUB_AGENT, MAIN]],
  ])('has its sub-agent under the call that started it, the main file read %s', async (_, files) => {
    const { input, traces } = await ask(['trace', 'show', '--pick', 'all', ...files]);
    expect(input).toMatchObject({
      traces: 1,
      roots: 1,
      orphans: 0,
      duplicates: 0,
      warnings: [],
      complete: true,
    });
    expect(traces[0]!.trace_id).toBe(SESSION);
    expect(paths(traces[0]!.roots[0]!)).toEqual([
      'claude-code shop > turn > chat claude-opus-4-6',
      'claude-code shop > turn > execute_tool Agent > sub-agent > chat claude-haiku-4-5-20251001',
      'claude-code shop > turn > execute_tool Agent > sub-agent > execute_tool Grep',
      'claude-code shop > turn > execute_tool Agent > sub-agent > chat claude-haiku-4-5-20251001',
      'claude-code shop > turn > chat claude-opus-4-6',
    ]);
  });

  it('gives the sub-agent its own spend', async () => {
    // Opus 4.6 at $5 in, $25 out, $0.50 read; Haiku 4.5 at $1 in, $5 out, $0.10 read, a million:
    // (1000 + 2000) × 5 + (10 + 20) × 25 + (5000 + 6000) × 0.5 and (10 + 12) × 1 + (11 + 13) × 5 + (200 + 210) × 0.1.
    const answer = await cost('agent', MAIN, SUB_AGENT);
    expect(keyed(answer, 'agent')).toEqual({ 'claude-code': [2, '0.02125'], Explore: [2, '0.000183'] });
  });

  it('stands for itself as a sub-agent alone', async () => {
    const { input, traces } = await ask(['trace', 'show', '--pick', 'all', SUB_AGENT]);
    expect(input).toMatchObject({ traces: 1, roots: 0, orphans: 1, warnings: [], complete: true });
    expect(traces[0]).toMatchObject({ trace_id: SESSION, cost_usd: '0.000183', unpriced_calls: 0 });
  });

  it('is found by the beginning of its id', async () => {
    const { traces } = await ask(['trace', 'show', '--trace', '0f6b1c52', MAIN, RESUMED]);
    expect(traces.map(({ trace_id }) => trace_id)).toEqual([SESSION]);
  });

  it.each([
    ['first', [MAIN, SUB_AGENT, RESUMED]],
    ['last', [RESUMED, SUB_AGENT, MAIN]],
  ])('is billed once when another session copied it, the original read %s', async (_, files) => {
    const answer = await cost('session', ...files);
    expect(answer.input).toMatchObject({ traces: 2, warnings: [] });
    expect(answer.excluded?.duplicates.spans).toBe(2);
    // The copy adds 3000 × 5 + 30 × 25 + 7000 × 0.5 dollars a million.
    expect(keyed(answer, 'session')).toEqual({
      [SESSION]: [4, '0.021433'],
      '7c1d9e30-55aa-4b1f-8f0e-2b3c4d5e6f70': [1, '0.01925'],
    });
  });

  it('is whole in the copy where the original is not at hand', async () => {
    expect((await cost('session', RESUMED)).total).toMatchObject({ calls: 3, cost_usd: '0.0405' });
  });

  it('is the same when a file is given twice or its lines stand twice in one', async () => {
    const once = await cost('tool', MAIN, SUB_AGENT);
    const twice = join(scratch, 'twice.jsonl');
    const lines = readFileSync(MAIN, 'utf8');
    writeFileSync(twice, lines + lines);
    cpSync(MAIN, join(scratch, 'copy.jsonl'));
    for (const files of [[MAIN, join(scratch, 'copy.jsonl')], [twice]]) {
      const again = await cost('tool', ...files, SUB_AGENT);
      expect(again.rows).toEqual(once.rows);
      expect(again.input).toMatchObject({ spans: once.input.spans, warnings: [] });
    }
  });

  it('keeps its spans when it is continued: what was said before has the same ids', async () => {
    const lines = readFileSync(MAIN, 'utf8').trimEnd().split('\n');
    const begun = join(scratch, 'begun.jsonl');
    writeFileSync(begun, `${lines.slice(0, 2).join('\n')}\n`);
    const ids = async (file: string): Promise<readonly string[]> =>
      (await ask(['trace', 'show', '--pick', 'all', file])).traces.flatMap(({ roots }) => idsOf(roots));
    const [before, after] = [await ids(begun), await ids(MAIN)];
    // A call of a tool is the sub-agent's once its result names it.
    expect(before.filter((id) => !after.includes(id))).toHaveLength(1);
    expect(before.length).toBe(4);
  });
});

const idsOf = (spans: readonly SpanNode[]): readonly string[] =>
  spans.flatMap(({ span_id, children }) => [span_id, ...idsOf(children)]);

describe('a Codex session', () => {
  it.each([
    ['first', ['parent', 'sub-agent']],
    ['last', ['sub-agent', 'parent']],
  ])('has its sub-agent under the call that started it, the parent read %s', async (_, names) => {
    const { input, traces } = await ask(['trace', 'show', '--pick', 'all', ...names.map(rollout)]);
    expect(input).toMatchObject({
      traces: 1,
      roots: 1,
      orphans: 0,
      duplicates: 0,
      warnings: [],
      complete: true,
    });
    expect(paths(traces[0]!.roots[0]!).filter((path) => path.includes('explorer'))).toEqual([
      'codex shop > turn > execute_tool spawn_agent > explorer > chat gpt-5.1-codex-mini',
      'codex shop > turn > execute_tool spawn_agent > explorer > execute_tool shell',
      'codex shop > turn > execute_tool spawn_agent > explorer > chat gpt-5.1-codex-mini',
    ]);
  });

  it.each([
    ['without the times of its history', 'fork', 5_000],
    ['with the times of its history', 'resumed', 1_000],
  ])('is billed once when a fork repeats it %s', async (_, name, own) => {
    const alone = await cost('session', rollout('parent'));
    for (const files of [
      [rollout('parent'), rollout(name)],
      [rollout(name), rollout('parent')],
    ]) {
      const { total, input } = await cost('session', ...files);
      expect(total).toMatchObject({
        calls: alone.total.calls + 1,
        input_tokens: alone.total.input_tokens + own,
      });
      expect(input.warnings).toEqual([]);
    }
  });

  it('counts its last running total and its sub-agents, in however many files its history stands', async () => {
    const files = ['parent', 'sub-agent', 'fork', 'resumed'].map(rollout);
    const { total, rows } = await cost('agent', ...files);
    // 12,500 in and 525 out at the end of the parent, 1,500 and 50 of the sub-agent, 5,000 and 100, 1,000 and 30 after it.
    expect(total).toMatchObject({
      calls: 8,
      input_tokens: 20_000,
      output_tokens: 705,
      cache_read_tokens: 14_000,
    });
    expect(rows.map(({ key, calls }) => [key!['agent'], calls])).toEqual([
      ['codex', 6],
      ['explorer', 2],
    ]);
    const days = await cost('day', ...files);
    expect(days.rows.map(({ key }) => key!['day'])).toEqual(['2026-04-01']);
  });
});
