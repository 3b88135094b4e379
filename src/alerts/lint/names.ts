import { isLabelSource } from '../../metrics/index.ts';
import { nearest } from '../../model/index.ts';
import { type Expr, METRIC_NAME, print, rewritten } from '../../promql/index.ts';
import {
  corrected,
  type Lint,
  LONG,
  nameOf,
  nodesOf,
  type Subject,
  selectorsIn,
  seriesOf,
  withMatcher,
} from './subject.ts';

/** Names of metrics, labels and values that there are not. */
export const NAME_LINTS: readonly Lint[] = [
  {
    id: 'unknown_metric',
    severity: 'warning',
    title: 'metrics are known',
    find: function* (subject) {
      const seen = new Set<string>();
      for (const selector of selectorsIn(subject.rule.expr)) {
        const name = nameOf(selector);
        if (name === undefined || seen.has(name) || isKnown(name, subject)) continue;
        seen.add(name);
        const { names, hasData } = subject.known;
        const near = nearest(name.slice(0, 100), names);
        const bare = names.find((one) => name.endsWith(`_${one}`));
        const longer = names.find((one) => one.endsWith(`_${name}`));
        const prefix = bare === undefined ? undefined : name.slice(0, -bare.length);
        yield {
          what: `no metric ${name}${hasData ? ' in the catalogue or the data' : ' in the catalogue'}${near === undefined ? '' : `; did you mean ${near}?`}`,
          why:
            prefix !== undefined
              ? `with --metric-prefix ${prefix} there is one: ${bare}`
              : 'a selector that finds nothing is no error to Prometheus: the rule stays silent',
          fix: renamed(subject, name, near ?? longer ?? bare),
          // It may well be somebody else's.
          severity: near === undefined && bare === undefined && longer === undefined ? 'info' : 'warning',
        };
      }
    },
  },
  {
    id: 'unknown_label',
    severity: 'warning',
    title: 'labels are known',
    find: function* (subject) {
      for (const selector of selectorsIn(subject.rule.expr)) {
        const series = seriesOf(selector, subject);
        if (series === undefined) continue;
        for (const matcher of selector.matchers) {
          const { name, op, value } = matcher;
          if (
            name === METRIC_NAME ||
            series.labels.has(name) ||
            TARGET_LABELS.has(name) ||
            op.startsWith('!')
          )
            continue;
          if (value === '') continue;
          const near = nearLabel(name, series.labels);
          yield {
            what: `${series.name} has no label ${name}${near === undefined ? '' : `; did you mean ${near}?`}`,
            why: `its labels are ${[...series.labels].join(', ')}. Without --label ${name}=… the matcher finds nothing`,
            fix:
              near === undefined
                ? undefined
                : corrected(subject, selector, withMatcher(selector, matcher, { ...matcher, name: near })),
          };
        }
      }
      for (const { expr } of nodesOf(subject.rule.expr)) {
        if (expr.type !== 'aggregate' || expr.grouping === undefined) continue;
        const inner = selectorsIn(expr.expr).map((selector) => seriesOf(selector, subject));
        if (inner.length === 0 || inner.includes(undefined)) continue;
        const all = new Set(inner.flatMap((series) => [...series!.labels]));
        // What functions make of labels is theirs.
        if (
          nodesOf(expr.expr).some((node) => node.expr.type === 'call' && node.expr.name.startsWith('label_'))
        )
          continue;
        for (const label of expr.grouping.labels) {
          if (all.has(label) || TARGET_LABELS.has(label)) continue;
          const near = nearLabel(label, all);
          if (near === undefined) {
            if (expr.grouping.without || !isLabelSource(label)) continue;
            yield {
              what: `${inner[0]!.name} has no label ${label}`,
              why: `all series fall into one. metrics.define in agentobs.yaml makes a metric by ${label}`,
              fix: undefined,
            };
            continue;
          }
          yield {
            what: `${inner[0]!.name} has no label ${label}; did you mean ${near}?`,
            why: expr.grouping.without ? 'nothing is taken away' : 'all series fall into one',
            fix: corrected(subject, expr, {
              ...expr,
              grouping: {
                ...expr.grouping,
                labels: expr.grouping.labels.map((one) => (one === label ? near : one)),
              },
            }),
          };
        }
      }
    },
  },
  {
    id: 'matcher_finds_nothing',
    severity: 'warning',
    title: 'values of labels occur',
    find: function* (subject) {
      for (const selector of selectorsIn(subject.rule.expr)) {
        const series = seriesOf(selector, subject);
        if (series === undefined) continue;
        for (const matcher of selector.matchers) {
          const { name, op, value, matches } = matcher;
          const values = name === 'status' ? STATUS : series.values?.get(name);
          if (values === undefined || values.size === 0 || op.startsWith('!') || value === '') continue;
          if ([...values].some((one) => matches(one))) continue;
          const near = nearest(value.slice(0, 100), values);
          const shown = [...values].slice(0, 5).join(', ');
          yield {
            what: `${name}${op}"${value}" matches no value: ${name} is ${shown}${values.size > 5 ? ', …' : ''}`,
            why: name === 'status' ? 'status is success or error' : 'the data has no such series',
            fix:
              near === undefined
                ? undefined
                : corrected(subject, selector, withMatcher(selector, matcher, { ...matcher, value: near })),
            severity: name === 'status' ? 'warning' : 'info',
          };
        }
      }
    },
  },
  {
    id: 'no_data',
    severity: 'info',
    title: 'the data has the metrics that are asked for',
    find: function* (subject) {
      if (!subject.known.hasData) return;
      const seen = new Set<string>();
      for (const selector of selectorsIn(subject.rule.expr)) {
        const series = seriesOf(selector, subject);
        if (series === undefined || series.type === 'histogram' || seen.has(series.name)) continue;
        seen.add(series.name);
        const silent =
          series.values === undefined || [...series.values.values()].some(({ size }) => size === 0);
        if (!silent) continue;
        yield {
          what: `nothing in the data tells ${series.name}`,
          why: 'the rule can say nothing about these runs',
        };
      }
    },
  },
];

