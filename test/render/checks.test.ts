import { describe, expect, it } from 'vitest';
import { type CheckView, NOTHING_READ, type Report } from '../../src/model/index.ts';
import { RENDERERS } from '../../src/render/index.ts';

const check = (id: string, more: Partial<CheckView>): CheckView => ({
  id,
  title: `${id} is fine`,
  severity: 'error',
  ok: true,
  message: '',
  detail: [],
  at: null,
  ...more,
});

const report = (checks: readonly CheckView[]): Report => ({
  command: 'gate',
  body: { gates: checks.map(({ id }) => ({ id })) },
  table: { rows: 'gates', columns: [{ path: ['id'], name: 'id', label: 'gate', show: 'text' }] },
  checks: { suite: 'agentobs gate', checks },
  notes: [],
});

const rendered = async (format: 'junit' | 'github', checks: readonly CheckView[]): Promise<string> => {
  const options = { width: undefined, color: false, zone: 'UTC' };
  return [...(await RENDERERS[format](report(checks), NOTHING_READ, options))].join('');
};

const HOSTILE = '"<&\'\u001b[31m\u0000\ud800\ufffe--> %0A\n::error::x,y:z';

describe('junit', () => {
  it('has a case for every check: passed, failed, skipped', async () => {
    expect(
      await rendered('junit', [
        check('a', {}),
        check('b', {
          ok: false,
          message: 'too much',
          detail: ['spend less'],
          at: { source: 'run.jsonl', line: 7 },
        }),
        check('c', { ok: null, message: 'too little data' }),
      ]),
    ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="agentobs gate" tests="3" failures="1" errors="0" skipped="1">
  <testsuite name="agentobs gate" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="agentobs gate" name="a: a is fine"/>
    <testcase classname="agentobs gate" name="b: b is fine" file="run.jsonl" line="7">
      <failure type="error" message="too much">too much
first at run.jsonl:7
spend less</failure>
    </testcase>
    <testcase classname="agentobs gate" name="c: c is fine">
      <skipped message="too little data"/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('stays XML whatever a text holds', async () => {
    const text = await rendered('junit', [
      check('a', { ok: false, message: HOSTILE, at: { source: HOSTILE, line: 1 } }),
    ]);
    const [, message] = /message="([^"]*)"/.exec(text)!;
    expect(message).toBe('&quot;&lt;&amp;&apos;\\x1b[31m\\x00\\ud800\ufffd--&gt; %0A\\n::error::x,y:z');
    for (const character of text) {
      const code = character.codePointAt(0)!;
      expect(code === 10 || (code >= 32 && code !== 0xfffe && (code < 0xd800 || code > 0xdfff))).toBe(true);
    }
  });
});

describe('github', () => {
  it('annotates what failed or could not be told, then tells it as Markdown', async () => {
    const text = await rendered('github', [
      check('a', {}),
      check('b', {
        ok: false,
        message: 'too much',
        detail: ['spend less'],
        at: { source: 'a,b:c.jsonl', line: 7 },
      }),
      check('c', { ok: false, severity: 'warning', message: 'odd' }),
      check('d', { ok: false, severity: 'info', message: 'mind' }),
      check('e', { ok: null, message: 'too little data' }),
    ]);
    expect(text).toBe(`<!--
::error file=a%2Cb%3Ac.jsonl,line=7,title=b::too much%0Aspend less
::warning title=c::odd
::notice title=d::mind
::notice title=e::too little data
-->

| gate |
| --- |
| a |
| b |
| c |
| d |
| e |
`);
  });

  it('leaves the comment away where nothing is wrong', async () => {
    expect(await rendered('github', [check('a', {})])).toBe('| gate |\n| --- |\n| a |\n');
  });

  it('lets no text begin a command, end the comment or reach a terminal', async () => {
    const text = await rendered('github', [
      check('a', { ok: false, message: HOSTILE, at: { source: HOSTILE, line: 1 } }),
    ]);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('::'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('-->'))).toEqual(['-->']);
    expect(lines[1]).toMatch(/::"<&'\\x1b\[31m\\x00\\ud800.*-- > %250A\\n::error::x,y:z$/);
  });
});
