import type { Span } from '../model/index.ts';
import { countOf } from './counts.ts';
import type { AttemptSource } from './dialect.ts';
import { ASK, type Slots } from './slots.ts';
import type { For, Tables } from './tables.ts';
import { textOf } from './text.ts';
import type { Witness } from './witness.ts';

/** Which attempt a span is or ended with, counted from 1; undefined where nothing tells. */
export function compileAttempts(
  tables: Tables,
): For<(slots: Slots, span: Span, witness?: Witness) => number | undefined> {
  const believed = tables.part({
    listed: ({ attempt }) => attempt,
    compile: (source: AttemptSource, keys) => {
      if (source.event !== undefined) keys.events.add(source.event);
      return { ...source, slot: keys.slot(source.key, askOf(source.event)) };
    },
    needs: ({ event, slot }) => (event === undefined ? [slot] : undefined),
  });
  return (dialect, shape) => {
    const sources = believed(dialect, shape);
    return (slots, span, witness) => {
      for (const source of sources) {
        const { event, from } = source;
        const count = event === undefined ? numberIn(slots, source) : largest(source, event, span);
        if (typeof count !== 'number' || count < from) continue;
        witness?.attempt({
          at: event === undefined ? 'attribute' : 'event',
          key: event === undefined ? source.key : `${event}: ${source.key}`,
          value: String(count),
        });
        return count + 1 - from;
      }
      return undefined;
    };
  };
}

/** The key of an event is none of the span's. */
const askOf = (event: string | undefined): number => (event === undefined ? ASK.value : ASK.presence);

function numberIn(slots: Slots, { slot, flag }: AttemptSource & { readonly slot: number }) {
  const value = slots.values[slot];
  if (flag !== true) return countOf(value);
  return value === true || textOf(value)?.toLowerCase() === 'true' ? 1 : undefined;
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
