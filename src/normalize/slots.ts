import type { AttributeValue } from '../model/index.ts';
import { inside, type Path, parseObject } from './json.ts';
import type { Shape, Shapes } from './shapes.ts';
import type { TableIndex } from './tables.ts';

/**
 * What the tables ask of the value of a key, as bits. What two spans have to have in common to mean the same follows from it
 * (`rows/plan.ts`), so whoever asks for more than it says here makes answers wrong.
 */
export const ASK = {
  /** Whether there is one. */
  presence: 1,
  /** Whether there is one that is not an empty text. */
  filled: 2,
  /** `textOf` it, handed on as it is to one of the texts that differ from span to span. */
  text: 4,
  /** `textOf` it, as the id of an answer. */
  answer: 8,
  /** `countOf` it, as a count of tokens. */
  count: 16,
  /** `picoOf` it, as an amount. */
  amount: 32,
  /** Anything, but only of spans that failed. */
  failed: 64,
  /** Anything: it may decide anything. */
  value: 128,
  /** A number that something is worked out of. */
  number: 256,
} as const;

/** Every attribute key a table mentions, numbered. Tables are compiled to these numbers once. */
export class Keys {
  /** Names of the span events that tables look into. */
  readonly events: Set<string>;
  /** Keys of the resource attributes that tables look at. */
  readonly ofResource = new Set<string>();
  readonly #slots = new Map<string, number>();
  readonly #asks: number[];

  /** `known`: keys that have slots already, what is asked of them, and events. */
  constructor(known: Pick<TableIndex, 'keys' | 'asks' | 'events'> = { keys: [], asks: [], events: [] }) {
    for (const key of known.keys) this.#slots.set(key, this.#slots.size);
    this.#asks = [...known.asks];
    this.events = new Set(known.events);
  }

  /** The slot of a key, a new one for a key not seen before; `ask` is what for: bits of `ASK`. */
  slot(key: string, ask: number = ASK.value): number {
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(key, slot);
      this.#asks.push(0);
    }
    this.#asks[slot] = this.#asks[slot]! | ask;
    return slot;
  }

  /** All that is asked of each key, in the order of their slots. */
  get asked(): readonly (readonly [key: string, asks: number])[] {
    return [...this.#slots].map(([key, slot]) => [key, this.#asks[slot]!]);
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

/** The values of one span by slot; filled in one pass over its attributes and used again for the next span. */
export class Slots {
  readonly values: (AttributeValue | undefined)[];
  /** Which slots are filled. */
  shape: Shape;
  readonly #shapes: Shapes;
  readonly #filled: number[] = [];
  readonly #parsed = new Map<number, AttributeValue | undefined>();

  constructor(size: number, shapes: Shapes) {
    this.values = new Array<AttributeValue | undefined>(size).fill(undefined);
    this.#shapes = shapes;
    this.shape = shapes.empty;
  }

  set(slot: number, value: AttributeValue): void {
    if (value === null) return;
    if (this.values[slot] === undefined) {
      this.#filled.push(slot);
      this.shape = this.#shapes.with(this.shape, slot);
    }
    this.values[slot] = value;
  }

  clear(): void {
    for (const slot of this.#filled) this.values[slot] = undefined;
    this.#filled.length = 0;
    this.shape = this.#shapes.empty;
    if (this.#parsed.size > 0) this.#parsed.clear();
  }

  /** The value at a place inside a JSON text or a structured value; undefined where there is none. */
  at(slot: number, path: Path): AttributeValue | undefined {
    const value = this.values[slot];
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
