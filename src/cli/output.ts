import { constants, type Stats } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../model/index.ts';
import { isSystemError } from './failure.ts';
import type { Session } from './session.ts';

/** Where an answer goes. */
export type Output = { readonly write: (text: Iterable<string>) => Promise<void> };

/** The file that `option` names, else standard output. */
export const openOutput = async (
  path: string | undefined,
  { stdout, cwd }: Session,
  option = '--output',
): Promise<Output> => (path === undefined ? standardOutput(stdout) : fileOutput(path, cwd, option));

function standardOutput(stdout: Session['stdout']): Output {
  return {
    write: async (text) => {
      let written = 0;
      for (const piece of batches(text)) {
        if (!stdout.write(piece)) await new Promise<void>((resolve) => stdout.once('drain', resolve));
        // What is written at once leaves no room for Ctrl-C.
        else if (++written % BREATH === 0) await new Promise(setImmediate);
      }
    },
  };
}

/**
 * A file that is there whole or not at all: written beside its place and renamed. Checked before anything is read, so
 * that a long run does not end in a mistyped path. What is no plain file (`/dev/null`, a named pipe) is written to as it is.
 */
async function fileOutput(path: string, cwd: string, option: string): Promise<Output> {
  const named = resolve(cwd, path);
  const known = await statOf(named);
  if (known?.isDirectory() === true)
    throw new UserError(`${option} ${path}: is a folder`, { hint: 'Name a file in it.' });
  if (known !== undefined && !known.isFile()) return { write: (text) => writeTo(named, 'w', text) };
  // Through a symbolic link, so that the link stays one.
  const target = known === undefined ? named : await realpath(named);
  await checkFolder(dirname(target), path, option);
  return { write: (text) => replaceFile(target, known?.mode, text, option) };
}

async function replaceFile(
  target: string,
  mode: number | undefined,
  text: Iterable<string>,
  option: string,
): Promise<void> {
  const draft = join(dirname(target), `.agentobs-${process.pid}-${Date.now().toString(36)}.tmp`);
  try {
    await writeTo(draft, 'wx', text, mode);
    await rename(draft, target);
  } catch (cause) {
    await rm(draft, { force: true });
    if (!isSystemError(cause)) throw cause;
    throw new UserError(`${option} ${target}: ${cause.message}`, { cause });
  }
}

async function writeTo(path: string, flags: 'w' | 'wx', text: Iterable<string>, mode = 0o666): Promise<void> {
  const file = await open(path, flags, mode & 0o777);
  try {
    for (const piece of batches(text)) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

async function checkFolder(folder: string, path: string, option: string): Promise<void> {
  const shown = dirname(path);
  const found = await statOf(folder);
  if (found === undefined) {
    throw new UserError(`${option} ${path}: the folder ${shown} does not exist`, {
      hint: `Make it first: mkdir -p ${shown}`,
    });
  }
  if (!found.isDirectory()) throw new UserError(`${option} ${path}: ${shown} is not a folder`);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new UserError(`${option} ${path}: the folder ${shown} cannot be written to`, { cause });
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw error;
  }
}

const BATCH = 1 << 16;
/** Batches; a megabyte. */
const BREATH = 16;

/** The same text in pieces worth a system call. */
function* batches(text: Iterable<string>): Iterable<string> {
  let batch = '';
  for (const piece of text) {
    batch += piece;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}
