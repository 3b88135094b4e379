import type { Report, UnitTestAnswer, UnitTestView } from '../model/index.ts';
import { formatCount } from './format.ts';
import { markup } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { paint } from './paint.ts';
import { safeText } from './text.ts';
import { wrapped } from './wrap.ts';

/** Every case below its file: whether it passed; where it did not, what was expected and what there was. */
export function* asText(report: Report, options: RenderOptions): Iterable<string> {
  const { files, summary } = answerOf(report);
  const { bold, dim, green, red } = paint(options.color);
  for (const { file, tests } of files) {
    yield `${bold(safeText(file))}\n`;
    if (tests.length === 0) yield `  ${dim('no cases')}\n`;
    for (const test of tests) {
      const mark = test.ok ? green('✔') : red('✖');
      const [first = '', ...more] = wrapped(safeText(titleOf(test)), roomFor(options, 4));
      yield `  ${mark} ${first}\n`;
      for (const line of more) yield `    ${line}\n`;
      if (test.ok) continue;
      for (const text of failureLines(test))
        for (const line of wrapped(safeText(text), roomFor(options, 6), '  ')) yield `      ${line}\n`;
    }
    yield '\n';
  }
  yield `${summaryText(summary)}\n`;
}

/** The same as tables; a step summary of GitHub. */
export function* asMarkdown(report: Report): Iterable<string> {
  const { files, summary } = answerOf(report);
  yield `## ${markup(summaryText(summary))}\n`;
  for (const { file, tests } of files) {
    yield `\n### ${markup(safeText(file))}\n\n`;
    if (tests.length === 0) yield 'no cases\n';
    else yield '|  | test | case | at | detail |\n| --- | --- | --- | --- | --- |\n';
    for (const test of tests) {
      const detail = test.ok ? '' : failureLines(test).join('; ');
      const cells = [test.ok ? '✔' : '✖', test.group, test.expr, test.eval_time, detail];
      yield `| ${cells.map((cell) => markup(safeText(cell))).join(' | ')} |\n`;
    }
  }
}

const answerOf = (report: Report): UnitTestAnswer => report.body as UnitTestAnswer;

const roomFor = ({ width }: RenderOptions, indent: number): number | undefined =>
  width === undefined ? undefined : Math.max(20, width - indent);

function titleOf({ group, kind, expr, eval_time: at }: UnitTestView): string {
  return `${group}: ${kind === 'alert' ? 'alert ' : ''}${expr.trim()} at ${at}`;
}

function failureLines(test: UnitTestView): readonly string[] {
  return [
    ...(test.error === undefined ? [] : [test.error]),
    ...answerLines('expected', test.expected),
    ...answerLines('got     ', test.got),
  ];
}

function answerLines(what: string, answers: UnitTestView['expected']): readonly string[] {
  if (answers.length === 0) return [`${what}  nothing`];
  return answers.map((one) => {
    if ('value' in one) return `${what}  ${one.labels} ${one.value}`;
    const annotations = Object.keys(one.annotations).length === 0 ? '' : `  ${pairs(one.annotations)}`;
    return `${what}  ${pairs(one.labels)}${annotations}`;
  });
}

function pairs(texts: { readonly [name: string]: string }): string {
  return `{${Object.entries(texts)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}

function summaryText({ passed, failed }: UnitTestAnswer['summary']): string {
  const cases = (count: number): string => `${formatCount(count)} ${count === 1 ? 'case' : 'cases'}`;
  if (failed === 0) return passed === 0 ? 'no cases' : `${cases(passed)} passed`;
  return passed === 0 ? `${cases(failed)} failed` : `${cases(failed)} failed, ${formatCount(passed)} passed`;
}
