import type { AttributeValue, Sign } from '../model/index.ts';
import type { Condition } from './dialect.ts';
import { pathOf } from './json.ts';
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
  const atLeast = condition.atLeast;
  const anything = path === undefined && wanted === undefined && atLeast === undefined;
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
      if (atLeast !== undefined) return Number(textOf(value)) >= atLeast;
      return value !== undefined && value !== null && value !== '';
    },
    // That anything stands there is enough for some conditions, and what it is may be anything.
    sign: (slots) =>
      attributeSign(
        condition.key,
        condition.path,
        wanted === undefined && atLeast === undefined ? undefined : wordOf(valueIn(slots)),
      ),
  };
}
