import type { AttributeValue } from '../../model/index.ts';
import { stringEnd } from '../json.ts';
import { DEPTH_LIMIT, wholeNumber } from '../values.ts';
import { character, TermReader } from './term-reader.ts';

/**
 * An attribute value as Rust's `{:?}` prints it: `I64(5)`, `String(Static("v"))`, `Array(Bool([true]))`. The names around
 * a value say how it was held and are left out. What is printed otherwise stays the text that was printed.
 */
export function rustDebug(text: string): AttributeValue {
  const reader = new DebugReader(text);
  const value = reader.value(0);
  return value === undefined || !reader.atEnd ? text : value;
}

const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf)|NaN/y;
const ESCAPE = /\\(?:u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2})|(.))/gi;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['0', '\0'],
]);

class DebugReader extends TermReader {
  get atEnd(): boolean {
    return this.at === this.text.length;
  }

  value(depth: number): AttributeValue | undefined {
    if (depth > DEPTH_LIMIT) return undefined;
    if (this.text[this.at] === '"') return this.#string();
    const number = this.take(NUMBER);
    if (number !== undefined) return numberOf(number);
    if (this.text[this.at] === '[') return this.#list(depth);
    const word = this.take(WORD);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === undefined || !this.skips('(')) return undefined;
    const inner = this.value(depth + 1);
    return this.skips(')') ? inner : undefined;
  }

  #string(): string | undefined {
    const start = this.at + 1;
    this.at = stringEnd(this.text, start, 0x22);
    return this.at > this.text.length ? undefined : unescaped(this.text.slice(start, this.at - 1));
  }

  #list(depth: number): AttributeValue | undefined {
    const items: AttributeValue[] = [];
    this.at++;
    while (!this.skips(']')) {
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      if (!this.skips(', ') && this.text[this.at] !== ']') return undefined;
    }
    return items;
  }
}

function numberOf(text: string): AttributeValue {
  if (/^-?\d{1,20}$/.test(text)) return wholeNumber(BigInt(text));
  return text.endsWith('inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

/** The text between the quotes of a string as `{:?}` prints it. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(ESCAPE, (_, unicode?: string, hex?: string, char?: string) => {
    const code = unicode ?? hex;
    return code === undefined ? (ESCAPES.get(char!) ?? char!) : character(Number.parseInt(code, 16));
  });
}
