import type { RowKey, Span, SpanEvent } from '../model/index.ts';
import { compileCondition, type Test } from './conditions.ts';
import type { FailureRule } from './dialect.ts';
import type { Slots } from './slots.ts';
import type { For, Tables } from './tables.ts';
import { textOf } from './text.ts';
import type { Witness } from './witness.ts';

const EXCEPTION = 'exception';

/** What failures are read from besides attributes of spans. */
export const FAILURE_KEYS = {
  statedMessage: { key: 'message', of: 'status', use: 'passage' },
  type: { key: 'exception.type', of: 'exception', use: 'passage' },
  message: { key: 'exception.message', of: 'exception', use: 'passage' },
  escaped: { key: 'exception.escaped', of: 'exception', use: 'constant' },
} as const satisfies Record<string, RowKey>;

/**
 * A span failed if its status says so, or the emitter's own word does: many leave the status unset, and some call every
 * span that did not throw OK. Weaker signs count only where the status is unset.
 */
export function compileFailure(
  tables: Tables,
): For<(slots: Slots, span: Span, witness?: Witness) => boolean> {
  const believed = tables.part({
    listed: ({ failure }) => failure,
    compile: (rule: FailureRule, keys) => ({
      test: compileCondition(rule, keys),
      weak: rule.weak === true,
    }),
    needs: ({ test }) => test.needs,
  });
  return (dialect, shape) => {
    const rules = believed(dialect, shape);
    const testsOf = (weak: boolean): readonly Test[] =>
      rules.filter((rule) => rule.weak === weak).map(({ test }) => test);
    const plain = testsOf(false);
    const weak = testsOf(true);
    const holds = (tests: readonly Test[], slots: Slots, witness: Witness | undefined): boolean => {
      const found = tests.find((test) => test.holds(slots));
      if (found !== undefined) witness?.failure(found.sign(slots));
      return found !== undefined;
    };
    return (slots, span, witness) => {
      if (span.status === 'error') {
        witness?.failure({ at: 'status', value: 'ERROR' });
        return true;
      }
      if (holds(plain, slots, witness)) return true;
      if (span.status === 'ok') return false;
      if (holds(weak, slots, witness)) return true;
      if (!span.events.some(escaped)) return false;
      witness?.failure({ at: 'event', key: 'exception: exception.escaped', value: 'true' });
      return true;
    };
  };
}

/** An exception that left the span; recorded and handled ones are no failure. */
function escaped(event: SpanEvent): boolean {
  if (event.name !== EXCEPTION) return false;
  const value = event.attributes.get(FAILURE_KEYS.escaped.key);
  return value === true || value === 'true' || value === 'True';
}

/** What the status says of the failure. */
export function statedMessage(statusMessage: string | undefined): string | undefined {
  const stated = statusMessage?.trim();
  return stated === '' ? undefined : stated;
}

/** Type and message of the last recorded exception: the one that ended the span, after those that were retried. */
export function lastException(span: Span): {
  readonly type: string | undefined;
  readonly message: string | undefined;
} {
  const event = span.events.findLast(({ name }) => name === EXCEPTION);
  return {
    type: textOf(event?.attributes.get(FAILURE_KEYS.type.key)),
    message: textOf(event?.attributes.get(FAILURE_KEYS.message.key)),
  };
}
