/** What is wrong with the text of a template, in the words of Go's `text/template`. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';
}

export type Token = {
  readonly kind:
    | 'text'
    | 'open'
    | 'close'
    | 'identifier'
    | 'keyword'
    | 'field'
    | 'variable'
    | 'string'
    | 'number'
    | 'character'
    | 'boolean'
    | 'nil'
    | 'dot'
    | 'space'
    /** Anything else that can be printed; no template has it. */
    | 'sign'
    | 'eof'
    | '|'
    | '('
    | ')'
    | ','
    | ':='
    | '=';
  readonly text: string;
  readonly at: number;
};

const KEYWORDS: ReadonlySet<string> = new Set([
  ...['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with'],
]);
const SPACE = /[ \t\r\n]+/y;
const WORD = /[\p{L}\p{Nd}_]+/uy;
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
const QUOTED = /"(?:[^"\\\n]|\\[^\n])*"/y;
const RAW = /`[^`]*`/y;
const CHARACTER = /'(?:[^'\\\n]|\\[^\n])+'/y;

/** The tokens of a template. `fault` makes the error of a place. */
export function* tokens(text: string, fault: (at: number, message: string) => Error): Generator<Token> {
  let at = 0;
  let trims = false;
  for (;;) {
    const open = text.indexOf('{{', at);
    const before = text.slice(at, open < 0 ? undefined : open);
    const trimsLeft = open >= 0 && /^-[ \t\r\n]/.test(text.slice(open + 2, open + 4));
    const start = trims ? before.length - before.trimStart().length : 0;
    const shown = trimsLeft ? before.slice(start).replace(/[ \t\r\n]+$/, '') : before.slice(start);
    if (shown !== '') yield { kind: 'text', text: shown, at: at + start };
    if (open < 0) {
      yield { kind: 'eof', text: '', at: text.length };
      return;
    }
    const inside = open + (trimsLeft ? 3 : 2);
    const comment = /[ \t\r\n]*\/\*/y;
    comment.lastIndex = inside;
    if (trimsLeft ? comment.test(text) : text.startsWith('/*', inside)) {
      const end = text.indexOf('*/', trimsLeft ? comment.lastIndex : inside + 2);
      if (end < 0) throw fault(open, 'unclosed comment');
      const closing = /(?<trim>[ \t\r\n]-)?\}\}/y;
      closing.lastIndex = end + 2;
      const closed = closing.exec(text);
      if (closed === null) throw fault(end, 'comment ends before closing delimiter');
      trims = closed.groups?.['trim'] !== undefined;
      at = closing.lastIndex;
      continue;
    }
    yield { kind: 'open', text: '{{', at: open };
    const last = yield* inAction(text, inside, fault);
    trims = last.trims;
    at = last.at;
  }
}

function* inAction(
  text: string,
  from: number,
  fault: (at: number, message: string) => Error,
): Generator<Token, { readonly at: number; readonly trims: boolean }> {
  let at = from;
  let parentheses = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    const closing = match(/[ \t\r\n]-\}\}|\}\}/y);
    if (closing !== undefined) {
      if (parentheses > 0) throw fault(at, 'unclosed left paren');
      yield { kind: 'close', text: '}}', at };
      return { at: at + closing.length, trims: closing.length > 2 };
    }
    if (at >= text.length) throw fault(at, 'unclosed action');
    const token = tokenAt(text, at, match, fault);
    if (token.kind === '(') parentheses += 1;
    if (token.kind === ')') parentheses -= 1;
    yield token;
    at += token.text.length;
  }
}

function tokenAt(
  text: string,
  at: number,
  match: (pattern: RegExp) => string | undefined,
  fault: (at: number, message: string) => Error,
): Token {
  const character = String.fromCodePoint(text.codePointAt(at)!);
  const token = (kind: Token['kind'], found: string): Token => ({ kind, text: found, at });
  const space = match(SPACE);
  if (space !== undefined) {
    // The last space belongs to a trim marker.
    const isTrim = text.startsWith('-}}', at + space.length);
    return token('space', isTrim && space.length > 1 ? space.slice(0, -1) : space);
  }
  if (text.startsWith(':=', at)) return token(':=', ':=');
  if (character === ':') throw fault(at, 'expected :=');
  if ('=|(),'.includes(character)) return token(character as Token['kind'], character);
  if (character === '"') {
    const found = match(QUOTED);
    if (found === undefined) throw fault(at, 'unterminated quoted string');
    return token('string', found);
  }
  if (character === '`') {
    const found = match(RAW);
    if (found === undefined) throw fault(at, 'unterminated raw quoted string');
    return token('string', found);
  }
  if (character === "'") {
    const found = match(CHARACTER);
    if (found === undefined) throw fault(at, 'unterminated character constant');
    return token('character', found);
  }
  if (character === '$' || (character === '.' && !/[0-9]/.test(text[at + 1] ?? ''))) {
    WORD.lastIndex = at + 1;
    const word = WORD.exec(text)?.[0] ?? '';
    const found = character + word;
    ended(text, at + found.length, fault);
    if (character === '$') return token('variable', found);
    return token(word === '' ? 'dot' : 'field', found);
  }
  if (/[+\-.0-9]/.test(character)) {
    const found = match(NUMBER) ?? character;
    const rest = /[\p{L}\p{Nd}_]/u.exec(text.slice(at + found.length, at + found.length + 2));
    if (rest?.index === 0 || /^[+-]?$/.test(found)) {
      throw fault(at, `bad number syntax: "${found}${rest?.index === 0 ? rest[0] : ''}"`);
    }
    return token('number', found);
  }
  const word = match(WORD);
  if (word === undefined) {
    if (/[!-~]/.test(character)) return token('sign', character);
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    throw fault(at, `unrecognized character in action: U+${code} '${character}'`);
  }
  ended(text, at + word.length, fault);
  if (KEYWORDS.has(word)) return token('keyword', word);
  if (word === 'true' || word === 'false') return token('boolean', word);
  return token(word === 'nil' ? 'nil' : 'identifier', word);
}

/** Names end with something that ends them. */
function ended(text: string, at: number, fault: (at: number, message: string) => Error): void {
  const next = text[at];
  if (next === undefined || /[ \t\r\n.,|:)(]/.test(next) || text.startsWith('}}', at)) return;
  const character = String.fromCodePoint(text.codePointAt(at)!);
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw fault(at, `bad character U+${code} '${character}'`);
}
