import type { Resource, Scope } from '../../model/index.ts';
import type { JsonValue } from '../format.ts';
import { flat, resourceOfService } from '../formats/flat.ts';
import { jsConsole, resourceOf as resourceOfNode } from '../formats/js-console.ts';
import { otlpJson, resourceOf } from '../formats/otlp-json.ts';
import { pythonConsole, resourceOf as resourceOfPython } from '../formats/python-console.ts';
import { scopeOf } from '../formats/spans.ts';
import { parseJson, parseRecord } from '../json.ts';
import { sharedParts } from '../shared-parts.ts';
import type { ScanContext } from './scanner.ts';

/** What tells a resource: an OTLP request, or a span of another format that stands for itself. */
export type ContextKind = keyof typeof TELLS;

/** What each of them tells as its resource, and whose readers read it. */
const TELLS = {
  request: { format: otlpJson.name, read: resourceOf },
  flat: { format: flat.name, read: resourceOfService },
  node: { format: jsConsole.name, read: resourceOfNode },
  python: { format: pythonConsole.name, read: resourceOfPython },
} as const satisfies Record<string, { format: string; read: (value: JsonValue, parts: Parts) => Resource }>;

type Parts = ReturnType<typeof sharedParts>;

export const formatOf = (kind: ContextKind): string => TELLS[kind].format;

/**
 * Numbers, from 1, for the resources and scopes that stand in documents, and for what they are together. Equal content has
 * equal numbers and is one `Resource`, however it is written. Flat spans tell a service in place of a resource.
 */
export class Contexts {
  readonly #parts = sharedParts();
  readonly #resources = new Numbered<Resource>();
  readonly #scopes = new Numbered<Scope | undefined>();
  readonly #contexts = new Map<number, number>();
  readonly #found: ScanContext[] = [];

  /** The number of a resource: valid JSON of an object, or undefined where there is none; or of a service: a string, or null. */
  resource(bytes: Buffer | undefined, kind: ContextKind = 'request'): number {
    return this.#resources.number(bytes, kind, (value) => TELLS[kind].read(value, this.#parts));
  }

  /** The number of a scope, likewise. */
  scope(bytes: Buffer | undefined, kind: ContextKind = 'request'): number {
    return this.#scopes.number(bytes, kind, (value) => scopeOf(value, this.#parts));
  }

  /** The number of a resource and a scope, which are given by their numbers. */
  number(resource: number, scope: number): number {
    const pair = resource * 2 ** 26 + scope;
    let number = this.#contexts.get(pair);
    if (number === undefined) {
      const { content, owner } = this.#resources.get(resource);
      const found = { resource: content, format: formatOf(owner), scope: this.#scopes.get(scope).content };
      number = this.#found.push(found);
      this.#contexts.set(pair, number);
    }
    return number;
  }

  get(context: number): ScanContext {
    return this.#found[context - 1]!;
  }
}

/** What bytes of JSON, or of what Node printed, stand for, by number. */
class Numbered<T> {
  readonly #byBytes = new Map<string, number>();
  #kept = 0;
  readonly #byContent = new Map<ContextKind, Map<T, number>>();
  readonly #found: Told<T>[] = [];
  /** Documents of one process, and spans of one library, come in a row. */
  #last: { readonly bytes: Buffer; readonly owner: ContextKind; readonly number: number } | undefined;

  /** The same bytes are something else for another `owner`. */
  number(bytes: Buffer | undefined, owner: ContextKind, make: (value: JsonValue) => T): number {
    const given = bytes ?? NOTHING;
    if (this.#last?.owner === owner && this.#last.bytes.equals(given)) return this.#last.number;
    const key = owner + given.toString('latin1');
    let number = this.#byBytes.get(key);
    if (number === undefined) {
      number = this.#numberOf(make(parsedValue(given, owner)), owner);
      // Inputs in which every record has a resource of its own must not be kept whole here.
      if (this.#kept > MOST_KEPT) {
        this.#byBytes.clear();
        this.#kept = 0;
      }
      this.#byBytes.set(key, number);
      this.#kept += key.length;
    }
    this.#last = { bytes: Buffer.from(given), owner, number };
    return number;
  }

  #numberOf(content: T, owner: ContextKind): number {
    let numbers = this.#byContent.get(owner);
    if (numbers === undefined) {
      numbers = new Map();
      this.#byContent.set(owner, numbers);
    }
    let number = numbers.get(content);
    if (number === undefined) {
      number = this.#found.push({ content, owner });
      numbers.set(content, number);
    }
    return number;
  }

  get(number: number): Told<T> {
    return this.#found[number - 1]!;
  }
}

type Told<T> = { readonly content: T; readonly owner: ContextKind };

/** So many bytes of JSON are remembered. */
const MOST_KEPT = 4 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

function parsedValue(bytes: Buffer, kind: ContextKind): JsonValue {
  const parse = kind === 'node' ? parseRecord : parseJson;
  const parsed = bytes.length === 0 ? undefined : parse(bytes.toString('utf8'));
  return parsed === undefined || 'failure' in parsed ? undefined : parsed.value;
}
