import type { LintAnswer, LintView, Report, Severity } from '../model/index.ts';
import { formatCount } from './format.ts';
import { markup } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { type Colour, paint } from './paint.ts';
import { safeText } from './text.ts';
import { wrapped } from './wrap.ts';

/** What is wrong with which rule, the worst first: what, why, and what to write instead. */
export function* asText(report: Report, options: RenderOptions): Iterable<string> {
  const { findings, summary } = answerOf(report);
  const paints = paint(options.color);
  for (const finding of findings) {
    const { mark, colour } = MARKS[finding.severity];
    yield `${paints[colour](`${mark} ${finding.severity}`)}  ${paints.bold(finding.id)}  ${placeOf(finding)}\n`;
    for (const text of [finding.what, finding.why])
      for (const line of wrapped(safeText(`  ${text}`), options.width, '  ')) yield `${line}\n`;
    // What is to be pasted is never broken.
    if (finding.fix !== null) yield `  → ${paints.cyan(safeText(finding.fix))}\n`;
    yield '\n';
  }
  yield `${findings.length === 0 ? `${paints.green('✔')} ` : ''}${paints.bold(summaryText(summary))}\n`;
}

/** The same as a table; a step summary of GitHub. */
export function* asMarkdown(report: Report): Iterable<string> {
  const { findings, summary } = answerOf(report);
  yield `## ${markup(summaryText(summary))}\n`;
  if (findings.length === 0) return;
  yield '\n| severity | lint | rule | what is wrong | write instead |\n| --- | --- | --- | --- | --- |\n';
  for (const finding of findings) {
    const { severity, id, what, why, fix } = finding;
    const cells = [severity, id, placeOf(finding), `${what}: ${why}`, fix ?? ''];
    yield `| ${cells.map((cell) => markup(safeText(cell))).join(' | ')} |\n`;
  }
}

const answerOf = (report: Report): LintAnswer => report.body as LintAnswer;

const MARKS: Readonly<Record<Severity, { readonly mark: string; readonly colour: Colour }>> = {
  error: { mark: '✖', colour: 'red' },
  warning: { mark: '▲', colour: 'yellow' },
  info: { mark: '·', colour: 'blue' },
};

const placeOf = ({ file, line, group, rule }: LintView): string =>
  safeText(`${file}:${line} ${group}: ${rule}`);

function summaryText({ rules, errors, warnings, infos }: LintAnswer['summary']): string {
  const some = (count: number, one: string): string[] =>
    count === 0 ? [] : [`${formatCount(count)} ${one}${count === 1 ? '' : 's'}`];
  const found = [...some(errors, 'error'), ...some(warnings, 'warning'), ...some(infos, 'info')];
  const checked = `${formatCount(rules)} ${rules === 1 ? 'rule' : 'rules'}`;
  return found.length === 0 ? `${checked}, nothing found` : `${found.join(', ')} in ${checked}`;
}
