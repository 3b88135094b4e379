import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { RuleGroup } from '../../alerts/index.ts';
import {
  parseUnitTests,
  runUnitTests,
  type UnitTestFile,
  unitTestReport,
} from '../../alerts/unit-tests/index.ts';
import { glob } from '../../input/glob.ts';
import { type Report, UserError } from '../../model/index.ts';
import { type NamedFile, namedFiles, readAll, readRuleFiles, refuseAll } from '../rule-files.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { optional } from '../values.ts';
import { answerWithoutInput } from '../without-input.ts';

/** A case failed. */
const FAILED = 1;

/** `agentobs alerts test`: do the rules do what promtool's unit tests say? */
export const run: Run = async (inputs, options, session) => {
  const settings = readSettings(options, session, true);
  const version = optional('--prometheus', options['prometheus'], ['2', '3']) === '2' ? 2 : 3;
  const named = testFiles(inputs, session.cwd);
  const files = await readAll(named, (top, context) => parseUnitTests(top, version, context));
  const { rules, notes } = await rulesOf(files, named, version);
  const tested = files.map((file, i) => ({
    file: named[i]!.name,
    results: runUnitTests(file, rules[i]!, version),
  }));
  const report = unitTestReport(tested, notes);
  await answerWithoutInput(report, settings, session);
  return exitCode(report);
};

function exitCode({ checks }: Report): number {
  return (checks?.checks ?? []).some(({ ok }) => ok === false) ? FAILED : 0;
}

/** What the operands stand for: files, or globs in quotes. */
function testFiles(inputs: readonly string[], cwd: string): readonly NamedFile[] {
  if (inputs.length === 0) {
    throw new UserError('no unit test file is named', {
      hint: 'agentobs alerts test rules-test.yml (the format is that of promtool test rules).',
    });
  }
  return namedFiles(inputs, cwd);
}

type FoundRules = { readonly rules: readonly RuleGroup[][]; readonly notes: readonly string[] };

/** The groups of the rule files of each test file. A file without tests is not asked for any, as in promtool. */
async function rulesOf(
  files: readonly UnitTestFile[],
  named: readonly NamedFile[],
  version: 2 | 3,
): Promise<FoundRules> {
  const notes: string[] = [];
  const faults: UserError[] = [];
  const rules: RuleGroup[][] = [];
  for (const [i, { ruleFiles, tests }] of files.entries()) {
    const found = tests.length === 0 ? [] : ruleFilesOf(ruleFiles, named[i]!, notes);
    try {
      rules.push(await readRuleFiles(found, version));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(error);
    }
  }
  refuseAll(faults);
  return { rules, notes };
}

/** The files that the patterns match, from the folder of the test file, each once. */
function ruleFilesOf(
  patterns: readonly string[],
  { path, name }: NamedFile,
  notes: string[],
): readonly NamedFile[] {
  const found = new Map<string, NamedFile>();
  for (const pattern of patterns) {
    const matches = pattern === '' ? [] : glob(resolve(dirname(path), pattern)).map(([match]) => match);
    if (matches.length === 0) notes.push(`${name}: no rule file matches ${pattern}`);
    for (const match of matches) found.set(match, { path: match, name: shownAs(match, pattern, path, name) });
  }
  return [...found.values()];
}

/** A rule file in terms of the test file's own name. */
function shownAs(match: string, pattern: string, testPath: string, testName: string): string {
  if (isAbsolute(pattern)) return match;
  const folder = dirname(testPath);
  const within = match.startsWith(`${folder}/`) ? match.slice(folder.length + 1) : undefined;
  return within === undefined ? join(dirname(testName), pattern) : join(dirname(testName), within);
}
