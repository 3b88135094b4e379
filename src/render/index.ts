import type { InputSummary, Report } from '../model/index.ts';
import type { TreeOptions } from './tree.ts';

export { costNotes, inputNotes, noteLines } from './notes.ts';
export type { RenderOptions } from './options.ts';
export { rowsOf } from './rows.ts';
export { spansAlone } from './tree-rows.ts';

type Text = Promise<Iterable<string>>;
type Renderer = (report: Report, input: InputSummary, options: TreeOptions) => Text;

/** Every output format by its `--format` name: pure functions from a report to pieces of text, loaded when one is written. */
export const RENDERERS = {
  table: async (report, _input, options) => {
    if (report.page !== undefined) return (await PAGES[report.page]()).asText(report, options);
    if (report.traces !== undefined) return (await import('./tree.ts')).renderTree(report, options);
    return (await import('./table.ts')).renderTable(report, options);
  },
  json: async (report, input) => (await import('./json.ts')).renderJson(report, input),
  jsonl: async (report) => (await import('./jsonl.ts')).renderJsonl(report),
  csv: async (report) => (await import('./csv.ts')).renderCsv(report),
  markdown: (report, _input, options) => markdownOf(report, options),
  prometheus: (report, _input, options) => expositionOf(report, 'prometheus', options),
  openmetrics: (report, _input, options) => expositionOf(report, 'openmetrics', options),
  junit: async (report) => (await import('./junit.ts')).renderJunit(report),
  github: async (report, _input, options) => {
    const { renderGithub } = await import('./github.ts');
    return renderGithub(report, await markdownOf(report, options));
  },
} as const satisfies Record<string, Renderer>;

/** As it is, but on a screen: a terminal would act on what label values hold. */
async function expositionOf(
  { command, exposition }: Report,
  format: 'prometheus' | 'openmetrics',
  { width }: TreeOptions,
): Text {
  if (exposition === undefined) throw new TypeError(`${command} has no metrics to write`);
  const text = exposition[format]();
  return width === undefined ? text : (await import('./text.ts')).safeLines(text);
}

async function markdownOf(report: Report, options: TreeOptions): Promise<Iterable<string>> {
  if (report.page !== undefined) return (await PAGES[report.page]()).asMarkdown(report, options);
  return (await import('./markdown.ts')).renderMarkdown(report, options);
}

type Write = (report: Report, options: TreeOptions) => Iterable<string>;
type Page = { readonly asText: Write; readonly asMarkdown: Write };

/** Answers that are more than a table. */
const PAGES: Readonly<Record<NonNullable<Report['page']>, () => Promise<Page>>> = {
  explanation: () => import('./explain.ts'),
  checkup: () => import('./doctor.ts'),
  audit: () => import('./audit.ts'),
  diff: () => import('./diff.ts'),
  bottlenecks: () => import('./bottlenecks.ts'),
  gates: () => import('./gates.ts'),
  lint: () => import('./lint.ts'),
  'unit-tests': () => import('./unit-tests.ts'),
  waste: () => import('./waste.ts'),
};
