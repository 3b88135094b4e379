import type { RuleGroup } from '../alerts/index.ts';
import type { Metric } from '../metrics/index.ts';
import { UserError } from '../model/index.ts';
import type { RawOptions } from './options.ts';
import { namedFiles, readPresets, readRuleFiles } from './rule-files.ts';
import { list } from './settings.ts';

/** The groups that `--rules` and `--preset` name; presets come last, in the names of these metrics. */
export async function ruleChoice(
  options: RawOptions,
  cwd: string,
  version: 2 | 3,
  metrics: readonly Metric[],
): Promise<RuleGroup[]> {
  const files = list(options['rules']);
  if (files.length === 0 && list(options['preset']).length === 0) {
    throw new UserError('no rules are named', {
      hint: 'Name a rule file of Prometheus (--rules rules.yml), or rules that come with agentobs (--preset valuecanvas).',
    });
  }
  const groups = await readRuleFiles(namedFiles(files, cwd, '--rules '), version);
  if (files.length > 0 && groups.every(({ rules }) => rules.length === 0))
    throw new UserError(`${files.join(', ')}: no rules`);
  return [...groups, ...(await readPresets(options, metrics, version))];
}
