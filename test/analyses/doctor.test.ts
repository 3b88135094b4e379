import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/analyses/doctor-checks.ts';
import type { Checkup } from '../../src/model/index.ts';
import { ADVICE } from '../../src/normalize/advice/index.ts';
import { root } from '../agentobs.ts';
import { inProcess } from '../answer.ts';

// fixtures/doctor/<what is special>.* beside <same>.expected.json: exactly the findings that it has. What is not in the
// list of a fixture must not be found in it, so every fixture is a negative case for all other checks.

const folder = join(root, 'fixtures/doctor');
const EXPECTED = '.expected.json';
const cases = readdirSync(folder)
  .filter((file) => !file.endsWith(EXPECTED))
  .map((file) => ({
    file,
    expected: JSON.parse(
      readFileSync(join(folder, file.replace(/\.\w+$/, EXPECTED)), 'utf8'),
    ) as readonly string[],
  }));

async function checkup(file: string): Promise<Checkup> {
  const { code, stdout, stderr } = await inProcess([
    'doctor',
    join(folder, file),
    '-f',
    'json',
    '--no-config',
    '-q',
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Checkup;
}

describe('doctor', () => {
  it.each(cases)('$file', async ({ file, expected }) => {
    const { findings, checks, summary } = await checkup(file);
    expect(findings.map(({ id }) => id).sort()).toEqual([...expected].sort());
    expect(
      checks
        .filter(({ ok }) => !ok)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...expected].sort());
    expect(summary.errors + summary.warnings + summary.infos).toBe(expected.length);
    for (const finding of findings) {
      expect(finding.detail, finding.id).toMatch(/^\d+ /);
      expect(finding.first, finding.id).not.toBeNull();
      expect(finding.fixes, finding.id).not.toEqual([]);
    }
  });

  it.each(CHECKS.map(({ id }) => id))('%s is found somewhere, and not everywhere', (id) => {
    const found = cases.filter(({ expected }) => expected.includes(id));
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(cases.length);
  });

  it('says how much rests on what is missing', async () => {
    const { findings } = await checkup('without-user.jsonl');
    expect(findings[0]).toMatchObject({ calls: 1, calls_share: 1, cost_usd: '0.0045', cost_share: 1 });
    const { findings: unknown } = await checkup('calls-without-usage.jsonl');
    expect(unknown[0]).toMatchObject({ calls: 1, calls_share: 1, cost_usd: null, cost_share: null });
  });

  it('names the place, and the line for whoever wrote the telemetry', async () => {
    const { findings } = await checkup('streamed-without-usage.jsonl');
    const [{ first, fixes }] = findings as [Checkup['findings'][number]];
    expect(first).toMatchObject({ line: 1, span_id: 'd0c0000000000002', step: 'llm gpt-4o-2024-08-06' });
    expect(first!.source).toMatch(/streamed-without-usage\.jsonl$/);
    expect(fixes[0]).toMatchObject({ applies_to: 'OpenAI, Python' });
    expect(fixes[0]!.code).toContain('stream_options={"include_usage": True}');
  });
});

describe('advice', () => {
  it('has something for everybody on every topic', () => {
    const general = new Set(
      ADVICE.filter((one) => !one.dialects && !one.scope && !one.providers && !one.language).map(
        ({ topic }) => topic,
      ),
    );
    expect([...new Set(ADVICE.map(({ topic }) => topic))].filter((topic) => !general.has(topic))).toEqual([]);
  });

  it.each([
    ['content', 'vercel', 'gen_ai', 'telemetry: { recordInputs: false, recordOutputs: false }'],
    ['content', 'vercel', 'ai', 'experimental_telemetry: { recordInputs: false, recordOutputs: false }'],
    ['user', 'openai-agents', '', 'metadata={"user_id": user_id}'],
    ['session', 'openai-agents', '', 'group_id=session_id'],
    ['user', 'claude-code-session', '', 'CLAUDE_CODE_ENABLE_TELEMETRY=1'],
  ])('on %s of %s (scope "%s") is its own setting', (topic, dialect, scope, code) => {
    const first = ADVICE.find(
      (one) =>
        one.topic === topic &&
        one.dialects?.includes(dialect) &&
        (one.scope === undefined || one.scope.test(scope)),
    );
    expect(first?.code).toContain(code);
    expect(first?.code?.startsWith('experimental')).toBe(code.startsWith('experimental'));
  });

  it('leads somewhere', () => {
    for (const { source } of ADVICE) if (source !== undefined) expect(source).toMatch(/^https:\/\/\S+$/);
  });
});
