import type { Column, Report, Value } from '../model/index.ts';
import { markup, renderMarkdown } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { paint } from './paint.ts';
import { valueAt } from './rows.ts';
import { fits, renderTable } from './table.ts';
import { safeText } from './text.ts';
import { wrapped } from './wrap.ts';

/** One table among several. */
export type Section = {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Value[];
  readonly total?: Value;
  /** What is to be said of the rows, or instead of them. */
  readonly below: readonly { readonly text: string; readonly tone?: 'good' | 'bad' }[];
};

/** Several tables one below the other, each under its heading and above what is said of it. */
export function* renderSections(sections: readonly Section[], options: RenderOptions): Iterable<string> {
  const { bold, dim, green, red } = paint(options.color);
  const tones = { good: green, bad: red } as const;
  let before = '';
  for (const section of sections) {
    yield `${before}${bold(section.title)}\n`;
    const { table, notes } = spelledOut(section, options);
    yield* renderTable(tableOf(table), options);
    for (const note of notes)
      for (const line of wrapped(safeText(note), options.width, '  ')) yield `${dim(line)}\n`;
    for (const { text, tone } of section.below) {
      const painted = tone === undefined ? dim : tones[tone];
      for (const line of wrapped(safeText(text), options.width)) yield `${painted(line)}\n`;
    }
    before = '\n';
  }
}

/** What explains a row stands beside it, or whole below the table where it would have to be cut. */
function spelledOut(
  section: Section,
  options: RenderOptions,
): { readonly table: Section; readonly notes: readonly string[] } {
  const [first] = section.columns;
  const help = section.columns.find(({ name }) => name === 'help');
  if (first === undefined || help === undefined || fits(tableOf(section), options))
    return { table: section, notes: [] };
  const notes = section.rows.map((row) => `${valueAt(row, first.path)}: ${valueAt(row, help.path)}`);
  return { table: { ...section, columns: section.columns.filter((column) => column !== help) }, notes };
}

/** The same as Markdown. */
export function* sectionsMarkdown(
  sections: readonly Section[],
  options: Pick<RenderOptions, 'zone'>,
): Iterable<string> {
  let before = '';
  for (const section of sections) {
    yield `${before}## ${markup(section.title)}\n\n`;
    if (section.rows.length > 0) yield* renderMarkdown(tableOf(section), options);
    if (section.rows.length > 0 && section.below.length > 0) yield '\n';
    for (const { text } of section.below) yield `- ${markup(safeText(text))}\n`;
    before = '\n';
  }
}

function tableOf({ rows, total, columns }: Section): Report {
  const table = { rows: 'rows', columns, ...(total === undefined ? {} : { total: 'total' }) };
  return { command: '', body: { rows, ...(total === undefined ? {} : { total }) }, table, notes: [] };
}
