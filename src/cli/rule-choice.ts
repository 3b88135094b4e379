import { isAbsolute, resolve } from 'node:path';
import type { RuleGroup } from '../alerts/index.ts';
import { glob, isGlob } from '../input/glob.ts';
import type { Metric } from '../metrics/index.ts';
import { UserError } from '../model/index.ts';
import type { RawOptions } from './options.ts';
import { type NamedFile, readPreset, readRuleFiles } from './rule-files.ts';
import { list } from './settings.ts';

/** The groups that `--rules` and `--preset` name; presets come last, in the names of these metrics. */
export async function ruleChoice(
  options: RawOptions,
  cwd: string,
  version: 2 | 3,
  metrics: readonly Metric[],
): Promise<RuleGroup[]> {
  const [files, presets] = [list(options['rules']), new Set(list(options['preset']))];
  if (files.length === 0 && presets.size === 0) {
    throw new UserError('no rules are named', {
      hint: 'Name a rule file of Prometheus (--rules rules.yml), or rules that come with agentobs (--preset valuecanvas).',
    });
  }
  const groups = await readRuleFiles(ruleFiles(files, cwd), version);
  if (files.length > 0 && groups.every(({ rules }) => rules.length === 0))
    throw new UserError(`${files.join(', ')}: no rules`);
  for (const preset of presets) groups.push(...(await readPreset(preset, metrics, version)));
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
