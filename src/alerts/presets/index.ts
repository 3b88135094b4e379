import { nearest, UserError } from '../../model/index.ts';
import { budgets } from './budgets.ts';
import { genxai, genxaiAsWritten } from './genxai.ts';
import type { Preset } from './preset.ts';
import { valuecanvas } from './valuecanvas.ts';

export type { Preset } from './preset.ts';
export { ruleFileOf } from './rule-file.ts';

/** Every preset at once, but for the rules that are kept as they were written. */
const all: Preset = {
  name: 'all',
  help: 'valuecanvas, genxai and budgets together',
  groups: (say) => [valuecanvas, genxai, budgets].flatMap(({ groups }) => groups(say)),
};

export const PRESETS: readonly Preset[] = [valuecanvas, genxai, genxaiAsWritten, budgets, all];

/** The preset of that name; an unknown one is an error that names the known ones. */
export function presetNamed(name: string): Preset {
  const found = PRESETS.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  const known = PRESETS.map((preset) => preset.name);
  const meant = nearest(name, known);
  throw new UserError(`no preset is called '${name}'`, {
    hint: `${meant === undefined ? '' : `Did you mean '${meant}'? `}Presets: ${known.join(', ')}.`,
  });
}
