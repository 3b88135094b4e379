import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../model/index.ts';
import { findDimension } from '../rollup/index.ts';
import type { RawOptions } from './options.ts';
import type { Session } from './session.ts';
import { list } from './settings.ts';

/** The keys of `--by user,model --by day`, all of them in order; `byDefault` where there are none. */
export function byKeys(given: RawOptions[string], byDefault: string): readonly string[] {
  const texts = list(given);
  if (texts.length === 0) return [byDefault];
  const found = texts.flatMap((text) => text.split(',')).map((key) => key.trim());
  const twice = found.find((key, i) => found.indexOf(key) < i);
  if (twice !== undefined) throw new UserError(`--by names '${twice}' twice`);
  return found;
}

/** `--by user model` leaves a key among the inputs: an error that says how keys are written. */
export function checkForKeys(inputs: readonly string[], { cwd }: Session): void {
  const key = inputs.find((input) => findDimension(input) !== undefined && !existsSync(resolve(cwd, input)));
  if (key === undefined) return;
  throw new UserError(`${key}: no such file or folder`, {
    hint: `Keys of --by stand together, with commas: --by user,${key}`,
  });
}
