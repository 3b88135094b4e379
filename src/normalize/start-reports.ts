import { canonicalSpanId, type Span } from '../model/index.ts';
import { compileCondition } from './conditions.ts';
import type { Dialect } from './dialect.ts';
import type { Shapes } from './shapes.ts';
import type { Keys, Slots } from './slots.ts';
import { textOf } from './text.ts';

/**
 * Some SDKs announce a span when it starts, as a child of it with an id of its own. That is a first report of the span
 * itself, without an end: written as such, the span's last report replaces it, and where none came it is an open span.
 */
export function compileStartReports(
  dialects: readonly Dialect[],
  keys: Keys,
  shapes: Shapes,
): (slots: Slots, span: Span) => Span {
  const signs = dialects
    .flatMap(({ startReports }) => startReports ?? [])
    .map(({ when, parent }) => ({ test: compileCondition(when, keys), parent: keys.slot(parent) }));
  const possible = shapes.remember(({ has }) => signs.filter(({ test }) => test.needs.some(has)));
  return (slots, span) => {
    const sign = possible(slots.shape).find(({ test }) => test.holds(slots));
    if (sign === undefined) return span;
    const parent = canonicalSpanId(textOf(slots.values[sign.parent]) ?? '')?.id;
    if (span.parentSpanId === undefined || span.parentSpanId === parent) return { ...span, end: undefined };
    return { ...span, spanId: span.parentSpanId, parentSpanId: parent, end: undefined };
  };
}
