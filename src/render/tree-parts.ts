import {
  type CostStatus,
  isUnpriced,
  type Money,
  type SpanView,
  type TraceView,
  usd,
} from '../model/index.ts';
import { formatDuration, formatMoney, formatShare, formatTokens } from './format.ts';
import type { Colour } from './paint.ts';
import { safeText } from './text.ts';
import type { Part } from './tree-tail.ts';

/** What a line calls its span. */
export function spanLabel({ kind, step }: SpanView): string {
  if (step === `${kind} `) return `${kind} (unnamed)`;
  return kind === 'tool' ? safeText(step) : shortStep(step);
}

/** A step without its kind where the name says it already or nobody misses it: `agent.run`, `install`. */
export function shortStep(step: string): string {
  const space = step.indexOf(' ');
  const kind = step.slice(0, space);
  const name = step.slice(space + 1);
  const words = name
    .slice(0, 200)
    .toLowerCase()
    .split(/[^a-z]+/);
  const said = kind === 'tool' || kind === 'other' || (kind !== 'llm' && words.includes(kind));
  return safeText(said && name !== '' ? name : step);
}

/** The run a span is part of; a `single` span has no path to be on. */
export type Run = { readonly nanos: number; readonly single: boolean };

/** A run of one span: there is nothing to compare it with. */
export function isSingle({ roots, hidden }: TraceView): boolean {
  return roots.length === 1 && !hasBelow(roots[0]!) && hidden === 0;
}

/** Money, tokens, outcome and marks of a span, or of several told in one line, in the order they are read. */
export function spanParts(spans: readonly SpanView[], run: Run): Part[] {
  const span = spans[0]!;
  const parts = [...moneyParts(spans), ...tokenParts(spans)];
  if (spans.length > 1) parts.push(rangePart(spans));
  if (span.attempt !== null && span.attempt > 1) parts.push({ text: `attempt ${span.attempt}`, yields: 2 });
  parts.push(...timeParts(span, run), ...outcomeParts(span), ...pathParts(spans, run));
  return parts;
}

/** There is more below a span, shown or not. */
export const hasBelow = (span: SpanView): boolean => span.children.length > 0 || span.hidden > 0;

function moneyParts(spans: readonly SpanView[]): Part[] {
  const span = spans[0]!;
  const own = ownCost(spans);
  const parts: Part[] = [];
  if (own !== '') parts.push({ text: own, yields: 0, colour: costColour(span.cost_status) });
  const { subtree_cost_usd: subtree, cost_usd: cost } = span;
  const nothing = subtree.pico === 0n && subtree.lowerBound !== true;
  const same = own !== '' && subtree.pico === cost.pico && subtree.lowerBound !== true;
  if (hasBelow(span) && !nothing && !same) {
    const text = subtree.pico === undefined ? 'n/a' : formatMoney(subtree, 'call');
    parts.push({ text: `(Σ ${text})`, yields: 4, colour: 'green', close: own !== '' });
  }
  return parts;
}

/** What the spans themselves cost; nothing where the money is told elsewhere (roll-ups) or none was spent. */
function ownCost(spans: readonly SpanView[]): string {
  switch (spans[0]!.cost_status) {
    case 'computed':
    case 'recorded':
      return `${spans.length > 1 ? 'Σ ' : ''}${formatMoney(sum(spans), 'call')}`;
    case 'free':
      return 'free';
    case 'not_billed':
      return 'not billed';
    case 'duplicate':
      return 'counted elsewhere';
    case 'rollup':
    case 'none':
      return '';
    default:
      return formatMoney(usd(undefined), 'call');
  }
}

function costColour(status: CostStatus): Colour {
  if (status === 'computed' || status === 'recorded') return 'green';
  return isUnpriced(status) ? 'yellow' : 'dim';
}

function sum(spans: readonly SpanView[]): Money {
  return usd(spans.reduce((total, { cost_usd }) => total + (cost_usd.pico ?? 0n), 0n));
}

