import { GENERAL, type ListRule, type ObjectRule } from './split-rules.ts';

/** What was collected of an object whose lists are read item by item. */
export type ObjectFrame = {
  readonly rule: ObjectRule;
  /** Where the object itself goes: into a list, or under a key of the object around it. */
  readonly into: List | { readonly owner: ObjectFrame; readonly key: string } | undefined;
  readonly line: number;
  readonly members: Member[];
  readonly lists: List[];
  /** The key that was read last, and what comes next. */
  key: string;
  state: 'key' | 'value';
};

type Member = { readonly key: string; readonly text: string };

/** An array that is read item by item. */
export type List = {
  /** Undefined: it stands by itself. */
  readonly owner: ObjectFrame | undefined;
  readonly key: string;
  readonly rule: ListRule;
  /** How many arrays it stands in, itself included. */
  readonly level: number;
  /** Texts of items that have not left yet, their size, and the line of the first. */
  pending: string[];
  size: number;
  line: number;
  /** It had an item. */
  delivered: boolean;
};

export type Frame = { readonly object: ObjectFrame } | { readonly list: List };

export type FrameOptions = {
  /** Told every small document, in order, with the line it begins at. */
  readonly emit: (text: string, line: number) => void;
  /** Documents are filled up to about so many characters; 0 puts every item into one of its own. */
  readonly batch: number;
  /** Items that wait for what goes with them leave without it beyond this. */
  readonly patience: number;
  /** Only items of lists are handed on: an object without any may be damaged itself. */
  readonly itemsOnly: boolean;
};

/** The objects and lists around the place that is being read, and the items that wait in them. */
export class Frames {
  readonly #options: FrameOptions;
  readonly #open: Frame[] = [];
  /** Characters that are kept. */
  held = 0;

  constructor(options: FrameOptions) {
    this.#options = options;
  }

  get innermost(): Frame | undefined {
    return this.#open.at(-1);
  }

  openObject(rule: ObjectRule, into: ObjectFrame['into'], line: number): void {
    this.#open.push({ object: { rule, into, line, members: [], lists: [], key: '', state: 'key' } });
  }

  /** A list under the current key of an object. */
  openList(owner: ObjectFrame, rule: ListRule, line: number): void {
    const list = newList({ owner, key: owner.key, rule, level: 1, line });
    owner.lists.push(list);
    owner.state = 'key';
    this.#open.push({ list });
  }

  /** An array that stands by itself, or in another that does. */
  openArray(level: number, line: number): void {
    const rule = { item: GENERAL, keeps: [] };
    this.#open.push({ list: newList({ owner: undefined, key: '', rule, level, line }) });
  }

  /** A member under the current key of an object. */
  addMember(object: ObjectFrame, text: string): void {
    this.#addMember(object, object.key, text);
    object.state = 'key';
  }

  /** An item of a list: it leaves when enough have come and what goes with them is known. */
  deliver(list: List, text: string, line: number): void {
    if (list.pending.length === 0) list.line = line;
    list.delivered = true;
    list.pending.push(text);
    list.size += text.length;
    this.held += text.length;
    const { batch, patience } = this.#options;
    if (list.size >= batch && (isComplete(list) || this.held > patience)) this.#flush(list);
  }

  /** The innermost object or list is over. One that is cut off only gives the items that were whole. */
  close(cut = false): void {
    const frame = this.#open.pop();
    if (frame === undefined) return;
    if ('object' in frame) this.#closeObject(frame.object, cut);
    else if (frame.list.owner === undefined) this.#flush(frame.list);
  }

  #closeObject(object: ObjectFrame, cut: boolean): void {
    for (const list of object.lists) this.#flush(list);
    for (const { key, text } of object.members) {
      this.held -= text.length;
      if (cut && object.rule.covers.has(key)) this.#options.emit(objectText([{ key, text }]), object.line);
    }
    if (cut || this.#options.itemsOnly || object.lists.some(({ delivered }) => delivered)) return;
    const empty = object.lists.map(({ key }) => ({ key, text: '[]' }));
    const text = objectText([...object.members, ...empty]);
    const { into } = object;
    if (into === undefined) this.#options.emit(text, object.line);
    else if ('rule' in into) this.deliver(into, text, object.line);
    else this.#addMember(into.owner, into.key, text);
  }

  #addMember(object: ObjectFrame, key: string, text: string): void {
    object.members.push({ key, text });
    this.held += text.length;
  }

  /** Lets the pending items go, dressed as the document they came from, as far up as their objects reach. */
  #flush(list: List): void {
    const { owner, pending, line } = list;
    if (pending.length === 0) return;
    const items = `[${pending.join(',')}]`;
    this.held -= list.size;
    list.pending = [];
    list.size = 0;
    if (owner === undefined) {
      this.#options.emit(items, line);
      return;
    }
    const text = objectText([...keptMembers(owner, list.rule, pending[0]!), { key: list.key, text: items }]);
    if (owner.into !== undefined && 'rule' in owner.into) this.deliver(owner.into, text, line);
    else this.#options.emit(text, line);
  }
}

function newList(list: Pick<List, 'owner' | 'key' | 'rule' | 'level' | 'line'>): List {
  return { ...list, pending: [], size: 0, delivered: false };
}

/** Members larger than this are not repeated with every part of a list. */
const REPEATED = 64 * 1024;

function keptMembers(owner: ObjectFrame, { keeps, needs }: ListRule, item: string): readonly Member[] {
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

function objectText(members: readonly Member[]): string {
  return `{${members.map(({ key, text }) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}
