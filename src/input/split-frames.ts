import { GENERAL, type ListRule, type ObjectRule } from './split-rules.ts';

/** What was collected of an object whose lists are read item by item. */
export type ObjectFrame = {
  readonly rule: ObjectRule;
  /** Where the object itself goes: into a list, or under a key of the object around it. */
  readonly into: List | { readonly owner: ObjectFrame; readonly key: string } | undefined;
  readonly line: number;
  readonly members: Member[];
  readonly lists: List[];
  /** An object under one of its keys had lists whose items left. */
  handedOn: boolean;
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
  /** How many members of the object around it stand before it. */
  readonly before: number;
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
    this.#open.push({
      object: { rule, into, line, members: [], lists: [], handedOn: false, key: '', state: 'key' },
    });
  }

  /** A list under the current key of an object. */
  openList(owner: ObjectFrame, rule: ListRule, line: number): void {
    const list = newList({ owner, key: owner.key, rule, level: 1, line, before: owner.members.length });
    owner.lists.push(list);
    owner.state = 'key';
    this.#open.push({ list });
  }

  /** An array that stands by itself, or in another that does. */
  openArray(level: number, line: number): void {
    const rule = { item: GENERAL, keeps: [] };
    this.#open.push({ list: newList({ owner: undefined, key: '', rule, level, line, before: 0 }) });
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
    const record = object.lists.some(({ rule }) => isMemberOf(object, rule));
    const late = object.lists.flatMap((list) => lateMembers(object, list));
    if (late.length > 0) this.#options.emit(objectText(late), object.line);
    for (const { key, text } of object.members) {
      this.held -= text.length;
      if (cut && object.rule.covers.has(key)) this.#options.emit(objectText([{ key, text }]), object.line);
    }
    if (cut || this.#options.itemsOnly || (hasLeft(object) && !record)) return;
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
    this.#handOn(owner, text, line);
  }

  /** A part of an object goes where the object goes, in what its surroundings have to say about it. */
  #handOn({ into }: ObjectFrame, text: string, line: number): void {
    if (into !== undefined && 'rule' in into) {
      this.deliver(into, text, line);
      return;
    }
    if (into !== undefined) {
      into.owner.handedOn = true;
      const around = into.owner.rule.covers.get(into.key) ?? [];
      if (around.length > 0) {
        const kept = into.owner.members.filter(({ key }) => around.includes(key));
        this.#handOn(into.owner, objectText([...kept, { key: into.key, text }]), line);
        return;
      }
    }
    this.#options.emit(text, line);
  }
}

/** The object is a record, and the list a member of it. */
export function isMemberOf({ members }: ObjectFrame, { notIn }: ListRule): boolean {
  return notIn !== undefined && members.some(({ key }) => notIn.has(key));
}

/** Its items have left: what remains of it says nothing without them. */
function hasLeft({ lists, handedOn }: ObjectFrame): boolean {
  return handedOn || lists.some(({ delivered }) => delivered);
}

/** Members that every part of a list should have had, but that came after it. */
function lateMembers(object: ObjectFrame, { rule, delivered, before }: List): readonly Member[] {
  const { repeats } = rule;
  if (!delivered || repeats === undefined) return [];
  return object.members.slice(before).filter(({ key }) => repeats.includes(key));
}

function newList(list: Pick<List, 'owner' | 'key' | 'rule' | 'level' | 'line' | 'before'>): List {
  return { ...list, pending: [], size: 0, delivered: false };
}

/** Members larger than this are not repeated with every part of a list. */
const REPEATED = 64 * 1024;

function keptMembers(
  owner: ObjectFrame,
  { keeps, repeats, needs }: ListRule,
  item: string,
): readonly Member[] {
  const always = (key: string): boolean =>
    needs?.keys.includes(key) === true || repeats?.includes(key) === true;
  const kept = owner.members.filter(({ key, text }) =>
    keeps === 'all' ? always(key) || text.length <= REPEATED : keeps.includes(key),
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
