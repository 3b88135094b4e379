import { describe, expect, it } from 'vitest';
import { inProcess } from '../answer.ts';

/** What is said of a condition that no span meets. */
async function said(where: string): Promise<string> {
  const args = ['cost', '--no-config', '--where', where, 'fixtures/demo/team.jsonl'];
  const { code, stderr } = await inProcess(args);
  expect(code).toBe(0);
  return stderr;
}

describe('a condition that no span meets', () => {
  it.each([
    ['status=ok', 'no span has status "ok"; there is error, success'],
    ['user=Ana', 'no span has user "Ana"; there is ana, ben'],
    ['model=gpt-4', 'no span has model "gpt-4"; there is acme-house-1, claude-sonnet-4-20250514, gpt-4o'],
    ['attr:nope=1', 'no span has attr:nope "1", or any at all'],
    ['user=\x1b[31m', 'no span has user "\\u001b[31m"'],
  ])('is told with what there is: %s', async (where, note) => {
    const stderr = await said(where);
    expect(stderr).toContain('no span meets the filters\n');
    expect(stderr).toContain(note);
  });

  it.each(['name=nobody', 'duration>9h', 'user!=ana', 'user=(unattributed)'])(
    'is not told where its value is one: %s',
    async (where) => {
      expect(await said(where)).not.toContain('no span has');
    },
  );
});
