import { decodeUtf8 } from './encoding.ts';
import { GENERAL, type ListRule, type ObjectRule } from './split-rules.ts';

/** What became of a document that was read piecewise. */
export type SplitEnd = {
  /** The line at which what is missing at the end begins; undefined when the document was whole. */
  readonly cut: number | undefined;
  /** Values that could not be held, and the line of the first. */
  readonly tooLarge: number;
  readonly tooLargeAt: number;
  /** Values that are not UTF-8, and the line of the first. */
  readonly invalid: number;
  readonly invalidAt: number;
};

export type SplitOptions = {
  /** Told every small document, in order, with the line it begins at. */
  readonly emit: (text: string, line: number) => void;
  /** The line of the first byte. */
  readonly line: number;
  /** Documents are filled up to about so many characters; 0 puts every item into one of its own. */
  readonly batch?: number;
  /** Values above this size are looked into before they end. */
  readonly openAt?: number;
  /** Nothing is held beyond this. */
  readonly hold?: number;
  /** The document is damaged: only items of lists are handed on, and `openAt` 0 looks into them at once. */
  readonly salvage?: boolean;
};

/** What was collected of an object whose lists are read item by item. */
type ObjectFrame = {
  readonly rule: ObjectRule;
  /** Where the object itself goes: into a list, or under a key of the object around it. */
  readonly into: List | { readonly owner: ObjectFrame; readonly key: string } | undefined;
  readonly line: number;
  readonly members: { readonly key: string; readonly text: string }[];
  readonly lists: List[];
  key: string;
  state: 'key' | 'value';
};

type List = {
  /** Undefined: an array that stands by itself. */
  readonly owner: ObjectFrame | undefined;
  readonly key: string;
  readonly rule: ListRule;
  readonly level: number;
  /** Texts of items that have not left yet. */
  pending: string[];
  size: number;
  line: number;
  delivered: boolean;
};

type Frame = { readonly object: ObjectFrame } | { readonly list: List };

/** A value or key whose bytes are being collected. */
type Capture = {
  readonly slot: 'key' | 'member' | 'item';
  readonly kind: 'container' | 'string' | 'scalar';
  readonly array: boolean;
  readonly line: number;
  readonly parts: Buffer[];
  size: number;
  /** Too large to be kept: only its end is looked for. */
  dropped: boolean;
};

