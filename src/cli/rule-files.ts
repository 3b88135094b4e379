import { isAbsolute, relative, resolve } from 'node:path';
import { parseRules, presetNamed, type RuleContext, type RuleGroup, ruleFileOf } from '../alerts/index.ts';
import { glob, isGlob } from '../input/glob.ts';
import { type Metric, vocabularyOf } from '../metrics/index.ts';
import { UserError } from '../model/index.ts';
import type { RawOptions } from './options.ts';
import { list } from './settings.ts';
import { readYaml, readYamlFile, type YamlContext } from './yaml-file.ts';

/** A file to read: where it is, and what messages call it. */
export type NamedFile = { readonly path: string; readonly name: string };

/**
 * What names stand for: files, or globs in quotes; each file once. A glob that matches nothing is an error, which says
 * before the name which option it is of.
 */
export function namedFiles(names: readonly string[], cwd: string, option = ''): readonly NamedFile[] {
  const found = names.flatMap((name) => {
    if (!isGlob(name)) return [name];
    const matching = glob(resolve(cwd, name)).map(([path]) => path);
    if (matching.length === 0) throw new UserError(`${option}${name}: nothing matches`);
    return isAbsolute(name) ? matching : matching.map((path) => relative(cwd, path));
  });
  return [...new Set(found)].map((name) => ({ name, path: resolve(cwd, name) }));
}

/** The groups of rule files in their order. One `UserError` tells every fault of all of them, with their lines. */
export async function readRuleFiles(files: readonly NamedFile[], version: 2 | 3): Promise<RuleGroup[]> {
  const groups = await readAll(files, (top, context) => parseRules(top, context, { version }));
  return groups.flat();
}

/** The groups of rules that come with the program and that `--preset` names, in the names of these metrics. */
export async function readPresets(
  options: RawOptions,
  metrics: readonly Metric[],
  version: 2 | 3,
): Promise<RuleGroup[]> {
  const groups: RuleGroup[] = [];
  for (const preset of new Set(list(options['preset'])))
    groups.push(...(await readPreset(preset, metrics, version)));
  return groups;
}

function readPreset(name: string, metrics: readonly Metric[], version: 2 | 3): Promise<RuleGroup[]> {
  const file = `preset ${name}`;
  return readYaml(
    ruleFileOf(presetNamed(name), vocabularyOf(metrics)),
    file,
    (top, context) => parseRules(top, ruleContext(file, context), { version }),
    { texts: true },
  );
}

/** What `read` makes of YAML files whose scalars are texts, as written; all faults of all files in one `UserError`. */
export async function readAll<T>(
  files: readonly NamedFile[],
  read: (top: unknown, context: RuleContext, file: NamedFile) => T,
): Promise<T[]> {
  const results: T[] = [];
  const faults: UserError[] = [];
  for (const file of files) {
    try {
      results.push(await readOne(file, read));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.push(error);
    }
  }
  refuseAll(faults);
  return results;
}

function readOne<T>(
  file: NamedFile,
  read: (top: unknown, context: RuleContext, file: NamedFile) => T,
): Promise<T> {
  return readYamlFile(
    file.path,
    file.name,
    (top, context) => read(top, ruleContext(file.name, context), file),
    { texts: true },
  );
}

/** What readers of rules ask of a YAML file that messages call `file`. */
export const ruleContext = (file: string, { faultAt, lineOf, writtenAt }: YamlContext): RuleContext => ({
  file,
  fault: faultAt,
  lineOf,
  writtenAt,
});

/** Throws what went wrong as one error; nothing where nothing did. */
export function refuseAll(faults: readonly UserError[]): void {
  const [first] = faults;
  if (first === undefined) return;
  if (faults.length === 1) throw first;
  throw new UserError(faults.map(({ message }) => message).join('\n'), { cause: first });
}
