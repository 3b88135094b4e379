import type { CheckAnswer, Column, Comparison, Gate, Report, Value } from '../model/index.ts';
import { isQuantity } from './exact.ts';
import { formatCount, formatDuration, formatMoney, formatShare, formatTokens, UNKNOWN } from './format.ts';
import { markup, renderMarkdown } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { type Colour, paint } from './paint.ts';
import { renderTable } from './table.ts';
import { cellWidth, padLeft, padRight, safeText } from './text.ts';
import { wrapped } from './wrap.ts';

/** A line for each gate: whether it holds, what was found, the limit, and what there is to say; then what was compared. */
export function* asText(report: Report, options: RenderOptions): Iterable<string> {
  const { gates, summary } = answerOf(report);
  if (gates.length === 0) return;
  const paints = paint(options.color);
  const rows = gates.map((gate) => ({ gate, cells: cellsOf(gate) }));
  const widths = HEADINGS.map((heading, i) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cellWidth(cells[i]!))),
  );
  const lineOf = ([name, found, limit]: Cells): string =>
    [padRight(name, widths[0]!), padLeft(found, widths[1]!), padLeft(limit, widths[2]!)].join(GAP);
  yield `${paints.bold(`  ${lineOf(HEADINGS)}`)}\n`;
  for (const { gate, cells } of rows) {
    const { mark, colour } = MARKS[String(gate.ok) as keyof typeof MARKS];
    yield `${paints[colour](mark)} ${lineOf(cells)}`;
    const used = widths.reduce((sum, one) => sum + one + GAP.length, MARGIN);
    // The mark may take two columns: what is beside it is one further to the right then.
    const width = options.width === undefined ? undefined : options.width - (cellWidth(mark) - 1);
    yield* detailLines(gate, used, width);
  }
  const comparisons = comparedIn(gates);
  if (comparisons.length > 0) {
    yield '\n';
    yield* renderTable(comparisonTable(comparisons), options);
  }
  yield `\n${summaryText(summary)}\n`;
}

/** The same as tables; a step summary of GitHub. */
export function* asMarkdown(report: Report, options: Pick<RenderOptions, 'zone'>): Iterable<string> {
  const { gates, summary } = answerOf(report);
  yield `## ${markup(summaryText(summary))}\n`;
  if (gates.length === 0) return;
  yield '\n|  | gate | found | limit | detail |\n| --- | --- | ---: | ---: | --- |\n';
  for (const gate of gates) {
    const { mark } = MARKS[String(gate.ok) as keyof typeof MARKS];
    const cells = [mark, ...cellsOf(gate), safeText(gate.detail)];
    yield `| ${cells.map(markup).join(' | ')} |\n`;
  }
  const comparisons = comparedIn(gates);
  if (comparisons.length > 0) {
    yield '\n### Compared with the baseline\n\n';
    yield* renderMarkdown(comparisonTable(comparisons), options);
  }
  // A single one is the detail of its gate.
  const differences = gates.flatMap(({ differences: lines = [] }) => (lines.length > 1 ? lines : []));
  if (differences.length === 0) return;
  yield '\n### Against the shape\n\n```diff\n';
  // Their signs keep lines from ending the block.
  for (const line of differences) yield `${safeText(line).replace(/^\u2212/, '-')}\n`;
  yield '```\n';
}

const answerOf = (report: Report): CheckAnswer => report.body as CheckAnswer;

const MARKS: Readonly<Record<'true' | 'false' | 'null', { readonly mark: string; readonly colour: Colour }>> =
  {
    true: { mark: '✔', colour: 'green' },
    false: { mark: '✖', colour: 'red' },
    null: { mark: '?', colour: 'yellow' },
  };

type Cells = readonly [name: string, found: string, limit: string];
const HEADINGS: Cells = ['GATE', 'FOUND', 'LIMIT'];

function cellsOf(gate: Gate): Cells {
  const { name, value, limit } = gate;
  if (!name.startsWith('max_increase.'))
    return [safeText(name), amountText(gate, value), trimmed(amountText(gate, limit))];
  return [name, typeof value === 'number' ? signed(value) : UNKNOWN, `+${amountText(gate, limit)}`];
}

/** `$2.5000` as it was typed: `$2.50`. */
const trimmed = (amount: string): string => amount.replace(/(\.\d{2}\d*?)0+$/, '$1');

