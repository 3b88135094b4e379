import type { Column, Report, WasteAnswer, WasteLimit } from '../model/index.ts';
import { formatCount, formatDuration, formatMoney, formatShare, formatTokens } from './format.ts';
import type { RenderOptions } from './options.ts';
import { renderSections, type Section, sectionsMarkdown } from './sections.ts';

/** What each kind of waste comes to, then the worst findings, then what to do. */
export function asText(report: Report, options: RenderOptions): Iterable<string> {
  return renderSections(sectionsOf(report), options);
}

/** The same as Markdown. */
export function asMarkdown(report: Report, options: Pick<RenderOptions, 'zone'>): Iterable<string> {
  return sectionsMarkdown(sectionsOf(report), options);
}

type Body = WasteAnswer['waste'];
type Line = Section['below'][number];

function sectionsOf({ body, table }: Report): readonly Section[] {
  const { waste } = body as WasteAnswer;
  if (waste.runs === 0) return [];
  const sums = {
    title: `Waste in ${count(waste.runs, 'run')}: ${spendText(waste)}, ${formatDuration(waste.run_ms.nanos)}`,
    columns: SUMS,
    rows: waste.by_kind.map((sum) => ({ ...sum, kind: words(sum.kind) })),
    ...(waste.by_kind.length > 1 ? { total: waste.total } : {}),
    below:
      waste.findings.length === 0
        ? [{ text: 'nothing found that is waste for certain' }, ...doubts(waste), ...limitLines(waste)]
        : [],
  };
  if (waste.findings.length === 0) return [sums];
  const findings = {
    title:
      waste.more_findings === 0
        ? 'The worst first'
        : `The worst ${formatCount(waste.findings.length)} of ${count(waste.total.findings, 'finding')}`,
    columns: table.columns.map((column) =>
      column.name === 'text' ? SAID : column.name === 'wasted_calls' ? { ...column, droppable: 6 } : column,
    ),
    rows: waste.findings.map((finding) => ({ ...finding, kind: words(finding.kind) })),
    below: [...doubts(waste), ...verdictLine(waste), ...limitLines(waste)],
  };
  return [sums, findings];
}

const words = (kind: string): string => kind.replaceAll('_', ' ');
const count = (number: number, what: string): string =>
  `${formatCount(number)} ${what}${number === 1 ? '' : 's'}`;
const spendText = ({ spend_usd }: Body): string =>
  spend_usd.pico === undefined ? 'no call has a price' : formatMoney(spend_usd, 'call');

const SAID: Column = { path: ['text'], name: 'help', label: 'what happened', show: 'text' };
const SUMS: readonly Column[] = [
  { path: ['kind'], name: 'kind', label: 'waste', show: 'text' },
  { path: ['findings'], name: 'findings', label: 'findings', show: 'count' },
  { path: ['cost_usd'], name: 'cost_usd', label: 'cost', show: 'money' },
  { path: ['share'], name: 'share', label: 'of cost', show: 'share' },
  { path: ['wasted_ms'], name: 'wasted_ms', label: 'time', show: 'duration' },
  { path: ['time_share'], name: 'time_share', label: 'of time', show: 'share' },
];

/** What nobody can tell, and how the cache did. */
function doubts({ undecided_calls, cache }: Body): readonly Line[] {
  const lines: Line[] = [];
  if (undecided_calls > 0) {
    lines.push({
      text: `cannot tell: ${count(undecided_calls, 'call')} of a tool in a row whose arguments or results are not in the telemetry`,
    });
  }
  if (cache.hit_ratio !== null) {
    lines.push({
      text: `prompt cache: ${formatShare(cache.hit_ratio)} of ${formatTokens(cache.repeated_tokens)} repeated tokens were read from it`,
    });
  }
  if (cache.unproven_calls > 0) {
    lines.push({
      text: `cannot tell: ${count(cache.unproven_calls, 'call')} seem to send again what did not come from the cache; their prompts are not in the telemetry`,
    });
  }
  if (cache.untold_calls > 0) {
    lines.push({
      text: `cannot tell: ${count(cache.untold_calls, 'call')} of models of which the telemetry names no cached tokens`,
    });
  }
  return lines;
}

function verdictLine({ verdict }: Body): readonly Line[] {
  if (verdict === null) return [];
  const { kind, step, findings, cost_usd, wasted_ms, advice } = verdict;
  const costs = cost_usd.pico === undefined || cost_usd.pico === 0n ? [] : [formatMoney(cost_usd, 'call')];
  const times = wasted_ms.nanos === undefined ? [] : [formatDuration(wasted_ms.nanos)];
  const amounts = [...costs, ...times].join(', ');
  const times_ = findings === 1 ? '' : `, ${formatCount(findings)} times`;
  return [
    { text: `◆ Most of it: ${words(kind)} of ${step}${times_} (${amounts || 'cost unknown'}). ${advice}` },
  ];
}

function limitLines({ limits }: Body): readonly Line[] {
  return limits.map((limit) => {
    if (limit.holds === null) return { text: `? ${limit.expression}: cannot tell`, tone: 'bad' };
    const value = `it is ${valueText(limit)}`;
    return limit.holds
      ? { text: `✖ ${limit.expression}: ${value}`, tone: 'bad' }
      : { text: `✔ not ${limit.expression}: ${value}`, tone: 'good' };
  });
}

function valueText({ value, unit }: WasteLimit): string {
  if (value === null) return 'unknown';
  if (unit === 'share') return formatShare(value);
  if (unit === 'usd') return formatMoney({ unit: 'usd', pico: BigInt(Math.round(value * 1e12)) }, 'call');
  return unit === 'seconds' ? formatDuration(Math.round(value * 1e9)) : formatCount(value);
}