const [QUOTE, BACKSLASH, LINE_FEED] = [0x22, 0x5c, 0x0a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [COMMA, COLON] = [0x2c, 0x3a];
/** Arrays in arrays are opened so far. */
const LEVELS = 4;

/**
 * Reads a JSON document of any size piece by piece, and hands on small documents of the same shape: what belongs to a
 * list of spans (its resource, its scope, its processes) goes with every part of the list. A document that ends early
 * gives everything that was whole in it. It follows brackets and strings only; whether the pieces are JSON is found out
 * by whoever parses them.
 */
export class Splitter {
  readonly #options: Required<SplitOptions>;
  readonly #frames: Frame[] = [];
  #capture: Capture | undefined;
  /** Where in the current bytes the captured value goes on. */
  #from = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #line: number;
  #held = 0;
  #tooLarge = 0;
  #tooLargeAt = 0;
  #invalid = 0;
  #invalidAt = 0;

  constructor(options: SplitOptions) {
    this.#options = {
      batch: 256 * 1024,
      openAt: 1024 * 1024,
      hold: 128 * 1024 * 1024,
      salvage: false,
      ...options,
    };
    this.#line = options.line;
  }

  push(bytes: Buffer): void {
    this.#run(bytes);
    while (this.#capture !== undefined && this.#capture.size > this.#options.openAt && this.#open());
    if (this.#capture !== undefined && this.#held + this.#capture.size > this.#options.hold) {
      this.#drop(this.#capture);
    }
  }

  end(): SplitEnd {
    while (this.#capture !== undefined && this.#open());
    const cut = this.#cutAt();
    this.#capture = undefined;
    while (this.#frames.length > 0) this.#close(true);
    return {
      cut,
      tooLarge: this.#tooLarge,
      tooLargeAt: this.#tooLargeAt,
      invalid: this.#invalid,
      invalidAt: this.#invalidAt,
    };
  }

  /** Where the innermost record begins that has no end. */
  #cutAt(): number | undefined {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return undefined;
    if ('object' in frame) return frame.object.line;
    return this.#capture?.line ?? this.#line;
  }

  #run(bytes: Buffer): void {
    this.#from = 0;
    for (let at = 0; at < bytes.length; ) {
      at = this.#capture === undefined ? this.#step(bytes, at) : this.#collect(bytes, at);
    }
    const capture = this.#capture;
    if (capture === undefined || capture.dropped || this.#from >= bytes.length) return;
    capture.parts.push(Buffer.from(bytes.subarray(this.#from)));
    capture.size += bytes.length - this.#from;
  }

  /** One byte between values. */
  #step(bytes: Buffer, at: number): number {
    const byte = bytes[at]!;
    if (byte <= 0x20) {
      if (byte === LINE_FEED) this.#line++;
      return at + 1;
    }
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      if (byte === OPEN_BRACE) this.#openObject(GENERAL, undefined);
      else if (byte === OPEN_BRACKET) this.#openList({ item: GENERAL, keeps: [] }, '', undefined, 1);
      return at + 1;
    }
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      // A bracket of the other kind: the one before it is missing.
      if ('object' in frame !== (byte === CLOSE_BRACE)) this.#close();
      this.#close();
      return at + 1;
    }
    if ('object' in frame) {
      const { object } = frame;
      if (object.state === 'key') {
        if (byte === QUOTE) return this.#start('key', bytes, at);
        if (byte === COLON) object.state = 'value';
        return at + 1;
      }
      if (byte === COMMA) {
        object.state = 'key';
        return at + 1;
      }
      const rule = byte === OPEN_BRACKET ? object.rule.lists.get(object.key) : undefined;
      if (rule === undefined) return this.#start('member', bytes, at);
      this.#openList(rule, object.key, object, 1);
      return at + 1;
    }
    return byte === COMMA ? at + 1 : this.#start('item', bytes, at);
  }

  #start(slot: Capture['slot'], bytes: Buffer, at: number): number {
    const byte = bytes[at]!;
    const container = byte === OPEN_BRACE || byte === OPEN_BRACKET;
    const kind = container ? 'container' : byte === QUOTE ? 'string' : 'scalar';
    const array = byte === OPEN_BRACKET;
    this.#capture = { slot, kind, array, line: this.#line, parts: [], size: 0, dropped: false };
    this.#from = at;
    this.#depth = container ? 1 : 0;
    this.#inString = kind === 'string';
    this.#escaped = false;
    if (this.#options.salvage && this.#options.openAt === 0) this.#open();
    return kind === 'scalar' ? this.#collect(bytes, at) : at + 1;
  }

  /** Follows the captured value to its end, or to the end of the bytes. */
  #collect(bytes: Buffer, from: number): number {
    const capture = this.#capture!;
    const end =
      capture.kind === 'container'
        ? this.#containerEnd(bytes, from)
        : capture.kind === 'string'
          ? this.#stringEnd(bytes, from)
          : scalarEnd(bytes, from);
    if (end < 0) return bytes.length;
    this.#capture = undefined;
    if (capture.dropped) {
      this.#take(capture, undefined);
      return end;
    }
    const last = bytes.subarray(this.#from, end);
    const value = capture.parts.length === 0 ? last : Buffer.concat([...capture.parts, last]);
    const { text, valid } = decodeUtf8(value);
    if (!valid && this.#invalid++ === 0) this.#invalidAt = capture.line;
    this.#take(capture, text);
    // Whatever is captured next begins in these bytes.
    this.#from = end;
    return end;
  }

  #containerEnd(bytes: Buffer, from: number): number {
    let depth = this.#depth;
    let at = from;
    for (;;) {
      if (this.#inString) {
        at = this.#stringEnd(bytes, at);
        if (at < 0) break;
      }
      let byte = 0;
      while (at < bytes.length) {
        byte = bytes[at++]!;
        if (byte === QUOTE) break;
        if ((byte | 0x20) === OPEN_BRACE) depth++;
        else if ((byte | 0x20) === CLOSE_BRACE) {
          if (--depth === 0) return at;
        } else if (byte === LINE_FEED) this.#line++;
      }
      if (byte !== QUOTE) break;
      this.#inString = true;
    }
    this.#depth = depth;
    return -1;
  }

  /** Behind the quote that ends the string the bytes begin in, or -1. */
  #stringEnd(bytes: Buffer, from: number): number {
    let at = from;
    if (this.#escaped && at < bytes.length) {
      this.#escaped = false;
      at++;
    }
    for (;;) {
      const quote = bytes.indexOf(QUOTE, at);
      const end = quote < 0 ? bytes.length : quote;
      let backslash = end;
      while (backslash > at && bytes[backslash - 1] === BACKSLASH) backslash--;
      const escaped = (end - backslash) % 2 === 1;
      if (quote < 0) {
        if (at < bytes.length) this.#escaped = escaped;
        return -1;
      }
      at = quote + 1;
      if (escaped) continue;
      this.#inString = false;
      return at;
    }
  }

  #take(capture: Capture, text: string | undefined): void {
    const frame = this.#frames.at(-1)!;
    if ('list' in frame) {
      if (text !== undefined) this.#deliver(frame.list, text, capture.line);
      return;
    }
    const { object } = frame;
    if (capture.slot === 'key') {
      object.key = text === undefined ? '' : unquote(text);
    } else {
      object.state = 'key';
      if (text !== undefined) this.#addMember(object, object.key, text);
    }
  }

  #drop(capture: Capture): void {
    capture.parts.length = 0;
    capture.size = 0;
    capture.dropped = true;
    if (this.#tooLarge++ === 0) this.#tooLargeAt = capture.line;
  }

  /** Looks into a value before it ends; false when there is nothing to be found in it. */
  #open(): boolean {
    const capture = this.#capture!;
    const frame = this.#frames.at(-1)!;
    if (capture.dropped || capture.kind !== 'container' || capture.slot === 'key') return false;
    const bytes = Buffer.concat(capture.parts);
    const array = capture.array;
    const list = 'list' in frame ? frame.list : undefined;
    const item = list === undefined ? GENERAL : list.rule.item;
    if (item === undefined) return false;
    if (array && (list?.owner !== undefined || (list?.level ?? LEVELS) >= LEVELS)) return false;
    if ('object' in frame && !frame.object.rule.covers.has(frame.object.key)) return false;
    this.#capture = undefined;
    this.#line = capture.line;
    if ('object' in frame) {
      this.#openObject(GENERAL, { owner: frame.object, key: frame.object.key });
      frame.object.state = 'key';
    } else if (array) this.#openList(frame.list.rule, '', undefined, frame.list.level + 1);
    else this.#openObject(item, frame.list);
    // Nothing was collected yet of a value that is opened at its first bracket.
    this.#run(bytes.subarray(1));
    return true;
  }

  #openObject(rule: ObjectRule, into: ObjectFrame['into']): void {
    const object: ObjectFrame = {
      rule,
      into,
      line: this.#line,
      members: [],
      lists: [],
      key: '',
      state: 'key',
    };
    this.#frames.push({ object });
  }

  #openList(rule: ListRule, key: string, owner: ObjectFrame | undefined, level: number): void {
    const list: List = {
      owner,
      key,
      rule,
      level,
      pending: [],
      size: 0,
      line: this.#line,
      delivered: false,
    };
    owner?.lists.push(list);
    if (owner !== undefined) owner.state = 'key';
    this.#frames.push({ list });
  }

  /** The innermost object or list is over. One that is not whole only gives the items that were. */
  #close(cut = false): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    if ('list' in frame) {
      if (frame.list.owner === undefined) this.#flush(frame.list);
      return;
    }
    const { object } = frame;
    for (const list of object.lists) this.#flush(list);
    for (const member of object.members) this.#held -= member.text.length;
    if (cut) {
      for (const member of object.members) {
        if (object.rule.covers.has(member.key)) this.#options.emit(objectText([member]), object.line);
      }
    }
    if (cut || this.#options.salvage || object.lists.some(({ delivered }) => delivered)) return;
    const empty = object.lists.map(({ key }) => ({ key, text: '[]' }));
    const text = objectText([...object.members, ...empty]);
    const { into } = object;
    if (into === undefined) this.#options.emit(text, object.line);
    else if ('rule' in into) this.#deliver(into, text, object.line);
    else this.#addMember(into.owner, into.key, text);
  }

  #addMember(object: ObjectFrame, key: string, text: string): void {
    object.members.push({ key, text });
    this.#held += text.length;
  }

  #deliver(list: List, text: string, line: number): void {
    if (list.pending.length === 0) list.line = line;
    list.delivered = true;
    list.pending.push(text);
    list.size += text.length;
    this.#held += text.length;
    if (list.size >= this.#options.batch && (isComplete(list) || this.#held > this.#options.hold / 4)) {
      this.#flush(list);
    }
  }

  /** Lets the pending items go, dressed as the document they came from, as far up as their objects reach. */
  #flush(list: List): void {
    const { owner, pending, line } = list;
    if (pending.length === 0) return;
    const items = `[${pending.join(',')}]`;
    this.#held -= list.size;
    list.pending = [];
    list.size = 0;
    if (owner === undefined) {
      this.#options.emit(items, line);
      return;
    }
    const text = objectText([...keptMembers(owner, list, pending[0]!), { key: list.key, text: items }]);
    if (owner.into !== undefined && 'rule' in owner.into) this.#deliver(owner.into, text, line);
    else this.#options.emit(text, line);
  }
}

/** Members larger than this are not repeated with every part of a list. */
const REPEATED = 64 * 1024;

function keptMembers(owner: ObjectFrame, { rule }: List, item: string): ObjectFrame['members'] {
  const { keeps, needs } = rule;
  const kept = owner.members.filter(({ key, text }) =>
    keeps === 'all' ? needs?.keys.includes(key) || text.length <= REPEATED : keeps.includes(key),
  );
  if (needs?.otherwise === undefined || !item.includes(needs.when ?? '')) return kept;
  return kept.some(({ key }) => needs.keys.includes(key)) ? kept : [...kept, needs.otherwise];
}

/** Everything that has to go with the items of a list is known. */
function isComplete({ owner, rule: { needs }, pending }: List): boolean {
  if (owner === undefined || needs === undefined) return true;
  if (needs.when !== undefined && !pending[0]!.includes(needs.when)) return true;
  return owner.members.some(({ key }) => needs.keys.includes(key));
}

function objectText(members: ObjectFrame['members']): string {
  return `{${members.map(({ key, text }) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

function scalarEnd(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte <= 0x20 || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return at;
  }
  return -1;
}

function unquote(text: string): string {
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return text.slice(1, -1);
    throw error;
  }
}
