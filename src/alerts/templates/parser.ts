import { TemplateFault, type Token, tokens } from './lexer.ts';
import type { Command, Node, Operand, Pipeline, Template } from './nodes.ts';
import { unquoted } from './unquoted.ts';

/** How deep actions and parentheses may be nested: whoever walks them recurses. */
const DEEPEST = 300;
const EOF = 'unexpected EOF';

/** Reads a template; `knows` says whether there is a function of a name. Throws a `TemplateFault` in Go's words. */
export function parseTemplate(name: string, text: string, knows: (name: string) => boolean): Template {
  return new Parser(name, text, knows).template();
}

class Parser {
  readonly #name: string;
  readonly #text: string;
  readonly #knows: (name: string) => boolean;
  readonly #tokens: readonly Token[];
  readonly #lexFault: { readonly at: number; readonly fault: Error } | undefined;
  readonly #defined = new Map<string, readonly Node[]>();
  #next = 0;
  #depth = 0;
  #loops = 0;
  #variables: string[] = ['$'];

  constructor(name: string, text: string, knows: (name: string) => boolean) {
    this.#name = name;
    this.#text = text;
    this.#knows = knows;
    const found: Token[] = [];
    try {
      for (const token of tokens(text, (at, message) => this.#fault(message, at))) found.push(token);
    } catch (cause) {
      if (!(cause instanceof TemplateFault)) throw cause;
      // What stands before it may be wrong, too, and is told first.
      this.#lexFault = { at: found.length, fault: cause };
    }
    this.#tokens = found;
  }

  template(): Template {
    const { body, end } = this.#list();
    if (end !== 'eof') throw this.#fault(`unexpected {{${end}}}`);
    return { name: this.#name, text: this.#text, body, defined: this.#defined };
  }

  /** Nodes up to `{{end}}`, `{{else}}` or the end of the text, which is taken too, but for what follows `else`. */
  #list(): { readonly body: Node[]; readonly end: 'eof' | 'end' | 'else' } {
    const body: Node[] = [];
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#fault('nested too deeply');
    for (;;) {
      const token = this.#take();
      if (token.kind === 'eof' || this.#isWord('end') || this.#isWord('else')) {
        this.#depth -= 1;
        if (token.kind === 'eof') return { body, end: 'eof' };
        const { text } = this.#takeSignificant();
        if (text === 'end') this.#close('end');
        return { body, end: text as 'end' | 'else' };
      }
      if (token.kind === 'text') body.push({ type: 'text', text: token.text });
      else {
        const node = this.#action();
        if (node !== undefined) body.push(node);
      }
    }
  }

  #action(): Node | undefined {
    const token = this.#peekSignificant();
    if (token.kind !== 'keyword') {
      const pipeline = this.#pipeline('command', 'close');
      return { type: 'action', pipeline, at: pipeline.at };
    }
    this.#takeSignificant();
    const { at, text } = token;
    switch (text) {
      case 'if':
      case 'with':
      case 'range':
        return this.#control(text, at);
      case 'break':
      case 'continue':
        this.#close(text);
        if (this.#loops === 0) throw this.#fault(`{{${text}}} outside {{range}}`, at);
        return { type: text, at };
      case 'template': {
        const { at: nameAt } = this.#peekSignificant();
        const name = this.#templateName('template clause');
        const hasData = this.#peekSignificant().kind !== 'close';
        if (!hasData) this.#takeSignificant();
        const pipeline = hasData ? this.#pipeline('template clause', 'close') : undefined;
        return { type: 'template', name, pipeline, at: nameAt };
      }
      case 'block': {
        const name = this.#templateName('block clause');
        const pipeline = this.#pipeline('block clause', 'close');
        this.#define(name);
        return { type: 'template', name, pipeline, at };
      }
      case 'define': {
        const name = this.#templateName('define clause');
        this.#close('define clause');
        this.#define(name);
        return undefined;
      }
      default:
        throw this.#fault(`unexpected {{${text}}}`, at);
    }
  }

  #define(name: string): void {
    const [variables, loops] = [this.#variables, this.#loops];
    this.#variables = ['$'];
    this.#loops = 0;
    const { body, end } = this.#list();
    if (end === 'eof') throw this.#fault(EOF);
    if (end === 'else') throw this.#fault('unexpected {{else}} in define clause');
    this.#variables = variables;
    this.#loops = loops;
    this.#defined.set(name, body);
  }

  #control(type: 'if' | 'with' | 'range', at: number): Node {
    const known = this.#variables.length;
    const pipeline = this.#pipeline(type, 'close');
    if (type === 'range') this.#loops += 1;
    const { body, end } = this.#list();
    if (type === 'range') this.#loops -= 1;
    if (end === 'eof') throw this.#fault(EOF);
    let otherwise: readonly Node[] = [];
    if (end === 'else') {
      const next = this.#peekSignificant();
      if (type !== 'range' && next.kind === 'keyword' && next.text === type) {
        this.#takeSignificant();
        this.#depth += 1;
        if (this.#depth > DEEPEST) throw this.#fault('nested too deeply');
        otherwise = [this.#control(type, next.at)];
        this.#depth -= 1;
      } else {
        this.#close('else');
        const rest = this.#list();
        if (rest.end === 'eof') throw this.#fault(EOF);
        if (rest.end === 'else') throw this.#fault(`expected end; found {{else}}`);
        otherwise = rest.body;
      }
    }
    this.#variables.length = known;
    return { type, pipeline, body, otherwise, at };
  }

  #templateName(context: string): string {
    const token = this.#takeSignificant();
    if (token.kind !== 'string') throw this.#unexpected(token, context);
    return this.#unquote(token);
  }

  #pipeline(context: string, end: 'close' | ')'): Pipeline {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#fault('nested too deeply');
    const first = this.#peekSignificant();
    const { variables, assigns } = this.#declaration(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#peekSignificant();
      if (token.kind === end) {
        this.#takeSignificant();
        if (commands.length === 0) throw this.#fault(`missing value for ${context}`);
        for (const [index, command] of commands.entries()) {
          const { type } = command.args[0]!;
          if (index > 0 && ['constant', 'dot', 'nil'].includes(type)) {
            throw this.#fault(`non executable command in pipeline stage ${index + 1}`);
          }
        }
        this.#depth -= 1;
        // What is declared is known only behind it.
        if (!assigns) this.#variables.push(...variables);
        return { type: 'pipeline', variables, assigns, commands, at: first.at };
      }
      if (!isOperand(token)) throw this.#unexpected(token, context);
      commands.push(this.#command());
    }
  }

  #declaration(context: string): { readonly variables: string[]; readonly assigns: boolean } {
    const variables: string[] = [];
    const start = this.#next;
    for (;;) {
      const token = this.#peekSignificant();
      if (token.kind !== 'variable') break;
      this.#takeSignificant();
      const next = this.#peekSignificant();
      variables.push(token.text);
      if (next.kind === ':=' || next.kind === '=') {
        this.#takeSignificant();
        if (next.kind === '=') for (const name of variables) this.#known(name);
        return { variables, assigns: next.kind === '=' };
      }
      if (next.kind === ',' && context === 'range' && variables.length < 2) {
        this.#takeSignificant();
        continue;
      }
      if (next.kind === ',') throw this.#fault(`too many declarations in ${context}`);
      break;
    }
    this.#next = start;
    return { variables: [], assigns: false };
  }

