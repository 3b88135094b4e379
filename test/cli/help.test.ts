import { describe, expect, it } from 'vitest';
import { commandHelp, groupHelp, mainHelp } from '../../src/cli/help.ts';
import { GLOBAL_OPTIONS, type OptionSpec } from '../../src/cli/options.ts';
import { COMMANDS } from '../../src/cli/usage/index.ts';
import { DIMENSIONS } from '../../src/rollup/index.ts';

const main = mainHelp('0.0.0');
const commands = await Promise.all(
  COMMANDS.map(async (spec) => {
    const { usage } = await spec.load();
    return { ...spec, ...usage, page: commandHelp(spec, usage) };
  }),
);
const shown = (options: readonly OptionSpec[]) => options.filter(({ hidden }) => hidden !== true);

describe('help', () => {
  it('fits a terminal of 80 columns', () => {
    for (const page of [main, ...commands.map((command) => command.page)])
      for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('names every command, and on its page every option', () => {
    for (const { words, answers, options, page } of commands) {
      expect(main).toContain(`  ${words.join(' ')}`);
      expect(page).toContain(answers);
      for (const { flags, help } of [...shown(options), ...shown(GLOBAL_OPTIONS)]) {
        expect(page).toContain(flags);
        expect(page).toContain(help);
      }
    }
  });

  it('names every key that costs can be grouped by', () => {
    const cost = commands.find(({ words }) => words[0] === 'cost');
    const keys = /Keys: ([^,]*), and attr:<key>/.exec(cost?.page ?? '')?.[1]?.split(/\s+/);
    expect(keys).toEqual(Object.keys(DIMENSIONS));
  });

  it('shows what a group of commands holds', () => {
    expect(groupHelp('trace')).toMatch(/trace list .*\n.*trace show /);
  });
});
