import type { SpanTable } from './span-table.ts';

/** What a span is called in paths and totals: `tool <name>`, `llm <model>`, otherwise `<kind> <name>`. */
export const stepName = (table: SpanTable, row: number): string => stepOf(table, table.profileOf(row));

/** The same of all spans of a profile. */
export function stepOf({ profiles, strings }: SpanTable, profile: number): string {
  const kind = profiles.kindOf(profile);
  const own =
    kind === 'tool'
      ? profiles.textIdOf('tool', profile)
      : kind === 'llm'
        ? profiles.textIdOf('model', profile) || profiles.textIdOf('requestModel', profile)
        : 0;
  return `${kind} ${strings.text(own || profiles.nameIdOf(profile)) ?? ''}`;
}
