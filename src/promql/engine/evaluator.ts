import type { SeriesSource } from '../../model/index.ts';
import type {
  Aggregate,
  Binary,
  Call,
  Expr,
  Matching,
  MatrixSelector,
  Subquery,
  VectorSelector,
} from '../ast.ts';
import type { Context, WindowFunction } from '../functions/function.ts';
import { FUNCTIONS } from '../functions/index.ts';
import { quoted } from '../quoting.ts';
import { foldChain } from '../tree.ts';
import { typeOf } from '../types.ts';
import { aggregated } from './aggregations.ts';
import { countedValues } from './count-values.ts';
import { EvaluationError } from './evaluation-error.ts';
import { groupsOf } from './groups.ts';
import { isInvariant } from './invariance.ts';
import { type LabelSet, withoutName } from './label-sets.ts';
import { matched } from './matching.ts';
import { betweenScalars, nameless, negated, withScalar } from './operators.ts';
import { checkRanks, ranked } from './rank.ts';
import { distinct, merged, repeated } from './rows.ts';
import { Samples } from './samples.ts';
import {
  eachWindow,
  inOrder,
  type Looks,
  lastLook,
  looksOf,
  newestSamples,
  type QueryTimes,
} from './selectors.ts';
import { setOperation } from './sets.ts';
import { Slab } from './slab.ts';
import { type Modes, type Row, type Rows, type Scalars, type Steps, timeOf } from './values.ts';

/** What holds for a whole query. */
export type Query = QueryTimes & {
  readonly source: SeriesSource;
  readonly version: 2 | 3;
  readonly modes: Modes;
  readonly lookback: number;
  /** The step of subqueries that name none. */
  readonly defaultStep: number;
  /** How many samples all vectors on the way to the answer may have. */
  readonly maxSamples: number;
};

/** Series with their samples, one at a time: what a range vector is cut from. */
export type Ranged = {
  readonly looks: Looks;
  readonly range: number;
  readonly series: readonly { readonly labels: LabelSet; readonly load: (into: Samples) => void }[];
};

/** Evaluates the parts of an expression for all steps at once. Every vector it hands out belongs to who asked for it. */
export class Evaluator {
  readonly #query: Query;
  readonly #samples = new Samples();
  #spent = 0;

  constructor(query: Query) {
    this.#query = query;
  }

  vector(expr: Expr, steps: Steps): Rows {
    if (steps.count <= 1 || !isInvariant(expr)) return this.#vector(expr, steps);
    const rows = this.#vector(expr, { ...steps, count: 1 });
    this.#spend(rows.length * steps.count);
    return repeated(rows, steps.count);
  }

  scalar(expr: Expr, steps: Steps): Scalars {
    switch (expr.type) {
      case 'number':
        return new Float64Array(steps.count).fill(expr.value);
      case 'paren':
        return this.scalar(expr.expr, steps);
      case 'unary': {
        const values = this.scalar(expr.expr, steps);
        return expr.op === '-' ? values.map((value) => -value) : values;
      }
      case 'binary':
        return foldChain(
          expr,
          (operand) => this.scalar(operand, steps),
          (left, { op, right }) => betweenScalars(op, left, this.scalar(right, steps)),
        );
      case 'call': {
        const body = FUNCTIONS.get(expr.name);
        if (body?.kind === 'scalar') {
          const { vectors, context } = this.#arguments(expr, steps);
          return body.of(vectors[0] ?? [], context);
        }
      }
    }
    throw new EvaluationError(`unexpected ${expr.type} where a scalar is expected`);
  }

  /** The text of an expression that is one. */
  text(expr: Expr): string {
    const inner = withoutParens(expr);
    if (inner.type !== 'string')
      throw new EvaluationError(`unexpected ${expr.type} where a string is expected`);
    return inner.value;
  }

