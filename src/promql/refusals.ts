import { signatureOf } from './functions/signatures.ts';
import type { Token } from './lexer.ts';

const AGGREGATIONS: ReadonlyMap<string, string> = new Map([
  ['limitk', 'Choose by value with topk() or bottomk() instead.'],
  ['limit_ratio', 'Choose by label with a matcher instead.'],
]);

const FILL = 'Write the missing side out, for example (b or 0 * a).';
const FILLS: ReadonlySet<string> = new Set(['fill', 'fill_left', 'fill_right']);

const RANGE_MODIFIERS: ReadonlySet<string> = new Set(['anchored', 'smoothed']);

const DURATION_CONTEXTS: ReadonlySet<string> = new Set(['offset', 'subquery or range', 'subquery selector']);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^', '(']);

/** Why a function cannot be called and what to do instead; undefined where it can. */
export function refusedCall(name: string, version: 2 | 3): string | undefined {
  const signature = signatureOf(name, version);
  if (signature !== undefined) {
    return 'refused' in signature ? `${signature.refused}. ${signature.fix}` : undefined;
  }
  if (version === 3 && FILLS.has(name)) {
    return `${name}() is experimental in Prometheus and not supported. ${FILL}`;
  }
  return `unknown function with name "${name}"`;
}

/** Why Prometheus 3 knows this aggregation only behind a feature flag and what to do instead. */
export function refusedAggregation(name: string): string | undefined {
  const fix = AGGREGATIONS.get(name.toLowerCase());
  if (fix === undefined) return undefined;
  return `${name.toLowerCase()}() is experimental in Prometheus and not supported. ${fix}`;
}

/** Why Prometheus 3 knows this word, where it stands, only behind a feature flag and what to do instead. */
export function refusedWord({ kind, text }: Token, context: string): string | undefined {
  if (RANGE_MODIFIERS.has(text.toLowerCase())) {
    return `the ${text.toLowerCase()} modifier is experimental in Prometheus and not supported. Leave it out.`;
  }
  if (DURATION_CONTEXTS.has(context) && ARITHMETIC.has(kind)) {
    return 'arithmetic with durations is experimental in Prometheus and not supported. Write its result.';
  }
  return undefined;
}
