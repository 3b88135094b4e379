import type { Dialect } from './dialect.ts';
import type { Shape, Shapes } from './shapes.ts';
import type { Keys } from './slots.ts';

/**
 * Something compiled for spans that one dialect was recognised on and that have certain keys: what these rule out is left
 * out, which changes no answer, only the time it takes.
 */
export type For<T> = (dialect: number, shape: Shape) => T;

/** A list that every dialect may have, and how what stands in it is compiled. */
export type Part<Entry, Made> = {
  readonly listed: (table: Dialect) => readonly Entry[] | undefined;
  readonly compile: (entry: Entry, keys: Keys) => Made;
  /** Slots of which one has to be filled for it to tell anything; undefined where it looks elsewhere, too. */
  readonly needs: (made: Made) => readonly number[] | undefined;
};

/** What an index of the tables says, so that nothing has to be compiled to find it out. Entries are numbered part by part. */
export type TableIndex = {
  /** Every key that a table mentions, what is asked of it, and the entries that need it: by slot. */
  readonly keys: readonly string[];
  readonly asks: readonly number[];
  readonly mentions: readonly (readonly number[])[];
  readonly events: readonly string[];
  /** How many parts it is about. */
  readonly count: number;
  /** Where an entry stands: in which part of which dialect, and in which place of its list. */
  readonly parts: readonly number[];
  readonly dialects: readonly number[];
  readonly places: readonly number[];
  /** Entries that need no key. */
  readonly always: readonly number[];
};

/**
 * The lists of all dialects. With an index an entry is compiled when there is a span about which it may tell something; what no
 * index is about is compiled at once. Parts are asked for in the order in which the index has them.
 */
export class Tables {
  readonly #tables: readonly Dialect[];
  readonly #keys: Keys;
  readonly #indexed: number;
  readonly #mentions: (readonly number[])[];
  readonly #parts: number[];
  readonly #dialects: number[];
  readonly #places: number[];
  readonly #always: number[];
  readonly #entries: (shape: Shape) => readonly (readonly number[] | undefined)[];
  #count = 0;

  constructor(tables: readonly Dialect[], keys: Keys, shapes: Shapes, index: TableIndex | undefined) {
    this.#tables = tables;
    this.#keys = keys;
    this.#indexed = index?.count ?? 0;
    this.#mentions = [...(index?.mentions ?? [])];
    this.#parts = [...(index?.parts ?? [])];
    this.#dialects = [...(index?.dialects ?? [])];
    this.#places = [...(index?.places ?? [])];
    this.#always = [...(index?.always ?? [])];
    this.#entries = shapes.remember(({ slots }) => this.#entriesWith(slots));
  }

  /**
   * The entries of a part that may speak, in the order in which they are believed: the recognised dialect's, then the others' as
   * listed, without those that mean something on their own dialect's spans only.
   */
  part<Entry, Made>({ listed, compile, needs }: Part<Entry, Made>): For<readonly Made[]> {
    const part = this.#count++;
    const known = new Map<Entry, Made>();
    const made = (entry: Entry): Made => {
      let result = known.get(entry);
      if (result === undefined) {
        result = compile(entry, this.#keys);
        known.set(entry, result);
      }
      return result;
    };
    if (part >= this.#indexed) {
      this.#tables.forEach((table, dialect) => {
        listed(table)?.forEach((entry, place) => {
          this.#add(part, dialect, place, needs(made(entry)));
        });
      });
    }
    return (dialect, shape) => {
      const own: Made[] = [];
      const others: Made[] = [];
      for (const id of this.#entries(shape)[part] ?? []) {
        const from = this.#dialects[id]!;
        const entry = listed(this.#tables[from]!)![this.#places[id]!]!;
        if (from === dialect) own.push(made(entry));
        else if (!isOwn(entry)) others.push(made(entry));
      }
      return [...own, ...others];
    };
  }

  /** What is known once all parts were asked for. */
  get index(): TableIndex {
    const asked = this.#keys.asked;
    return {
      keys: asked.map(([key]) => key),
      asks: asked.map(([, asks]) => asks),
      mentions: asked.map((_, slot) => this.#mentions[slot] ?? []),
      events: [...this.#keys.events],
      count: this.#count,
      parts: this.#parts,
      dialects: this.#dialects,
      places: this.#places,
      always: this.#always,
    };
  }

  #add(part: number, dialect: number, place: number, needs: readonly number[] | undefined): void {
    const id = this.#parts.push(part) - 1;
    this.#dialects.push(dialect);
    this.#places.push(place);
    if (needs === undefined) this.#always.push(id);
    for (const slot of new Set(needs)) this.#mentions[slot] = [...(this.#mentions[slot] ?? []), id];
  }

  /** By part, what may speak where these slots are filled; all there is, where any may be. */
  #entriesWith(slots: ReadonlySet<number> | undefined): readonly (readonly number[] | undefined)[] {
    const ids =
      slots === undefined
        ? this.#parts.keys()
        : new Set([...this.#always, ...[...slots].flatMap((slot) => this.#mentions[slot] ?? [])]);
    const byPart: number[][] = [];
    for (const id of [...ids].sort((a, b) => a - b)) {
      const part = this.#parts[id]!;
      byPart[part] ??= [];
      byPart[part].push(id);
    }
    return byPart;
  }
}

function isOwn(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'own' in entry && entry.own === true;
}
