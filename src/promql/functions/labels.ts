import { RE2JS } from 're2js';
import { EvaluationError } from '../engine/evaluation-error.ts';
import { withLabels } from '../engine/label-sets.ts';
import type { Modes, Rows } from '../engine/values.ts';
import { isLabelName } from '../labels.ts';
import type { PromFunction } from './function.ts';
import { expandTemplate, parseTemplate } from './regexp-template.ts';

/** Labels made of labels. */
export const LABELS: readonly (readonly [string, PromFunction])[] = [
  ['label_join', { kind: 'vector', of: (rows, { strings, modes }) => joined(rows, strings, modes) }],
  ['label_replace', { kind: 'vector', of: (rows, { strings, modes }) => replaced(rows, strings, modes) }],
];

/** prometheus/promql/functions.go, `funcLabelReplace` and `evalLabelReplace`. */
function replaced(
  rows: Rows,
  [target = '', replacement = '', source = '', pattern = '']: readonly string[],
  { dotMatchesNewline, utf8Names }: Modes,
): Rows {
  const regex = compiled(pattern, dotMatchesNewline);
  if (!isName(target, utf8Names))
    throw new EvaluationError(`invalid destination label name in label_replace(): ${target}`);
  const template = parseTemplate(replacement);
  // Series share the values of their labels.
  const answers = new Map<string, string | undefined>();
  const answerTo = (value: string): string | undefined => {
    if (answers.has(value)) return answers.get(value);
    const match = regex.matcher(value);
    const answer = match.find() ? expandTemplate(template, match) : undefined;
    answers.set(value, answer);
    return answer;
  };
  return rows.map((row) => {
    const answer = answerTo(row.labels.labels.get(source) ?? '');
    return answer === undefined ? row : { ...row, labels: withLabels(row.labels, [[target, answer]]) };
  });
}

function compiled(pattern: string, dotMatchesNewline: boolean): RE2JS {
  try {
    return RE2JS.compile(dotMatchesNewline ? `^(?s:${pattern})$` : `^(?:${pattern})$`);
  } catch (cause) {
    throw new EvaluationError(`invalid regular expression in label_replace(): ${pattern}`, { cause });
  }
}

/** prometheus/promql/functions.go, `funcLabelJoin`. */
function joined(
  rows: Rows,
  [target = '', separator = '', ...sources]: readonly string[],
  { utf8Names }: Modes,
): Rows {
  const wrong = sources.find((source) => !isName(source, utf8Names));
  if (wrong !== undefined) throw new EvaluationError(`invalid source label name in label_join(): ${wrong}`);
  if (!isName(target, utf8Names))
    throw new EvaluationError(`invalid destination label name in label_join(): ${target}`);
  return rows.map((row) => {
    const value = sources.map((source) => row.labels.labels.get(source) ?? '').join(separator);
    return { ...row, labels: withLabels(row.labels, [[target, value]]) };
  });
}

function isName(text: string, utf8: boolean): boolean {
  return utf8 ? text !== '' : isLabelName(text);
}
