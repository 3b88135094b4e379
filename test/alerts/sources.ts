import type { AlertingRule, RecordingRule, RuleGroup } from '../../src/alerts/index.ts';
import type { Labels, Series, SeriesSource } from '../../src/model/index.ts';
import { parse } from '../../src/promql/index.ts';

export type Points = readonly (number | undefined | 'stale')[];

/** Series with a sample every `step` milliseconds from 0 on. */
export function sourceOf(
  step: number,
  series: readonly (readonly [Record<string, string>, Points])[],
): SeriesSource {
  const all: Series[] = series.map(([labels, points]) => ({
    labels: new Map(Object.entries(labels)),
    read: (from, to, sink) => {
      for (const [index, value] of points.entries()) {
        const time = index * step;
        if (value === undefined || time < from || time > to) continue;
        if (value === 'stale') sink(time, Number.NaN, true);
        else sink(time, value, false);
      }
    },
  }));
  return {
    select: (matchers) =>
      all.filter(({ labels }) => matchers.every(({ name, matches }) => matches(labels.get(name) ?? ''))),
  };
}

const place = { file: 'rules.yml', line: 1 };

export function alertRule(name: string, text: string, more: Partial<AlertingRule> = {}): AlertingRule {
  const expr = parse(text, { version: 2 });
  const none: Labels = new Map();
  return {
    kind: 'alert',
    name,
    expr,
    text,
    labels: none,
    annotations: none,
    place,
    for: 0,
    keepFiringFor: 0,
    ...more,
  };
}

export function recordRule(name: string, text: string, labels: Labels = new Map()): RecordingRule {
  return { kind: 'record', name, expr: parse(text, { version: 2 }), text, labels, place };
}

export function groupOf(name: string, rules: RuleGroup['rules'], more: Partial<RuleGroup> = {}): RuleGroup {
  return { name, file: 'rules.yml', interval: undefined, limit: 0, queryOffset: 0, rules, ...more };
}
