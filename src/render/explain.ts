import { type Explanation, isModelKind, type ReadFrom, type Report, type TotalView } from '../model/index.ts';
import { sectionsOf } from './explain-facts.ts';
import { exactUsd, type Fact, MOST } from './explain-words.ts';
import { formatDuration, formatTime } from './format.ts';
import { markup } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { type Paint, paint } from './paint.ts';
import { cellWidth, padRight, safeText } from './text.ts';
import { wrapped } from './wrap.ts';

/** Why a span is what it is, the money first: sections with a fact a line. Where `width` is given, long lines are wrapped. */
export function* asText(report: Report, options: RenderOptions): Iterable<string> {
  const explanation = report.body as Explanation;
  const paints = paint(options.color);
  for (const line of headOf(explanation, options)) yield* screenLines(line, '', options.width, paints.bold);
  for (const { title, lead, facts } of sectionsOf(explanation)) {
    yield '\n';
    yield* screenLines(
      lead === '' ? title.toUpperCase() : padRight(title.toUpperCase(), LABEL) + lead,
      ' '.repeat(LABEL),
      options.width,
      (text) =>
        text.startsWith(title.toUpperCase())
          ? paints.bold(title.toUpperCase()) + text.slice(title.length)
          : text,
    );
    const widths = facts.filter(isSourced).map(({ text }) => cellWidth(text));
    const values = Math.max(0, ...widths.filter((width) => width <= WIDEST));
    for (const fact of facts) yield* factLines(fact, values, options.width, paints);
  }
}

/** The same with headings and lists. */
export function* asMarkdown(report: Report, options: Pick<RenderOptions, 'zone'>): Iterable<string> {
  const explanation = report.body as Explanation;
  const [head, ...rest] = headOf(explanation, options);
  yield `## ${markup(head!)}\n\n`;
  for (const line of rest) yield `${markup(line)}\n`;
  for (const { title, lead, facts } of sectionsOf(explanation)) {
    yield `\n**${title}**${lead === '' ? '' : ` ${markup(lead)}`}\n${facts.length === 0 ? '' : '\n'}`;
    for (const { label, text, source } of facts)
      yield `- ${markup(label)}: ${markup(text)}${source === undefined ? '' : ` (${markup(source)})`}\n`;
  }
}

const LABEL = 18;
/** Longer values do not push the sources of the others away. */
const WIDEST = 32;

const isSourced = ({ source }: Fact): boolean => source !== undefined;

function* factLines(
  { label, text, source }: Fact,
  values: number,
  width: number | undefined,
  paints: Paint,
): Iterable<string> {
  const head = padRight(`  ${label}`, LABEL);
  const value = source === undefined ? text : padRight(text, values);
  const plain = `${head}${value}${source === undefined ? '' : `  ${source}`}`;
  if (width === undefined || cellWidth(plain) <= width) {
    yield `${paints.dim(head)}${value}${source === undefined ? '' : `  ${paints.dim(source)}`}\n`;
  } else
    yield* screenLines(
      `${head}${text}${source === undefined ? '' : `  ${source}`}`,
      ' '.repeat(LABEL),
      width,
    );
}

function* screenLines(
  text: string,
  hanging: string,
  width: number | undefined,
  painted: (line: string) => string = (line) => line,
): Iterable<string> {
  for (const line of wrapped(text, width, hanging)) yield `${painted(line)}\n`;
}

function headOf(
  { span, read, total, failure, kind }: Explanation,
  { zone }: Pick<RenderOptions, 'zone'>,
): string[] {
  const mark = failure.failed ? '✖ failed' : span.status === 'ok' ? '✔ ok' : '✔';
  const money = isModelKind(kind.kind) || total.rule !== 'none' ? [costText(total)] : [];
  const scope =
    span.scope === null ? [] : [`scope ${[span.scope.name, span.scope.version].filter(Boolean).join(' ')}`];
  return [
    [span.step, mark, formatDuration(span.duration_ms.nanos), formatTime(span.start.at, zone), ...money],
    [`span ${span.span_id}`, `trace ${span.trace_id}`],
    [`read from ${placeText(read)}`, ...scope],
    ...(read.reports.length < 2 ? [] : [[repeatsText(read)]]),
  ].map((parts) => parts.map(safeText).join('   '));
}

function repeatsText({ reports }: Explanation['read']): string {
  const places = reports.slice(0, MOST).map(placeText);
  const more = reports.length > MOST ? [`… ${reports.length - MOST} more`] : [];
  return `reported ${reports.length} times, counted once: ${[...places, ...more].join(', ')}`;
}

const placeText = ({ source, line, format }: ReadFrom): string =>
  `${source}:${line}${format === null ? '' : ` (${format})`}`;

function costText(total: TotalView): string {
  if (!total.included) return '$0 in the total';
  if (total.cost_usd.pico === undefined) return 'no price';
  return `${exactUsd(total.cost_usd)} in the total`;
}