  /** What a range vector is cut from. */
  ranged(expr: Expr, steps: Steps): Ranged {
    const inner = withoutParens(expr);
    if (inner.type === 'matrix') return this.#selectedRanges(inner, steps);
    if (inner.type === 'subquery') return this.#subqueryRanges(inner, steps);
    throw new EvaluationError(`unexpected ${expr.type} where a range vector is expected`);
  }

  #vector(expr: Expr, steps: Steps): Rows {
    switch (expr.type) {
      case 'paren':
        return this.vector(expr.expr, steps);
      case 'selector':
        return this.#newest(expr, steps, 'value');
      case 'unary': {
        const rows = this.vector(expr.expr, steps);
        return expr.op === '-' ? negated(rows, this.#query.modes) : rows;
      }
      case 'binary':
        return this.#binary(expr, steps);
      case 'aggregate':
        return this.#aggregate(expr, steps);
      case 'call':
        return this.#call(expr, steps);
    }
    throw new EvaluationError(`unexpected ${expr.type} where an instant vector is expected`);
  }

  #newest(selector: VectorSelector, steps: Steps, of: 'value' | 'time'): Rows {
    const { source, lookback, modes } = this.#query;
    const selected = inOrder(source.select(selector.matchers));
    this.#spend(selected.length * steps.count);
    return newestSamples(selected, looksOf(selector, steps, this.#query), lookback, modes, this.#samples, of);
  }

  #selectedRanges({ selector, range }: MatrixSelector, steps: Steps): Ranged {
    const { source, modes } = this.#query;
    const looks = looksOf(selector, steps, this.#query);
    const from = looks.first - (modes.leftOpen ? range - 1 : range);
    const series = inOrder(source.select(selector.matchers)).map((each) => ({
      labels: each.labels,
      load: (into: Samples) => into.readValues(each.series, from, lastLook(looks)),
    }));
    return { looks, range, series };
  }

  /** The expression at all multiples of the step that any window reaches. */
  #subqueryRanges(subquery: Subquery, steps: Steps): Ranged {
    const looks = looksOf(subquery, steps, this.#query);
    const step = subquery.step ?? this.#query.defaultStep;
    const before = looks.first - subquery.range;
    let start = step * Math.trunc(before / step);
    if (start < before || (this.#query.modes.leftOpen && start === before)) start += step;
    const count = Math.max(0, Math.floor((lastLook(looks) - start) / step) + 1);
    const inner = { start, step, count };
    this.#spend(count);
    const rows = count === 0 ? [] : this.vector(subquery.expr, inner);
    const series = rows.map((row) => ({
      labels: row.labels,
      load: (into: Samples) => loadRow(row, inner, into),
    }));
    return { looks, range: subquery.range, series };
  }

  /** As far down the left sides as there are vectors that move with the time. */
  #binary(expr: Binary, steps: Steps): Rows {
    return foldChain<Rows, Rows | Scalars>(
      expr,
      (operand) => (typeOf(operand) === 'scalar' ? this.scalar(operand, steps) : this.vector(operand, steps)),
      (left, operator) => this.#operated(operator, left, steps),
      (left) => typeOf(left) === 'vector' && (steps.count <= 1 || !isInvariant(left)),
    );
  }

  /** What an operator makes of what its left side came to. */
  #operated(expr: Binary, left: Rows | Scalars, steps: Steps): Rows {
    const { modes } = this.#query;
    if (left instanceof Float64Array)
      return withScalar(expr, this.vector(expr.right, steps), left, true, modes);
    if (typeOf(expr.right) === 'scalar')
      return withScalar(expr, left, this.scalar(expr.right, steps), false, modes);
    const right = this.vector(expr.right, steps);
    const matching = expr.matching ?? ALL_LABELS;
    if (expr.op === 'and' || expr.op === 'or' || expr.op === 'unless')
      return setOperation(expr.op, left, right, matching);
    const rows = matched({ op: expr.op, bool: expr.bool, matching }, left, right, modes);
    this.#spend(rows.length * steps.count);
    return rows;
  }

  #aggregate({ op, expr, param, grouping }: Aggregate, steps: Steps): Rows {
    const { modes, version } = this.#query;
    if (op === 'count_values') {
      const label = this.text(param!);
      const counted = countedValues(this.vector(expr, steps), grouping, label, version);
      this.#spend(counted.length * steps.count);
      return counted;
    }
    const parameters = param === undefined ? undefined : this.scalar(param, steps);
    const rows = this.vector(expr, steps);
    const groups = groupsOf(rows, grouping);
    if (op === 'topk' || op === 'bottomk') {
      checkRanks(parameters!, modes);
      return groups.flatMap((group) => ranked(op, group, parameters!, modes));
    }
    this.#spend(groups.length * steps.count);
    return aggregated(op, groups, modes, parameters);
  }

