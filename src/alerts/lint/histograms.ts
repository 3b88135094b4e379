import { type Aggregate, type Call, type Expr, print, type VectorSelector } from '../../promql/index.ts';
import { canHave, labelNamesIn } from './label-names.ts';
import { highestBound } from './ranges.ts';
import {
  bare,
  constantOf,
  corrected,
  type Lint,
  nameOf,
  nodesOf,
  type Subject,
  selectorsIn,
  seriesOf,
  withMatcher,
} from './subject.ts';

/** Mistakes with classic histograms and quantiles. */
export const HISTOGRAM_LINTS: readonly Lint[] = [
  {
    id: 'histogram_without_bucket',
    severity: 'error',
    title: 'histograms are asked for by a name that has series',
    find: function* (subject) {
      const asked = new Map(
        quantilesIn(subject).flatMap((call) =>
          selectorsIn(call).map((selector) => [selector, call] as const),
        ),
      );
      for (const selector of selectorsIn(subject.rule.expr)) {
        const name = nameOf(selector);
        const quantile = asked.get(selector);
        const wholes = seriesOf(selector, subject)?.type === 'histogram';
        const unlikely = quantile !== undefined && name !== undefined && !/_bucket$/.test(name);
        if ((!wholes && !unlikely) || name === undefined || subject.recorded.has(name)) continue;
        yield {
          what: `${name} has no series: a classic histogram has them under …_bucket, …_sum and …_count`,
          why: 'the expression yields nothing, for ever, and nobody is told',
          fix:
            quantile === undefined
              ? corrected(subject, selector, {
                  ...selector,
                  name: `${name}_count`,
                  matchers: withoutName(selector),
                })
              : corrected(
                  subject,
                  quantile,
                  quantileFix(quantile, {
                    ...selector,
                    name: `${name}_bucket`,
                    matchers: withoutName(selector),
                  }),
                ),
        };
      }
    },
  },
  {
    id: 'histogram_without_rate',
    severity: 'warning',
    title: 'quantiles are of a stretch of time',
    find: function* (subject) {
      for (const call of quantilesIn(subject)) {
        const rated = nodesOf(call.args[1]!).some(
          ({ expr }) => expr.type === 'call' && /^(?:rate|increase|irate|delta)$/.test(expr.name),
        );
        const selector = selectorsIn(call.args[1]!)[0];
        const name = selector && nameOf(selector);
        if (rated || name === undefined || !/_bucket$/.test(name) || subject.recorded.has(name)) continue;
        yield {
          what: `the quantile is of everything since the process began: ${name} is asked for without rate()`,
          why: 'one bad hour never goes away, and a new one hardly moves it',
          fix: corrected(subject, call, quantileFix(call, selector!)),
        };
      }
    },
  },
  {
    id: 'histogram_without_le',
    severity: 'error',
    title: 'bounds of buckets stay to the quantile',
    find: function* (subject) {
      for (const call of quantilesIn(subject)) {
        const inner = call.args[1]!;
        if (canHave(labelNamesIn(inner, subject), 'le')) continue;
        const aggregate = nodesOf(inner).find(({ expr }) => expr.type === 'aggregate')?.expr as
          | Aggregate
          | undefined;
        if (aggregate === undefined) continue;
        yield {
          what: `${aggregate.op} takes the label le away, which histogram_quantile needs`,
          why: 'the expression yields nothing',
          fix: corrected(subject, aggregate, withLe(aggregate)),
        };
      }
    },
  },
  {
    id: 'quantile_outside',
    severity: 'error',
    title: 'quantiles are from 0 to 1',
    find: function* (subject) {
      for (const { expr } of nodesOf(subject.rule.expr)) {
        const share = quantileOf(expr);
        const quantile = share && constantOf(share);
        if (share === undefined || quantile === undefined || (quantile >= 0 && quantile <= 1)) continue;
        const name = expr.type === 'call' ? expr.name : 'quantile';
        const isPercent = quantile > 1 && quantile <= 100;
        yield {
          what: `${name} of ${quantile}: a quantile is a share from 0 to 1`,
          why: `it is always ${quantile > 1 ? '+Inf' : quantile < 0 ? '-Inf' : 'NaN'}, whatever the data`,
          fix: isPercent ? corrected(subject, share, String(quantile / 100)) : undefined,
        };
      }
    },
  },
  {
    id: 'average_of_percentiles',
    severity: 'warning',
    title: 'percentiles are not averaged',
    find: function* (subject) {
      for (const { expr } of nodesOf(subject.rule.expr)) {
        const inner = averaged(expr);
        if (inner === undefined) continue;
        const call = nodesOf(inner).find((node) => isQuantile(node.expr))?.expr as Call | undefined;
        const summary = selectorsIn(inner).find(({ matchers }) =>
          matchers.some(({ name }) => name === 'quantile'),
        );
        if (call === undefined && summary === undefined) continue;
        yield {
          what: `${expr.type === 'aggregate' ? expr.op : (expr as Call).name} of percentiles`,
          why: 'the average of percentiles is no percentile of anything: a host with ten calls weighs as much as one with a million',
          fix: call === undefined ? undefined : corrected(subject, expr, aggregatedFix(expr, call)),
        };
      }
    },
  },
  {
    id: 'few_observations',
    severity: 'info',
    title: 'percentiles are of enough observations',
    find: function* (subject) {
      for (const call of quantilesIn(subject)) {
        const quantile = constantOf(call.args[0]!);
        const selector = selectorsIn(call.args[1]!)[0];
        const events = selector && seriesOf(selector, subject)?.events;
        if (quantile === undefined || events === undefined || quantile < 0.5 || quantile >= 1) continue;
        const needed = Math.ceil(Number((1 / (1 - quantile)).toPrecision(9)));
        if (events === 0 || events >= needed) continue;
        yield {
          what: `the data has ${events} observations of ${nameOf(selector!)}`,
          why: `a quantile of ${quantile} takes ${needed} at the least: of fewer it is the bucket of the slowest one`,
        };
      }
    },
  },
  {
    id: 'le_spelling',
    severity: 'warning',
    title: 'bounds of buckets are spelled as they are exposed',
    find: function* (subject) {
      const { rule, version } = subject;
      for (const selector of selectorsIn(rule.expr))
        for (const matcher of selector.matchers) {
          const { name, op, value } = matcher;
          if (name !== 'le' || (op !== '=' && op !== '!=')) continue;
          const wrong = version === 3 ? /^\d+$/.test(value) : /^\d+\.0$/.test(value);
          if (!wrong) continue;
          const other = version === 3 ? `${value}.0` : value.replace(/\.0$/, '');
          yield {
            what: `le="${value}" is le="${other}" in Prometheus ${version}`,
            why: 'the matcher finds no series',
            fix: corrected(
              subject,
              selector,
              withMatcher(selector, matcher, {
                ...matcher,
                op: op === '=' ? '=~' : '!~',
                value: `${value.replace(/\.0$/, '')}(\\.0)?`,
              }),
            ),
          };
        }
    },
  },
];

