import type { Condition } from './dialect.ts';
import { pathOf } from './json.ts';
import type { Keys, Slots } from './slots.ts';
import { textOf } from './text.ts';

/** Whether something holds of the span in the slots; it cannot hold where none of `needs` is filled. */
export type Test = { readonly needs: readonly number[]; readonly holds: (slots: Slots) => boolean };

export function compileCondition(condition: Condition, keys: Keys): Test {
  const slot = keys.slot(condition.key);
  const path = condition.path === undefined ? undefined : pathOf(condition.path);
  const wanted = condition.is === undefined ? undefined : new Set(condition.is);
  const atLeast = condition.atLeast;
  return {
    needs: [slot],
    holds: (slots) => {
      const value = path === undefined ? slots.values[slot] : slots.at(slot, path);
      if (wanted !== undefined) {
        const text = typeof value === 'boolean' ? String(value) : textOf(value);
        return text !== undefined && wanted.has(text.toLowerCase());
      }
      if (atLeast !== undefined) return Number(textOf(value)) >= atLeast;
      return value !== undefined && value !== null && value !== '';
    },
  };
}
