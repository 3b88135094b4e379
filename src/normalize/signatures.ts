import { type Attributes, type AttributeValue, hash64, type Span } from '../model/index.ts';
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
    const text = isWhole(value) ? canonicalText(value) : undefined;
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
  for (const key of PROMPTS) {
    const value = attributes.get(key);
    const part = value === undefined ? numbered(attributes, key) : value;
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
  const parts: (AttributeValue | undefined)[] = [head, ...messages.slice(first, first + MESSAGES)];
  const hashes: string[] = [];
  for (const part of parts) {
    const text = canonicalText(part!);
    if (text === undefined) break;
    hashes.push(shortHash(text));
  }
  return hashes.length < 2 ? undefined : hashes.join('.');
}

/** What values under `<key>.<number>` and below say, in the order of the numbers. */
function numbered(attributes: Attributes, key: string): readonly AttributeValue[] | undefined {
  const below = `${key}.`;
  const parts = new Map<number, [string, AttributeValue][]>();
  for (const [name, value] of attributes) {
    if (!name.startsWith(below)) continue;
    const number = /^\d{1,5}/.exec(name.slice(below.length, below.length + 6))?.[0];
    if (number === undefined) continue;
    const part = parts.get(Number(number));
    const said: [string, AttributeValue] = [name.slice(below.length + number.length), value];
    if (part === undefined) parts.set(Number(number), [said]);
    else part.push(said);
  }
  if (parts.size === 0) return undefined;
  return [...parts].sort(([a], [b]) => a - b).map(([, said]) => said.sort(([a], [b]) => (a < b ? -1 : 1)));
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

/** What stands where a text was taken out. */
const REDACTED = /^[<[(*_]*redacted[>\])*_]*$/i;
const CUT = /(?:\.\.\.|…|truncated[^\w]{0,3})$/i;
/** Lengths at which SDKs and exporters cut values. */
const ROUND = 1000;

/** Texts that were taken out or cut off may stand for different ones. */
function isWhole(value: AttributeValue): boolean {
  if (typeof value !== 'string') return true;
  if (value.length < 128) return !REDACTED.test(value) && !value.endsWith('…');
  if (value.length % ROUND === 0 || (value.length & (value.length - 1)) === 0) return false;
  return !CUT.test(value.slice(-16));
}

const longHash = (text: string): string => {
  const [high, low] = hash64(text);
  return `${high.toString(36)}.${low.toString(36)}`;
};
const shortHash = (text: string): string => hash64(text)[0].toString(36);
