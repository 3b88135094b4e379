import { isModelKind } from '../model/index.ts';
import type { PathNode } from './trace-diff-tree.ts';

/** What A and B have at one place: a step of both, or of one of them. */
export type Pairing = {
  /** In no particular order, but no two have the same. */
  readonly number: number;
  readonly a: PathNode | undefined;
  readonly b: PathNode | undefined;
  readonly parent: Pairing | undefined;
  /** Both have it, below different steps. */
  readonly moved: boolean;
  /** In B's order; what only A has stands behind what it followed there. */
  readonly children: readonly Pairing[];
};

/**
 * Two trees of call paths as one. From the top down, children of matched steps match by name; what is left over matches,
 * in order, steps whose names differ by the model or by numbers only; a step that is left over on both sides, once on each,
 * has moved. Linear but for sorting, however many children a step has.
 */
export function align(a: PathNode, b: PathNode): Pairing {
  const matches = new Matches();
  matches.add(a, b);
  matchBelow(a, b, matches);
  matchMoved(a, b, matches);
  return pairings(a, b, matches);
}

/** Steps of A and B that are the same. */
class Matches {
  readonly ofA = new Map<PathNode, PathNode>();
  readonly ofB = new Map<PathNode, PathNode>();

  add(a: PathNode, b: PathNode): void {
    this.ofA.set(a, b);
    this.ofB.set(b, a);
  }
}

function matchBelow(a: PathNode, b: PathNode, matches: Matches): void {
  const open: (readonly [PathNode, PathNode])[] = [[a, b]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    for (const found of sameChildren(pair[0], pair[1], matches)) {
      matches.add(found[0], found[1]);
      open.push(found);
    }
  }
}

/** Children of two matched steps that are the same and are not matched yet. */
function sameChildren(a: PathNode, b: PathNode, matches: Matches): (readonly [PathNode, PathNode])[] {
  const found: (readonly [PathNode, PathNode])[] = [];
  const free = (node: PathNode | undefined): node is PathNode =>
    node !== undefined && !matches.ofA.has(node) && !matches.ofB.has(node);
  for (const child of a.children.values()) {
    const other = b.children.get(child.names.exact);
    if (free(child) && free(other)) found.push([child, other]);
  }
  const taken = new Set(found.flat());
  const left = (nodes: Iterable<PathNode>): PathNode[] =>
    [...nodes].filter((node) => free(node) && !taken.has(node));
  let [leftA, leftB] = [left(a.children.values()), left(b.children.values())];
  if (leftA.length === 0 || leftB.length === 0) return found;
  const gaps = gapsBetween(a, b, found);
  for (const classOf of CLASSES) {
    const only = a.depth === 0 && leftA.length === 1 && leftB.length === 1;
    const more = inOrder(leftA, leftB, (node) => classOf(node, gaps.get(node)!, only));
    for (const pair of more) {
      found.push(pair);
      taken.add(pair[0]).add(pair[1]);
    }
    [leftA, leftB] = [left(leftA), left(leftB)];
  }
  return found;
}

/**
 * What leftovers have to have in common, the most first: the place between matched siblings and the loose name, the loose
 * name, and for calls of models and the only one that is left of what runs begin with, the kind.
 */
const CLASSES: readonly ((node: PathNode, gap: number, only: boolean) => string | undefined)[] = [
  ({ names }, gap) => `${gap} ${names.loose}`,
  ({ names }) => names.loose,
  ({ kind }, gap) => (isModelKind(kind) ? `${gap} ${kind}` : undefined),
  ({ kind }, _, only) => (only || isModelKind(kind) ? kind : undefined),
];

/** The first of a class with the first of the same class, and so on, as far as both have any. */
function inOrder(
  leftA: readonly PathNode[],
  leftB: readonly PathNode[],
  classOf: (node: PathNode) => string | undefined,
): (readonly [PathNode, PathNode])[] {
  const waiting = new Map<string, PathNode[]>();
  for (const node of leftB.toReversed()) {
    const name = classOf(node);
    if (name === undefined) continue;
    const queue = waiting.get(name);
    if (queue === undefined) waiting.set(name, [node]);
    else queue.push(node);
  }
  const pairs: (readonly [PathNode, PathNode])[] = [];
  for (const node of leftA) {
    const name = classOf(node);
    const other = name === undefined ? undefined : waiting.get(name)?.pop();
    if (other !== undefined) pairs.push([node, other]);
  }
  return pairs;
}