  #call(call: Call, steps: Steps): Rows {
    const body = FUNCTIONS.get(call.name);
    if (call.name === 'timestamp') {
      const selector = withoutParens(call.args[0]!);
      if (selector.type === 'selector') return nameless(this.#newest(selector, steps, 'time'));
    }
    if (body?.kind === 'window') return this.#windows(body, call, steps);
    if (body?.kind !== 'vector') throw new EvaluationError(`unknown function with name ${quoted(call.name)}`);
    const { vectors, context } = this.#arguments(call, steps);
    return merged(body.of(vectors[0] ?? [], context));
  }

  #windows(body: WindowFunction, call: Call, steps: Steps): Rows {
    const { modes } = this.#query;
    const { context } = this.#arguments(call, steps);
    const ranged = this.ranged(call.args.find((argument) => typeOf(argument) === 'matrix')!, steps);
    const [first, second] = context.scalars;
    const slab = new Slab(steps.count);
    const rows: Row[] = [];
    for (const { labels, load } of ranged.series) {
      load(this.#samples);
      if (this.#samples.length === 0) continue;
      this.#spend(steps.count);
      const row = slab.row(body.keepsName ? labels : withoutName(labels));
      let some = false;
      eachWindow(this.#samples, ranged.looks, ranged.range, modes, (window, index) => {
        const a = first === undefined ? Number.NaN : first[index]!;
        const b = second === undefined ? Number.NaN : second[index]!;
        const value = body.of(window, timeOf(steps, index), modes, a, b);
        if (value === undefined) return;
        row.values[index] = value;
        row.present[index] = 1;
        some = true;
      });
      if (some) rows.push(row);
    }
    return body.finish === undefined ? distinct(rows) : body.finish(rows, context);
  }

  /** The arguments of a call by their types, range vectors left out. */
  #arguments(call: Call, steps: Steps): { readonly vectors: readonly Rows[]; readonly context: Context } {
    const vectors: Rows[] = [];
    const scalars: Scalars[] = [];
    const strings: string[] = [];
    for (const argument of call.args) {
      const type = typeOf(argument);
      if (type === 'vector') vectors.push(this.vector(argument, steps));
      else if (type === 'scalar') scalars.push(this.scalar(argument, steps));
      else if (type === 'string') strings.push(this.text(argument));
    }
    return { vectors, context: { call, steps, modes: this.#query.modes, scalars, strings } };
  }

  #spend(samples: number): void {
    this.#spent += samples;
    if (this.#spent > this.#query.maxSamples)
      throw new EvaluationError(
        'query processing would load too many samples into memory in query execution',
      );
  }
}

const ALL_LABELS: Matching = { card: 'one-to-one', on: false, labels: [], include: [] };

function loadRow(row: Row, steps: Steps, into: Samples): void {
  into.length = 0;
  for (let index = 0; index < steps.count; index++)
    if (row.present[index] === 1) into.push(timeOf(steps, index), row.values[index]!, false);
}

function withoutParens(expr: Expr): Expr {
  let inner = expr;
  while (inner.type === 'paren') inner = inner.expr;
  return inner;
}