/** Of Prometheus itself, or of its scraping. */
const BUILT_IN = /^(?:up|ALERTS|ALERTS_FOR_STATE|scrape_\w+|prometheus_\w+)$/;
/** What a scraper adds. */
const TARGET_LABELS: ReadonlySet<string> = new Set([
  'job',
  'instance',
  'le',
  'quantile',
  'namespace',
  'pod',
  'cluster',
]);
const STATUS: ReadonlySet<string> = new Set(['success', 'error']);

/** The expression of a rule with another metric in the place of one. */
function renamed({ rule }: Subject, name: string, to: string | undefined): string | undefined {
  if (to === undefined || rule.text.length > LONG) return to;
  const change = (part: Expr): Expr | undefined => {
    if (part.type !== 'selector' || nameOf(part) !== name) return undefined;
    const matchers = part.matchers.map((one) =>
      one.name === METRIC_NAME && one.op === '=' ? { ...one, value: to } : one,
    );
    return { ...part, name: part.name === undefined ? undefined : to, matchers };
  };
  return print(rewritten(rule.expr, change));
}

function isKnown(name: string, { known, recorded }: Subject): boolean {
  return known.series.has(name) || recorded.has(name) || BUILT_IN.test(name);
}

/** `agent` for `agent_id`, or one that is nearly the same. */
function nearLabel(label: string, labels: ReadonlySet<string>): string | undefined {
  const part = [...labels].find(
    (one) => one.startsWith(`${label}_`) || label.startsWith(`${one}_`) || one.endsWith(`_${label}`),
  );
  return part ?? nearest(label.slice(0, 100), labels);
}