const isQuantile = (expr: Expr): boolean => expr.type === 'call' && expr.name === 'histogram_quantile';

/** The share that an expression is the quantile of; undefined where it is no quantile. */
function quantileOf(expr: Expr): Expr | undefined {
  if (expr.type === 'aggregate') return expr.op === 'quantile' ? expr.param : undefined;
  return isQuantile(expr) || (expr.type === 'call' && expr.name === 'quantile_over_time')
    ? (expr as Call).args[0]
    : undefined;
}

function quantilesIn({ rule }: Subject): readonly Call[] {
  return nodesOf(rule.expr).flatMap(({ expr }) => (isQuantile(expr) ? [expr as Call] : []));
}

const withoutName = ({ matchers }: VectorSelector): VectorSelector['matchers'] =>
  matchers.filter(({ name }) => name !== '__name__');

/** The same quantile of what was observed in five minutes, by the labels that it was asked by. */
function quantileFix({ args }: Call, selector: VectorSelector): string {
  const aggregate = bare(args[1]!);
  const grouping =
    aggregate.type === 'aggregate' && aggregate.grouping?.without === false ? aggregate.grouping.labels : [];
  const by = ['le', ...grouping.filter((label) => label !== 'le')];
  return `histogram_quantile(${print(args[0]!)}, sum by (${by.join(', ')}) (rate(${print(selector)}[5m])))`;
}

function withLe(aggregate: Aggregate): Aggregate {
  const { grouping } = aggregate;
  if (grouping?.without === true)
    return {
      ...aggregate,
      grouping: { without: true, labels: grouping.labels.filter((label) => label !== 'le') },
    };
  return { ...aggregate, grouping: { without: false, labels: [...(grouping?.labels ?? []), 'le'] } };
}

/** What an average is taken of; of a maximum one can say what it means. */
function averaged(expr: Expr): Expr | undefined {
  if (expr.type === 'aggregate' && (expr.op === 'avg' || expr.op === 'sum')) return expr.expr;
  return expr.type === 'call' && expr.name === 'avg_over_time' ? expr.args[0] : undefined;
}

/** The quantile of all buckets together, by the labels of the average. */
function aggregatedFix(expr: Expr, call: Call): string {
  const [quantile, of] = call.args as [Expr, Expr];
  const inner = bare(of);
  const series = inner.type === 'aggregate' ? inner.expr : inner;
  const labels = expr.type === 'aggregate' && expr.grouping?.without === false ? expr.grouping.labels : [];
  return `histogram_quantile(${print(quantile)}, sum by (${['le', ...labels].join(', ')}) (${print(series)}))`;
}

/** What is known of the highest bound of the quantiles in an expression; undefined where nothing is. */
export function quantileBound(
  expr: Expr,
  subject: Subject,
): { readonly call: Call; readonly bound: number } | undefined {
  const call = bare(expr);
  if (call.type !== 'call' || call.name !== 'histogram_quantile') return undefined;
  const bound = highestBound(call.args[1]!, subject);
  return bound === undefined ? undefined : { call, bound };
}
