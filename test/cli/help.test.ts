import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { commandHelp, mainHelp } from '../../src/cli/help.ts';
import { GLOBAL_OPTIONS, type OptionSpec } from '../../src/cli/options.ts';
import { DIMENSIONS } from '../../src/rollup/index.ts';

const pages = [mainHelp('0.0.0'), ...COMMANDS.map(({ words }) => commandHelp(words))];
const shown = (options: readonly OptionSpec[]) => options.filter(({ hidden }) => hidden !== true);

describe('help', () => {
  it('fits a terminal of 80 columns', () => {
    for (const page of pages)
      for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('names every command, and on its page every option', () => {
    for (const { words, answers, options } of COMMANDS) {
      expect(pages[0]).toContain(`  ${words.join(' ')}`);
      const page = commandHelp(words);
      expect(page).toContain(answers);
      for (const { flags, help } of [...shown(options), ...shown(GLOBAL_OPTIONS)]) {
        expect(page).toContain(flags);
        expect(page).toContain(help);
      }
    }
  });

  it('names every key that costs can be grouped by', () => {
    const keys = /Keys: ([^,]*), and attr:<key>/.exec(commandHelp(['cost']))?.[1]?.split(/\s+/);
    expect(keys).toEqual(Object.keys(DIMENSIONS));
  });

  it('shows what a group of commands holds', () => {
    expect(commandHelp(['trace'])).toMatch(/trace list .*\n.*trace show /);
  });
});
