import { nearest, UserError } from '../model/index.ts';
import { DIMENSION, FIGURE, type GateSettings, type Known, PAIR_KEY } from './gate-settings.ts';
import { amountFor, COUNT, DOLLARS, PERCENT, TEXT, TIME, type Typed } from './gate-values.ts';
import type { RawOptions } from './options.ts';
import { list } from './settings.ts';

/** The gates that the command line names. Throws a `UserError` for what is not written like one. */
export function gateOptions(options: RawOptions): GateSettings {
  const one = <T>(flag: string, name: string, typed: Typed<T>): T | undefined => {
    const value = options[name];
    return typeof value === 'string' ? read(flag, value, value, typed) : undefined;
  };
  return {
    budget: one('--budget', 'budget', DOLLARS),
    budgetPer: pairs('--budget-per', list(options['budgetPer']), DIMENSION, () => DOLLARS),
    maxDuration: one('--max-duration', 'maxDuration', TIME),
    maxErrors: one('--max-errors', 'maxErrors', COUNT),
    maxTokens: one('--max-tokens', 'maxTokens', COUNT),
    maxWaste: one('--max-waste', 'maxWaste', PERCENT),
    maxUnpriced: one('--max-unpriced', 'maxUnpriced', COUNT),
    baseline: one('--baseline', 'baseline', TEXT),
    shape: one('--shape', 'shape', TEXT),
    maxIncrease: pairs('--max-increase', list(options['maxIncrease']), FIGURE, () => PERCENT),
    minChange: pairs('--min-change', list(options['minChange']), FIGURE, amountFor),
    pairBy: one('--pair-by', 'pairBy', PAIR_KEY),
    seed: one('--seed', 'seed', COUNT),
  };
}

/** What the command line says goes before what the file says, gate by gate. */
export function joined(line: GateSettings, file: GateSettings | undefined): GateSettings {
  if (file === undefined) return line;
  return {
    budget: line.budget ?? file.budget,
    budgetPer: new Map([...file.budgetPer, ...line.budgetPer]),
    maxDuration: line.maxDuration ?? file.maxDuration,
    maxErrors: line.maxErrors ?? file.maxErrors,
    maxTokens: line.maxTokens ?? file.maxTokens,
    maxWaste: line.maxWaste ?? file.maxWaste,
    maxUnpriced: line.maxUnpriced ?? file.maxUnpriced,
    baseline: line.baseline ?? file.baseline,
    shape: line.shape ?? file.shape,
    maxIncrease: new Map([...file.maxIncrease, ...line.maxIncrease]),
    minChange: new Map([...file.minChange, ...line.minChange]),
    pairBy: line.pairBy ?? file.pairBy,
    seed: line.seed ?? file.seed,
  };
}

function read<T>(flag: string, whole: string, text: string, { like, read: readText }: Typed<T>): T {
  const value = readText(text);
  if (value !== undefined) return value;
  throw new UserError(`${flag} '${whole}': not understood`, { hint: `Write ${like}.` });
}

/** `user=2.50 day=40`, given one by one or with commas between them. */
function pairs<K extends string, T>(
  flag: string,
  given: readonly string[],
  known: Known<K>,
  typedOf: (name: K) => Typed<T>,
): ReadonlyMap<K, T> {
  const found = new Map<K, T>();
  for (const text of given.flatMap(split)) {
    const at = text.lastIndexOf('=');
    const name = text.slice(0, Math.max(0, at)).trim();
    if (name === '') {
      const example = `${known === FIGURE ? 'cost' : 'user'}=`;
      throw new UserError(`${flag} '${text}': names no ${known.what}`, {
        hint: `Write it like ${flag} ${example}${flag === '--max-increase' ? '10%' : '2.50'}.`,
      });
    }
    const meant = known.find(name);
    if (meant === undefined) {
      const near = nearest(name.slice(0, 100), known.names);
      throw new UserError(`${flag} '${text}': unknown ${known.what} '${name}'`, {
        hint: `${near === undefined ? '' : `Did you mean '${near}'? `}There are: ${known.names.join(', ')}${known === DIMENSION ? ', attr:<key>, resource:<key>' : ''}.`,
      });
    }
    found.set(meant, read(flag, text, text.slice(at + 1).trim(), typedOf(meant)));
  }
  return found;
}

/** Keys of attributes may hold commas: a list is only what is one from end to end. */
function split(text: string): readonly string[] {
  const parts = text.split(',');
  return parts.every((part) => /^[^=]+=[^=]+$/.test(part)) ? parts : [text];
}
