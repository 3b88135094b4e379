import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../model/index.ts';
import type { Config } from './config.ts';
import { isSystemError } from './failure.ts';
import type { GateSettings } from './gate-settings.ts';

/** A file that a gate compares with: its text, and its name as it was typed. */
export type GateFile = { readonly name: string; readonly text: string };

/** Files that agentobs.yaml names stand where it stands. */
export function besideConfig({ path, gates }: Config): GateSettings | undefined {
  if (gates === undefined || path === undefined) return gates;
  const placed = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : resolve(dirname(path), file);
  return { ...gates, baseline: placed(gates.baseline), shape: placed(gates.shape) };
}

/** The file; undefined where there is none and `writing` says that it is about to be made. */
export function gateFile(
  option: '--baseline' | '--shape',
  name: string | undefined,
  cwd: string,
  writing: boolean,
): GateFile | undefined {
  if (name === undefined) return undefined;
  try {
    return { name, text: readFileSync(resolve(cwd, name), 'utf8') };
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    if (cause.code === 'ENOENT' && writing) return undefined;
    if (cause.code === 'ENOENT') {
      throw new UserError(`${option} ${name}: there is no such file`, {
        hint: `Write it with agentobs check --save-${option.slice(2)} ${name}`,
        cause,
      });
    }
    const why = cause.code === 'EISDIR' ? 'that is a folder' : `cannot be read (${cause.code})`;
    throw new UserError(`${option} ${name}: ${why}`, { cause });
  }
}
