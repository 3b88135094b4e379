import type { InputSummary, Report } from '../model/index.ts';
import { renderCsv } from './csv.ts';
import { checkupMarkdown, renderCheckup } from './doctor.ts';
import { explanationMarkdown, renderExplanation } from './explain.ts';
import { renderGithub } from './github.ts';
import { renderJson } from './json.ts';
import { renderJsonl } from './jsonl.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSections, sectionsMarkdown } from './sections.ts';
import { renderTable } from './table.ts';
import { renderTree, type TreeOptions } from './tree.ts';

export { costNotes, inputNotes, noteLines } from './notes.ts';
export type { RenderOptions } from './options.ts';
export { rowsOf } from './rows.ts';

type Renderer = (report: Report, input: InputSummary, options: TreeOptions) => Iterable<string>;

/** Every output format by its `--format` name: pure functions from a report to pieces of text. */
export const RENDERERS = {
  table: (report, _input, options) => {
    if (report.explanation !== undefined) return renderExplanation(report.explanation, options);
    if (report.command === 'doctor') return renderCheckup(report, options);
    if (report.sections !== undefined) return renderSections(report.sections, options);
    return report.traces === undefined ? renderTable(report, options) : renderTree(report, options);
  },
  json: renderJson,
  jsonl: renderJsonl,
  csv: renderCsv,
  markdown: (report, _input, options) => markdownOf(report, options),
  junit: renderJunit,
  github: (report, _input, options) => renderGithub(report, markdownOf(report, options)),
} as const satisfies Record<string, Renderer>;

function markdownOf(report: Report, options: TreeOptions): Iterable<string> {
  if (report.explanation !== undefined) return explanationMarkdown(report.explanation, options);
  if (report.command === 'doctor') return checkupMarkdown(report);
  if (report.sections !== undefined) return sectionsMarkdown(report.sections, options);
  return renderMarkdown(report, options);
}
