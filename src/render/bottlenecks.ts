import type {
  Bottlenecks,
  Column,
  Report,
  SlowStep,
  StepLimit,
  StepName,
  StepVerdict,
  Value,
} from '../model/index.ts';
import { formatCount, formatDuration, formatMoney, formatShare, UNKNOWN } from './format.ts';
import { renderMarkdown } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { renderTable } from './table.ts';
import { cellWidth, safeText } from './text.ts';
import { shortStep } from './tree-parts.ts';
import { wrapped } from './wrap.ts';

/** Steps as a table, what the others come to, and what to do about it. */
export function* asText(report: Report, options: RenderOptions): Iterable<string> {
  const { above, below } = linesAround(bottlenecksOf(report));
  const fitted = (lines: readonly string[]): string[] =>
    lines.flatMap((line) => wrapped(safeText(line), options.width, '  '));
  const around = { above: fitted(above), below: fitted(below) };
  const room = options.width === undefined ? Number.POSITIVE_INFINITY : Math.max(30, options.width * 0.3);
  yield* renderTable({ ...forPeople(report, room), around }, options);
}

/** The same as Markdown. */
export function* asMarkdown(report: Report, options: Pick<RenderOptions, 'zone'>): Iterable<string> {
  const { above, below } = linesAround(bottlenecksOf(report));
  // A line right below a table would be a row of it.
  const apart = below[0] === '' ? below : ['', ...below];
  yield* renderMarkdown({ ...forPeople(report), around: { above, below: apart } }, options);
}

const bottlenecksOf = (report: Report): Bottlenecks => report.body as Bottlenecks;

const SLOW: Column = { path: ['slow_text'], name: 'slow', label: 'slow', show: 'text', droppable: 2 };

/** Rows with their paths as trees call them, and with a word on what makes them slow. */
function forPeople(report: Report, room = Number.POSITIVE_INFINITY): Report {
  const { rows, total } = bottlenecksOf(report);
  const shown: Value[] = rows.map((row) => ({
    ...row,
    step: labelOf(row, false, room),
    slow_text: row.slow === null ? null : slowText(row.slow),
  }));
  const { page: _page, table, ...rest } = report;
  const columns = [...table.columns, ...(rows.some(({ slow }) => slow !== null) ? [SLOW] : [])];
  return { ...rest, body: { rows: shown, total }, table: { ...table, columns } };
}

function linesAround(body: Bottlenecks): { above: string[]; below: string[] } {
  const { rows, others, total, verdict, by, limits = [] } = body;
  if (rows.length === 0) return { above: [], below: limits.map(limitText) };
  const below: string[] = [];
  if (others.rows > 0) {
    const more = `${formatCount(others.rows)} more ${by}${others.rows === 1 ? '' : 's'}`;
    const { critical_share: share } = others;
    below.push(
      `(${more}: ${share === null ? UNKNOWN : formatShare(share)}, ${formatMoney(others.cost_usd, 'call')})`,
    );
  }
  below.push('', ...doubts(body), ...spending(total), ...limits.map(limitText));
  if (verdict !== null) below.push(`◆ ${sentence(verdict, total.traces)}`);
  return { above: [`${runsText(total)}${followed(body)}`, ''], below };
}

/** How many runs there are and how long they took; some or all may not tell. */
function runsText({
  traces,
  timed_traces: timed,
  duration_ms: all,
  per_run: each,
}: Bottlenecks['total']): string {
  const runs = `${formatCount(traces)} ${traces === 1 ? 'run' : 'runs'}`;
  if (timed === 0)
    return `${runs}; there are no times in the input, so what decides how long they take is not known`;
  const untold = traces === timed ? '' : `; ${formatCount(traces - timed)} of them without times`;
  if (timed === 1) return `${runs}, ${formatDuration(all.nanos)}${untold}`;
  return `${runs}, ${formatDuration(each.duration_ms.nanos)} each, ${formatDuration(all.nanos)} together${untold}`;
}

/** Paths of runs with gaps, or of filtered spans, do not add up to the runs. */
function followed({ total }: Bottlenecks): string {
  if (total.critical_share === null || total.critical_share > 0.995 || total.duration_ms.nanos === 0)
    return '';
  return `; these rows decide ${formatDuration(total.critical_ms.nanos)} of it (${formatShare(total.critical_share)})`;
}

