import type { AgentKind, Span } from '../model/index.ts';
import { type Dialect, type KindRule, STRENGTHS } from './dialect.ts';
import { byName } from './names.ts';
import { ownFirst } from './order.ts';
import { compileCondition, type Keys, type Slots } from './slots.ts';
import { textOf } from './text.ts';

type KindOf = (dialect: number, slots: Slots, span: Span) => AgentKind;
type Sign = (slots: Slots, span: Span) => AgentKind | undefined;

/** What a span is: the strongest sign decides, among equals the recognised dialect's, then the order of the tables. */
export function compileKinds(dialects: readonly Dialect[], keys: Keys): KindOf {
  const attributeSigns = new Map<KindRule, Sign>();
  for (const { kinds } of dialects) {
    for (const rule of kinds ?? []) {
      if (!('name' in rule)) attributeSigns.set(rule, compileAttributes(rule, keys));
    }
  }

  const plans = ownFirst(dialects, (order, own) => {
    const rules = STRENGTHS.flatMap((strength) =>
      order.flatMap((dialect) =>
        (dialect.kinds ?? []).filter(
          (rule) => rule.strength === strength && (rule.own === undefined || dialect === own),
        ),
      ),
    );
    return runs(rules).map((run) => (isNames(run) ? compileNames(run) : attributeSigns.get(run[0]!)!));
  });

  return (dialect, slots, span) => {
    for (const sign of plans(dialect)) {
      const kind = sign(slots, span);
      if (kind !== undefined) return kind;
    }
    return 'other';
  };
}

type NameRule = Extract<KindRule, { readonly name: RegExp }>;
type AttributeRule = Exclude<KindRule, NameRule>;

/** Rules on names that follow one another are one look-up; every other rule stands alone. */
function runs(rules: readonly KindRule[]): readonly (readonly KindRule[])[] {
  const all: KindRule[][] = [];
  for (const rule of rules) {
    const last = all.at(-1);
    if (last !== undefined && 'name' in rule && 'name' in last[0]!) last.push(rule);
    else all.push([rule]);
  }
  return all;
}

function isNames(run: readonly KindRule[]): run is readonly NameRule[] {
  return 'name' in run[0]!;
}

function compileNames(rules: readonly NameRule[]): Sign {
  const kindOf = byName((text) => rules.find(({ name }) => name.test(text))?.kind);
  return (_, span) => kindOf(span.name);
}

function compileAttributes(rule: AttributeRule, keys: Keys): Sign {
  const sign = 'values' in rule ? compileValues(rule.key, rule.values, keys) : compilePresence(rule, keys);
  if (rule.when === undefined) return sign;
  const when = compileCondition(rule.when, keys);
  return (slots, span) => (when(slots) ? sign(slots, span) : undefined);
}

function compileValues(key: string, values: Readonly<Record<string, AgentKind>>, keys: Keys): Sign {
  const slot = keys.slot(key);
  const kinds = new Map(Object.entries(values));
  return (slots) => {
    if (!slots.has(slot)) return undefined;
    const text = textOf(slots.values[slot]);
    return text === undefined ? undefined : kinds.get(text.toLowerCase());
  };
}

type PresenceRule = Extract<AttributeRule, { readonly anyKey: readonly string[] }>;

function compilePresence(rule: PresenceRule, keys: Keys): Sign {
  const some = rule.anyKey.map((key) => keys.slot(key));
  const none = (rule.noKey ?? []).map((key) => keys.slot(key));
  const { kind } = rule;
  return (slots) =>
    some.some((slot) => slots.has(slot)) && !none.some((slot) => slots.has(slot)) ? kind : undefined;
}
