import type { CheckView, Column, Labels, Report, UnitTestAnswer, UnitTestView } from '../../model/index.ts';
import { formatDuration, metricText } from '../../promql/index.ts';
import { plainNumber } from '../../promql/numbers.ts';
import type { ExpectedAlert, ExpectedSample } from './file.ts';
import type { CaseResult } from './run.ts';

/** A file of unit tests with what became of its cases. */
export type TestedFile = { readonly file: string; readonly results: readonly CaseResult[] };

/** Every case of every file, in their order. */
export function unitTestReport(files: readonly TestedFile[], notes: readonly string[]): Report {
  const results = files.flatMap((one) => one.results);
  const failed = results.filter(({ ok }) => !ok).length;
  const body: UnitTestAnswer = {
    files: files.map((one) => ({ file: one.file, tests: one.results.map(viewOf) })),
    summary: { passed: results.length - failed, failed },
  };
  return {
    command: 'alerts test',
    body,
    page: 'unit-tests',
    table: {
      rows: 'files',
      columns: COLUMNS,
      items: body.files.flatMap(({ file, tests }) => tests.map((test) => ({ file, ...test }))),
    },
    checks: {
      suite: 'agentobs alerts test',
      checks: files.flatMap((one) => one.results.map((result) => checkOf(one.file, result))),
    },
    notes,
  };
}

const COLUMNS: readonly Column[] = [
  { path: ['file'], name: 'file', label: 'file', show: 'text' },
  { path: ['group'], name: 'group', label: 'test', show: 'text' },
  { path: ['kind'], name: 'kind', label: 'kind', show: 'text' },
  { path: ['expr'], name: 'expr', label: 'expression or alert', show: 'text' },
  { path: ['eval_time'], name: 'eval_time', label: 'at', show: 'text' },
  { path: ['ok'], name: 'ok', label: 'ok', show: 'text' },
  { path: ['error'], name: 'error', label: 'error', show: 'text' },
];

function viewOf(result: CaseResult): UnitTestView {
  const { test: group, expr, time, ok, error } = result;
  const base = { expr, eval_time: formatDuration(time), ok };
  const why = error === undefined ? {} : { error };
  if (result.kind === 'alert') {
    const [expected, got] = [result.expected.map(alertText), result.got.map(alertText)];
    return { group, kind: 'alert', ...base, expected, got, ...why };
  }
  const [expected, got] = [result.expected.map(sampleText), result.got.map(sampleText)];
  return { group, kind: 'expr', ...base, expected, got, ...why };
}

const alertText = ({ labels, annotations }: ExpectedAlert) => ({
  labels: textsOf(labels),
  annotations: textsOf(annotations),
});

const sampleText = ({ labels, value }: ExpectedSample) => ({
  labels: metricText(labels),
  value: plainNumber(value),
});

/** `fromEntries` makes own keys of all names, `__proto__` too. */
const textsOf = (labels: Labels): { readonly [name: string]: string } =>
  Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));

function checkOf(file: string, result: CaseResult): CheckView {
  const { test, expr, time, line, ok, error } = result;
  const view = viewOf(result);
  return {
    id: test,
    title: `${expr} at ${formatDuration(time)}`,
    severity: 'error',
    ok,
    message: ok ? '' : `${expr} at ${formatDuration(time)}: ${error ?? 'not what is expected'}`,
    detail: ok ? [] : [...linesOf('expected', view.expected), ...linesOf('got', view.got)],
    at: { source: file, line },
  };
}

function linesOf(what: string, answers: UnitTestView['expected']): readonly string[] {
  if (answers.length === 0) return [`${what}: nothing`];
  return answers.map((one) => `${what}: ${answerText(one)}`);
}

function answerText(one: UnitTestView['expected'][number]): string {
  return 'value' in one ? `${one.labels} ${one.value}` : JSON.stringify(one);
}
