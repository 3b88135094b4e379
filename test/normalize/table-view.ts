import {
  OBSERVED_NUMBERS,
  OBSERVED_TEXTS,
  PROFILE_TEXTS,
  type Resource,
  SPAN_TEXTS,
  type SpanTable,
} from '../../src/model/index.ts';

/** Everything that a table says of its rows; once its rows are linked, it knows nothing of parents. */
export function viewOf(table: SpanTable, columns: readonly string[] = [], linked = false): readonly object[] {
  return Array.from({ length: table.length }, (_, row) => {
    const texts = [...SPAN_TEXTS, ...PROFILE_TEXTS, 'usageRule' as const];
    return {
      trace: table.traceIdOf(row),
      id: table.spanIdOf(row),
      parent: linked ? undefined : table.parentIdOf(row),
      start: table.startOf(row),
      duration: table.durationOf(row),
      flags: table.flagsOf(row),
      name: table.nameOf(row),
      kind: table.kindOf(row),
      status: table.statusOf(row),
      spanKind: table.spanKindOf(row),
      half: table.halfOf(row),
      dialect: table.dialectOf(row),
      resource: sorted(table.resourceOf(row)),
      attempt: table.attemptOf(row),
      texts: Object.fromEntries(texts.map((field) => [field, table.textOf(field, row)])),
      columns: columns.map((column) => table.strings.text(table.extraIdOf(column, row))),
      error: table.errorOf(row),
      usage: table.hasUsage(row) ? table.usageAt(row) : undefined,
      cost: table.recordedCostOf(row),
      answer: table.answerOf(row),
      numbers: OBSERVED_NUMBERS.map((name) => table.observations.number(name, row)),
      told: OBSERVED_TEXTS.map((name) => table.observations.text(name, row)),
    };
  });
}

/** The attributes of a resource have no order. */
const sorted = ({ attributes }: Resource): Resource => ({
  attributes: new Map([...attributes].sort(([a], [b]) => (a < b ? -1 : 1))),
});
