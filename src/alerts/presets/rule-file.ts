import type { Vocabulary } from '../../metrics/index.ts';
import type { Preset, PresetGroup, PresetRule } from './preset.ts';

/** A preset as a rule file of Prometheus. */
export function ruleFileOf({ name, help, groups }: Preset, say: Vocabulary): string {
  return [`# ${name}: ${help}.`, 'groups:', ...groups(say).flatMap(groupLines), ''].join('\n');
}

function groupLines({ name, why, rules }: PresetGroup): readonly string[] {
  return [
    ...why.map((line) => `  # ${line}`),
    `  - name: ${name}`,
    '    rules:',
    ...rules.flatMap((rule) => ruleLines(rule)),
  ];
}

function ruleLines({ alert, why, expr, for: wait, labels, summary }: PresetRule): readonly string[] {
  return [
    ...(why === undefined ? [] : [`      # ${why}`]),
    `      - alert: ${alert}`,
    '        expr: |',
    ...expr.split('\n').map((line) => `          ${line}`),
    ...(wait === undefined ? [] : [`        for: ${wait}`]),
    '        labels:',
    ...Object.entries(labels).map(([key, value]) => `          ${key}: ${value}`),
    '        annotations:',
    `          summary: '${summary.replaceAll("'", "''")}'`,
  ];
}