/**
 * Between which matched siblings each child stands, as a number that is the same on both sides. Matches count as far as
 * they are in the same order on both.
 */
function gapsBetween(
  a: PathNode,
  b: PathNode,
  matched: readonly (readonly [PathNode, PathNode])[],
): Map<PathNode, number> {
  const placeInB = new Map([...b.children.values()].map((node, i) => [node, i]));
  const inOrder = longestRising(matched.map(([, other]) => placeInB.get(other) ?? 0));
  const fixed = new Set(inOrder.flatMap((i) => matched[i]!));
  const gaps = new Map<PathNode, number>();
  for (const { children } of [a, b]) {
    let gap = 0;
    for (const node of children.values()) gaps.set(node, fixed.has(node) ? ++gap : gap);
  }
  return gaps;
}

/** Indices of a longest rising subsequence, by patience sorting. */
function longestRising(values: readonly number[]): number[] {
  const lasts: number[] = [];
  const before = new Int32Array(values.length).fill(-1);
  for (const [i, value] of values.entries()) {
    let low = 0;
    let high = lasts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[lasts[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[i] = lasts[low - 1]!;
    lasts[low] = i;
  }
  const rising: number[] = [];
  for (let i = lasts.at(-1) ?? -1; i >= 0; i = before[i]!) rising.push(i);
  return rising.reverse();
}

/** Leftovers that there are once on each side, wherever they stand; what is below them is matched from the top down. */
function matchMoved(a: PathNode, b: PathNode, matches: Matches): void {
  const leftB = onlyOnes(below(b), matches.ofB);
  for (const [name, node] of onlyOnes(below(a), matches.ofA)) {
    const other = leftB.get(name);
    if (other === undefined || matches.ofA.has(node) || matches.ofB.has(other)) continue;
    matches.add(node, other);
    matchBelow(node, other, matches);
  }
}

function onlyOnes(
  nodes: Iterable<PathNode>,
  matched: ReadonlyMap<PathNode, PathNode>,
): Map<string, PathNode> {
  const found = new Map<string, PathNode | undefined>();
  for (const node of nodes) {
    const { exact } = node.names;
    if (!matched.has(node)) found.set(exact, found.has(exact) ? undefined : node);
  }
  const once = new Map<string, PathNode>();
  for (const [name, node] of found) if (node !== undefined) once.set(name, node);
  return once;
}

/** All below a node, parents before their children. */
function* below(top: PathNode): Iterable<PathNode> {
  const open = [...top.children.values()].reverse();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (const child of [...node.children.values()].reverse()) open.push(child);
  }
}

type Draft = Pairing & { readonly children: Pairing[] };

function pairings(a: PathNode, b: PathNode, matches: Matches): Pairing {
  const top: Draft = { number: 0, a, b, parent: undefined, moved: false, children: [] };
  const open = [top];
  let number = 0;
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const [nodeA, nodeB] of childrenOf(parent, matches)) {
      const moved = nodeA !== undefined && nodeB !== undefined && nodeA.parent !== parent.a;
      const child: Draft = { number: ++number, a: nodeA, b: nodeB, parent, moved, children: [] };
      parent.children.push(child);
      open.push(child);
    }
  }
  return top;
}

type Sides = readonly [PathNode | undefined, PathNode | undefined];

function* childrenOf({ a, b }: Pairing, { ofA, ofB }: Matches): Iterable<Sides> {
  const removed = new Map<PathNode | undefined, PathNode[]>();
  let before: PathNode | undefined;
  for (const child of a?.children.values() ?? []) {
    const other = ofA.get(child);
    if (other === undefined) {
      const row = removed.get(before);
      if (row === undefined) removed.set(before, [child]);
      else row.push(child);
    } else if (other.parent === b) before = other;
  }
  for (const child of removed.get(undefined) ?? []) yield [child, undefined];
  for (const child of b?.children.values() ?? []) {
    yield [ofB.get(child), child];
    for (const gone of removed.get(child) ?? []) yield [gone, undefined];
  }
}
