import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { Document, Node } from 'yaml';
import { UserError } from '../model/index.ts';
import type { ConfigContext, ConfigPath } from '../pricing/index.ts';

/** More aliases than this in one file are an attack, not a convenience. */
const MOST_ALIASES = 100;
const TOO_DEEP = 'nested too deeply to read';
const NOT_UTF8 = 'not UTF-8';
const LF = 0x0a;

type Fault = { readonly line: number; readonly message: string };

/**
 * `texts`: every value is the text that is written, as programs read it that know what they expect: `1.0` is no number. An
 * unquoted `null` is still nothing. Such programs read the first document of a file and leave the rest alone, and they refuse
 * what is no UTF-8.
 */
type YamlOptions = { readonly texts?: boolean };
type Yaml = typeof import('yaml');

/** `faultAt`: a fault whose message says itself where it is. Lines count from 1. */
export type YamlContext = ConfigContext & {
  readonly faultAt: (path: ConfigPath, message: string) => void;
  readonly lineOf: (path: ConfigPath) => number;
  /** What is written for a value that is nothing, such as `~`; empty where that is nothing too. */
  readonly writtenAt: (path: ConfigPath) => string;
};

/**
 * Reads a YAML or JSON file through `read`, which hears mappings as `Map` and says what is wrong with them.
 * `name` is the file as messages call it. Throws one `UserError` that lists every fault as `name:line: …`.
 */
export async function readYamlFile<T>(
  path: string,
  name: string,
  read: (top: unknown, context: YamlContext) => T,
  options: YamlOptions = {},
): Promise<T> {
  return readYaml(readText(path, name, options), name, read, options);
}

/** The same of a text that is at hand. */
export async function readYaml<T>(
  text: string,
  name: string,
  read: (top: unknown, context: YamlContext) => T,
  options: YamlOptions = {},
): Promise<T> {
  const yaml: Yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const { document, top, twice, broken } = parse(yaml, text, name, lines, options);
  const syntax = errorsOf(document, options).map(({ pos, code, message }) => ({
    line: lineAt(pos[0]),
    // The parser reports its own stack's end as an error in the file.
    message: message.startsWith('Maximum call stack') ? TOO_DEEP : (IN_OUR_WORDS.get(code) ?? message),
  }));
  if (syntax.length > 0) refuse(name, syntax);
  const faults: Fault[] = twice.map(({ key, offset, first }) => ({
    line: lineAt(offset),
    message: `mapping key "${key}" already defined at line ${lineAt(first)}`,
  }));
  for (const offset of broken)
    faults.push({ line: lineAt(offset), message: 'found invalid Unicode character escape code' });
  const lineOf = (at: ConfigPath): number => lineAt(offsetOf(yaml, document, at));
  const result = read(top, {
    fault: (at, message) => {
      faults.push({ line: lineOf(at), message: at.length === 0 ? message : `${at.join('.')}: ${message}` });
    },
    placeOf: (at) => `${name}:${lineOf(at)}`,
    faultAt: (at, message) => {
      faults.push({ line: lineOf(at), message });
    },
    lineOf,
    writtenAt: (at) => writtenAt(yaml, document, at),
  });
  if (faults.length > 0) refuse(name, faults);
  return result;
}

function readText(path: string, name: string, { texts = false }: YamlOptions): string {
  const bytes = readBytes(path, name);
  if (texts && !isUtf8(bytes)) refuse(name, [{ line: lineOfOtherBytes(bytes), message: NOT_UTF8 }]);
  return bytes.toString();
}

/** The first line that is no UTF-8. */
function lineOfOtherBytes(bytes: Buffer): number {
  let [line, from] = [1, 0];
  for (let end = bytes.indexOf(LF); end !== -1 && isUtf8(bytes.subarray(from, end)); line++) {
    from = end + 1;
    end = bytes.indexOf(LF, from);
  }
  return line;
}

function readBytes(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UserError(`${name}: there is no such file`, { cause });
    throw new UserError(`${name}: ${code === 'EISDIR' ? 'that is a folder' : `cannot be read (${code})`}`, {
      cause,
    });
  }
}

