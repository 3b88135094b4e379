import type { DiffHead, TraceDiff } from '../model/index.ts';
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
  if (said.length === 0) {
    said.push(
      changed === 0
        ? `A and B do the same: ${formatCount(same)} steps, none of which differs by more than the tolerance.`
        : `Cost and duration are as before; ${formatCount(changed)} ${changed === 1 ? 'step differs' : 'steps differ'}.`,
    );
  }
  return [doubt, ...said].filter((one) => one !== '');
}

/** Less than half is no comparison. */
const DOUBTFUL = 0.5;

function counts({ added, removed, repeated, moved, changed, same }: TraceDiff['summary']) {
  return { added, removed, repeated, moved, changed, same };
}

function costSentence({ a, b, cost_change: change, summary, tolerance, steps }: TraceDiff): string {
  const several = a.traces > 1 || b.traces > 1;
  const before = perRun(a);
  const total = perRun(b) - before;
  const amount = total < 0n ? -total : total;
  const less = total < 0n ? before + total : before;
  if (amount <= LEAST || Number(amount) <= tolerance.cost_share * Number(less)) return '';
  const { term, cost } = summary.largest;
  const how = `${several ? 'A run of B' : 'B'} costs ${formatUsd(amount, 'call')} ${total > 0n ? 'more' : 'less'}${percent(before, total)}`;
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
