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

type Call = { readonly model: string; readonly timeless?: boolean };

/** A run of calls of these models, one after the other. */
function callsOf(file: string, calls: readonly Call[]): string {
  const spans = calls.map(({ model, timeless }, i) => ({
    ...{ traceId: 'b'.repeat(32), spanId: String(i + 1).padStart(16, '0'), name: `chat ${model}` },
    ...(timeless === true
      ? {}
      : { startTimeUnixNano: '1770109200000000000', endTimeUnixNano: '1770109201000000000' }),
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'gen_ai.request.model', value: { stringValue: model } },
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '10000' } },
      { key: 'gen_ai.usage.output_tokens', value: { intValue: '100' } },
    ],
  }));
  const path = join(folder, `${file}.jsonl`);
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

  it('says what is not known, and never that it is less', async () => {
    const compare = async (a: readonly Call[], b: readonly Call[]): Promise<string> => {
      const { stdout } = await inProcess(['trace', 'diff', callsOf('before', a), callsOf('after', b)]);
      return stdout.slice(stdout.lastIndexOf('\n\n') + 2);
    };
    const [known, unknown] = [{ model: 'gpt-4o' }, { model: 'nobody-knows' }];
    expect(await compare([known], [unknown])).toBe(
      'Duration is as before; 1 step differs.\nCosts cannot be compared: no call of B has a price.\n',
    );
    expect(await compare([unknown], [unknown])).toMatch(
      /^A and B do the same: 1 step, .* in what is known\.\nCosts cannot be compared: no call of A or B has a price\./,
    );
    expect(await compare([known], [known, known, unknown])).toMatch(/^B costs at least \$0\.0\d+ more \(/);
    expect(await compare([known, known], [known, unknown])).toMatch(
      /^What has a price in B costs \$0\.0\d+ less.*\n.*The cost of B is a lower bound: 1 call of B has no price\.\n/,
    );
    const timeless = { ...unknown, timeless: true };
    expect(await compare([timeless], [timeless, timeless])).toBe(
      '1 step differs.\nCosts cannot be compared: no call of A or B has a price.\n' +
        'Durations cannot be compared: neither side tells how long it took.\n',
    );
  });

  it('shows the forty steps that changed most unless it is asked for more; programs get all', async () => {
    const files = [
      runOf('few', ['x']),
      runOf(
        'many',
        Array.from({ length: 60 }, (_, i) => `t${i}`),
      ),
    ];
    const rows = async (...more: readonly string[]): Promise<number> => {
      const { stdout } = await inProcess(['trace', 'diff', ...files, ...more]);
      return stdout.match(/^(?:\| )?\+ tool|^added,/gm)?.length ?? 0;
    };
    expect(await rows()).toBeLessThanOrEqual(40);
    expect(await rows('--limit', '61')).toBe(60);
    expect(await rows('-f', 'csv')).toBe(60);
    expect(await rows('-f', 'markdown')).toBeLessThanOrEqual(40);
    const { stdout } = await inProcess(['trace', 'diff', ...files]);
    expect(stdout).toContain('\n21 more steps changed, each less than these: --limit 61 shows them all\n');
  });

  it('of two that have nothing in common says so first', async () => {
    const { stdout } = await inProcess(['trace', 'diff', runOf('c', ['x', 'y']), runOf('d', ['z', 'w'])]);
    expect(stdout).toContain('\nOnly 0% of the spans could be compared: A and B do different things.\n');
  });
});
