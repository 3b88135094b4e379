import { type CostStatus, type Money, type SpanView, usd } from '../model/index.ts';
import { formatDuration, formatMoney, formatShare, formatTokens } from './format.ts';
import type { Colour } from './paint.ts';
import { safeText } from './text.ts';
import type { Part } from './tree-tail.ts';

/** What a line calls its span; kinds that the name says itself are not repeated. */
export function spanLabel(span: SpanView): string {
  const { kind, name, step } = span;
  if (step === `${kind} `) return `${kind} (unnamed)`;
  if (kind === 'tool' || kind === 'llm') return safeText(step);
  const saysKind =
    kind === 'other' ||
    name
      .slice(0, 200)
      .toLowerCase()
      .split(/[^a-z]+/)
      .includes(kind);
  return safeText(saysKind ? name : step);
}

/** Money, tokens, outcome and marks of a span, or of several told in one line, in the order they are read. */
export function spanParts(spans: readonly SpanView[], runNanos: number): Part[] {
  const span = spans[0]!;
  const parts = [...moneyParts(spans), ...tokenParts(spans)];
  if (spans.length > 1) parts.push(rangePart(spans));
  if (span.attempt !== null && span.attempt > 1) parts.push({ text: `attempt ${span.attempt}`, yields: 3 });
  parts.push(...timeParts(span, runNanos), ...outcomeParts(span), ...pathParts(spans, runNanos));
  return parts;
}

const hasBelow = (span: SpanView): boolean => span.children.length > 0 || span.hidden > 0;

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
    parts.push({ text: `(Σ ${text})`, yields: 5, colour: 'green', close: own !== '' });
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
  return status.startsWith('unpriced') ? 'yellow' : 'dim';
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
  const plain = `${input} · ${output}`;
  if (cached === 0) return [{ text: plain, yields: 4, colour: 'dim' }];
  return [
    { text: `${input} (${formatTokens(cached)} cached) · ${output}`, short: plain, yields: 4, colour: 'dim' },
  ];
}

function rangePart(spans: readonly SpanView[]): Part {
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (const { duration_ms: duration } of spans) {
    shortest = Math.min(shortest, duration.nanos ?? 0);
    longest = Math.max(longest, duration.nanos ?? 0);
  }
  const range = [...new Set([formatDuration(shortest), formatDuration(longest)])];
  return { text: `${range.join('–')} each`, yields: 7, colour: 'dim' };
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

function timeParts(span: SpanView, runNanos: number): Part[] {
  const parts: Part[] = [];
  const own = span.self_ms.nanos ?? 0;
  if (hasBelow(span) && own > 0 && own * 100 >= runNanos) {
    parts.push({ text: `own ${formatDuration(own)}`, yields: 7, colour: 'dim' });
  }
  if (span.start.at === undefined) parts.push({ text: '(no time)', yields: 3, colour: 'dim' });
  else if (span.duration_ms.nanos === undefined)
    parts.push({ text: '… still open', yields: 0, colour: 'yellow' });
  if (span.overrun_ms !== undefined) {
    const past = formatDuration(span.overrun_ms.nanos);
    parts.push({ text: `runs ${past} past its parent`, short: `+${past}`, yields: 6, colour: 'dim' });
  }
  return parts;
}

/** `◆` is on the critical path; the slowest step says how much of the run is its own. */
function pathParts(spans: readonly SpanView[], runNanos: number): Part[] {
  const span = spans[0]!;
  const critical = spans.reduce((nanos, { critical_ms }) => nanos + (critical_ms.nanos ?? 0), 0);
  if (critical === 0) return [];
  const mark: Part = { text: '◆', yields: 0, colour: 'yellow', close: hasOutcome(span) };
  if (!span.bottleneck) return [mark];
  const share = formatShare(critical / runNanos);
  return [{ ...mark, text: `◆ SLOW  ${share} of the run`, short: `◆ SLOW ${share}`, yields: 2 }];
}
