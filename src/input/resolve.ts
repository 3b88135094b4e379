import { open, readdir, realpath, stat } from 'node:fs/promises';
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

const STDIN: Input = { kind: 'stdin', name: 'stdin' };
/** Other names of standard input. Where it is a socket, they cannot be opened. */
const STDIN_PATHS: ReadonlySet<string> = new Set(['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** Everything that the names on the command line stand for, in their order, each file once. */
export async function resolveInputs(names: readonly string[]): Promise<readonly Input[]> {
  const inputs: Input[] = [];
  const seen = new Set<string>();
  const add = async (input: Input): Promise<void> => {
    const identity = await identityOf(input);
    if (seen.has(identity)) return;
    seen.add(identity);
    inputs.push(input);
  };
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-') await add(STDIN);
    else for (const input of await inputsOf(name)) await add(input);
  }
  return inputs;
}

/** The same for two names of one file. A pipe has no path of its own to resolve (`/proc/self/fd/63`). */
async function identityOf(input: Input): Promise<string> {
  if (input.kind === 'stdin') return '-';
  return input.kind === 'pipe' ? input.path : realpath(input.path);
}

async function inputsOf(name: string): Promise<readonly Input[]> {
  const found = await inspect(name);
  if (found !== undefined) return found.isDirectory() ? folder(name) : [await file(name, found, false)];
  if (!isGlob(name)) throw new UserError(`${name}: no such file or folder`);
  const paths = await glob(name);
  if (paths.length === 0) throw new UserError(`${name}: no file matches`);
  const inputs: Input[] = [];
  for (const path of paths) {
    const matched = await inspect(path);
    if (matched === undefined) continue;
    if (matched.isDirectory()) inputs.push(...(await filesIn(path, new Set())));
    else inputs.push(await file(path, matched, false));
  }
  if (inputs.length === 0) throw new UserError(`${name}: no file matches`);
  return inputs;
}

async function folder(name: string): Promise<readonly Input[]> {
  const files = await filesIn(name.length > 1 ? name.replace(/\/+$/, '') : name, new Set());
  if (files.length === 0) throw new UserError(`${name}: no files in this folder`);
  return files;
}

/** The files of a folder and of those in it, by name; hidden ones and `node_modules` are left out. */
async function filesIn(path: string, above: ReadonlySet<string>): Promise<readonly Input[]> {
  const identity = await realpath(path);
  if (above.has(identity)) return [];
  const inputs: Input[] = [];
  for (const name of (await readable(path, () => readdir(path))).sort()) {
    if (isKeptOut(name)) continue;
    const member = path === '.' ? name : `${path === '/' ? '' : path}/${name}`;
    const found = await inspect(member);
    if (found === undefined) continue;
    if (found.isDirectory()) inputs.push(...(await filesIn(member, new Set([...above, identity]))));
    else if (found.isFile()) inputs.push(await file(member, found, true));
  }
  return inputs;
}

type Found = Awaited<ReturnType<typeof stat>>;

async function file(path: string, found: Found, member: boolean): Promise<Input> {
  if (!found.isFile() && STDIN_PATHS.has(path)) return STDIN;
  if (!found.isFile()) return { kind: 'pipe', name: path, path, size: 0, member };
  await readable(path, async () => (await open(path, 'r')).close());
  const name = path === STDIN.name ? `./${path}` : path;
  return { kind: 'file', name, path, size: Number(found.size), member };
}

/** Undefined where there is nothing of this name. */
async function inspect(path: string): Promise<Found | undefined> {
  return readable(path, async () => {
    try {
      return await stat(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  });
}

/** What the file system refuses is for the user to mend. */
export async function readable<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const reason = REASONS.get(code) ?? `cannot be read (${code})`;
    throw new UserError(`${path}: ${reason}`, { cause: error });
  }
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
