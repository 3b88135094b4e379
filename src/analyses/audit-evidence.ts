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
  type UnpricedGroup,
  type UnpricedReason,
  unpricedReason,
  usd,
} from '../model/index.ts';
import { type Residual, unpricedKey } from '../trace/index.ts';

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
  return {
    recorded: recorded.view(unusable),
    unpriced: unpriced.view(bill.unpriced(selected)),
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

class UnpricedCalls {
  readonly #forest: Forest;
  readonly #sums = new Map<string, ReturnType<typeof noUnpriced>>();
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
    const key = unpricedKey(table, row, reason);
    const sums = this.#sums.get(key) ?? noUnpriced();
    this.#sums.set(key, sums);
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

  view(found: readonly UnpricedGroup[]): AuditUnpriced {
    const groups = found.map((group) => ({ group, sums: this.#sums.get(group.key) ?? noUnpriced() }));
    const high = groups.reduce<bigint | undefined>(
      (sum, { sums }) => (sum === undefined || sums.high === undefined ? undefined : sum + sums.high),
      0n,
    );
    return {
      calls: groups.reduce((sum, { group }) => sum + group.calls, 0),
      low_usd: usd(groups.reduce((sum, { sums }) => sum + sums.low, 0n)),
      high_usd: usd(high),
      groups: groups.map(({ group, sums }) => ({
        model: group.model ?? null,
        provider: group.provider ?? null,
        reason: group.reason,
        calls: group.calls,
        failed_calls: sums.failed,
        input_tokens: sums.input,
        output_tokens: sums.output,
        total_only_tokens: sums.totalOnly,
        low_usd: usd(sums.low),
        high_usd: usd(sums.high),
        below_residual_calls: sums.belowResidual,
        hint: group.hint ?? null,
      })),
    };
  }
}

const noUnpriced = () => ({
  failed: 0,
  input: 0,
  output: 0,
  totalOnly: 0,
  belowResidual: 0,
  low: 0n,
  high: 0n as bigint | undefined,
});

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
