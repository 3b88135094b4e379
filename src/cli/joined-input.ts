import type { InputSummary } from '../model/index.ts';

/** What was read for an answer, of all its data sets together. */
export function joinedInput(inputs: readonly InputSummary[]): InputSummary {
  const [first] = inputs;
  if (inputs.length === 1) return first!;
  const sum = (count: (input: InputSummary) => number): number =>
    inputs.reduce((total, input) => total + count(input), 0);
  return {
    sources: inputs.flatMap(({ sources }) => sources),
    spans: sum(({ spans }) => spans),
    duplicates: sum(({ duplicates }) => duplicates),
    traces: sum(({ traces }) => traces),
    roots: sum(({ roots }) => roots),
    orphans: sum(({ orphans }) => orphans),
    errors: sum(({ errors }) => errors),
    open_spans: sum(({ open_spans: open }) => open),
    logs: sum(({ logs }) => logs),
    skipped: together(
      inputs.flatMap(({ skipped }) => skipped),
      ({ reason }) => reason,
    ),
    warnings: together(
      inputs.flatMap(({ warnings }) => warnings),
      ({ kind }) => kind,
    ),
    complete: inputs.every(({ complete }) => complete),
  };
}

/** One entry for each name, with the first place of the first. */
function together<T extends { readonly count: number }>(
  entries: readonly T[],
  nameOf: (entry: T) => string,
): readonly T[] {
  const found = new Map<string, T>();
  for (const entry of entries) {
    const name = nameOf(entry);
    const before = found.get(name);
    found.set(name, before === undefined ? entry : { ...before, count: before.count + entry.count });
  }
  return [...found.values()];
}
