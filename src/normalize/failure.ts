import type { AttributeValue, Span, SpanEvent } from '../model/index.ts';
import type { Dialect, FailureRule } from './dialect.ts';
import { ownFirst } from './order.ts';
import { compileCondition, type Keys, type Slots, type Test } from './slots.ts';
import { textOf } from './text.ts';

type FailedOf = (dialect: number, slots: Slots, span: Span) => boolean;

/**
 * A span failed if its status says so, or the emitter's own word does: many leave the status unset, and some call every
 * span that did not throw OK. Weaker signs count only where the status is unset.
 */
export function compileFailure(dialects: readonly Dialect[], keys: Keys): FailedOf {
  const tests = new Map<FailureRule, Test>();
  for (const { failure } of dialects) {
    for (const rule of failure ?? []) tests.set(rule, compileCondition(rule, keys));
  }
  const plans = ownFirst(dialects, (order, own) => {
    const rules = order.flatMap((dialect) =>
      (dialect.failure ?? []).filter((rule) => rule.own === undefined || dialect === own),
    );
    return {
      plain: rules.filter((rule) => rule.weak === undefined).map((rule) => tests.get(rule)!),
      weak: rules.filter((rule) => rule.weak === true).map((rule) => tests.get(rule)!),
    };
  });
  return (dialect, slots, span) => {
    if (span.status === 'error') return true;
    const { plain, weak } = plans(dialect);
    if (plain.some((test) => test(slots))) return true;
    if (span.status === 'ok') return false;
    return weak.some((test) => test(slots)) || span.events.some(escaped);
  };
}

/** An exception that left the span; recorded and handled ones are no failure. */
function escaped(event: SpanEvent): boolean {
  if (event.name !== 'exception') return false;
  const value: AttributeValue | undefined = event.attributes.get('exception.escaped');
  return value === true || value === 'true' || value === 'True';
}

/** Type and message of the last recorded exception: the one that ended the span, after those that were retried. */
export function lastException(span: Span): {
  readonly type: string | undefined;
  readonly message: string | undefined;
} {
  const event = span.events.findLast(({ name }) => name === 'exception');
  return {
    type: textOf(event?.attributes.get('exception.type')),
    message: textOf(event?.attributes.get('exception.message')),
  };
}
