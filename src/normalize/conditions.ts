import type { Attributes, AttributeValue, Sign } from '../model/index.ts';
import type { Condition } from './dialect.ts';
import { pathOf } from './json.ts';
import { matches } from './patterns.ts';
import { ASK, type Keys, type Slots } from './slots.ts';
import { textOf, wordOf } from './text.ts';
import { attributeSign } from './witness.ts';

/** Whether something holds of the span in the slots; it cannot hold where none of `needs` is filled. */
export type Test = {
  readonly needs: readonly number[];
  readonly holds: (slots: Slots) => boolean;
  /** What made it hold. */
  readonly sign: (slots: Slots) => Sign;
};

export function compileCondition(condition: Condition, keys: Keys): Test {
  const path = condition.path === undefined ? undefined : pathOf(condition.path);
  const wanted = condition.is === undefined ? undefined : new Set(condition.is);
  const { like, atLeast } = condition;
  const anyValue = wanted === undefined && like === undefined && atLeast === undefined;
  const anything = path === undefined && anyValue;
  const slot = keys.slot(condition.key, anything ? ASK.filled : ASK.value);
  const valueIn = (slots: Slots): AttributeValue | undefined =>
    path === undefined ? slots.values[slot] : slots.at(slot, path);
  return {
    needs: [slot],
    holds: (slots) => {
      const value = valueIn(slots);
      if (wanted !== undefined) {
        const text = wordOf(value);
        return text !== undefined && wanted.has(text.toLowerCase());
      }
      if (like !== undefined) return matches(like, wordOf(value) ?? '');
      if (atLeast !== undefined) return Number(textOf(value)) >= atLeast;
      return value !== undefined && value !== null && value !== '';
    },
    // That anything stands there is enough for some conditions, and what it is may be anything.
    sign: (slots) =>
      attributeSign(condition.key, condition.path, anyValue ? undefined : wordOf(valueIn(slots))),
  };
}

/** Whether a condition that looks into no JSON text holds of the attributes of an event. */
export function holdsOf({ key, is, like, atLeast }: Condition, attributes: Attributes): boolean {
  const value = attributes.get(key);
  const word = wordOf(value);
  if (is !== undefined) return word !== undefined && is.includes(word.toLowerCase());
  if (like !== undefined) return matches(like, word ?? '');
  if (atLeast !== undefined) return Number(word) >= atLeast;
  return value !== undefined && value !== null && value !== '';
}