/** Tokens of calls that count; roll-ups and repeated reports would only say the same again. */
function tokenParts(spans: readonly SpanView[]): Part[] {
  const { cost_status: status, input_tokens: reported } = spans[0]!;
  if (reported === null || status === 'rollup' || status === 'duplicate') return [];
  const total = (key: 'input_tokens' | 'output_tokens' | 'cache_read_tokens'): number =>
    spans.reduce((tokens, span) => tokens + (span[key] ?? 0), 0);
  const input = `${formatTokens(total('input_tokens'))} in`;
  const output = `${formatTokens(total('output_tokens'))} out`;
  const cached = total('cache_read_tokens');
  const short: Part = { text: `${input} · ${output}`, yields: 3, colour: 'dim' };
  if (cached === 0) return [short];
  return [{ ...short, text: `${input} (${formatTokens(cached)} cached) · ${output}`, yields: 6, short }];
}

function rangePart(spans: readonly SpanView[]): Part {
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (const { duration_ms: duration } of spans) {
    shortest = Math.min(shortest, duration.nanos ?? 0);
    longest = Math.max(longest, duration.nanos ?? 0);
  }
  const range = [...new Set([formatDuration(shortest), formatDuration(longest)])];
  return { text: `${range.join('–')} each`, yields: 8, colour: 'dim' };
}

/** Told to have gone well or not; a tool that ended without complaint has gone well. */
const hasOutcome = (span: SpanView): boolean =>
  span.failed || span.status === 'ok' || (span.kind === 'tool' && span.duration_ms.nanos !== undefined);

function outcomeParts(span: SpanView): Part[] {
  if (!span.failed) return hasOutcome(span) ? [{ text: '✔', yields: 0, colour: 'green' }] : [];
  const error = errorText(span);
  const mark: Part = { text: '✖', yields: 0, colour: 'red' };
  return error === ''
    ? [mark]
    : [mark, { text: error, yields: 1, colour: 'red', close: true, cuttable: true }];
}

function errorText({ error }: SpanView): string {
  const type = error?.type ?? '';
  const message = error?.message?.trim() ?? '';
  if (type === '' || message.startsWith(type)) return safeText(message);
  return safeText(message === '' ? type : `${type}: ${message}`);
}

function timeParts(span: SpanView, run: Run): Part[] {
  const parts: Part[] = [];
  const own = span.self_ms.nanos ?? 0;
  if (hasBelow(span) && own > 0 && own * 100 >= run.nanos) {
    parts.push({ text: `own ${formatDuration(own)}`, yields: 8, colour: 'dim' });
  }
  if (span.start.at === undefined) parts.push({ text: '(no time)', yields: 3, colour: 'dim' });
  else if (span.duration_ms.nanos === undefined)
    parts.push({ text: '… still open', yields: 0, colour: 'yellow' });
  if (span.overrun_ms !== undefined) {
    const past = formatDuration(span.overrun_ms.nanos);
    const short: Part = { text: `+${past}`, yields: 5, colour: 'dim' };
    parts.push({ ...short, text: `runs ${past} past its parent`, yields: 8, short });
  }
  return parts;
}

/** Of a step that takes its time in so many small pieces, no piece is slow: the line below the tree says it. */
const LEAST_SLOW = 0.01;

/** `◆` is on the critical path; the slowest step says how much of the run is its own. */
function pathParts(spans: readonly SpanView[], run: Run): Part[] {
  const span = spans[0]!;
  const critical = spans.reduce((nanos, { critical_ms }) => nanos + (critical_ms.nanos ?? 0), 0);
  if (critical === 0 || run.single) return [];
  const mark: Part = { text: '◆', yields: 0, colour: 'yellow', close: hasOutcome(span) };
  if (critical < run.nanos * LEAST_SLOW || !spans.some(({ bottleneck }) => bottleneck)) return [mark];
  const share = formatShare(critical / run.nanos);
  const short: Part = { ...mark, text: `◆ SLOW ${share}` };
  return [{ ...mark, text: `◆ SLOW  ${share} of the run`, yields: 7, short }];
}
