import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that tools keep for themselves are passed over unless they are named. */
export function isKeptOut(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** `{a,b}` may multiply, but not without end. */
const ALTERNATIVES = 1000;

/**
 * The paths that match a pattern, in order, and what is there: `*` and `?` within a name, `**` over folders, `[a-z]`,
 * `[!a]` and `{a,b}`. As in a shell, names that begin with a dot match only where the pattern has the dot.
 */
export function glob(pattern: string): readonly (readonly [path: string, Stats])[] {
  const found = new Map<string, Stats>();
  for (const plain of alternatives(pattern)) {
    const parts = plain.split('/').filter((part, i) => part !== '' || i === 0);
    const absolute = parts[0] === '';
    walk(absolute ? '/' : '', absolute ? parts.slice(1) : parts, found, new Set());
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function walk(folder: string, parts: readonly string[], found: Map<string, Stats>, seen: Set<string>): void {
  const [part, ...rest] = parts;
  if (part === undefined) {
    addPath(folder, found);
    return;
  }
  const key = `${parts.length} ${folder}`;
  if (seen.has(key)) return;
  seen.add(key);
  if (part === '**') {
    walk(folder, rest, found, seen);
    for (const entry of entries(folder)) {
      if (entry.isDirectory() && !isKeptOut(entry.name)) {
        walk(join(folder, entry.name), parts, found, seen);
      } else if (rest.length === 0 && !entry.isDirectory() && !entry.name.startsWith('.')) {
        addPath(join(folder, entry.name), found);
      }
    }
    return;
  }
  if (!isGlob(part)) {
    walk(join(folder, part), rest, found, seen);
    return;
  }
  const matcher = nameMatcher(part);
  for (const { name } of entries(folder)) {
    if (name.startsWith('.') && !part.startsWith('.')) continue;
    if (matcher.test(name)) walk(join(folder, name), rest, found, seen);
  }
}

function addPath(path: string, found: Map<string, Stats>): void {
  if (path === '' || found.has(path)) return;
  const stats = unlessMissing(() => statSync(path));
  if (stats !== undefined) found.set(path, stats);
}

const entries = (folder: string): readonly Dirent[] =>
  unlessMissing(() => readdirSync(folder === '' ? '.' : folder, { withFileTypes: true })) ?? [];

function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Not there, or not a folder, or closed to us: nothing in it matches. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM' || code === 'ELOOP';
}

function nameMatcher(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const close = char === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (close > 0) {
      const inside = pattern.slice(at + 1, close).replaceAll(/[\\\]^]/g, '\\$&');
      source += `[${inside.replace(/^(?:!|\\\^)/, '^')}]`;
      at = close;
    } else if (char === '*') {
      if (!source.endsWith('.*')) source += '.*';
    } else source += char === '?' ? '.' : char.replace(/[.+^${}()|[\]\\]/, '\\$&');
  }
  return new RegExp(`^${source}$`, 'us');
}

/** A pattern without braces for every choice that its braces give. */
export function alternatives(pattern: string): readonly string[] {
  const done = new Set<string>();
  const open = [pattern];
  for (let next = open.pop(); next !== undefined && done.size < ALTERNATIVES; next = open.pop()) {
    const group = innermostGroup(next);
    if (group === undefined) done.add(next);
    else for (const choice of group.choices) open.push(group.before + choice + group.after);
  }
  return [...done];
}

type Group = { readonly before: string; readonly choices: readonly string[]; readonly after: string };

/** The first `{…,…}` that holds no other. */
function innermostGroup(pattern: string): Group | undefined {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (found === null) return undefined;
  return {
    before: pattern.slice(0, found.index),
    choices: found[1]!.split(','),
    after: pattern.slice(found.index + found[0].length),
  };
}
