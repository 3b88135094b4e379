import { type Attributes, type AttributeValue, append, hash64, type Span } from '../model/index.ts';
import { canonicalText } from './canonical.ts';
import { DIALECTS } from './dialects/index.ts';
import { bareLast, TOOL_RESULT_TEXTS } from './tool-results.ts';

const ARGUMENTS = bareLast(
  DIALECTS.flatMap(({ toolArguments = [] }) => toolArguments.filter((key) => typeof key === 'string')),
);
/** Those that mean something else elsewhere, by dialect. */
const OWN_ARGUMENTS: ReadonlyMap<string, readonly string[]> = new Map(
  DIALECTS.map(({ name, toolArguments = [] }) => [
    name,
    toolArguments.flatMap((own) => (typeof own === 'string' ? [] : [own.key])),
  ]),
);
const PROMPTS = DIALECTS.flatMap(({ prompt }) => prompt ?? []);
const NUMBERED: ReadonlySet<string> = new Set(PROMPTS);

/** So many messages of a prompt are told apart; what a conversation began with decides whether a cache holds it. */
const MESSAGES = 64;

/** A hash of what a tool was given; undefined where the span does not tell it, or not all of it. */
export const argumentsHash = ({ attributes }: Span, dialect: string | undefined): string | undefined =>
  hashOfFirst(attributes, OWN_ARGUMENTS.get(dialect ?? '') ?? []) ?? hashOfFirst(attributes, ARGUMENTS);

/** The same of what it gave back. */
export const resultHash = ({ attributes }: Span): string | undefined =>
  hashOfFirst(attributes, TOOL_RESULT_TEXTS);

function hashOfFirst(attributes: Attributes, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = attributes.get(key);
    if (value === undefined || value === null) continue;
    const text = canonicalText(value);
    return text === undefined ? undefined : longHash(text);
  }
  return undefined;
}

/**
 * Hashes of what a model was given, joined by dots: one of its instructions and tools, then one of each message from the
 * first on. Undefined where the span does not tell the messages.
 */
export function promptHashes({ attributes }: Span): string | undefined {
  const head: AttributeValue[] = [];
  let messages: readonly AttributeValue[] = [];
  const parts = numbered(attributes);
  for (const key of PROMPTS) {
    const part = attributes.get(key) ?? inOrder(parts.get(key));
    if (part === undefined || part === null) continue;
    const found = promptIn(part);
    if (found.messages === undefined) head.push(part);
    else if (messages.length === 0) {
      messages = found.messages;
      if (found.around !== undefined) head.push(found.around);
    }
  }
  const first = messages.findIndex((message) => !isInstruction(message));
  if (first < 0) return undefined;
  head.push(...messages.slice(0, Math.min(first, MESSAGES)));
  const hashes: string[] = [];
  for (const part of [head, ...messages.slice(first, first + MESSAGES)]) {
    const text = canonicalText(part);
    if (text === undefined) break;
    hashes.push(shortHash(text));
  }
  return hashes.length < 2 ? undefined : hashes.join('.');
}

type Numbered = ReadonlyMap<string, ReadonlyMap<number, readonly [string, AttributeValue][]>>;

/** What values under `<key>.<number>` and below say of prompts, by key and number. */
function numbered(attributes: Attributes): Numbered {
  const found = new Map<string, Map<number, [string, AttributeValue][]>>();
  for (const [name, value] of attributes) {
    const place = NUMBER.exec(name);
    if (place === null) continue;
    const key = name.slice(0, place.index);
    if (!NUMBERED.has(key)) continue;
    const parts = found.get(key) ?? new Map<number, [string, AttributeValue][]>();
    found.set(key, parts);
    append(parts, Number(place[1]), [name.slice(place.index + place[0].length), value]);
  }
  return found;
}

const NUMBER = /\.(\d{1,5})(?=\.|$)/;

/** Parts in the order of their numbers, each in the order of its names. */
function inOrder(parts: ReturnType<Numbered['get']>): readonly AttributeValue[] | undefined {
  return (
    parts &&
    [...parts]
      .sort(([a], [b]) => a - b)
      .map(([, said]) => said.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  );
}

type Prompt = {
  readonly messages: readonly AttributeValue[] | undefined;
  readonly around: AttributeValue | undefined;
};

/** Under which names requests hold their messages. */
const MESSAGE_LISTS = ['messages', 'input', 'contents', 'prompt'] as const;

/** Lists of messages are lists of objects with a role, or requests that hold one. */
function promptIn(value: AttributeValue): Prompt {
  const parsed = typeof value === 'string' ? parsedJson(value) : value;
  if (Array.isArray(parsed) && parsed.some(hasRole)) return { messages: parsed, around: undefined };
  if (isRecord(parsed)) {
    for (const name of MESSAGE_LISTS) {
      const list = Object.hasOwn(parsed, name) ? parsed[name] : undefined;
      if (!Array.isArray(list) || !list.some(hasRole)) continue;
      return {
        messages: list,
        around: Object.entries(parsed).filter(([key]) => key !== name && HEAD.has(key)),
      };
    }
  }
  return { messages: undefined, around: undefined };
}

/** What of a request stands before its messages. Its other settings are not in the prompt. */
const HEAD: ReadonlySet<string> = new Set([
  'system',
  'instructions',
  'system_instruction',
  'systemInstruction',
  'system_instructions',
  'tools',
]);

function parsedJson(text: string): AttributeValue | undefined {
  const first = text.trimStart()[0];
  if (first !== '[' && first !== '{') return undefined;
  try {
    return JSON.parse(text) as AttributeValue;
  } catch {
    return undefined;
  }
}

const isRecord = (value: AttributeValue | undefined): value is { readonly [key: string]: AttributeValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A message says whose it is: in a record, or in a list of names and values made of numbered keys. */
const hasRole = (message: AttributeValue): boolean => roleOf(message) !== undefined;
const isInstruction = (message: AttributeValue): boolean => {
  const role = roleOf(message);
  return role === 'system' || role === 'developer';
};

function roleOf(message: AttributeValue): AttributeValue | undefined {
  if (Array.isArray(message)) {
    const said = message.find((part) => Array.isArray(part) && /(?:^|\.)role$/.test(String(part[0])));
    return Array.isArray(said) ? said[1] : undefined;
  }
  if (!isRecord(message)) return undefined;
  if (Object.hasOwn(message, 'role')) return message['role'];
  return Object.hasOwn(message, 'message.role') ? message['message.role'] : undefined;
}

const longHash = (text: string): string => {
  const [high, low] = hash64(text);
  return `${high.toString(36)}.${low.toString(36)}`;
};
const shortHash = (text: string): string => hash64(text)[0].toString(36);