function doubts({ total }: Bottlenecks): string[] {
  const [uncertain, all] = [total.uncertain_ms.nanos ?? 0, total.duration_ms.nanos ?? 0];
  if (uncertain === 0 || uncertain * 100 < all) return [];
  return [
    `uncertain: ${formatDuration(uncertain)} (${formatShare(uncertain / all)}), where steps overlap and nothing tells which one was waited for`,
  ];
}

function spending(total: Bottlenecks['total']): string[] {
  const { cost_usd: all, critical_cost_usd: on, other_cost_usd: off } = total;
  if (all.pico === undefined || (all.pico === 0n && all.lowerBound !== true)) return [];
  const [spent, there, beside] = [all, on, off].map((money) => formatMoney(money, 'call'));
  return [`spent: ${spent}; ${there} on the critical path, ${beside} beside it`];
}

function sentence(verdict: StepVerdict, runs: number): string {
  const { critical_share: share, run_ms: run, without_ms: without, slow, saves_more: better } = verdict;
  const [one, they] = runs === 1 ? ['the run', 'the run'] : ['the time of a run', 'runs'];
  const whole = formatDuration(run.nanos);
  const left = formatDuration(without.nanos);
  const effect =
    left === whole
      ? `without it ${they} would take as long, other steps run beside it`
      : `without it ${they} would take ${left} instead of ${whole}`;
  const parts = [`${labelOf(verdict, true)} decides ${formatShare(share)} of ${one}: ${effect}`];
  if (better !== null) {
    parts.push(`without ${labelOf(better, true)} ${formatDuration(better.without_ms.nanos)}`);
  }
  if (slow?.rule === 'history') parts.push(`it took ${historyText(slow, runs)}`);
  return parts.join('; ');
}

function historyText({ worst, usual_ms: usual, traces, compared_traces: of }: History, runs: number): string {
  const much =
    worst.factor === null
      ? `${formatDuration(worst.self_ms.nanos)} instead of ${formatDuration(usual.nanos)}`
      : `${times(worst.factor)} as long as usual`;
  // Of a single run there is nothing to say where to look.
  if (runs === 1) return much;
  const where = `in ${formatCount(traces)} of ${formatCount(of)} runs: trace ${worst.trace_id}`;
  return `${traces > 1 ? 'up to ' : ''}${much} ${where}`;
}

function limitText({ expression, step, holds, value, unit }: StepLimit): string {
  if (value === null) return `? ${expression}: cannot tell`;
  const told =
    unit === 'share'
      ? formatShare(value)
      : unit === 'count'
        ? formatCount(value)
        : formatDuration(value * 1e9);
  return `${holds === true ? '✖' : '✔ not'} ${expression}: it is ${told} (${step})`;
}

type History = Extract<SlowStep, { rule: 'history' }>;

function slowText(slow: SlowStep): string {
  if (slow.rule === 'share') return '◆ by share';
  const { worst, traces, compared_traces: of } = slow;
  const much = worst.factor === null ? formatDuration(worst.self_ms.nanos) : times(worst.factor);
  if (of > 1) return `◆ ${much} in ${formatCount(traces)}/${formatCount(of)} runs`;
  return worst.factor === null ? `◆ ${much}` : `◆ ${much} the usual`;
}

const times = (factor: number): string => `${factor < 9.95 ? factor.toFixed(1) : factor.toFixed(0)}×`;

/**
 * A row by its step; a path by steps as short as trees have them, from the end as far as there is room: what paths begin
 * with is mostly the same.
 */
function labelOf({ step, path }: StepName, short = false, room = Number.POSITIVE_INFINITY): string {
  if (path === undefined) return short ? shortStep(step) : step;
  const steps = path.map((one) => (one.startsWith('tool ') && !short ? one : shortStep(one)));
  let label = steps.at(-1) ?? '';
  for (let i = steps.length - 2; i >= 0; i--) {
    const longer = `${steps[i]}${ARROW}${label}`;
    if (cellWidth(longer) > room - (i === 0 ? 0 : ELLIPSIS.length)) return ELLIPSIS + label;
    label = longer;
  }
  return label;
}

const ARROW = ' › ';
const ELLIPSIS = `…${ARROW}`;
