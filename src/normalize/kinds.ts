import type { AgentKind, Sign, Span } from '../model/index.ts';
import { compileCondition } from './conditions.ts';
import { type KindRule, STRENGTHS, type Strength } from './dialect.ts';
import { pathOf } from './json.ts';
import { byName } from './names.ts';
import { matches } from './patterns.ts';
import { ASK, type Keys, type Slots } from './slots.ts';
import type { For, Tables } from './tables.ts';
import { textOf } from './text.ts';
import { attributeSign, type Witness } from './witness.ts';

/** One rule, or all rules on names of one strength. `why` is asked after `of` has given an answer. */
type Teller = {
  readonly of: (slots: Slots, span: Span) => AgentKind | undefined;
  readonly why: (slots: Slots, span: Span) => readonly [KindRule, readonly Sign[]];
};

/**
 * What a span is: the strongest sign decides; among equals an attribute before a name, the recognised dialect's before
 * the others', and these as listed.
 */
export function compileKinds(
  tables: Tables,
): For<(slots: Slots, span: Span, witness?: Witness) => AgentKind> {
  const believed = tables.part({
    listed: ({ kinds }) => kinds,
    compile: (rule: KindRule, keys): NameRule | Compiled => (isName(rule) ? rule : compileRule(rule, keys)),
    needs: (made) => ('name' in made ? undefined : made.needs),
  });
  const nameTellers = compileNames();

  return (dialect, shape) => {
    const rules = believed(dialect, shape);
    const tellers = STRENGTHS.flatMap((strength): readonly Teller[] => {
      const ofStrength = rules.filter((rule) => rule.strength === strength);
      const byAttribute = ofStrength.flatMap((rule) => ('name' in rule ? [] : rule.teller));
      const byName = nameTellers(dialect, strength, ofStrength);
      return byName === undefined ? byAttribute : [...byAttribute, byName];
    });
    return (slots, span, witness) => {
      for (const teller of tellers) {
        const kind = teller.of(slots, span);
        if (kind === undefined) continue;
        witness?.kind(...teller.why(slots, span));
        return kind;
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

/** All rules on names of one strength are one look-up; undefined where there are none. They are the same for every shape. */
function compileNames(): (
  dialect: number,
  strength: Strength,
  all: readonly (NameRule | Compiled)[],
) => Teller | undefined {
  const known = new Map<string, Teller | undefined>();
  return (dialect, strength, all) => {
    const id = `${dialect} ${strength}`;
    if (known.has(id)) return known.get(id);
    const rules = all.filter((rule) => 'name' in rule);
    const ruleOf = byName((text) => rules.find(({ name }) => matches(name, text)));
    const teller: Teller = {
      of: (_, span) => ruleOf(span.name)?.kind,
      why: (_, span) => [ruleOf(span.name)!, [{ at: 'name', value: span.name }]],
    };
    const made = rules.length === 0 ? undefined : teller;
    known.set(id, made);
    return made;
  };
}

type Compiled = {
  readonly strength: Strength;
  readonly needs: readonly number[];
  readonly teller: Teller;
};
type Told = {
  readonly needs: readonly number[];
  readonly of: (slots: Slots) => AgentKind | undefined;
  readonly sign: (slots: Slots) => Sign;
};

function compileRule(rule: AttributeRule, keys: Keys): Compiled {
  const { needs, of, sign } = 'anyKey' in rule ? compilePresence(rule, keys) : compileValues(rule, keys);
  const { strength } = rule;
  if (rule.when === undefined)
    return { strength, needs, teller: { of, why: (slots) => [rule, [sign(slots)]] } };
  const when = compileCondition(rule.when, keys);
  return {
    strength,
    needs,
    teller: {
      of: (slots) => (when.holds(slots) ? of(slots) : undefined),
      why: (slots) => [rule, [sign(slots), when.sign(slots)]],
    },
  };
}

type ValueRule = Exclude<AttributeRule, PresenceRule>;

function compileValues(rule: ValueRule, keys: Keys): Told {
  const slot = keys.slot(rule.key);
  const place = 'values' in rule ? rule.path : undefined;
  const path = place === undefined ? undefined : pathOf(place);
  const kindOf = 'values' in rule ? byValue(rule.values) : byPattern(rule.patterns);
  const wordIn = (slots: Slots): string | undefined =>
    textOf(path === undefined ? slots.values[slot] : slots.at(slot, path));
  return {
    needs: [slot],
    of: (slots) => {
      const text = wordIn(slots);
      return text === undefined ? undefined : kindOf(text);
    },
    sign: (slots) => attributeSign(rule.key, place, wordIn(slots)),
  };
}

type KindOfWord = (text: string) => AgentKind | undefined;

function byValue(values: Readonly<Record<string, AgentKind>>): KindOfWord {
  const kinds = new Map(Object.entries(values));
  return (text) => kinds.get(text) ?? kinds.get(text.toLowerCase());
}

function byPattern(patterns: readonly (readonly [RegExp, AgentKind])[]): KindOfWord {
  return byName((text) => patterns.find(([pattern]) => matches(pattern, text))?.[1]);
}

type PresenceRule = Extract<AttributeRule, { readonly anyKey: readonly string[] }>;

function compilePresence(rule: PresenceRule, keys: Keys): Told {
  const some = rule.anyKey.map((key) => keys.slot(key, ASK.presence));
  const none = (rule.noKey ?? []).map((key) => keys.slot(key, ASK.presence));
  const { kind } = rule;
  return {
    needs: some,
    of: ({ values }) =>
      some.some((slot) => values[slot] !== undefined) && !none.some((slot) => values[slot] !== undefined)
        ? kind
        : undefined,
    sign: ({ values }) =>
      attributeSign(rule.anyKey[some.findIndex((slot) => values[slot] !== undefined)]!, undefined),
  };
}
