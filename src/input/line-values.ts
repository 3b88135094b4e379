import { Brackets } from './brackets.ts';
import type { Dispatcher } from './dispatch.ts';
import { type Parsed, parseJson, parseRecord, stringEnd } from './json.ts';
import { isPunctuation, looksLikeTelemetry } from './traits.ts';
import type { Position, ValueReader } from './value-reader.ts';

/** What was found in a line. */
export type Found = {
  /** Something was read or counted. */
  readonly dealt: boolean;
  /** The place of a bracket that is not closed in the line, where what follows may go on from it. */
  readonly open: number | undefined;
};

/** Brackets tried in one line before it is taken for text. */
const TRIES = 8;
const REQUESTS = ['{"resourceSpans"', '{"resource_spans"'] as const;

/** Finds the values that stand in a line of text: alone, between words, quoted, one after another, damaged. */
export class LineValues {
  readonly #dispatcher: Dispatcher;
  readonly #values: ValueReader;

  constructor(dispatcher: Dispatcher, values: ValueReader) {
    this.#dispatcher = dispatcher;
    this.#values = values;
  }

  find(text: string, position: Position): Found {
    let dealt = false;
    let open: { readonly at: number; readonly brackets: Brackets } | undefined;
    let from = 0;
    let at = text.indexOf('{');
    let whole = restAsJson(text, at);
    const lineBare = isPunctuation(text.slice(0, Math.max(at, 0)));
    for (let failures = 0; at >= 0 && failures < TRIES; whole = undefined) {
      const brackets = new Brackets();
      const end = whole === undefined ? brackets.feed(text, at) : text.length;
      if (end < 0) {
        open ??= { at, brackets };
        // What is inside of a JSON record is no record: one that is cut off is not looked into here.
        if (text.startsWith('{"', at)) break;
        failures++;
        at = text.indexOf('{', at + 1);
        continue;
      }
      const piece = text.slice(at, end);
      const parsed = whole ?? parseRecord(piece);
      const bare = lineBare && isPunctuation(text.slice(from, at));
      if (this.#isDealtWith(parsed, piece, bare, position)) {
        dealt = true;
        from = end;
      } else failures++;
      // What is no value may have one in it: `{stream={…}}`.
      at = text.indexOf('{', 'failure' in parsed ? Math.max(at + 1, from) : end);
    }
    if (!dealt && this.#isQuoted(text, position)) return { dealt: true, open: undefined };
    if (open === undefined || open.at < from) return { dealt, open: undefined };
    if (open.brackets.expectsMore) return { dealt, open: open.at };
    return {
      dealt: this.#isCutOff(text.slice(open.at), isPunctuation(text.slice(0, open.at)), position) || dealt,
      open: undefined,
    };
  }

  /** One balanced piece of a line: read or counted, or else part of the text around it. */
  #isDealtWith(parsed: Parsed, piece: string, bare: boolean, position: Position): boolean {
    if (!('failure' in parsed)) {
      if (this.#values.offer(parsed.value, parsed.syntax, position)) return true;
      if (!bare || parsed.syntax !== 'json') return false;
      this.#dispatcher.skipRecord(parsed.value, position.line);
    } else if (parsed.failure === 'too_deep') this.#dispatcher.skip('too_deep', position.line);
    else if (looksLikeTelemetry(piece) && (bare || piece.startsWith('{"'))) this.#salvage(piece, position);
    else return false;
    return true;
  }

  #isQuoted(text: string, position: Position): boolean {
    const quoted = quotedJson(text);
    return quoted !== undefined && this.#values.quoted(quoted, position);
  }

  /** A record without an end, which the next line cannot give it. */
  #isCutOff(text: string, bare: boolean, position: Position): boolean {
    const json = text.startsWith('{"') && (bare || looksLikeTelemetry(text));
    if (json) this.#salvage(text, position);
    return json;
  }

  /**
   * A damaged record, and the whole one that may stand in it: its writer died and began again in the same line, or put
   * JSON into JSON without escaping it.
   */
  #salvage(text: string, position: Position): void {
    for (const at of beginnings(text)) {
      const end = new Brackets().feed(text, at);
      const parsed = end < 0 ? undefined : parseRecord(text.slice(at, end));
      if (parsed === undefined || 'failure' in parsed) continue;
      if (!this.#values.offer(parsed.value, parsed.syntax, position)) continue;
      const before = text.slice(0, at);
      if (looksLikeTelemetry(before)) this.#values.salvage(before, position.line);
      return;
    }
    this.#values.salvage(text, position.line);
  }
}

/** Where in a damaged record another one may begin: with the same key as it, or as a request does. */
function beginnings(text: string): readonly number[] {
  const opener = /^\{\s*"[^"\\]{1,64}"/.exec(text)?.[0];
  const found: number[] = [];
  for (const beginning of opener === undefined ? REQUESTS : [opener, ...REQUESTS]) {
    let at = text.indexOf(beginning, 1);
    for (let tries = 0; at > 0 && tries < TRIES; tries++, at = text.indexOf(beginning, at + 1))
      found.push(at);
  }
  return found;
}

/** The rest of a line, where it is one JSON value to the end. Saves following the brackets of a long one. */
function restAsJson(text: string, at: number): Parsed | undefined {
  if (at < 0 || !text.startsWith('{"', at) || !text.endsWith('}')) return undefined;
  const parsed = parseJson(text.slice(at));
  return 'failure' in parsed && parsed.failure !== 'too_deep' ? undefined : parsed;
}

/** JSON that stands quoted in a line: escaped (logfmt, `%q`), or with its quotes doubled (CSV). */
function quotedJson(text: string): string | undefined {
  const escaped = text.indexOf('"{\\"');
  if (escaped >= 0) {
    const parsed = parseJson(text.slice(escaped, stringEnd(text, escaped + 1, 0x22)));
    return 'failure' in parsed || typeof parsed.value !== 'string' ? undefined : parsed.value;
  }
  const doubled = text.indexOf('"{""');
  if (doubled < 0) return undefined;
  for (let at = text.indexOf('"', doubled + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return text.slice(doubled + 1, at).replaceAll('""', '"');
  }
  return undefined;
}
