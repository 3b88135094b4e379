import type { AttributeValue, Place, RowSink, Span, SpanError, SpanTable } from '../../model/index.ts';
import type { Normalizer } from '../normalizer.ts';
import { rowPlan } from './plan.ts';
import { type Intake, RowIntake } from './row-intake.ts';
import { createLearner } from './template.ts';

export type RowSinkOptions = {
  readonly normalizer: Pick<Normalizer, 'normalize' | 'asks'>;
  readonly table: SpanTable;
  /** Asked-for columns: `attr:<key>`, `resource:<key>`. */
  readonly columns: readonly string[];
  readonly labelOf: (value: AttributeValue | undefined) => string | undefined;
  /** What is kept of how a span failed. */
  readonly keptOf: (error: SpanError) => SpanError;
  /** The way of every other span: adds it to the table. */
  readonly span: (span: Span, at: Place) => void;
  /** Told which row it is of which spans are read, and what they give rise to said; forgets what was said of rows. */
  readonly log: { row: number | undefined; readonly forget: (from: number) => void };
};

/**
 * Puts rows into the table. The first span of a pattern, or the second, is read as an object, like every span without one;
 * what the tables make of it holds for all others.
 */
export function createRowSink({ columns, ...options }: RowSinkOptions): RowSink {
  const { normalizer, table, log, labelOf, keptOf, span } = options;
  const keysOf = (prefix: string) =>
    columns
      .filter((column) => column.startsWith(prefix))
      .map((column) => ({ column, key: column.slice(prefix.length) }));
  const ofSpan = keysOf('attr:');
  const keys = ofSpan.map(({ key }) => key);
  let made: { readonly plan: RowSink['plan']; readonly intake: Intake } | undefined;
  // The work of planning is for inputs that have rows.
  const needed = () => {
    if (made !== undefined) return made;
    const plan = rowPlan(normalizer.asks, keys);
    const learn = createLearner(normalizer, plan, ofSpan, labelOf);
    const { ofResource } = normalizer.asks;
    const intake = { table, learn, columns: keysOf('resource:'), labelOf, ofResource, keptOf, span };
    made = { plan, intake };
    return made;
  };
  let rows = 0;
  /** Rows without a span. */
  const empty: number[] = [];

  return {
    get plan() {
      return needed().plan;
    },
    from: (source) => {
      const intake = new RowIntake(source, needed().intake);
      return (batch) => {
        for (let row = intake.add(batch, 0); row < batch.count; row = intake.add(batch, row + 1)) {
          log.row = rows + row;
          if (!intake.read(batch, row)) empty.push(rows + row);
          log.row = undefined;
        }
        rows += batch.count;
      };
    },
    undo: (count) => {
      rows -= count;
      let spans = count;
      while (empty.length > 0 && empty.at(-1)! >= rows) {
        empty.pop();
        spans--;
      }
      table.truncate(table.length - spans);
      log.forget(rows);
    },
  };
}
