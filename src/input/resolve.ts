import { accessSync, constants, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/index.ts';
import { glob, isGlob, isKeptOut } from './glob.ts';

/** One thing to read, as the user names it. */
export type Input =
  | { readonly kind: 'stdin'; readonly name: string }
  | {
      /** `pipe`: a path that gives its bytes only once, such as `<(command)`. */
      readonly kind: 'file' | 'pipe';
      readonly name: string;
      readonly path: string;
      readonly size: number;
      /** Found in a folder: it may be no telemetry at all. */
      readonly member: boolean;
    };

const STDIN = { input: { kind: 'stdin', name: 'stdin' }, identity: '-' } as const satisfies Found;
/** Other names of standard input. Where it is a socket, they cannot be opened. */
const STDIN_PATHS: ReadonlySet<string> = new Set(['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** An input, and what is the same for two names of one file. */
type Found = { readonly input: Input; readonly identity: string };

/** So many files are looked at before somebody else has a turn: a folder may hold a million. */
const TURN = 1000;

/**
 * Everything that the names on the command line stand for, in their order, each file once. Nothing is opened; a file is
 * asked for its size and whether it may be read, without a detour over threads: that would take ten times as long.
 */
export async function resolveInputs(names: readonly string[]): Promise<readonly Input[]> {
  const inputs: Input[] = [];
  const seen = new Set<string>();
  for (const name of names.length === 0 ? ['-'] : names) {
    for (const { input, identity } of inputsOf(name)) {
      if (seen.has(identity)) continue;
      seen.add(identity);
      if (inputs.push(input) % TURN === 0) await new Promise(setImmediate);
    }
  }
  return inputs;
}

function* inputsOf(name: string): Iterable<Found> {
  if (name === '-') {
    yield STDIN;
    return;
  }
  const stats = inspect(name);
  if (stats?.isDirectory() === true) yield* folder(name);
  else if (stats !== undefined) yield file(name, stats);
  else if (!isGlob(name)) throw new UserError(`${name}: no such file or folder`);
  else {
    const found = matching(name);
    const first = found.next();
    if (first.done === true) throw new UserError(`${name}: no file matches`);
    yield first.value;
    yield* found;
  }
}

function* matching(pattern: string): Generator<Found> {
  for (const [path, stats] of glob(pattern)) {
    if (stats.isDirectory()) yield* filesIn(path, new Set());
    else yield file(path, stats);
  }
}

function* folder(name: string): Iterable<Found> {
  let empty = true;
  for (const found of filesIn(name.length > 1 ? name.replace(/\/+$/, '') : name, new Set())) {
    empty = false;
    yield found;
  }
  if (empty) throw new UserError(`${name}: no files in this folder`);
}

/** The files of a folder and of those in it, by name; hidden ones and `node_modules` are left out. */
function* filesIn(path: string, above: ReadonlySet<string>): Iterable<Found> {
  const real = realpath(path);
  if (above.has(real)) return;
  const entries = readableNow(path, () => readdirSync(path, { withFileTypes: true }));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (isKeptOut(entry.name)) continue;
    const member = path === '.' ? entry.name : `${path === '/' ? '' : path}/${entry.name}`;
    if (entry.isDirectory()) {
      yield* filesIn(member, new Set([...above, real]));
      continue;
    }
    const stats = inspect(member);
    if (stats?.isDirectory() === true) yield* filesIn(member, new Set([...above, real]));
    else if (stats?.isFile() === true) {
      yield readableFile(member, stats, entry.isFile() ? join(real, entry.name) : realpath(member), true);
    }
  }
}

function file(path: string, stats: Stats): Found {
  if (stats.isFile()) return readableFile(path, stats, realpath(path), false);
  if (STDIN_PATHS.has(path)) return STDIN;
  // A pipe has no path of its own to resolve (`/proc/self/fd/63`).
  return { input: { kind: 'pipe', name: path, path, size: 0, member: false }, identity: path };
}

function readableFile(path: string, { size }: Stats, identity: string, member: boolean): Found {
  readableNow(path, () => accessSync(path, constants.R_OK));
  const name = path === STDIN.input.name ? `./${path}` : path;
  return { input: { kind: 'file', name, path, size, member }, identity };
}

/** Undefined where there is nothing of this name. */
const inspect = (path: string): Stats | undefined =>
  readableNow(path, () => statSync(path, { throwIfNoEntry: false }));

const realpath = realpathSync.native;

/** What the file system refuses is for the user to mend. */
export async function readable<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw refusal(path, error);
  }
}

function readableNow<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw refusal(path, error);
  }
}

function refusal(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new UserError(`${path}: ${REASONS.get(code) ?? `cannot be read (${code})`}`, { cause: error });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'no permission to read it'],
  ['EPERM', 'no permission to read it'],
  ['ENOENT', 'no such file or folder'],
  ['ELOOP', 'too many symbolic links'],
  ['ENAMETOOLONG', 'the name is too long'],
]);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