/** What the parser throws is about the file: aliases that multiply, or nesting deeper than its stack. */
function parse(
  yaml: Yaml,
  text: string,
  name: string,
  lineCounter: InstanceType<Yaml['LineCounter']>,
  options: YamlOptions,
) {
  const { texts = false } = options;
  try {
    const document = yaml.parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      merge: true,
      // The parser compares each key with all others, and keeps what else is wrong to itself.
      uniqueKeys: false,
      schema: texts ? 'failsafe' : 'core',
    });
    const readable = errorsOf(document, options).length === 0;
    const twice = readable ? withoutRepeated(yaml, document) : [];
    const broken = readable && texts ? halves(yaml, document) : [];
    if (readable && texts) withNulls(yaml, document);
    const top: unknown = readable
      ? document.toJS({ mapAsMap: true, maxAliasCount: MOST_ALIASES })
      : undefined;
    return { document, top, twice, broken };
  } catch (cause) {
    const deep = cause instanceof RangeError;
    throw new UserError(`${name}: ${deep ? TOO_DEEP : 'its aliases (*name) multiply without end'}`, {
      cause,
    });
  }
}

/** What the parser says to people who write programs. */
const IN_OUR_WORDS: ReadonlyMap<string, string> = new Map([
  ['MULTIPLE_DOCS', 'a second YAML document begins here: a file holds one'],
]);

function errorsOf({ errors }: Document.Parsed, { texts = false }: YamlOptions) {
  return texts ? errors.filter(({ code }) => code !== 'MULTIPLE_DOCS') : errors;
}

type Repeated = { readonly key: string; readonly offset: number; readonly first: number };

/** Takes keys out of mappings that have them already, and tells which. */
function withoutRepeated(yaml: Yaml, document: Document.Parsed): readonly Repeated[] {
  const found: Repeated[] = [];
  yaml.visit(document, {
    Map: (_key, map) => {
      const seen = new Map<unknown, number>();
      map.items = map.items.filter(({ key }) => {
        // Several mappings can be merged into one.
        if (!yaml.isScalar(key) || key.value === '<<') return true;
        const first = seen.get(key.value);
        const offset = key.range?.[0] ?? 0;
        if (first === undefined) seen.set(key.value, offset);
        else found.push({ key: String(key.value), offset, first });
        return first === undefined;
      });
    },
  });
  return found;
}

/** Where texts stand with half of a surrogate pair, which no bytes can say. */
function halves(yaml: Yaml, document: Document.Parsed): readonly number[] {
  const found: number[] = [];
  yaml.visit(document, {
    Scalar: (_key, { value, range }) => {
      if (typeof value === 'string' && /\p{Cs}/u.test(value)) found.push(range?.[0] ?? 0);
    },
  });
  return found;
}

const NULL = /^(?:|~|null|Null|NULL)$/;

/** Makes values nothing that YAML knows as nothing. Keys stay texts. */
function withNulls(yaml: Yaml, document: Document.Parsed): void {
  yaml.visit(document, {
    Scalar: (key, scalar) => {
      if (key === 'key' || scalar.type !== yaml.Scalar.PLAIN) return;
      if (scalar.tag === undefined && typeof scalar.value === 'string' && NULL.test(scalar.value))
        scalar.value = null;
    },
  });
}

/** A broken file can have a fault at every character; nobody reads more than these. */
const MOST_FAULTS = 50;

function refuse(name: string, faults: readonly Fault[]): never {
  const sorted = [...faults].sort((a, b) => a.line - b.line);
  const listed = [...new Set(sorted.map(({ line, message }) => `${name}:${line}: ${message}`))];
  const more = listed.length - MOST_FAULTS;
  const shown = more > 0 ? [...listed.slice(0, MOST_FAULTS), `… and ${more} more`] : listed;
  throw new UserError(shown.join('\n'));
}

/** Where the key or item at `path` begins; the nearest one above it if it is not there. */
function offsetOf(yaml: Yaml, document: Document.Parsed, path: ConfigPath): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    const place = childOf(yaml, resolved(yaml, document, node), step);
    if (place === undefined) break;
    offset = (place.key as Partial<Node> | null)?.range?.[0] ?? offset;
    node = place.value;
  }
  return offset;
}

function writtenAt(yaml: Yaml, document: Document.Parsed, path: ConfigPath): string {
  let node: unknown = document.contents;
  for (const step of path) node = childOf(yaml, resolved(yaml, document, node), step)?.value;
  const scalar = resolved(yaml, document, node);
  return yaml.isScalar(scalar) ? (scalar.source ?? '') : '';
}

const resolved = (yaml: Yaml, document: Document.Parsed, node: unknown): unknown =>
  yaml.isAlias(node) ? node.resolve(document) : node;

function childOf(
  yaml: Yaml,
  node: unknown,
  step: string | number,
): { key: unknown; value: unknown } | undefined {
  if (yaml.isSeq(node)) return { key: node.items[Number(step)], value: node.items[Number(step)] };
  if (!yaml.isMap(node)) return undefined;
  return node.items.find(({ key }) => yaml.isScalar(key) && String(key.value) === String(step));
}
