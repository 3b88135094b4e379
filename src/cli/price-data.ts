import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../model/index.ts';
import { type Imported, readImported } from '../pricing/index.ts';
import { isSystemError } from './failure.ts';
import type { Session } from './session.ts';

/** Where imported prices are kept: a file of the user's, outside every project. */
export function priceDataFile({ env, cwd, home }: Pick<Session, 'env' | 'cwd' | 'home'>): string {
  const own = env['AGENTOBS_DATA_DIR'];
  if (own !== undefined && own !== '') return join(resolve(cwd, own), 'prices.json');
  // The XDG base directory specification has relative paths ignored.
  const base = env['XDG_DATA_HOME']?.startsWith('/') ? env['XDG_DATA_HOME'] : join(home, '.local', 'share');
  return join(base, 'agentobs', 'prices.json');
}

/** What was imported; undefined if nothing was. Throws a `UserError` for a file that is damaged. */
export function loadImported(session: Pick<Session, 'env' | 'cwd' | 'home'>): Imported | undefined {
  const path = priceDataFile(session);
  if (!existsSync(path)) return undefined;
  try {
    return readImported(readFileSync(path, 'utf8'), path);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new UserError(`${path}: ${cause.message}`, { cause });
  }
}

/** Writes the file whole or not at all. */
export async function saveImported(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    await rm(draft, { force: true }).catch(() => undefined);
    throw new UserError(`${path}: ${cause.message}`, {
      hint: 'AGENTOBS_DATA_DIR names another folder.',
      cause,
    });
  }
}
