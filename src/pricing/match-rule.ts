/** How the price data says which names a row covers. The shape is genai-prices' own. */
export type MatchRule =
  | { readonly or: readonly MatchRule[] }
  | { readonly and: readonly MatchRule[] }
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly regex: string };

/** Whether a rule covers a lower-case name. Only one half of a match: see `lookup.ts`. */
export function covers(rule: MatchRule, name: string): boolean {
  if ('or' in rule) return rule.or.some((part) => covers(part, name));
  if ('and' in rule) return rule.and.every((part) => covers(part, name));
  if ('equals' in rule) return name === rule.equals.toLowerCase();
  if ('starts_with' in rule) return name.startsWith(rule.starts_with.toLowerCase());
  if ('ends_with' in rule) return name.endsWith(rule.ends_with.toLowerCase());
  if ('contains' in rule) return name.includes(rule.contains.toLowerCase());
  return new RegExp(rule.regex).test(name);
}

/** The literal texts of a rule, lower-case: names the row covers without any doubt. */
export function literals(rule: MatchRule): string[] {
  if ('or' in rule) return rule.or.flatMap(literals);
  if ('and' in rule) return rule.and.flatMap(literals);
  if ('regex' in rule) return [];
  return Object.values(rule).map((text: string) => text.toLowerCase());
}
