import type { DetachedView, PathSummary, TailView, TraceView } from '../model/index.ts';
import { formatCount, formatDuration, formatMoney, formatShare } from './format.ts';
import type { RenderOptions } from './options.ts';
import type { Paint } from './paint.ts';
import { cellWidth, cutEnd, cutMiddle } from './text.ts';
import { isSingle, shortStep } from './tree-parts.ts';

/** How the run could be faster, what that has to do with its cost, and what was not waited for; nothing of a run of one span. */
export function* pathLines(trace: TraceView, { width }: RenderOptions, paints: Paint): Iterable<string> {
  const { summary, bottleneck } = trace;
  if (isSingle(trace)) return;
  if (summary !== null && bottleneck !== null) {
    yield* sentence(trace, summary, bottleneck, width, paints.yellow('◆'));
  }
  const facts = [
    ...(summary === null ? [] : [...spendFact(trace, summary), ...offPathFact(summary)]),
    ...tailFact(trace.async_tails),
    ...detachedFact(trace.detached),
  ];
  for (const fact of facts) {
    yield `${paints.dim(`  ${width === undefined ? fact : cutEnd(fact, Math.max(1, width - 2))}`)}\n`;
  }
}

function* sentence(
  trace: TraceView,
  summary: PathSummary,
  bottleneck: NonNullable<TraceView['bottleneck']>,
  width: number | undefined,
  mark: string,
): Iterable<string> {
  const path = `critical path ${formatDuration(summary.critical_ms.nanos)}${doubt(trace, summary)}`;
  const name = shortStep(bottleneck.name);
  const share = `${formatDuration(summary.bottleneck_ms.nanos)}, ${formatShare(bottleneck.share)}`;
  const told = (shown: string): string => `Bottleneck: ${shown} (${share}); ${effect(trace, summary)}`;
  if (width === undefined || 2 + path.length + 3 + cellWidth(told(name)) <= width) {
    yield `${mark} ${path}   ${told(name)}\n`;
    return;
  }
  const room = width - 2;
  const shown = cutMiddle(name, Math.max(8, room - told('').length));
  yield `${mark} ${cutEnd(path, room)}\n  ${cutEnd(told(shown), room)}\n`;
}

function doubt({ duration_ms: run }: TraceView, { uncertain_ms: uncertain }: PathSummary): string {
  const nanos = uncertain.nanos ?? 0;
  return nanos === 0 || nanos * 100 < (run.nanos ?? 0)
    ? ''
    : ` (${formatDuration(nanos)} uncertain: steps overlap)`;
}

function effect({ duration_ms: run }: TraceView, { removable_ms: removable }: PathSummary): string {
  const left = formatDuration((run.nanos ?? 0) - (removable.nanos ?? 0));
  return left === formatDuration(run.nanos)
    ? 'without it the run would take as long: other steps run beside it'
    : `without it the run would take ${left}`;
}

/** Nothing where nothing is known to have been spent. */
function spendFact({ cost_usd: cost }: TraceView, summary: PathSummary): string[] {
  const { critical_cost_usd: on, other_cost_usd: off } = summary;
  if (cost.pico === undefined || cost.pico === 0n) return [];
  const whole = formatMoney(cost, 'call');
  if (off.pico === 0n && off.lowerBound !== true) return [`all of the ${whole} was spent on the path`];
  if (on.pico === 0n && on.lowerBound !== true) return [`none of the ${whole} was spent on the path`];
  const share = formatShare(Number(on.pico ?? 0n) / Number(cost.pico));
  const beside = off.pico === undefined ? 'calls without a price' : formatMoney(off, 'call');
  return [`${formatMoney(on, 'call')} of ${whole} was spent on the path (${share}), ${beside} beside it`];
}

function offPathFact({ async_ms: beside, idle_ms: idle }: PathSummary): string[] {
  const parts = [
    ...((beside.nanos ?? 0) > 0 ? [`${formatDuration(beside.nanos)} of spans that no root waited for`] : []),
    ...((idle.nanos ?? 0) > 0 ? [`${formatDuration(idle.nanos)} in which nothing ran`] : []),
  ];
  return parts.length === 0 ? [] : [`not on the path: ${parts.join(', and ')}`];
}

const NAMED = 3;

function tailFact(tails: Iterable<TailView>): string[] {
  let count = 0;
  const longest: TailView[] = [];
  const past = ({ after_parent_ms: after }: TailView): number => after.nanos ?? 0;
  for (const tail of tails) {
    count++;
    const at = longest.findIndex((other) => past(other) < past(tail));
    if (at < 0) longest.push(tail);
    else longest.splice(at, 0, tail);
    if (longest.length > NAMED) longest.pop();
  }
  if (count === 0) return [];
  const named = longest.map((tail) => `${shortStep(tail.name)} by ${formatDuration(past(tail))}`);
  const rest = count > NAMED ? ', …' : '';
  return [
    `${count === 1 ? '1 span' : `${formatCount(count)} spans`} outlived ${count === 1 ? 'its parent' : 'their parents'}: ${named.join(', ')}${rest}`,
  ];
}

const REASONS: Readonly<Record<DetachedView['reason'], string>> = {
  after_parent: 'began after the parent had ended',
  before_parent: 'ended before the parent began',
  handed_over: 'handed over',
  parent_missing: 'parent missing',
};

function detachedFact(detached: Iterable<DetachedView>): string[] {
  const counts = new Map<DetachedView['reason'], number>();
  let total = 0;
  for (const { reason } of detached) {
    total++;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (total === 0) return [];
  const parts = [...counts].map(
    ([reason, count]) => `${counts.size === 1 ? '' : `${formatCount(count)} `}${REASONS[reason]}`,
  );
  return [
    `${total === 1 ? '1 span was' : `${formatCount(total)} spans were`} not waited for: ${parts.join(', ')}`,
  ];
}
