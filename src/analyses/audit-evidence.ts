import {
  type Assumption,
  type AuditRecorded,
  type AuditSpan,
  type AuditUnpriced,
  type Bill,
  compareAmounts,
  FLAG,
  type Forest,
  type Money,
  type Reckoning,
  type RecordedClass,
  type Selection,
  stepName,
  type UnpricedReason,
  unpricedReason,
  usd,
} from '../model/index.ts';
import type { Residual } from '../trace/index.ts';

/** What a total rests on, call by call. */
export type Evidence = {
  readonly recorded: AuditRecorded;
  readonly unpriced: AuditUnpriced;
  readonly assumptions: readonly Assumption[];
};

const CLASSES: Readonly<Record<RecordedClass, { readonly counted: boolean; readonly help: string }>> = {
  billed: { counted: true, help: 'what the biller said' },
  asserted: { counted: true, help: 'what an SDK, a proxy or an application worked out' },
  not_billed: { counted: true, help: 'a gateway answered from its own cache: avoided, not added' },
  zero_with_usage: { counted: false, help: '0 for a call that used tokens of a model not known to be free' },
  own_price: { counted: false, help: 'prices of your own beat what an SDK worked out' },
  cost_mode: { counted: false, help: '--cost-mode computed looks at no recorded cost' },
};

/** How many spans a list names; the rest is in its sums. */
export const MOST_LISTED = 10;

/** Reckons every counted span that is selected once more, and keeps what is to be known about the result. */
export function evidence(
  forest: Forest,
  bill: Bill,
  selected: Selection | undefined,
  residuals: readonly Residual[],
  unusable: number,
): Evidence {
  const recorded = new RecordedCosts(forest);
  const unpriced = new UnpricedCalls(forest, residuals);
  const assumptions = new Assumptions();
  for (let p = 0; p < forest.length; p++) {
    if (!bill.isCall(p) || (selected !== undefined && !selected(p))) continue;
    const reckoning = bill.reckon(p)!;
    recorded.add(p, reckoning);
    assumptions.add(reckoning, bill.isAggregateOnly(p));
    const reason = unpricedReason(bill.status(p));
    if (reason !== undefined) unpriced.add(p, reason, reckoning);
  }
  const hints = new Map(
    bill.unpriced(selected).map((group) => [groupKey(group.model, group.provider, group.reason), group]),
  );
  return {
    recorded: recorded.view(unusable),
    unpriced: unpriced.view((key) => hints.get(key)?.hint ?? null),
    assumptions: assumptions.view(),
  };
}

/** A span by what finds it again. */
export function auditSpan({ table, row }: Forest, position: number): AuditSpan {
  const at = row[position]!;
  return { trace_id: table.traceIdOf(at), span_id: table.spanIdOf(at), step: stepName(table, at) };
}

class RecordedCosts {
  readonly #forest: Forest;
  readonly #classes = new Map<
    RecordedClass,
    { calls: number; recorded: bigint; computed: bigint; without: number }
  >();
  readonly #conflicts: { position: number; recorded: bigint; computed: bigint }[] = [];

  constructor(forest: Forest) {
    this.#forest = forest;
  }

  add(position: number, { recorded, ignored, price, conflict }: Reckoning): void {
    if (recorded === undefined) return;
    const name = ignored ?? recorded.authority;
    const sums = this.#classes.get(name) ?? { calls: 0, recorded: 0n, computed: 0n, without: 0 };
    this.#classes.set(name, sums);
    sums.calls++;
    sums.recorded += BigInt(recorded.amount);
    if (price?.status === 'computed') sums.computed += BigInt(price.amount);
    else if (price?.status !== 'free') sums.without++;
    if (conflict && price?.status === 'computed') {
      this.#conflicts.push({
        position,
        recorded: BigInt(recorded.amount),
        computed: BigInt(price.amount),
      });
    }
  }

  view(unusable: number): AuditRecorded {
    const { table, row } = this.#forest;
    const names = (Object.keys(CLASSES) as RecordedClass[]).filter((name) => this.#classes.has(name));
    const size = ({ recorded, computed }: { recorded: bigint; computed: bigint }): bigint =>
      recorded > computed ? recorded - computed : computed - recorded;
    const conflicts = this.#conflicts.sort(
      (a, b) => compareAmounts(size(b), size(a)) || a.position - b.position,
    );
    return {
      classes: names.map((name) => {
        const { calls, recorded, computed, without } = this.#classes.get(name)!;
        return {
          class: name,
          ...CLASSES[name],
          calls,
          recorded_usd: usd(recorded),
          computed_usd: without === calls ? usd(undefined) : usd(computed),
          without_price: without,
        };
      }),
      unusable,
      conflicts: {
        calls: conflicts.length,
        recorded_usd: usd(conflicts.reduce((sum, { recorded }) => sum + recorded, 0n)),
        computed_usd: usd(conflicts.reduce((sum, { computed }) => sum + computed, 0n)),
        worst: conflicts.slice(0, MOST_LISTED).map(({ position, recorded, computed }) => ({
          ...auditSpan(this.#forest, position),
          model:
            table.textOf('model', row[position]!) ?? table.textOf('requestModel', row[position]!) ?? null,
          recorded_usd: usd(recorded),
          computed_usd: usd(computed),
          difference_usd: usd(recorded - computed),
        })),
      },
    };
  }
}

