import type { TraceView } from '../model/index.ts';
import { formatCount, formatDuration, formatMoney, formatTime } from './format.ts';
import type { RenderOptions } from './options.ts';
import type { Paint } from './paint.ts';
import { cellWidth, cutEnd, cutMiddle, safeText } from './text.ts';

/** A run in one line above its tree; in more where the screen is narrow. */
export function headLines(trace: TraceView, { width, zone }: RenderOptions, paints: Paint): string {
  const whole = width === undefined;
  const name = safeText(trace.workflow ?? trace.root) || '(unnamed)';
  const user = trace.user === null ? '' : safeText(trace.user);
  const fields: [string, (text: string) => string][] = [
    [whole ? name : cutMiddle(name, Math.min(40, width)), paints.bold],
    [formatDuration(trace.duration_ms.nanos), (text) => text],
  ];
  if (trace.llm_calls > 0) fields.push([headCost(trace), paints.green]);
  fields.push([plural(trace.spans, 'span'), (text) => text]);
  if (trace.errors > 0) fields.push([plural(trace.errors, 'error'), paints.red]);
  if (user !== '') fields.push([`user ${whole ? user : shortId(user)}`, (text) => text]);
  if (trace.start.at !== undefined) fields.push([formatTime(trace.start.at, zone), (text) => text]);
  const id = safeText(trace.trace_id);
  fields.push([`trace ${whole ? id : shortId(id)}`, paints.dim]);
  return wrapped(fields, width);
}

/** Fields three apart; what does not fit goes on an indented line. */
function wrapped(
  fields: readonly (readonly [string, (text: string) => string])[],
  width: number | undefined,
): string {
  let text = '';
  let used = 0;
  for (const [field, colour] of fields) {
    const shown = width === undefined ? field : cutEnd(field, Math.max(1, width - 2));
    const cells = cellWidth(shown);
    if (used > 0 && width !== undefined && used + 3 + cells > width) {
      text += `\n  ${colour(shown)}`;
      used = 2 + cells;
    } else {
      text += (used === 0 ? '' : '   ') + colour(shown);
      used += cells + (used === 0 ? 0 : 3);
    }
  }
  return `${text}\n`;
}

function headCost({ cost_usd: cost, unpriced_calls: unpriced }: TraceView): string {
  const text = formatMoney(cost, 'call');
  return cost.pico === undefined || unpriced === 0 ? text : `${text} (${formatCount(unpriced)} unpriced)`;
}

const plural = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** The first digits of a long hexadecimal id or digest; ids that begin with zeros differ at the end and stay whole. */
export function shortId(id: string): string {
  if (/^[0-9a-f]{16,}$/.test(id) && !id.startsWith('00000000')) return `${id.slice(0, 8)}…`;
  return cutMiddle(id, 36);
}
