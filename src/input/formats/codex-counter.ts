import type { JsonObject, JsonValue } from '../format.ts';
import { isObject, own } from '../values.ts';

/** Codex's counts; those that a version does not write are not there. */
export type Tokens = ReadonlyMap<string, number>;

const COUNTS = [
  'input_tokens',
  'cached_input_tokens',
  'cache_write_input_tokens',
  'output_tokens',
  'reasoning_output_tokens',
  'total_tokens',
] as const;

/** The counts of a usage object; undefined where there are none. */
export function tokensOf(value: JsonValue): Tokens | undefined {
  if (!isObject(value)) return undefined;
  const tokens = new Map<string, number>();
  for (const key of COUNTS) {
    const count = countOf(own(value, key));
    if (count !== undefined) tokens.set(key, count);
  }
  return tokens.size === 0 ? undefined : tokens;
}

const countOf = (value: JsonValue): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

export function sameTokens(a: Tokens | undefined, b: Tokens | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return COUNTS.every((key) => a.get(key) === b.get(key));
}

export const tokensText = (tokens: Tokens): string => COUNTS.map((key) => tokens.get(key) ?? '-').join(' ');

/** One call, as far as a counter tells. */
export type Counted = { readonly tokens: Tokens; readonly total: Tokens | undefined };

/**
 * Turns running totals into calls. Codex writes its totals whenever it redraws them, so only a total that grew is a call.
 * A total that fell was reset, by a compaction or by going back to an earlier turn, and the first one may hold what another
 * session used: then the last call's own usage tells, and the total alone only where there is none.
 *
 *     total   100   100   250   250    40
 *     call    100    –    150    –     40     (the last one from `last_token_usage`, or as a new beginning)
 */
export class Counter {
  #total: Tokens | undefined;
  #last: Tokens | undefined;

  /**
   * The call that a `token_count` reports; undefined where it repeats what was known. `answered`: the model said something
   * since the last call; undefined in a file that leaves out what it says.
   */
  count(info: JsonObject, answered: boolean | undefined): Counted | undefined {
    const total = tokensOf(own(info, 'total_token_usage'));
    const last = tokensOf(own(info, 'last_token_usage'));
    const before = this.#total;
    const repeated = answered !== true && sameTokens(last, this.#last);
    this.#last = last;
    if (total === undefined) {
      return last === undefined || repeated ? undefined : someTokens({ tokens: last, total: undefined });
    }
    this.#total = total;
    if (sameTokens(total, before)) return undefined;
    const grown = before === undefined ? undefined : difference(total, before);
    if (grown !== undefined) return someTokens({ tokens: grown, total });
    if (before !== undefined && answered === false) return undefined;
    const tokens = last !== undefined && difference(total, last) !== undefined ? last : total;
    return someTokens({ tokens, total });
  }
}

function someTokens(counted: Counted): Counted | undefined {
  return [...counted.tokens.values()].some((count) => count > 0) ? counted : undefined;
}

/** What a total grew by; undefined where any of its counts fell. */
function difference(total: Tokens, before: Tokens): Tokens | undefined {
  const grown = new Map<string, number>();
  for (const [key, count] of total) {
    const more = count - (before.get(key) ?? 0);
    if (more < 0) return undefined;
    grown.set(key, more);
  }
  return grown;
}
