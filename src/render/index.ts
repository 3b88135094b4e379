import type { InputSummary, Report } from '../model/index.ts';
import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import { renderJsonl } from './jsonl.ts';
import { renderMarkdown } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { renderTable } from './table.ts';

export { costNotes, inputNotes } from './notes.ts';
export type { RenderOptions } from './options.ts';
export { rowsOf } from './rows.ts';

type Renderer = (report: Report, input: InputSummary, options: RenderOptions) => Iterable<string>;

/** Every output format by its `--format` name: pure functions from a report to pieces of text. */
export const RENDERERS = {
  table: (report, _input, options) => renderTable(report, options),
  json: renderJson,
  jsonl: renderJsonl,
  csv: renderCsv,
  markdown: (report, _input, options) => renderMarkdown(report, options),
} as const satisfies Record<string, Renderer>;

export type FormatName = keyof typeof RENDERERS;
