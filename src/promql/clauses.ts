import type { LabelMatcher } from '../model/index.ts';
import type { BinaryOp, Grouping, Matching, VectorSelector } from './ast.ts';
import { METRIC_NAME } from './labels.ts';
import { LABEL_WORDS, type Token } from './lexer.ts';
import { labelMatcher } from './matchers.ts';
import { unquote } from './strings.ts';
import type { Tokens } from './tokens.ts';

// The parts of an expression that hold no expressions: how operators match, lists of labels, selectors.

/** Reads `bool`, `on` and `ignoring`, `group_left` and `group_right` behind an operator. */
export function binaryModifiers(tokens: Tokens, op: BinaryOp): { bool: boolean; matching: Matching } {
  const isSet = op === 'and' || op === 'or' || op === 'unless';
  const card = isSet ? 'many-to-many' : 'one-to-one';
  const bool = tokens.takeIf('bool') !== undefined;
  const how = tokens.takeIf('on') ?? tokens.takeIf('ignoring');
  if (how === undefined) return { bool, matching: { card, on: false, labels: [], include: [] } };
  const on = how.kind === 'on';
  const labels = groupingLabels(tokens);
  const group = tokens.takeIf('group_left') ?? tokens.takeIf('group_right');
  if (group === undefined) return { bool, matching: { card, on, labels, include: [] } };
  const include = tokens.beginsExpression(tokens.peek()) && !tokens.is('(') ? [] : groupingLabels(tokens);
  const grouped = group.kind === 'group_left' ? 'many-to-one' : 'one-to-many';
  return { bool, matching: { card: grouped, on, labels, include } };
}

/** Reads `by` or `without` with its labels, where one stands here. */
export function grouping(tokens: Tokens): Grouping | undefined {
  const how = tokens.takeIf('by') ?? tokens.takeIf('without');
  return how && { without: how.kind === 'without', labels: groupingLabels(tokens) };
}

function groupingLabels(tokens: Tokens): string[] {
  if (tokens.takeIf('(') === undefined) throw tokens.unexpected('grouping opts', '"("');
  const labels: string[] = [];
  while (tokens.takeIf(')') === undefined) {
    labels.push(groupingLabel(tokens));
    if (tokens.is(')')) continue;
    if (tokens.takeIf(',') === undefined) throw tokens.unexpected('grouping opts', '"," or ")"');
  }
  return labels;
}

function groupingLabel(tokens: Tokens): string {
  const token = tokens.peek();
  if (token.kind === 'identifier' || LABEL_WORDS.has(token.kind)) return tokens.take().text;
  if (tokens.version !== 3 || token.kind !== 'string') throw tokens.unexpected('grouping opts', 'label');
  const label = unquote(tokens.take().text);
  if (label === '') throw tokens.error('invalid label name for grouping: ""', token.start);
  return label;
}

/** Reads the matchers behind the name that was taken, or matchers alone. */
export function selector(tokens: Tokens, name: Token | undefined): VectorSelector {
  const first = name ?? tokens.peek();
  const matchers: LabelMatcher[] = [];
  const last = tokens.is('{') ? readMatchers(tokens, matchers) : first;
  if (name !== undefined) matchers.push(labelMatcher(METRIC_NAME, '=', name.text, tokens.version));
  const extent = tokens.extent(first, last);
  return { type: 'selector', name: name?.text, matchers, offset: 0, at: undefined, ...extent };
}

/** Reads what stands in braces, and gives back the one that closes. */
function readMatchers(tokens: Tokens, into: LabelMatcher[]): Token {
  tokens.take();
  for (;;) {
    const close = tokens.takeIf('}');
    if (close !== undefined) return close;
    into.push(readMatcher(tokens));
    if (tokens.is('}')) continue;
    if (tokens.takeIf(',') === undefined) throw tokens.unexpected('label matching', '"," or "}"');
  }
}

function readMatcher(tokens: Tokens): LabelMatcher {
  const name = tokens.peek();
  const isQuoted = name.kind === 'string' && tokens.version === 3;
  if (name.kind !== 'identifier' && !isQuoted) {
    throw tokens.unexpected('label matching', 'identifier or "}"');
  }
  tokens.take();
  const label = isQuoted ? unquote(name.text) : name.text;
  const { kind: op } = tokens.peek();
  if (isQuoted && (op === ',' || op === '}')) {
    return labelMatcher(METRIC_NAME, '=', label, tokens.version);
  }
  if (op !== '=' && op !== '!=' && op !== '=~' && op !== '!~') {
    throw tokens.unexpected('label matching', 'label matching operator');
  }
  tokens.take();
  if (!tokens.is('string')) throw tokens.unexpected('label matching', 'string');
  const value = unquote(tokens.take().text);
  return tokens.attempt(name, () => labelMatcher(label, op, value, tokens.version));
}
