import type { Random } from './random.ts';

/** JSON before it is written: a token as it is, a list, or members in their order, keys of which may come twice. */
export type Node = string | { readonly items: readonly Node[] } | { readonly members: readonly Member[] };
export type Member = readonly [key: string, value: Node];

export const list = (...items: readonly Node[]): Node => ({ items });
export const object = (...members: readonly Member[]): Node => ({ members });
export const quoted = (text: string): Node => JSON.stringify(text);

/** How a document is written. Probabilities, but for `indent`. */
export type Style = {
  readonly blanks: number;
  readonly breaks: boolean;
  readonly shuffle: number;
  readonly escapedKeys: number;
  readonly escapedTexts: number;
  readonly indent: number;
};

export function randomStyle(random: Random): Style {
  return {
    blanks: random.pick([0, 0, 0, 0.1, 0.5]),
    breaks: random.chance(0.3),
    shuffle: random.pick([0, 0, 0.3, 1]),
    escapedKeys: random.pick([0, 0, 0, 0, 0.01, 0.1]),
    escapedTexts: random.pick([0, 0, 0.1]),
    indent: random.chance(0.1) ? random.below(5) : 0,
  };
}

/** Writes a value in a style. */
export function written(node: Node, style: Style, random: Random): string {
  const blanks = () => {
    if (style.blanks === 0 || !random.chance(style.blanks)) return '';
    return random.pick(style.breaks ? [' ', '\n', '  ', '\t', '\r\n ', ' \n\n'] : [' ', '  ', '\t', '\r']);
  };
  const lines = (parts: readonly string[], level: number): string => {
    if (style.indent === 0 || parts.length === 0)
      return parts.map((part) => blanks() + part + blanks()).join();
    const margin = `\n${' '.repeat(style.indent * level)}`;
    return `${margin}${' '.repeat(style.indent)}${parts.join(`,${margin}${' '.repeat(style.indent)}`)}${margin}`;
  };
  const value = (part: Node, level: number): string => {
    if (typeof part === 'string') return part[0] === '"' ? escaped(part, style.escapedTexts, random) : part;
    if ('items' in part)
      return `[${lines(
        part.items.map((item) => value(item, level + 1)),
        level,
      )}]`;
    const members = random.chance(style.shuffle) ? random.shuffled(part.members) : part.members;
    const texts = members.map(([key, content]) => {
      const name = escaped(JSON.stringify(key), style.escapedKeys, random);
      return `${name}${blanks()}:${style.indent > 0 ? ' ' : blanks()}${value(content, level + 1)}`;
    });
    return `{${lines(texts, level)}}`;
  };
  return value(node, 0);
}

/** A string token that says the same with more escapes. */
function escaped(token: string, probability: number, random: Random): string {
  if (probability === 0 || !random.chance(probability)) return token;
  return token.replace(/\\u[0-9a-fA-F]{4}|\\.|[^"\\]/g, (part) => {
    if (part.length > 1 || random.chance(0.7)) return part;
    if (part === '/') return '\\/';
    const digits = part.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${random.chance(0.5) ? digits.toUpperCase() : digits}`;
  });
}
