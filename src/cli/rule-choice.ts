import { isAbsolute, resolve } from 'node:path';
import type { RuleGroup } from '../alerts/index.ts';
import { glob, isGlob } from '../input/glob.ts';
import { UserError } from '../model/index.ts';
import type { RawOptions } from './options.ts';
import { type NamedFile, readRuleFiles } from './rule-files.ts';
import { list } from './settings.ts';

/** The groups that `--rules` names, in the order in which they are named. */
export async function ruleChoice(options: RawOptions, cwd: string, version: 2 | 3): Promise<RuleGroup[]> {
  const files = list(options['rules']);
  if (files.length === 0) {
    throw new UserError('no rules are named', {
      hint: 'Name a rule file of Prometheus: --rules rules.yml',
    });
  }
  const groups = await readRuleFiles(ruleFiles(files, cwd), version);
  if (groups.every(({ rules }) => rules.length === 0)) throw new UserError(`${files.join(', ')}: no rules`);
  return groups;
}

/** What `--rules` stands for: files, or globs in quotes. */
function ruleFiles(names: readonly string[], cwd: string): readonly NamedFile[] {
  const found = names.flatMap((name) => {
    if (!isGlob(name)) return [name];
    const matching = glob(resolve(cwd, name)).map(([path]) => path);
    if (matching.length === 0) throw new UserError(`--rules ${name}: nothing matches`);
    return isAbsolute(name) ? matching : matching.map((path) => path.slice(cwd.length + 1));
  });
  return [...new Set(found)].map((name) => ({ name, path: resolve(cwd, name) }));
}
