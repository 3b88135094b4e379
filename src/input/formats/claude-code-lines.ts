import type { AttributeValue } from '../../model/index.ts';
import type { JsonObject, JsonValue } from '../format.ts';
import { attributeValue, inside, isObject, list, own, text } from '../values.ts';

/** What single lines of a Claude Code session say. */

/** Lines that make up the conversation. */
const CONVERSATION: ReadonlySet<JsonValue> = new Set(['user', 'assistant']);
/** Lines that tell about it. */
const REMARKS: ReadonlySet<JsonValue> = new Set(['system', 'progress', 'attachment']);
/** Lines about the session that hold no step of it. */
const NOTES: ReadonlySet<JsonValue> = new Set([
  'queue-operation',
  'last-prompt',
  'custom-title',
  'ai-title',
  'agent-name',
  'agent-color',
  'agent-setting',
  'tag',
  'mode',
  'permission-mode',
  'pr-link',
  'continued-in',
  'worktree-state',
  'attribution-snapshot',
  'content-replacement',
  'marble-origami-commit',
  'marble-origami-snapshot',
]);

export function isSessionLine(line: JsonObject): boolean {
  const type = own(line, 'type');
  if (typeof type !== 'string') return false;
  const session = text(own(line, 'sessionId')) !== undefined;
  const linked = own(line, 'uuid') !== undefined;
  if (CONVERSATION.has(type)) return session && (linked || isObject(own(line, 'message')));
  if (REMARKS.has(type)) return session && linked;
  if (NOTES.has(type)) return session;
  if (type === 'summary') return text(own(line, 'leafUuid')) !== undefined;
  return type === 'file-history-snapshot' && isObject(own(line, 'snapshot'));
}

/** The content blocks of a message; a plain text is one block. */
export function blocksOf(message: JsonObject): readonly JsonObject[] {
  const content = own(message, 'content');
  return typeof content === 'string' ? [{ type: 'text', text: content }] : list(content).filter(isObject);
}

/** Text of a result or an answer: itself, or that of its blocks. */
export function plainText(content: JsonValue): string | undefined {
  if (typeof content === 'string') return content === '' ? undefined : content;
  const parts = list(content).flatMap((block) => (isObject(block) ? (text(own(block, 'text')) ?? []) : []));
  return parts.length === 0 ? undefined : parts.join('\n');
}

/** What began a turn, without what was said: its name, and whether it is worth telling if nothing came of it. */
export type Prompt = { readonly name: string; readonly local: boolean; readonly text: string };

/** Lines that the program writes in the user's name: results of local commands, reminders, what a hook said. */
const NOT_A_PROMPT =
  /^\s*(?:<(?:local-command-|bash-std|system-reminder)|\[Request interrupted|Caveat: The messages below were generated)/;
const COMMAND = /<command-name>\s*(\/?[\w:.-]{1,80})/;
/** Commands and notifications stand at the beginning. */
const HEAD = 2_000;

/** What a user's line asks for; undefined for results of tools and for what the program itself added. */
export function promptOf(line: JsonObject, message: JsonObject): Prompt | undefined {
  if (own(line, 'isMeta') === true || own(line, 'isCompactSummary') === true) return undefined;
  const blocks = blocksOf(message);
  if (blocks.some((block) => own(block, 'type') === 'tool_result')) return undefined;
  const words = plainText(own(message, 'content')) ?? '';
  if (words === '' && !blocks.some((block) => own(block, 'type') === 'image')) return undefined;
  const head = words.slice(0, HEAD);
  if (NOT_A_PROMPT.test(head)) return undefined;
  const command = COMMAND.exec(head)?.[1];
  if (command !== undefined)
    return { name: `turn ${command.startsWith('/') ? command : `/${command}`}`, local: true, text: words };
  if (head.startsWith('<bash-input>')) return { name: 'turn !', local: true, text: words };
  const notified = head.trimStart().startsWith('<task-notification>');
  return { name: notified ? 'turn task-notification' : 'turn', local: false, text: words };
}

export function isInterruption(message: JsonObject): boolean {
  return plainText(own(message, 'content'))?.trimStart().startsWith('[Request interrupted') === true;
}

/** Anthropic's usage with the field-wise largest counts of all lines of an answer: it grows while the answer streams. */
export type AnswerUsage = Map<string, AttributeValue>;

const COUNTED: readonly (readonly [key: string, ...path: readonly string[]])[] = [
  ['input_tokens', 'input_tokens'],
  ['output_tokens', 'output_tokens'],
  ['cache_read_input_tokens', 'cache_read_input_tokens'],
  ['cache_creation_input_tokens', 'cache_creation_input_tokens'],
  ['ephemeral_5m_input_tokens', 'cache_creation', 'ephemeral_5m_input_tokens'],
  ['ephemeral_1h_input_tokens', 'cache_creation', 'ephemeral_1h_input_tokens'],
  ['thinking_tokens', 'output_tokens_details', 'thinking_tokens'],
  ['web_search_requests', 'server_tool_use', 'web_search_requests'],
  ['web_fetch_requests', 'server_tool_use', 'web_fetch_requests'],
];
const TOLD = ['service_tier', 'inference_geo', 'speed'] as const;

export function addUsage(known: AnswerUsage, usage: JsonObject): void {
  for (const [key, ...path] of COUNTED) {
    const value = inside(usage, ...path);
    if (value === undefined || value === null) continue;
    const before = known.get(key);
    // What cannot be a count stays as it is: whoever reads it says so.
    if (typeof value !== 'number') known.set(key, attributeValue(value));
    else if (typeof before !== 'number' || value > before) known.set(key, value);
  }
  for (const key of TOLD) {
    const value = text(own(usage, key));
    if (value !== undefined) known.set(key, value);
  }
}

/** Work that one answer needed and its own usage leaves out: compactions, and a stronger model asked for advice. */
export function hiddenIterations(usage: JsonObject): readonly (readonly [index: number, JsonObject])[] {
  return list(own(usage, 'iterations')).flatMap((iteration, index) => {
    if (!isObject(iteration)) return [];
    const type = text(own(iteration, 'type'));
    return type === undefined || type === 'message' ? [] : [[index, iteration] as const];
  });
}
