import type { InputSummary, Report } from '../model/index.ts';
import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import { renderJsonl } from './jsonl.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTable } from './table.ts';
import { renderTree, type TreeOptions } from './tree.ts';

export { costNotes, inputNotes, noteLines } from './notes.ts';
export type { RenderOptions } from './options.ts';
export { rowsOf } from './rows.ts';
export { spansAlone } from './tree-rows.ts';

type Text = Iterable<string> | Promise<Iterable<string>>;
type Renderer = (report: Report, input: InputSummary, options: TreeOptions) => Text;

/**
 * Every output format by its `--format` name: pure functions from a report to pieces of text. What few answers need is
 * loaded when one of them is written.
 */
export const RENDERERS = {
  table: async (report, _input, options) => {
    if (report.page !== undefined) return (await PAGES[report.page]()).asText(report, options);
    return report.traces === undefined ? renderTable(report, options) : renderTree(report, options);
  },
  json: renderJson,
  jsonl: renderJsonl,
  csv: renderCsv,
  markdown: (report, _input, options) => markdownOf(report, options),
  junit: async (report) => (await import('./junit.ts')).renderJunit(report),
  github: async (report, _input, options) => {
    const { renderGithub } = await import('./github.ts');
    return renderGithub(report, await markdownOf(report, options));
  },
} as const satisfies Record<string, Renderer>;

async function markdownOf(report: Report, options: TreeOptions): Promise<Iterable<string>> {
  if (report.page !== undefined) return (await PAGES[report.page]()).asMarkdown(report, options);
  return renderMarkdown(report, options);
}

type Write = (report: Report, options: TreeOptions) => Iterable<string>;
type Page = { readonly asText: Write; readonly asMarkdown: Write };

/** Answers that are more than a table. */
const PAGES: Readonly<Record<NonNullable<Report['page']>, () => Promise<Page>>> = {
  explanation: () => import('./explain.ts'),
  checkup: () => import('./doctor.ts'),
  audit: () => import('./audit.ts'),
};
