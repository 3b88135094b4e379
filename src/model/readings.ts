import type { Usage } from './agent-span.ts';

/**
 * The same counts read the other way: cached tokens inside the input where they were taken to come on top of it, and the
 * reverse. Undefined where the reading was not a guess, or the other one is impossible. `rule` is the span's usage rule.
 */
export function otherReading(usage: Usage, rule: string | undefined): Usage | undefined {
  if (!isGuess(rule)) return undefined;
  const cached = usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  const uncached = isInclusive(usage) ? usage.uncachedInput + cached : usage.uncachedInput - cached;
  if (cached === 0 || uncached < 0) return undefined;
  // Written out, as this runs for many calls: a spread object takes ten times as long.
  return {
    reportedInput: usage.reportedInput,
    reportedOutput: usage.reportedOutput,
    uncachedInput: uncached,
    cacheRead: usage.cacheRead,
    cacheWrite5m: usage.cacheWrite5m,
    cacheWrite1h: usage.cacheWrite1h,
    output: usage.output,
    reasoning: usage.reasoning,
    audioInput: usage.audioInput,
    audioOutput: usage.audioOutput,
    webSearches: usage.webSearches,
    totalOnly: usage.totalOnly,
  };
}

/** Were the cached tokens taken to be part of the reported input? */
export function isInclusive(usage: Usage): boolean {
  return usage.uncachedInput < usage.reportedInput;
}

/** Did nothing but the dialect's habit decide how the counts are read? */
export const isGuess = (rule: string | undefined): boolean => rule?.startsWith('dialect:') === true;
