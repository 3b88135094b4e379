import { AGENT_KINDS, type AgentKind } from './agent-span.ts';
import { enlarged } from './columns.ts';
import type { Interner } from './interner.ts';
import type { Resource, SpanKind, StatusCode } from './span.ts';
import { PROFILE_TEXTS, type ProfileText, type SpanProfile } from './span-profile.ts';

const STATUSES: readonly StatusCode[] = ['unset', 'ok', 'error'];
const SPAN_KINDS: readonly (SpanKind | undefined)[] = [
  undefined,
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
const HALVES = [undefined, 'owner', 'shared'] as const;
const KIND_CODE = new Map(AGENT_KINDS.map((kind, code) => [kind, code]));

const LLM = AGENT_KINDS.indexOf('llm');
const EMBEDDING = AGENT_KINDS.indexOf('embedding');

/** Words of a profile. `codes`: kind, status, span kind and half, a byte each; `marks`: attempt and flags, two bytes each. */
const WORD = { name: 0, codes: 1, marks: 2, dialect: 3, resource: 4, text: 5 } as const;
const WORDS = 16;
const FLAGS = 0xffff;

const TEXT_WORD = Object.fromEntries(PROFILE_TEXTS.map((field, i) => [field, WORD.text + i])) as Readonly<
  Record<ProfileText, number>
>;

/**
 * What spans have in common, flags included, once for every combination: a few dozen in most inputs. What decides how a
 * span is counted is here, so it can be found out once for all spans of a profile.
 */
export class ProfileTable {
  length = 0;
  /** Every flag that some profile has. */
  allFlags = 0;
  readonly resources: Resource[] = [];
  /** Distinct resources by object: readers share one object per resource. */
  readonly #resourceIndex = new Map<Resource, number>();
  readonly #strings: Interner;
  #words = new Uint32Array(0);
  /** Numbers and 1; 0 where there is none. */
  #slots = new Int32Array(0);
  /** The flags that were asked for last of each profile, and what came of it, plus 1. */
  #lastFlags = new Uint32Array(0);
  #last = new Int32Array(0);
  readonly #scratch = new Uint32Array(WORDS);

  constructor(strings: Interner) {
    this.#strings = strings;
  }

  /** The number of a profile without flags. */
  number(profile: SpanProfile): number {
    const words = this.#scratch;
    words[WORD.name] = this.#strings.id(profile.name);
    words[WORD.codes] =
      (KIND_CODE.get(profile.kind) ?? 0) |
      (STATUSES.indexOf(profile.status) << 8) |
      (SPAN_KINDS.indexOf(profile.spanKind) << 16) |
      (HALVES.indexOf(profile.half) << 24);
    words[WORD.marks] = Math.min(profile.attempt ?? 0, FLAGS) << 16;
    words[WORD.dialect] = this.#strings.id(profile.dialect);
    words[WORD.resource] = this.#resourceOf(profile.resource);
    for (const field of PROFILE_TEXTS) words[TEXT_WORD[field]] = this.#strings.id(profile.text[field]);
    return this.#intern(words);
  }

  /** The number of the same profile with these flags. */
  withFlags(number: number, flags: number): number {
    if (this.#lastFlags[number] === flags && this.#last[number] !== 0) return this.#last[number]! - 1;
    const words = this.#scratch;
    words.set(this.#words.subarray(number * WORDS, (number + 1) * WORDS));
    words[WORD.marks] = ((words[WORD.marks]! & ~FLAGS) | flags) >>> 0;
    const found = this.#intern(words);
    this.#lastFlags[number] = flags;
    this.#last[number] = found + 1;
    return found;
  }

  /** Flags by number, as they are now. */
  flags(): Uint16Array {
    return Uint16Array.from({ length: this.length }, (_, number) => this.flagsOf(number));
  }

  flagsOf(number: number): number {
    return this.#words[number * WORDS + WORD.marks]! & FLAGS;
  }

  nameIdOf(number: number): number {
    return this.#words[number * WORDS + WORD.name]!;
  }

  /** 1 for profiles of operations of a model, as many as there are now. */
  models(): Uint8Array {
    return Uint8Array.from({ length: this.length }, (_, number) => Number(this.isModel(number)));
  }

  /** Are its spans operations of a model? */
  isModel(number: number): boolean {
    const kind = this.#words[number * WORDS + WORD.codes]! & 0xff;
    return kind === LLM || kind === EMBEDDING;
  }

  kindOf(number: number): AgentKind {
    return AGENT_KINDS[this.#words[number * WORDS + WORD.codes]! & 0xff]!;
  }

  statusOf(number: number): StatusCode {
    return STATUSES[(this.#words[number * WORDS + WORD.codes]! >>> 8) & 0xff]!;
  }

  /** OpenTelemetry's span kind by its number in the protocol. */
  spanKindCodeOf(number: number): number {
    return (this.#words[number * WORDS + WORD.codes]! >>> 16) & 0xff;
  }

  spanKindOf(number: number): SpanKind | undefined {
    return SPAN_KINDS[this.spanKindCodeOf(number)];
  }

  /** 0 where ids name one span, 1 for the owner of a shared one, 2 for who joined. */
  halfCodeOf(number: number): number {
    return this.#words[number * WORDS + WORD.codes]! >>> 24;
  }

  halfOf(number: number): 'owner' | 'shared' | undefined {
    return HALVES[this.halfCodeOf(number)];
  }

  attemptOf(number: number): number | undefined {
    const attempt = this.#words[number * WORDS + WORD.marks]! >>> 16;
    return attempt === 0 ? undefined : attempt;
  }

  dialectIdOf(number: number): number {
    return this.#words[number * WORDS + WORD.dialect]!;
  }

  resourceIdOf(number: number): number {
    return this.#words[number * WORDS + WORD.resource]!;
  }

  textIdOf(field: ProfileText, number: number): number {
    return this.#words[number * WORDS + TEXT_WORD[field]]!;
  }

  #resourceOf(resource: Resource): number {
    let index = this.#resourceIndex.get(resource);
    if (index === undefined) {
      index = this.resources.push(resource) - 1;
      this.#resourceIndex.set(resource, index);
    }
    return index;
  }

  #intern(words: Uint32Array): number {
    if ((this.length + 1) * 2 > this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    let slot = hash(words, 0) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1;
      if (this.#equals(number, words)) return number;
    }
    this.#words.set(words, this.length * WORDS);
    this.allFlags |= words[WORD.marks]! & FLAGS;
    this.#slots[slot] = this.length + 1;
    return this.length++;
  }

  #equals(number: number, words: Uint32Array): boolean {
    for (let i = 0; i < WORDS; i++) if (this.#words[number * WORDS + i] !== words[i]) return false;
    return true;
  }

  #grow(): void {
    const capacity = Math.max(64, this.#slots.length);
    this.#words = enlarged(this.#words, capacity * WORDS);
    this.#lastFlags = enlarged(this.#lastFlags, capacity);
    this.#last = enlarged(this.#last, capacity);
    this.#slots = new Int32Array(capacity * 2);
    for (let number = 0; number < this.length; number++) {
      let slot = hash(this.#words, number * WORDS) & (capacity * 2 - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (capacity * 2 - 1);
      this.#slots[slot] = number + 1;
    }
  }
}

function hash(words: Uint32Array, at: number): number {
  let h = 0x9747b28c;
  for (let i = 0; i < WORDS; i++) {
    h = Math.imul(h ^ words[at + i]!, 0x85ebca6b);
    h ^= h >>> 13;
  }
  return (h ^ (h >>> 16)) >>> 0;
}
