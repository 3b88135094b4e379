import { PRESETS, type Preset, presetNamed, ruleFileOf } from '../../alerts/index.ts';
import { type Vocabulary, vocabularyOf } from '../../metrics/index.ts';
import { type Column, type Report, UserError } from '../../model/index.ts';
import { metricChoice } from '../metric-choice.ts';
import { openOutput } from '../output.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { answerWithoutInput } from '../without-input.ts';

/** `agentobs alerts presets`: which rules come with the program, or the rule file of one. */
export const run: Run = async (names, options, session) => {
  const settings = readSettings(options, session);
  const [name, another] = names;
  if (another !== undefined) {
    throw new UserError(`'${name}' and '${another}' are two presets`, { hint: 'Ask for one, or for all.' });
  }
  const chosen = name === undefined ? PRESETS : [presetNamed(name)];
  const say = vocabularyOf((await metricChoice(options, session)).metrics);
  if (name === undefined || options['format'] !== undefined) {
    return answerWithoutInput(presetsReport(chosen, say), settings, session);
  }
  const output = await openOutput(settings.output, session);
  await output.write([ruleFileOf(chosen[0]!, say)]);
  return 0;
};

const COLUMNS: readonly Column[] = [
  { path: ['name'], name: 'name', label: 'preset', show: 'text' },
  { path: ['rules'], name: 'rules', label: 'rules', show: 'count' },
  { path: ['help'], name: 'help', label: 'what it watches', show: 'text' },
];

function presetsReport(presets: readonly Preset[], say: Vocabulary): Report {
  return {
    command: 'alerts presets',
    body: {
      presets: presets.map((preset) => ({
        name: preset.name,
        help: preset.help,
        rules: preset.groups(say).reduce((sum, { rules }) => sum + rules.length, 0),
        rule_file: ruleFileOf(preset, say),
      })),
    },
    table: { rows: 'presets', columns: COLUMNS },
    narrow: {
      columns: COLUMNS.filter(({ name }) => name !== 'help'),
      around: { above: [], below: presets.flatMap(({ name, help }) => ['', name, `  ${help}`]) },
    },
    notes: [],
  };
}
