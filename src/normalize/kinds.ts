import type { AgentKind, Span } from '../model/index.ts';
import { compileCondition } from './conditions.ts';
import { type Dialect, type KindRule, STRENGTHS, type Strength } from './dialect.ts';
import { byName } from './names.ts';
import { believed, type For } from './order.ts';
import type { Keys, Slots } from './slots.ts';
import { textOf } from './text.ts';

type Sign = (slots: Slots, span: Span) => AgentKind | undefined;

/**
 * What a span is: the strongest sign decides; among equals an attribute before a name, the recognised dialect's before
 * the others', and these as listed.
 */
export function compileKinds(
  dialects: readonly Dialect[],
  keys: Keys,
): For<(slots: Slots, span: Span) => AgentKind> {
  const compiled = new Map<AttributeRule, Compiled>();
  for (const { kinds } of dialects) {
    for (const rule of kinds ?? []) if (!isName(rule)) compiled.set(rule, compileRule(rule, keys));
  }
  const rulesOf = believed(dialects, ({ kinds }) => kinds);
  const nameSigns = compileNames(rulesOf);

  return (dialect, has) => {
    const rules = rulesOf(dialect);
    const signs = STRENGTHS.flatMap((strength): readonly Sign[] => {
      const byAttribute = rules
        .filter((rule): rule is AttributeRule => rule.strength === strength && !isName(rule))
        .map((rule) => compiled.get(rule)!)
        .filter(({ needs }) => needs.some(has))
        .map(({ sign }) => sign);
      const byName = nameSigns(dialect, strength);
      return byName === undefined ? byAttribute : [...byAttribute, byName];
    });
    return (slots, span) => {
      for (const sign of signs) {
        const kind = sign(slots, span);
        if (kind !== undefined) return kind;
      }
      return 'other';
    };
  };
}

type NameRule = Extract<KindRule, { readonly name: RegExp }>;
type AttributeRule = Exclude<KindRule, NameRule>;

function isName(rule: KindRule): rule is NameRule {
  return 'name' in rule;
}

/** All rules on names of one strength are one look-up; undefined where there are none. */
function compileNames(
  rulesOf: (dialect: number) => readonly KindRule[],
): (dialect: number, strength: Strength) => Sign | undefined {
  const known = new Map<string, Sign | undefined>();
  return (dialect, strength) => {
    const id = `${dialect} ${strength}`;
    if (known.has(id)) return known.get(id);
    const rules = rulesOf(dialect)
      .filter(isName)
      .filter((rule) => rule.strength === strength);
    const kindOf = byName((text) => rules.find(({ name }) => name.test(text))?.kind);
    const sign: Sign | undefined = rules.length === 0 ? undefined : (_, span) => kindOf(span.name);
    known.set(id, sign);
    return sign;
  };
}

type Compiled = { readonly needs: readonly number[]; readonly sign: Sign };

function compileRule(rule: AttributeRule, keys: Keys): Compiled {
  const { needs, sign } =
    'values' in rule ? compileValues(rule.key, rule.values, keys) : compilePresence(rule, keys);
  if (rule.when === undefined) return { needs, sign };
  const when = compileCondition(rule.when, keys);
  return { needs, sign: (slots, span) => (when.holds(slots) ? sign(slots, span) : undefined) };
}

function compileValues(key: string, values: Readonly<Record<string, AgentKind>>, keys: Keys): Compiled {
  const slot = keys.slot(key);
  const kinds = new Map(Object.entries(values));
  return {
    needs: [slot],
    sign: (slots) => {
      const text = textOf(slots.values[slot]);
      return text === undefined ? undefined : (kinds.get(text) ?? kinds.get(text.toLowerCase()));
    },
  };
}

type PresenceRule = Extract<AttributeRule, { readonly anyKey: readonly string[] }>;

function compilePresence(rule: PresenceRule, keys: Keys): Compiled {
  const some = rule.anyKey.map((key) => keys.slot(key));
  const none = (rule.noKey ?? []).map((key) => keys.slot(key));
  const { kind } = rule;
  return {
    needs: some,
    sign: ({ values }) =>
      some.some((slot) => values[slot] !== undefined) && !none.some((slot) => values[slot] !== undefined)
        ? kind
        : undefined,
  };
}
