import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { cellWidth } from '../../src/render/text.ts';
import { root } from '../agentobs.ts';
import { fakeSession } from '../cli/fake-session.ts';

/** What a person sees on a terminal that wide. */
async function seen(columns: number, ...args: readonly string[]): Promise<string> {
  const { session, stdout } = fakeSession({ terminal: true, columns });
  await runProgram(['stats', '--no-config', '--color', 'never', '-q', ...args], session, () => 'test');
  await new Promise(setImmediate);
  return stdout();
}

describe('a table of statistics', () => {
  it.each([
    [80, 'agent'],
    [120, 'agent'],
    [80, 'kind'],
    [120, 'kind'],
  ])('fits %d columns, by %s', async (columns, by) => {
    const text = await seen(columns, '--by', by, 'fixtures/stats/judged.jsonl');
    for (const line of text.split('\n')) expect(cellWidth(line)).toBeLessThanOrEqual(columns);
    await expect(text).toMatchFileSnapshot(join(root, `fixtures/stats/by-${by}-${columns}.txt`));
  });

  it('says by a sign, not by colour alone, which targets are missed', async () => {
    const text = await seen(80, '--by', 'agent', 'fixtures/stats/judged.jsonl');
    expect(text).toMatch(/^helper .*✖ /m);
    expect(text).toMatch(/^forecaster .*✔ 7\/7$/m);
  });
});
