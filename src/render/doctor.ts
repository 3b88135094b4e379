import type { Checkup, Finding, Fix, FoundAt, Report, Severity } from '../model/index.ts';
import { formatCount, formatMoney, formatShare } from './format.ts';
import { markup } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { type Colour, paint } from './paint.ts';
import { safeText } from './text.ts';
import { wrapped } from './wrap.ts';

/**
 * What is missing, the worst first: what is wrong, how much rests on it, where it begins, what to change. One line where
 * nothing is missing.
 */
export function* asText(report: Report, options: RenderOptions): Iterable<string> {
  const { findings, summary } = checkupOf(report);
  const paints = paint(options.color);
  yield `${findings.length === 0 ? `${paints.green('✔')} ` : ''}${paints.bold(summaryText(summary))}\n`;
  for (const finding of findings) {
    const { mark, colour } = MARKS[finding.severity];
    yield `\n${paints[colour](`${mark} ${finding.severity}`)}  ${paints.bold(finding.id)}\n`;
    const lines = [
      finding.detail,
      ...[unsafeText(finding), firstText(finding.first)].filter((text) => text !== undefined),
    ];
    for (const text of lines) for (const line of wrapped(`  ${text}`, options.width, '  ')) yield `${line}\n`;
    for (const fix of finding.fixes) yield* fixLines(fix, options, paints.dim, paints.cyan);
  }
}

type Painted = (text: string) => string;

function* fixLines(
  { applies_to: who, text, code, source }: Fix,
  { width }: RenderOptions,
  quiet: Painted,
  strong: Painted,
): Iterable<string> {
  for (const line of wrapped(safeText(`  → ${who}: ${text}`), width, '    ')) yield `${line}\n`;
  // A line to paste is never cut or broken.
  if (code !== null) yield `      ${strong(safeText(code))}\n`;
  if (source !== null) yield `      ${quiet(safeText(source))}\n`;
}

const MARKS: Readonly<Record<Severity, { readonly mark: string; readonly colour: Colour }>> = {
  error: { mark: '✖', colour: 'red' },
  warning: { mark: '▲', colour: 'yellow' },
  info: { mark: '·', colour: 'blue' },
};

/** The same as a table with what to change below it; a step summary of GitHub. */
export function* asMarkdown(report: Report): Iterable<string> {
  const { findings, summary } = checkupOf(report);
  yield `## ${markup(summaryText(summary))}\n`;
  if (findings.length === 0) return;
  yield '\n| severity | finding | what is wrong | unsafe | first |\n| --- | --- | --- | ---: | --- |\n';
  for (const finding of findings) {
    const cells = [
      finding.severity,
      finding.id,
      finding.detail,
      unsafeAmount(finding) ?? '',
      firstText(finding.first)?.replace(/^first: /, '') ?? '',
    ];
    yield `| ${cells.map(markup).join(' | ')} |\n`;
  }
  yield '\n### What to change\n\n';
  for (const { id, fixes } of findings) {
    if (fixes.length === 0) continue;
    yield `- **${markup(id)}**\n`;
    for (const { applies_to: who, text, code, source } of fixes) {
      const line = code === null ? '' : ` ${inlineCode(code)}`;
      yield `  - ${markup(safeText(`${who}: ${text}`))}${line}${source === null ? '' : ` (<${source}>)`}\n`;
    }
  }
}

/** Code in a line of Markdown: fenced by more backticks than it holds. */
function inlineCode(code: string): string {
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${longest > 0 ? ` ${safeText(code)} ` : safeText(code)}${fence}`;
}

const checkupOf = (report: Report): Checkup => report.body as Checkup;

function summaryText(summary: Checkup['summary']): string {
  const { errors, warnings, infos, checks, spans, traces, calls, cost_usd: cost } = summary;
  const of = `${things(spans, 'span')} of ${things(traces, 'trace')}, ${things(calls, 'call')}, ${formatMoney(cost, 'call')}`;
  if (errors + warnings + infos === 0) return `nothing is missing: ${checks} checks on ${of}`;
  const found = [
    errors === 0 ? [] : [things(errors, 'error')],
    warnings === 0 ? [] : [things(warnings, 'warning')],
    infos === 0 ? [] : [things(infos, 'note')],
  ].flat();
  return `${found.join(', ')} in ${of}`;
}

function unsafeText(finding: Finding): string | undefined {
  const amount = unsafeAmount(finding);
  return amount === undefined ? undefined : `unsafe: ${amount}`;
}

/** `≥ $0.2260 (71%)`, or which part of the calls where the amount is what is missing. */
function unsafeAmount({
  cost_usd: cost,
  cost_share: share,
  calls,
  calls_share: ofCalls,
}: Finding): string | undefined {
  if (cost.pico === undefined)
    return calls === 0 ? 'an unknown amount' : `an unknown amount, ${formatShare(ofCalls)} of the calls`;
  if (cost.pico === 0n && cost.lowerBound !== true) return undefined;
  return `${formatMoney(cost, 'call')}${share === null ? '' : `, ${formatShare(share)} of the total`}`;
}

function firstText(first: FoundAt | null): string | undefined {
  if (first === null) return undefined;
  const place =
    first.source === null ? [] : [first.line === null ? first.source : `${first.source}:${first.line}`];
  const span = [first.step, first.span_id].filter((part) => part !== null).join(' ');
  return safeText(`first: ${[...(span === '' ? [] : [span]), ...place].join(' at ')}`);
}

const things = (count: number, name: string): string =>
  `${formatCount(count)} ${name}${count === 1 ? '' : 's'}`;
