import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { cellWidth } from '../../src/render/text.ts';
import { inProcess } from '../answer.ts';
import { fakeSession } from '../cli/fake-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'agentobs-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A run of tools of these names, a second each. */
function runOf(file: string, names: readonly string[]): string {
  const second = (at: number): string => String(1_770_109_200_000_000_000n + BigInt(at) * 1_000_000_000n);
  const spans = names.map((name, i) => ({
    ...{ traceId: 'a'.repeat(32), spanId: String(i + 1).padStart(16, '0'), name: `execute_tool ${name}` },
    ...{ startTimeUnixNano: second(i), endTimeUnixNano: second(i + 1) },
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'execute_tool' } },
      { key: 'gen_ai.tool.name', value: { stringValue: name } },
    ],
  }));
  const path = join(folder, file);
  writeFileSync(path, JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  return path;
}

async function onScreen(columns: number, a: string, b: string): Promise<string> {
  const { session, stdout } = fakeSession({ terminal: true, columns });
  expect(await runProgram(['trace', 'diff', a, b, '--color', 'never'], session, () => 'test')).toBe(0);
  await new Promise(setImmediate);
  return stdout();
}

const widest = (text: string): number => Math.max(...text.split('\n').map(cellWidth));

describe('a comparison', () => {
  it.each([60, 80, 120])('fits %i columns', async (columns) => {
    const sets = await onScreen(columns, 'fixtures/diff/monday.jsonl', 'fixtures/diff/tuesday.jsonl');
    const runs = await onScreen(columns, 'fixtures/diff/before.jsonl', 'fixtures/diff/after.jsonl');
    const long = await onScreen(columns, runOf('x', ['名'.repeat(200)]), runOf('y', ['漢'.repeat(200), 'z']));
    expect([sets, runs, long].map(widest).every((width) => width <= columns)).toBe(true);
    expect(runs).toMatch(/^× {3}tool search_docs/m);
    expect(runs).toContain('1.0s → 3.1s');
    expect(runs).not.toMatch(/ $/m);
  });

  it('shows nothing of names that a terminal or Markdown would act on', async () => {
    const files = [runOf('a', ['safe']), runOf('b', ['\u001b[31mred\u202e', '<b>|`x`'])] as const;
    const { stdout } = await inProcess(['trace', 'diff', ...files]);
    expect(stdout).toContain('+ tool \\x1b[31mred\\u202e');
    expect(stdout).not.toContain('\u001b');
    const { stdout: markdown } = await inProcess(['trace', 'diff', ...files, '-f', 'markdown']);
    expect(markdown).toContain('+ tool &lt;b>\\|\\`x\\`');
  });

  it('of two that have nothing in common says so first', async () => {
    const { stdout } = await inProcess(['trace', 'diff', runOf('c', ['x', 'y']), runOf('d', ['z', 'w'])]);
    expect(stdout).toContain('\nOnly 0% of the spans could be compared: A and B do different things.\n');
  });
});
