/** What the rules that decide how counts are read mean to a person; `emitter:` and `dialect:` go before a name. */
const RULES: readonly (readonly [prefix: string, why: string])[] = [
  ['no_cache', 'no cached tokens, so there is one reading'],
  ['parts', 'the parts of the input are told one by one'],
  ['proof:cache_exceeds_input', 'more cached tokens than input: the input does not hold them'],
  ['proof:total_includes_cache', 'the total only adds up with the cache beside the input'],
  ['proof:total_is_input_plus_output', "the provider's total is input + output: the input holds the cache"],
  ['emitter:', 'what this emitter writes in this field'],
  ['product:', 'what the one product that writes these counts means by them'],
  ['dialect:', 'what the dialect says of its counts; nothing on the span proves it'],
  ['total_only', 'only a sum is told'],
];

const REASONING = '+reasoning';

/** A rule as `usageRule` names it, in words. */
export function usageRuleHelp(rule: string): string {
  const base = rule.endsWith(REASONING) ? rule.slice(0, -REASONING.length) : rule;
  const why = RULES.find(([prefix]) => base.startsWith(prefix))?.[1] ?? base;
  return base === rule ? why : `${why}; the output does not hold the reasoning`;
}
