/**
 * Which of the known keys a span has. Emitters write the same few sets of keys over and over, so everything that depends
 * on the set alone (which entries of which tables can speak at all) is worked out once a shape, not once a span.
 */
export type Shape = {
  /** Whether spans of this shape can have the key of a slot filled. */
  readonly has: (slot: number) => boolean;
  /** All such slots; undefined where it may be any. */
  readonly slots: ReadonlySet<number> | undefined;
  readonly memory: unknown[];
};

/** More shapes than this are not told apart; the rest are treated as if they might have every key. */
const MOST_SHAPES = 4_000;

type Node = Shape & { readonly slots: ReadonlySet<number>; readonly next: Map<number, Node> };

/** Shapes as a tree: from every shape one step a key. */
export class Shapes {
  readonly empty: Shape = node(new Set());
  readonly #any: Shape = { has: () => true, slots: undefined, memory: [] };
  #count = 1;
  #memories = 0;

  /** The shape with one more key. */
  with(shape: Shape, slot: number): Shape {
    if (shape === this.#any) return shape;
    const from = shape as Node;
    const known = from.next.get(slot);
    if (known !== undefined) return known;
    if (this.#count === MOST_SHAPES) return this.#any;
    this.#count++;
    const made = node(new Set([...from.slots, slot]));
    from.next.set(slot, made);
    return made;
  }

  /** A function of a shape, computed once a shape. */
  remember<T>(compute: (shape: Shape) => T): (shape: Shape) => T {
    const index = this.#memories++;
    return (shape) => {
      const known = shape.memory[index];
      if (known !== undefined) return known as T;
      const answer = compute(shape);
      shape.memory[index] = answer;
      return answer;
    };
  }
}

function node(slots: ReadonlySet<number>): Node {
  return { has: (slot) => slots.has(slot), memory: [], slots, next: new Map() };
}
