import type { DiffHead, Money, TraceDiff } from '../model/index.ts';
import { TERM_NAMES } from './diff-terms.ts';
import { formatCount, formatDuration, formatShare, formatUsd } from './format.ts';

/** What a person makes of a comparison, in neutral words, a line each: how far to trust it, money, time, failures. */
export function sentences(diff: TraceDiff): readonly string[] {
  const { matched, summary } = diff;
  if (diff.a.spans === 0 || diff.b.spans === 0) return [];
  const said = [costSentence(diff), timeSentence(diff), failureSentence(diff)].filter((one) => one !== '');
  const doubt =
    matched.share < DOUBTFUL
      ? `Only ${formatShare(matched.share)} of the spans could be compared: A and B do different things.`
      : '';
  const { same, ...changes } = counts(summary);
  const changed = Object.values(changes).reduce((sum, count) => sum + count, 0);
  const unknown = [unknownCost(diff), unknownTime(diff)].filter((one) => one !== '');
  if (said.length === 0) said.push(changed === 0 ? sameSentence(same, unknown) : asBefore(diff, changed));
  return [doubt, ...said, ...unknown].filter((one) => one !== '');
}

function sameSentence(steps: number, unknown: readonly string[]): string {
  const what = unknown.length === 0 ? '' : ' in what is known';
  return `A and B do the same: ${formatCount(steps)} ${steps === 1 ? 'step, which does not differ' : 'steps, none of which differs'} by more than the tolerance${what}.`;
}

/** Only what is known of both sides is as before. */
function asBefore({ a, b }: TraceDiff, changed: number): string {
  const same = [
    ...(isWhole(a.cost_usd) && isWhole(b.cost_usd) ? ['cost'] : []),
    ...(a.duration_ms.nanos === undefined || b.duration_ms.nanos === undefined ? [] : ['duration']),
  ].join(' and ');
  const steps = `${formatCount(changed)} ${changed === 1 ? 'step differs' : 'steps differ'}`;
  if (same === '') return `${steps}.`;
  return `${same[0]!.toUpperCase()}${same.slice(1)} ${same.includes(' ') ? 'are' : 'is'} as before; ${steps}.`;
}

const isWhole = ({ pico, lowerBound }: Money): boolean => pico !== undefined && lowerBound !== true;

/** Why costs cannot be compared, or not to the end. */
function unknownCost({ a, b }: TraceDiff): string {
  const without = (
    [
      ['A', a],
      ['B', b],
    ] as const
  ).filter(([, { cost_usd: cost }]) => cost.pico === undefined);
  if (without.length > 0) {
    return `Costs cannot be compared: no call of ${without.map(([side]) => side).join(' or ')} has a price.`;
  }
  if (isWhole(a.cost_usd) && isWhole(b.cost_usd)) return '';
  const open = (
    [
      ['A', a],
      ['B', b],
    ] as const
  ).filter(([, { unpriced_calls: calls }]) => calls > 0);
  const sides = open.map(([side, { unpriced_calls: calls }]) => `${things(calls)} of ${side}`).join(' and ');
  const one = open.length === 1 && open[0]![1].unpriced_calls === 1;
  return `${open.length === 1 ? `The cost of ${open[0]![0]} is a lower bound` : 'Both costs are lower bounds'}: ${sides} ${one ? 'has' : 'have'} no price.`;
}

function unknownTime({ a, b }: TraceDiff): string {
  const without = (
    [
      ['A', a],
      ['B', b],
    ] as const
  ).filter(([, { duration_ms: time }]) => time.nanos === undefined);
  if (without.length === 0) return '';
  return `Durations cannot be compared: ${without.length === 2 ? 'neither side tells' : `${without[0]![0]} does not tell`} how long it took.`;
}

const things = (calls: number): string => `${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'}`;

/** Less than half is no comparison. */
const DOUBTFUL = 0.5;

function counts({ added, removed, repeated, moved, changed, same }: TraceDiff['summary']) {
  return { added, removed, repeated, moved, changed, same };
}