const groupKey = (model: string | undefined, provider: string | undefined, reason: string): string =>
  JSON.stringify([model ?? null, provider ?? null, reason]);

class UnpricedCalls {
  readonly #forest: Forest;
  readonly #groups = new Map<string, UnpricedSums>();
  /** By position: a roll-up above knows more than the calls below it report. */
  readonly #belowResidual: Uint8Array;

  constructor(forest: Forest, residuals: readonly Residual[]) {
    this.#forest = forest;
    this.#belowResidual = new Uint8Array(forest.length);
    for (const { position } of residuals) this.#belowResidual[position] = 1;
    for (let p = 0; p < forest.length; p++) {
      const parent = forest.parent[p]!;
      if (parent >= 0 && this.#belowResidual[parent] === 1) this.#belowResidual[p] = 1;
    }
  }

  add(position: number, reason: UnpricedReason, { price }: Reckoning): void {
    const { table } = this.#forest;
    const row = this.#forest.row[position]!;
    const model = table.textOf('model', row) ?? table.textOf('requestModel', row);
    const provider = table.textOf('provider', row);
    const key = groupKey(model, provider, reason);
    const sums = this.#groups.get(key) ?? unpricedSums(key, model, provider, reason);
    this.#groups.set(key, sums);
    sums.calls++;
    if (table.has(row, FLAG.failed)) sums.failed++;
    sums.input += table.usageOf(row, 'reportedInput');
    sums.output += table.usageOf(row, 'reportedOutput');
    sums.totalOnly += table.usageOf(row, 'totalOnly');
    sums.belowResidual += this.#belowResidual[position]!;
    const bounds = price?.status === 'unpriced' ? price.bounds : undefined;
    sums.low += BigInt(bounds?.low ?? 0);
    sums.high =
      bounds?.high === undefined || sums.high === undefined ? undefined : sums.high + BigInt(bounds.high);
  }

  view(hintOf: (key: string) => string | null): AuditUnpriced {
    const groups = [...this.#groups.values()].sort((a, b) => b.calls - a.calls || (a.key < b.key ? -1 : 1));
    const high = groups.reduce<bigint | undefined>(
      (sum, group) => (sum === undefined || group.high === undefined ? undefined : sum + group.high),
      0n,
    );
    return {
      calls: groups.reduce((sum, { calls }) => sum + calls, 0),
      low_usd: usd(groups.reduce((sum, { low }) => sum + low, 0n)),
      high_usd: usd(high),
      groups: groups.map((group, i) => ({
        model: group.model ?? null,
        provider: group.provider ?? null,
        reason: group.reason,
        calls: group.calls,
        failed_calls: group.failed,
        input_tokens: group.input,
        output_tokens: group.output,
        total_only_tokens: group.totalOnly,
        low_usd: usd(group.low),
        high_usd: usd(group.high),
        below_residual_calls: group.belowResidual,
        // Hints name the nearest known models, which takes time that nobody has for hundreds of them.
        hint: i < MOST_HINTS ? hintOf(group.key) : null,
      })),
    };
  }
}

const MOST_HINTS = 100;

type UnpricedSums = ReturnType<typeof unpricedSums>;

function unpricedSums(
  key: string,
  model: string | undefined,
  provider: string | undefined,
  reason: UnpricedReason,
) {
  const counts = { calls: 0, failed: 0, input: 0, output: 0, totalOnly: 0, belowResidual: 0 };
  return { key, model, provider, reason, ...counts, low: 0n, high: 0n as bigint | undefined };
}

class Assumptions {
  readonly #sums = new Map<string, { calls: number; cost: bigint; otherwise: bigint | undefined }>();

  add({ counted, price, amount }: Reckoning, isAggregateOnly: boolean): void {
    if (isAggregateOnly) this.#add('aggregate_only', amount, undefined);
    if (counted !== 'computed' || price?.status !== 'computed') return;
    for (const assumption of price.match.assumptions)
      if (assumption !== price.reading?.taken) this.#add(assumption, amount, undefined);
    if (price.reading?.because === 'dialect') this.#add(price.reading.taken, amount, price.reading.other);
  }

  #add(assumption: string, amount: number, otherwise: number | undefined): void {
    const sums = this.#sums.get(assumption) ?? { calls: 0, cost: 0n, otherwise: undefined };
    this.#sums.set(assumption, sums);
    sums.calls++;
    sums.cost += BigInt(amount);
    if (otherwise !== undefined) sums.otherwise = (sums.otherwise ?? 0n) + BigInt(otherwise);
  }

  view(): readonly Assumption[] {
    return [...this.#sums]
      .sort(([a, one], [b, other]) => compareAmounts(other.cost, one.cost) || (a < b ? -1 : 1))
      .map(([assumption, { calls, cost, otherwise }]) => ({
        assumption,
        calls,
        cost_usd: usd(cost),
        otherwise_usd: otherwise === undefined ? null : (usd(otherwise) satisfies Money),
      }));
  }
}