  #command(): Command {
    const args: Operand[] = [];
    const { at } = this.#peekSignificant();
    for (;;) {
      this.#skipSpace();
      const operand = this.#operand();
      if (operand !== undefined) args.push(operand);
      const token = this.#take();
      if (token.kind === 'space') continue;
      if (token.kind === 'close' || token.kind === ')') this.#next -= 1;
      else if (token.kind !== '|') throw this.#unexpected(token, 'operand');
      break;
    }
    if (args.length === 0) throw this.#fault('empty command');
    return { args, at };
  }

  #operand(): Operand | undefined {
    const term = this.#term();
    if (term === undefined) return undefined;
    const fields: string[] = [];
    // Go places the whole where the first of the further fields begins.
    const { at } = this.#peek();
    while (this.#peek().kind === 'field') fields.push(this.#take().text.slice(1));
    if (fields.length === 0) return term;
    switch (term.type) {
      case 'field':
      case 'variable':
        return { ...term, fields: [...term.fields, ...fields], at };
      case 'constant':
      case 'nil':
      case 'dot':
        throw this.#fault(
          `unexpected . after term ${JSON.stringify(term.type === 'constant' ? term.text : term.type)}`,
        );
      default:
        return { type: 'chain', of: term, fields, at };
    }
  }

  #term(): Operand | undefined {
    const token = this.#peek();
    const { kind, text, at } = token;
    if (!isOperand(token)) return undefined;
    this.#take();
    switch (kind) {
      case 'identifier':
        if (!this.#knows(text)) throw this.#fault(`function "${text}" not defined`, at);
        return { type: 'function', name: text, at };
      case 'variable':
        this.#known(text);
        return { type: 'variable', name: text, fields: [], at };
      case 'field':
        return { type: 'field', fields: [text.slice(1)], at };
      case 'dot':
        return { type: 'dot', at };
      case 'nil':
        return { type: 'nil', at };
      case 'boolean':
        return { type: 'constant', value: text === 'true', text, at };
      case 'string':
        return { type: 'constant', value: this.#unquote(token), text, at };
      case 'character': {
        const value = this.#unquote({ ...token, text: `"${text.slice(1, -1).replaceAll('"', '\\"')}"` });
        const code = value.codePointAt(0);
        if (code === undefined || value.length !== String.fromCodePoint(code).length) {
          throw this.#fault(`malformed character constant: ${text}`, at);
        }
        return { type: 'constant', value: BigInt(code), text, at };
      }
      case 'number':
        return { type: 'constant', value: this.#number(token), text, at };
      default:
        return this.#pipeline('parenthesized pipeline', ')');
    }
  }

  #number({ text, at }: Token): number | bigint {
    const digits = text.replaceAll('_', '').replace(/^\+/, '');
    const negative = digits.startsWith('-');
    const plain = negative ? digits.slice(1) : digits;
    const octal = /^0[0-7]+$/.test(plain);
    try {
      if (octal || /^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)$/.test(plain)) {
        const value = BigInt(octal ? `0o${plain.slice(1)}` : plain);
        return negative ? -value : value;
      }
    } catch (cause) {
      throw new TemplateFault(this.#fault(`bad number syntax: "${text}"`, at).message, { cause });
    }
    const value = Number(digits);
    if (Number.isNaN(value)) throw this.#fault(`bad number syntax: "${text}"`, at);
    return value;
  }

  #unquote({ text, at }: Token): string {
    const value = unquoted(text);
    if (value === undefined) throw this.#fault('invalid syntax', at);
    return value;
  }

  #known(name: string): void {
    if (!this.#variables.includes(name)) throw this.#fault(`undefined variable "${name}"`);
  }

  /** Is this the word of the action that begins here? */
  #isWord(word: string): boolean {
    const { kind, text } = this.#peekSignificant();
    return kind === 'keyword' && text === word;
  }

  #close(context: string): void {
    const token = this.#takeSignificant();
    if (token.kind !== 'close') throw this.#unexpected(token, context);
  }

  #peek(): Token {
    const token = this.#tokens[this.#next];
    if (token !== undefined) return token;
    if (this.#lexFault !== undefined) throw this.#lexFault.fault;
    return { kind: 'eof', text: '', at: this.#text.length };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #skipSpace(): void {
    while (this.#peek().kind === 'space') this.#next += 1;
  }

  #peekSignificant(): Token {
    this.#skipSpace();
    return this.#peek();
  }

  #takeSignificant(): Token {
    this.#skipSpace();
    return this.#take();
  }

  #unexpected({ kind, text, at }: Token, context: string): Error {
    const isWord = kind === 'keyword' || kind === 'dot' || kind === 'nil';
    const cut = text.length > 10 ? `${JSON.stringify(text.slice(0, 10))}...` : JSON.stringify(text);
    const shown = kind === 'eof' ? 'EOF' : isWord ? `<${text}>` : cut;
    return this.#fault(`unexpected ${shown} in ${context}`, at);
  }

  #fault(message: string, at = this.#tokens?.[Math.max(0, this.#next - 1)]?.at ?? 0): Error {
    const line = this.#text.slice(0, at).split('\n').length;
    return new TemplateFault(`template: ${this.#name}:${line}: ${message}`);
  }
}

function isOperand({ kind }: Token): boolean {
  return ![',', ')', '|', ':=', '=', 'close', 'eof', 'keyword', 'open', 'sign', 'space', 'text'].includes(
    kind,
  );
}
