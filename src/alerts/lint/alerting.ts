import { formatDuration } from '../../promql/index.ts';
import type { AlertingRule } from '../rule.ts';
import { canHave, labelNamesIn } from './label-names.ts';
import { bare, corrected, type Lint, type Subject } from './subject.ts';

/** Mistakes in what stands beside the expression of an alert. */
export const ALERTING_LINTS: readonly Lint[] = [
  {
    id: 'for_below_interval',
    severity: 'info',
    title: 'alerts wait for more than one evaluation',
    find: function* ({ rule, group }) {
      if (rule.kind !== 'alert' || rule.for === 0) return;
      const interval = group.interval ?? DEFAULT_INTERVAL;
      if (rule.for >= interval) return;
      const whose = group.interval === undefined ? "Prometheus' default interval" : "the group's interval";
      yield {
        what: `for: ${formatDuration(rule.for)} is shorter than ${whose} of ${formatDuration(interval)}`,
        why: `the alert fires at the second evaluation, ${formatDuration(interval)} after the first`,
        fix: `for: ${formatDuration(interval)}`,
        severity: group.interval === undefined ? 'info' : 'warning',
      };
    },
  },
  {
    id: 'missing_label',
    severity: 'warning',
    title: 'templates use labels that there are',
    find: function* (subject) {
      const { rule } = subject;
      if (rule.kind !== 'alert') return;
      const labels = labelNamesIn(rule.expr, subject);
      for (const [where, label] of usedLabels(rule)) {
        if (canHave(labels, label)) continue;
        const own = rule.labels.has(label);
        yield {
          what: `${where} uses $labels.${label}, which the expression does not have`,
          why: own
            ? '$labels holds the labels of the expression, not those of the rule: it is empty'
            : 'it is taken away by aggregation or absent(), and the text stays empty there',
          fix: keptBy(subject, label),
        };
      }
    },
  },
  {
    id: 'value_in_label',
    severity: 'warning',
    title: 'labels of alerts stay the same',
    find: function* ({ rule }) {
      if (rule.kind !== 'alert') return;
      for (const [name, text] of rule.labels) {
        if (!/\{\{[^}]*(?:\$value|\.Value)\b/.test(text)) continue;
        yield {
          what: `the label ${name} holds the value`,
          why:
            rule.for > 0
              ? 'with every new value it is another alert, which waits for `for` from the beginning: it may never fire'
              : 'with every new value it is another alert, and the one before is resolved',
          fix: `annotations: {${name}: ${JSON.stringify(text)}}`,
        };
      }
    },
  },
];

/** Prometheus' own, where neither the group nor the configuration says another. */
const DEFAULT_INTERVAL = 60_000;

/** The labels that texts of a rule speak of, with where. */
function usedLabels({
  labels,
  annotations,
}: AlertingRule): readonly (readonly [where: string, label: string])[] {
  const used = new Map<string, readonly [string, string]>();
  const texts = [
    ...[...labels].map(([name, text]) => [`the label ${name}`, text] as const),
    ...[...annotations].map(([name, text]) => [`the annotation ${name}`, text] as const),
  ];
  for (const [where, text] of texts) {
    for (const action of text.match(/\{\{.*?\}\}/gs) ?? []) {
      // Inside other templates' ranges `.Labels` is another sample's.
      const found = action.matchAll(/\$labels\.(\w+)|index\s+\$labels\s+"([^"]+)"/g);
      for (const [, dotted, indexed] of found) {
        const label = (dotted ?? indexed)!;
        if (!used.has(label)) used.set(label, [where, label]);
      }
    }
  }
  return [...used.values()];
}

/** The aggregation on top with one label more. */
function keptBy(subject: Subject, label: string): string | undefined {
  const top = bare(subject.rule.expr);
  const inner = top.type === 'binary' ? bare(top.left) : top;
  if (inner.type !== 'aggregate' || inner.grouping?.without === true) return undefined;
  return corrected(subject, inner, {
    ...inner,
    grouping: { without: false, labels: [...(inner.grouping?.labels ?? []), label] },
  });
}
