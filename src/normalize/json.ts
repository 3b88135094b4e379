import type { AttributeValue } from '../model/index.ts';

/** JSON texts longer than this are not read: usage and metadata are small, prompts and outputs may be anything. */
const LONGEST_JSON = 8_000_000;

/** The object in a JSON text. Some exporters encode twice. What is not JSON, or is cut off, is as good as absent. */
export function parseObject(text: string): AttributeValue | undefined {
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

/** A place inside a structured value: a whole key (keys may hold dots), else names, or indices of arrays, one inside the other. */
export type Path = { readonly whole: string; readonly names: readonly string[]; readonly last: string };

export function pathOf(text: string): Path {
  const names = text.split('.');
  return { whole: text, names, last: names.at(-1)! };
}

const INDEX = /^\d{1,4}$/;

/** The value at a place; undefined where there is none or null. */
export function inside(value: AttributeValue | undefined, path: Path): AttributeValue | undefined {
  const direct = member(value, path.whole);
  if (direct !== undefined || path.names.length === 1) return direct;
  let at = value;
  for (const name of path.names) at = member(at, name);
  return at;
}

function member(value: AttributeValue | undefined, name: string): AttributeValue | undefined {
  if (Array.isArray(value)) return INDEX.test(name) ? (value[Number(name)] ?? undefined) : undefined;
  if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
  return value[name] ?? undefined;
}

export function isRecord(
  value: AttributeValue | undefined,
): value is { readonly [key: string]: AttributeValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
