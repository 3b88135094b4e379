import type { AttributeValue } from '../model/index.ts';
import type { Condition } from './dialect.ts';
import { textOf } from './text.ts';

/** Every attribute key a table mentions, numbered. Tables are compiled to these numbers once. */
export class Keys {
  readonly #slots = new Map<string, number>();

  /** The slot of a key; a new one for a key not seen before. */
  slot(key: string): number {
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(key, slot);
    }
    return slot;
  }

  find(key: string): number | undefined {
    return this.#slots.get(key);
  }

  get size(): number {
    return this.#slots.size;
  }

  get all(): ReadonlySet<string> {
    return new Set(this.#slots.keys());
  }
}

/** JSON texts longer than this are not read: usage and metadata are small, prompts and outputs may be anything. */
const LONGEST_JSON = 8_000_000;

/** The values of one span by slot; filled in one pass over its attributes and used again for the next span. */
export class Slots {
  readonly values: (AttributeValue | undefined)[];
  readonly #filled: number[] = [];
  readonly #parsed = new Map<number, AttributeValue | undefined>();

  constructor(size: number) {
    this.values = new Array<AttributeValue | undefined>(size).fill(undefined);
  }

  set(slot: number, value: AttributeValue): void {
    if (value === null) return;
    if (this.values[slot] === undefined) this.#filled.push(slot);
    this.values[slot] = value;
  }

  /** The filled slots, in order of arrival. */
  get filled(): readonly number[] {
    return this.#filled;
  }

  clear(): void {
    for (const slot of this.#filled) this.values[slot] = undefined;
    this.#filled.length = 0;
    if (this.#parsed.size > 0) this.#parsed.clear();
  }

  has(slot: number): boolean {
    return this.values[slot] !== undefined;
  }

  /** The value at a place inside a JSON text or a structured value; undefined where there is none. */
  at(slot: number, path: Path): AttributeValue | undefined {
    const value = this.values[slot];
    if (value === undefined) return undefined;
    // A text without the last name of the path cannot hold it: most JSON texts are never parsed.
    if (typeof value === 'string' && !value.includes(path.last)) return undefined;
    return inside(this.json(slot), path);
  }

  /** The object in a JSON text or structured value; undefined for anything else. */
  json(slot: number): AttributeValue | undefined {
    const value = this.values[slot];
    if (typeof value !== 'string') return value;
    if (this.#parsed.has(slot)) return this.#parsed.get(slot);
    const parsed = parseObject(value);
    this.#parsed.set(slot, parsed);
    return parsed;
  }
}

/** A place inside a structured value: a whole key (keys may hold dots), else names one inside the other. */
export type Path = { readonly whole: string; readonly names: readonly string[]; readonly last: string };

export function pathOf(text: string): Path {
  const names = text.split('.');
  return { whole: text, names, last: names.at(-1)! };
}

export function inside(value: AttributeValue | undefined, path: Path): AttributeValue | undefined {
  const direct = member(value, path.whole);
  if (direct !== undefined || path.names.length === 1) return direct;
  let at = value;
  for (const name of path.names) at = member(at, name);
  return at;
}

function member(value: AttributeValue | undefined, name: string): AttributeValue | undefined {
  if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
  return value[name] ?? undefined;
}

export function isRecord(
  value: AttributeValue | undefined,
): value is { readonly [key: string]: AttributeValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Some exporters encode twice. What is not JSON, or is cut off, is as good as absent. */
function parseObject(text: string): AttributeValue | undefined {
  let value: AttributeValue = text;
  for (let depth = 0; depth < 2 && typeof value === 'string'; depth++) {
    const first = value.trimStart()[0];
    if (value.length > LONGEST_JSON || (first !== '{' && first !== '"')) return undefined;
    try {
      value = JSON.parse(value) as AttributeValue;
    } catch {
      return undefined;
    }
  }
  return isRecord(value) ? value : undefined;
}

export type Test = (slots: Slots) => boolean;

/** A condition as a test of the span in the slots. */
export function compileCondition(condition: Condition, keys: Keys): Test {
  const slot = keys.slot(condition.key);
  const path = condition.path === undefined ? undefined : pathOf(condition.path);
  const wanted = condition.is === undefined ? undefined : new Set(condition.is);
  return (slots) => {
    if (!slots.has(slot)) return false;
    const value = path === undefined ? slots.values[slot] : slots.at(slot, path);
    if (wanted === undefined) return value !== undefined && value !== null && value !== '';
    const text = typeof value === 'boolean' ? String(value) : textOf(value);
    return text !== undefined && wanted.has(text.toLowerCase());
  };
}
