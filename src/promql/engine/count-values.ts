import type { Grouping } from '../ast.ts';
import { isLabelName } from '../labels.ts';
import { quoted } from '../quoting.ts';
import { EvaluationError } from './evaluation-error.ts';
import { groupLabels } from './groups.ts';
import { type LabelSet, withLabels } from './label-sets.ts';
import { emptyRow, type Row, type Rows } from './values.ts';

/** `count_values`: how many samples of a group have which value, which becomes a label. */
export function countedValues(
  rows: Rows,
  grouping: Grouping | undefined,
  label: string,
  version: 2 | 3,
): Rows {
  if (version === 2 ? !isLabelName(label) : label === '')
    throw new EvaluationError(`invalid label name ${quoted(label)}`);
  const kept = withValue(grouping, label);
  const counts = new Map<string, Row>();
  for (const row of rows) {
    const labelsOf = new Map<number, LabelSet>();
    for (const [step, present] of row.present.entries()) {
      if (present === 0) continue;
      const value = row.values[step]!;
      let labels = labelsOf.get(value);
      if (labels === undefined) {
        labels = groupLabels(withLabels(row.labels, [[label, decimal(value)]]), kept);
        labelsOf.set(value, labels);
      }
      let counted = counts.get(labels.key);
      if (counted === undefined) {
        counted = emptyRow(labels, row.present.length);
        counts.set(labels.key, counted);
      }
      counted.values[step]!++;
      counted.present[step] = 1;
    }
  }
  return [...counts.values()];
}

/** The label of the value belongs to what `by` keeps. */
function withValue(grouping: Grouping | undefined, label: string): Grouping {
  if (grouping?.without === true) return grouping;
  return { without: false, labels: [...(grouping?.labels ?? []), label] };
}

/** The shortest digits that are this number, without an exponent: Go's `'f', -1`. */
function decimal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Math.abs(value) === Infinity) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
