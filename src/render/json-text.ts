import { exact, isQuantity } from './exact.ts';

/** How an object is written: which keys in which order, and how the values under them are written. */
export type Shape = {
  /** Only these keys, in this order; absent: all, as they come. */
  readonly keys?: ContractKeys;
  readonly below?: ReadonlyMap<string, Shape>;
  /** From the input: nothing in here is a quantity, whatever it looks like. */
  readonly foreign?: boolean;
};

/** Keys, and how they are written: `"name":`. */
export type ContractKeys = { readonly names: readonly string[]; readonly labels: readonly string[] };

/** Keys from a text that lists them between white space. */
export function contractKeys(text: string): ContractKeys {
  const names = text.trim().split(/\s+/);
  return { names, labels: names.map((name) => `"${name}":`) };
}

export const PLAIN: Shape = {};
export const FOREIGN: Shape = { foreign: true };

type Frame = ListFrame | ObjectFrame;
type ListFrame = { readonly items: Iterator<unknown>; readonly shape: Shape; empty: boolean };
type ObjectFrame = {
  readonly items: undefined;
  readonly value: Readonly<Record<string, unknown>>;
  readonly keys: readonly string[];
  readonly shape: Shape;
  next: number;
  empty: boolean;
};

const CHUNK = 1 << 16;

/**
 * A value as compact JSON, in pieces. Whatever can be walked over is a list, and is while it is written. Keeps its own
 * stack: span trees may be 100,000 deep.
 */
export function* jsonText(root: unknown, rootShape: Shape = PLAIN): Iterable<string> {
  const stack: Frame[] = [];
  let text = '';
  const write = (value: unknown, shape: Shape): void => {
    if (value === null) {
      text += 'null';
      return;
    }
    const foreign = shape.foreign === true;
    if (typeof value !== 'object') text += scalarText(value, foreign);
    else if (!foreign && isQuantity(value)) text += JSON.stringify(exact(value));
    else if (isList(value)) {
      text += '[';
      stack.push({ items: value[Symbol.iterator](), shape, empty: true });
    } else {
      text += '{';
      const keys = shape.keys?.names ?? Object.keys(value);
      const members = value as ObjectFrame['value'];
      stack.push({ items: undefined, value: members, keys, shape, next: 0, empty: true });
    }
  };
  write(root, rootShape);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    if (text.length > CHUNK) {
      yield text;
      text = '';
    }
    const { shape } = frame;
    if (frame.items !== undefined) {
      const { done, value } = frame.items.next();
      if (done === true) {
        text += ']';
        stack.pop();
        continue;
      }
      if (!frame.empty) text += ',';
      frame.empty = false;
      write(value, shape);
      continue;
    }
    const at = frame.next++;
    const key = frame.keys[at];
    if (key === undefined) {
      text += '}';
      stack.pop();
      continue;
    }
    // Keys are the object's own, or those of a contract: no object has one of these by birth.
    const value = frame.value[key];
    if (value === undefined) continue;
    if (!frame.empty) text += ',';
    text += shape.keys === undefined ? `${quoted(key)}:` : shape.keys.labels[at]!;
    frame.empty = false;
    write(value, shape.foreign === true ? FOREIGN : (shape.below?.get(key) ?? PLAIN));
  }
  yield text;
}

/** A key from the input is never a symbol. */
const isList = (value: object): value is Iterable<unknown> => Symbol.iterator in value;

function scalarText(value: unknown, foreign: boolean): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return String(value);
  // As protobuf's JSON mapping writes them; among our own figures they would be faults, not values.
  if (foreign && typeof value === 'number' && !Number.isFinite(value)) return quoted(String(value));
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** C1, bidirectional and invisible characters are legal in JSON but not harmless on a terminal: escaped, they mean the same. */
const UNSEEN = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

const HARMLESS = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** A JSON string that shows every character it holds. */
export function quoted(text: string): string {
  if (HARMLESS.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    UNSEEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
