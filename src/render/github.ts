import type { CheckView, Report, Severity } from '../model/index.ts';
import { checksOf } from './checks.ts';
import { safeText } from './text.ts';

/**
 * Annotations for GitHub Actions: a workflow command for every check that failed or could not be told
 * (docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands), then `summary`, the same as Markdown.
 * The commands stand inside an HTML comment: the runner obeys them, and `tee -a "$GITHUB_STEP_SUMMARY"` hides them.
 */
export function* renderGithub(report: Report, summary: Iterable<string>): Iterable<string> {
  const failed = checksOf(report).checks.filter(({ ok }) => ok !== true);
  if (failed.length > 0) {
    yield '<!--\n';
    for (const check of failed) yield `${commandOf(check)}\n`;
    yield '-->\n\n';
  }
  yield* summary;
}

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

function commandOf({ id, severity, ok, message, detail, at }: CheckView): string {
  const level = ok === null ? 'notice' : LEVELS[severity];
  const place = at === null ? '' : `file=${property(at.source)},line=${at.line},`;
  return `::${level} ${place}title=${property(id)}::${[message, ...detail].map(data).join('%0A')}`;
}

/** As actions/toolkit escapes them; a line break is written out by then, and `-->` would end the comment. */
const data = (text: string): string => safeText(text).replaceAll('%', '%25').replaceAll('-->', '-- >');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
