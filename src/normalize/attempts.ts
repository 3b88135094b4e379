import type { Span } from '../model/index.ts';
import { countOf } from './counts.ts';
import type { AttemptSource, Dialect } from './dialect.ts';
import { ownFirst } from './order.ts';
import type { Keys, Slots } from './slots.ts';

type AttemptOf = (dialect: number, slots: Slots, span: Span) => number | undefined;

/** Which attempt a span is or ended with, counted from 1; undefined where nothing tells. */
export function compileAttempts(dialects: readonly Dialect[], keys: Keys): AttemptOf {
  const slotOf = new Map<AttemptSource, number>();
  for (const { attempt } of dialects) {
    for (const source of attempt ?? []) slotOf.set(source, keys.slot(source.key));
  }
  const plans = ownFirst(dialects, (order, own) =>
    order.flatMap((dialect) =>
      (dialect.attempt ?? [])
        .filter((source) => source.own === undefined || dialect === own)
        .map((source) => ({ ...source, slot: slotOf.get(source)! })),
    ),
  );
  return (dialect, slots, span) => {
    for (const source of plans(dialect)) {
      const count =
        source.event === undefined ? countOf(slots.values[source.slot]) : largest(source, source.event, span);
      if (typeof count === 'number' && count >= source.from) return count + 1 - source.from;
    }
    return undefined;
  };
}

function largest({ key }: AttemptSource, event: string, span: Span): number | undefined {
  let most: number | undefined;
  for (const { name, attributes } of span.events) {
    if (name !== event) continue;
    const count = countOf(attributes.get(key));
    if (typeof count === 'number') most = Math.max(most ?? 0, count);
  }
  return most;
}