function costSentence({ a, b, cost_change: change, summary, tolerance, steps }: TraceDiff): string {
  if (a.cost_usd.pico === undefined || b.cost_usd.pico === undefined) return '';
  const several = a.traces > 1 || b.traces > 1;
  const before = perRun(a);
  const total = perRun(b) - before;
  const amount = total < 0n ? -total : total;
  const less = total < 0n ? before + total : before;
  if (amount <= LEAST || Number(amount) <= tolerance.cost_share * Number(less)) return '';
  const { term, cost } = summary.largest;
  const { subject, least } = bounded(total > 0n, a.cost_usd, b.cost_usd, several);
  const share = total < 0n && !isWhole(a.cost_usd) ? '' : percent(before, total);
  const how = `${subject} costs ${least}${formatUsd(amount, 'call')} ${total > 0n ? 'more' : 'less'}${share}`;
  const name = term === null ? '' : (TERM_NAMES.get(term.name) ?? term.name);
  const alone = change.terms.every(({ name, usd }) => name === term?.name || usd.pico === 0n);
  const part = term?.usd.pico === undefined || several ? '' : ` (${signed(term.usd.pico)})`;
  const why =
    term === null ? '' : alone ? `, because of ${name} alone` : `, mostly because of ${name}${part}`;
  const row = cost === null ? undefined : steps.find(({ path }) => isSame(path, cost.path));
  const often =
    row?.change === 'repeated' && row.a !== null && row.b !== null
      ? `, called ${times(row.b.calls_per_run)}, was ${times(row.a.calls_per_run)}`
      : row?.change === 'added' || row?.change === 'removed'
        ? `, ${row.change}`
        : '';
  const where = cost === null ? '' : `; most in ${cost.path.at(-1)} (${signed(cost.usd.pico ?? 0n)}${often})`;
  return `${how}${why}${where}.`;
}

/**
 * A difference of lower bounds holds as one where what is not known could only add to it; otherwise it is one of the calls
 * that have a price.
 */
function bounded(more: boolean, a: Money, b: Money, several: boolean): { subject: string; least: string } {
  const subject = several ? 'A run of B' : 'B';
  const [sure, open] = more ? [a, b] : [b, a];
  if (isWhole(sure)) return { subject, least: isWhole(open) ? '' : 'at least ' };
  return { subject: `What has a price in ${several ? 'a run of B' : 'B'}`, least: '' };
}

const perRun = ({ cost_usd: cost, traces }: DiffHead): bigint =>
  (cost.pico ?? 0n) / BigInt(Math.max(1, traces));

const isSame = (path: readonly string[], other: readonly string[]): boolean =>
  path.length === other.length && path.every((step, i) => step === other[i]);

/** Picodollars: a microdollar. */
const LEAST = 1_000_000n;

const times = (count: number): string => `${Number(count.toFixed(2))}×`;

const signed = (pico: bigint): string => `${pico > 0n ? '+' : ''}${formatUsd(pico, 'call')}`;

function percent(before: bigint, change: bigint): string {
  if (before === 0n) return '';
  const share = Number(change) / Number(before);
  return ` (${share > 0 ? '+' : '-'}${formatShare(Math.abs(share))})`;
}

function timeSentence({ a, b, summary, tolerance }: TraceDiff): string {
  const [before, after] = [a.duration_ms.nanos, b.duration_ms.nanos];
  if (before === undefined || after === undefined) return '';
  const change = after - before;
  const least = tolerance.duration_ms.nanos ?? 0;
  if (Math.abs(change) <= least || Math.abs(change) <= tolerance.duration_share * Math.min(before, after))
    return '';
  const { time } = summary.largest;
  const share = before === 0 ? '' : ` (${change > 0 ? '+' : '-'}${formatShare(Math.abs(change / before))})`;
  const who = a.traces > 1 || b.traces > 1 ? 'A run of B' : 'B';
  const how = `${who} takes ${formatDuration(Math.abs(change))} ${change > 0 ? 'longer' : 'less'}${share}`;
  const part = time?.critical_ms.nanos;
  const where =
    time === null || part === undefined || part > 0 !== change > 0
      ? ''
      : `; most in ${time.path.at(-1)} (${part > 0 ? '+' : ''}${formatDuration(part)} on the critical path)`;
  return `${how}${where}.`;
}

function failureSentence({ a, b, summary: { largest } }: TraceDiff): string {
  if (a.errors === b.errors && largest.fails === null && largest.recovers === null) return '';
  const named = (one: NonNullable<typeof largest.fails>): string =>
    `${one.path.at(-1)}${one.error === null ? '' : ` (${one.error})`}`;
  const more = largest.fails === null ? [] : [`more failures in ${named(largest.fails)}`];
  const fewer = largest.recovers === null ? [] : [`fewer in ${named(largest.recovers)}`];
  const where = [...more, ...fewer].join(', ');
  return `Failed spans: ${formatCount(b.errors)} (was ${formatCount(a.errors)})${where === '' ? '' : `; ${where}`}.`;
}