function amountText({ unit }: Pick<Gate, 'unit'>, value: Value): string {
  if (typeof value === 'object' && value !== null && isQuantity(value)) {
    if (value.unit === 'usd') return formatMoney(value, 'call');
    return value.unit === 'ms' ? formatDuration(value.nanos) : UNKNOWN;
  }
  if (typeof value !== 'number') return UNKNOWN;
  if (unit === 'fraction') return formatShare(value);
  return unit === 'tokens' ? formatTokens(value) : formatCount(value);
}

const signed = (change: number): string =>
  Math.abs(change) < 0.001 ? '0%' : `${change < 0 ? '-' : '+'}${formatShare(Math.abs(change))}`;

const GAP = '  ';
/** The mark and a space. */
const MARGIN = 2;
/** Less room than this beside the figures, and the sentence goes below them. */
const ROOM = 36;
/** Differences that a screen shows; the others are in the other formats. */
const MOST_LINES = 20;

function* detailLines(
  { detail, differences = [] }: Gate,
  used: number,
  width: number | undefined,
): Iterable<string> {
  const beside = width === undefined || width - used >= ROOM;
  const indent = ' '.repeat(beside ? used : MARGIN * 2);
  const lines = wrapped(safeText(detail), width === undefined ? undefined : width - indent.length);
  yield beside ? `${GAP}${lines[0]}\n` : `\n${indent}${lines[0]}\n`;
  for (const line of lines.slice(1)) yield `${indent}${line}\n`;
  if (differences.length < 2) return;
  for (const line of differences.slice(0, MOST_LINES))
    for (const part of wrapped(safeText(`    ${line}`), width, '      ')) yield `${part}\n`;
  const more = differences.length - MOST_LINES;
  if (more > 0) yield `    … and ${formatCount(more)} more; --format markdown has them all\n`;
}

const comparedIn = (gates: readonly Gate[]): readonly Comparison[] =>
  gates.flatMap(({ comparisons = [] }) => comparisons).filter(({ statistic }) => statistic !== null);

function comparisonTable(comparisons: readonly Comparison[]): Report {
  const rows = comparisons.map((one) => ({
    mark: MARKS[String(one.ok) as keyof typeof MARKS].mark,
    group: one.workflow === null || one.workflow === one.root ? one.root : `${one.root} (${one.workflow})`,
    figure: `${one.statistic} ${one.figure}`,
    runs: one.paired ? `${formatCount(one.runs_before)} pairs` : `${one.runs_before} / ${one.runs_after}`,
    before: figureText(one, one.before),
    after: figureText(one, one.after),
    change: one.change === null ? UNKNOWN : signed(one.change),
    interval: `${boundText(one.change_low)} … ${boundText(one.change_high)}`,
    detectable: boundText(one.detectable),
  }));
  return { command: '', body: { rows }, table: { rows: 'rows', columns: COLUMNS }, notes: [] };
}

const boundText = (change: number | null): string => (change === null ? '∞' : signed(change));

function figureText({ figure }: Comparison, value: Value): string {
  return amountText({ unit: figure.endsWith('tokens') ? 'tokens' : 'count' }, value);
}

const COLUMNS: readonly Column[] = [
  { path: ['group'], name: 'group', label: 'runs of', show: 'text' },
  { path: ['figure'], name: 'figure', label: 'figure', show: 'text' },
  { path: ['runs'], name: 'runs', label: 'runs', show: 'rate', droppable: 2 },
  { path: ['before'], name: 'before', label: 'baseline', show: 'rate', droppable: 1 },
  { path: ['after'], name: 'after', label: 'now', show: 'rate', droppable: 1 },
  { path: ['change'], name: 'change', label: 'change', show: 'rate' },
  { path: ['interval'], name: 'interval', label: 'between', show: 'rate' },
  { path: ['detectable'], name: 'detectable', label: 'detects', show: 'rate', droppable: 3 },
  { path: ['mark'], name: 'mark', label: 'ok', show: 'text' },
];

function summaryText({ passed, failed, unknown }: CheckAnswer['summary']): string {
  const parts = [
    ...(failed > 0 ? [`${gatesText(failed)} ${failed === 1 ? 'fails' : 'fail'}`] : []),
    ...(unknown > 0 ? [`${failed > 0 ? formatCount(unknown) : gatesText(unknown)} cannot tell`] : []),
    ...(passed > 0
      ? [
          `${failed + unknown > 0 ? formatCount(passed) : gatesText(passed)} ${passed === 1 ? 'holds' : 'hold'}`,
        ]
      : []),
  ];
  return parts.length === 0 ? 'no gates' : parts.join(', ');
}

const gatesText = (count: number): string => `${formatCount(count)} ${count === 1 ? 'gate' : 'gates'}`;
