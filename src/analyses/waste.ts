import { isUnpriced, type Pico, shareOf, stepName } from '../model/index.ts';
import { findConversations } from './conversations.ts';
import { type CriticalPath, criticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';
import { timing } from './timing.ts';
import { chosenTraces } from './trace-list.ts';
import { failedBranches } from './waste-branches.ts';
import { byTrace, type CacheMiss, type CacheNumbers, cacheMisses } from './waste-cache.ts';
import { type Claim, Claims, covered, type Interval } from './waste-claims.ts';
import { type Suspect, WASTE_KINDS, type WasteKind, type WasteReason } from './waste-finding.ts';
import { loopsIn } from './waste-loops.ts';
import { retriesIn } from './waste-retries.ts';
import { sequencesOf } from './waste-steps.ts';

export type WasteFinding = {
  readonly kind: WasteKind;
  readonly reason: WasteReason;
  /** Of the forest. */
  readonly trace: number;
  readonly step: string;
  /** Positions of the wasted calls, in the order of time. */
  readonly spans: readonly number[];
  /** Calls of the pattern, those included that are not wasted. */
  readonly calls: number;
  /** Picodollars that no finding before counted; a lower bound where `unpriced` calls have no price. */
  readonly cost: bigint;
  readonly unpriced: number;
  /** Nanoseconds in which the wasted calls ran; undefined where the calls were needed and only cost more. */
  readonly nanos: number | undefined;
  readonly critical: number | undefined;
  /** Tokens that were not read from the cache. */
  readonly tokens: number | undefined;
  readonly text: string;
};

export type WasteSum = {
  readonly findings: number;
  readonly cost: bigint;
  readonly unpriced: number;
  /** Nanoseconds that the findings cover together, run by run; undefined where none of them has a time. */
  readonly nanos: number | undefined;
};

export type Waste = WasteSum & {
  readonly nanos: number;
  /** The dearest first, then the longest. */
  readonly all: readonly WasteFinding[];
  readonly byKind: Readonly<Record<WasteKind, WasteSum>>;
  /** What the chosen spans cost together, and how many calls of theirs have no price. */
  readonly spend: bigint;
  readonly spendUnpriced: number;
  /** Nanoseconds of all chosen runs. */
  readonly runNanos: number;
  readonly runs: number;
  /** From 0 to 1; undefined where calls were made and none has a price. */
  readonly share: number | undefined;
  /** Undefined where no run has a length. */
  readonly timeShare: number | undefined;
  /** Calls that look repeated, of which the telemetry does not tell arguments or results: neither waste nor not. */
  readonly undecided: number;
  readonly cache: CacheNumbers;
};

/**
 * What was paid and waited for in vain: calls that gave what was known, attempts that failed again, results that were thrown
 * away, prompts that the cache had held. Every dollar and every second is counted once in the sums. Needs the columns `SIGNATURES`.
 */
export function wasteOf(data: Dataset): Waste {
  const { forest } = data;
  const conversations = findConversations(data);
  const { misses, numbers } = cacheMisses(data, conversations);
  const missesOf = byTrace(forest, misses);
  const conversationOf = new Map<number, number>();
  for (const [n, { calls }] of conversations.all.entries())
    for (const call of calls) conversationOf.set(call, n);
  const claims = new Claims(data);
  const sums = new Sums();
  const all: WasteFinding[] = [];
  const traces = chosenTraces(data);
  let undecided = 0;
  let runNanos = 0;
  for (const trace of traces) {
    runNanos += forest.traceDuration(trace);
    const suspected = suspectsIn(data, trace, conversations.loopOf);
    undecided += suspected.undecided;
    const claimed = claimedBy(suspected.suspects, data, trace, claims);
    for (const { suspect, claim } of claimed) all.push(findingOf(suspect, claim, trace));
    const missed = missFindings(missesOf.get(trace) ?? [], data, trace, claims, conversationOf);
    for (const finding of missed) all.push(finding);
    sums.addRun(
      claimed.map(({ suspect: { kind, gaps }, claim }) => ({
        kind,
        intervals: [...claim.intervals, ...gaps],
      })),
    );
  }
  for (const finding of all) sums.add(finding);
  const { spend, unpriced, calls } = spendOf(data);
  const { total, byKind } = sums;
  const priced = calls === 0 || calls > unpriced;
  return {
    ...total,
    all: all.sort(worstFirst),
    // Calls that missed a cache were needed: how much sooner they would have answered is not known.
    byKind: { ...byKind, cache_miss: { ...byKind.cache_miss, nanos: undefined } },
    spend,
    spendUnpriced: unpriced,
    runNanos,
    runs: traces.length,
    share: priced ? shareOf(total.cost, spend) : undefined,
    timeShare: runNanos === 0 ? undefined : Math.round((total.nanos / runNanos) * 1e9) / 1e9,
    undecided,
    cache: numbers,
  };
}

function suspectsIn(
  data: Dataset,
  trace: number,
  loopOf: (position: number) => number,
): { readonly suspects: readonly Suspect[]; readonly undecided: number } {
  const times = timing(data.forest, trace);
  const { acts, parts } = sequencesOf(data, times, loopOf);
  const loops = acts.map((sequence) => loopsIn(sequence, times));
  const retries = [...acts, ...parts].map((sequence) => retriesIn(sequence, times));
  const found = [
    ...loops.flatMap(({ suspects }) => suspects),
    ...retries.flatMap(({ storms }) => storms),
    ...failedBranches(data.forest, trace, new Set(retries.flatMap(({ retried }) => retried))),
  ];
  return {
    // Of one kind, what was found first stays first: outer calls before those inside them.
    suspects: WASTE_KINDS.flatMap((kind) => found.filter((suspect) => suspect.kind === kind)),
    undecided: loops.reduce((sum, { undecided }) => sum + undecided, 0),
  };
}

type Claimed = { readonly suspect: Suspect; readonly claim: Claim };

/** What is left of suspects once every call belongs to one of them; those of which nothing is left are none. */
function claimedBy(
  suspects: readonly Suspect[],
  data: Dataset,
  trace: number,
  claims: Claims,
): readonly Claimed[] {
  if (suspects.length === 0) return [];
  const path: CriticalPath = criticalPath(data.forest, trace);
  const claimed: Claimed[] = [];
  for (const suspect of suspects) {
    const repeats = suspect.repeats.filter((position) => !claims.isClaimed(position));
    if (repeats.length === 0) continue;
    const claim = claims.claim(suspect.wasted, path);
    if (claim.chosen) claimed.push({ suspect: { ...suspect, repeats }, claim });
  }
  return claimed;
}

function findingOf(
  { kind, reason, step, gaps, calls, repeats, text }: Suspect,
  { cost, unpriced, intervals, critical }: Claim,
  trace: number,
): WasteFinding {
  const nanos = covered([...intervals, ...gaps]);
  return {
    kind,
    reason,
    trace,
    step,
    spans: repeats,
    calls: calls ?? repeats.length,
    cost,
    unpriced,
    nanos,
    critical,
    tokens: undefined,
    text: text(repeats.length),
  };
}

/** Misses of one conversation for one reason are one finding. */
function missFindings(
  misses: readonly CacheMiss[],
  { forest }: Dataset,
  trace: number,
  claims: Claims,
  conversationOf: ReadonlyMap<number, number>,
): readonly WasteFinding[] {
  const groups = new Map<string, CacheMiss[]>();
  for (const miss of misses) {
    // All that the call cost is counted already.
    if (claims.isClaimed(miss.position)) continue;
    // Times differ from miss to miss; what became of a prompt is told apart.
    const told = miss.reason === 'prefix_change' ? miss.detail : '';
    const key = `${conversationOf.get(miss.position)} ${miss.reason} ${told}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [miss]);
    else group.push(miss);
  }
  return [...groups.values()].map((group) => {
    const [{ position, reason }] = group as [CacheMiss, ...CacheMiss[]];
    const step = stepName(forest.table, forest.row[position]!);
    const tokens = group.reduce((sum, miss) => sum + miss.tokens, 0);
    const costs: readonly (Pico | undefined)[] = group.map(({ cost }) => cost);
    return {
      kind: 'cache_miss',
      reason,
      trace,
      step,
      spans: group.map((miss) => miss.position),
      calls: group.length,
      cost: costs.reduce((sum, cost) => sum + BigInt(cost ?? 0), 0n),
      unpriced: costs.filter((cost) => cost === undefined).length,
      nanos: undefined,
      critical: undefined,
      tokens,
      text: missText(group, step, tokens),
    };
  });
}

function missText(misses: readonly CacheMiss[], step: string, tokens: number): string {
  const [first] = misses;
  const calls = misses.length === 1 ? `a call of ${step}` : `${misses.length} calls of ${step}`;
  const what =
    first!.reason === 'not_written'
      ? `sent ${tokens} tokens again that no cache had been given`
      : `did not read ${tokens} tokens that the cache had held`;
  return `${calls} ${what}${misses.length === 1 ? '' : '; the first'}: ${first!.detail}`;
}

/** The dearest first, then the longest, then in the order of runs and spans. */
const worstFirst = (a: WasteFinding, b: WasteFinding): number =>
  (a.cost === b.cost ? 0 : a.cost < b.cost ? 1 : -1) ||
  (b.nanos ?? 0) - (a.nanos ?? 0) ||
  a.trace - b.trace ||
  a.spans[0]! - b.spans[0]! ||
  WASTE_KINDS.indexOf(a.kind) - WASTE_KINDS.indexOf(b.kind);

type MutableSum = { findings: number; cost: bigint; unpriced: number; nanos: number };
const noWaste = (): MutableSum => ({ findings: 0, cost: 0n, unpriced: 0, nanos: 0 });

class Sums {
  readonly total = noWaste();
  readonly byKind: Readonly<Record<WasteKind, MutableSum>> = {
    loop: noWaste(),
    cycle: noWaste(),
    retry_storm: noWaste(),
    failed_branch: noWaste(),
    cache_miss: noWaste(),
  };

  add({ kind, cost, unpriced }: WasteFinding): void {
    for (const sum of [this.total, this.byKind[kind]]) {
      sum.findings++;
      sum.cost += cost;
      sum.unpriced += unpriced;
    }
  }

  /** The time of one run's findings, of all and of each kind as a union. */
  addRun(found: readonly { readonly kind: WasteKind; readonly intervals: readonly Interval[] }[]): void {
    this.total.nanos += covered(found.flatMap(({ intervals }) => intervals));
    for (const kind of new Set(found.map((one) => one.kind)))
      this.byKind[kind].nanos += covered(found.flatMap((one) => (one.kind === kind ? one.intervals : [])));
  }
}

function spendOf({ forest, bill, selected }: Dataset): {
  readonly spend: bigint;
  readonly calls: number;
  readonly unpriced: number;
} {
  let spend = 0n;
  let calls = 0;
  let unpriced = 0;
  for (let p = 0; p < forest.length; p++) {
    if (!bill.isCall(p) || (selected !== undefined && !selected(p))) continue;
    const amount = bill.cost(p);
    if (amount !== 0) spend += BigInt(amount);
    if (bill.rule(p) !== 'tool_price') calls++;
    if (isUnpriced(bill.status(p))) unpriced++;
  }
  return { spend, calls, unpriced };
}
