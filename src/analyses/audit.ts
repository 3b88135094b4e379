import {
  type Audit,
  type AuditCheck,
  type AuditDimension,
  type AuditResiduals,
  type BalanceLine,
  type Column,
  compareAmounts,
  costOfCalls,
  type InputSummary,
  type MissingInput,
  type Selection,
  SKIP_REASONS,
  shareOf,
  usd,
  WARNINGS,
} from '../model/index.ts';
import {
  type Dimension,
  dimensionsOf,
  emptyGroup,
  type Group,
  type Measured,
  Rollup,
} from '../rollup/index.ts';
import { type Residual, residuals } from '../trace/index.ts';
import { balance } from './audit-balance.ts';
import { auditSpan, evidence, MOST_LISTED } from './audit-evidence.ts';
import type { Proof } from './cost.ts';

export type AuditOptions = {
  readonly by: readonly string[];
  readonly dimensions: readonly Dimension[];
  readonly selected: Selection | undefined;
  readonly input: InputSummary;
};

/** What the sum of groups is held against, whatever was asked for. */
const ALWAYS_BY = ['user', 'workflow', 'tool', 'model'];

/** Proves the total of `cost` once that is known. */
export function proofOf(
  data: Measured,
  options: Omit<AuditOptions, 'input'>,
  input: InputSummary,
): (total: Group) => Proof {
  return (total) => ({ audit: audit(data, total, { ...options, input }), columns: BALANCE_COLUMNS });
}

/** The same: `total` is what the rows of `cost` add up to. */
export function audit(data: Measured, total: Group, options: AuditOptions): Audit {
  const { forest, bill } = data;
  const { selected, input } = options;
  const sheet = balance(forest, bill, selected);
  const rests = residuals(forest, bill, selected);
  const unusable = input.warnings.find(({ kind }) => kind === 'invalid_cost')?.count ?? 0;
  const groups = dimensionsAsked(options).map(([by, dimensions]) => groupsBy(data, by, dimensions, selected));
  const checks = [
    balanceCheck(sheet.sum, total),
    ...(selected === undefined ? [traceCheck(data, total)] : []),
    ...groups.map(({ check }) => check(total)),
  ];
  return {
    balance: { lines: sheet.lines, total: { ...sheet.sum, ...totalsOf(total) } },
    checks,
    residuals: residualView(data, rests),
    ...evidence(forest, bill, selected, rests, unusable),
    dimensions: groups.map(({ view }) => view(total)),
    input: { complete: input.complete, missing: missingInput(input) },
  };
}

function totalsOf({
  sums,
  cost,
}: Group): Pick<BalanceLine, 'calls' | 'input_tokens' | 'output_tokens' | 'cost_usd'> {
  const { calls, input_tokens, output_tokens, unpriced_calls } = sums;
  return { calls, input_tokens, output_tokens, cost_usd: usd(cost, unpriced_calls > 0) };
}

/** The sheet starts from what was reported and the total from what is counted: they meet, or one of them is wrong. */
function balanceCheck(sum: BalanceLine, { sums, cost }: Group): AuditCheck {
  const same =
    sum.calls === sums.calls &&
    sum.input_tokens === sums.input_tokens &&
    sum.output_tokens === sums.output_tokens;
  const ok = same && sum.cost_usd.pico === cost;
  return { name: 'balance', ok, sum_usd: sum.cost_usd, total_usd: usd(cost) };
}

/** Trace by trace, as `trace list` adds up. */
function traceCheck({ forest, bill }: Measured, { cost }: Group): AuditCheck {
  let sum = 0n;
  for (let p = 0; p < forest.length; p += forest.size[p]!) sum += bill.subtree(p).cost;
  return { name: 'traces', ok: sum === cost, sum_usd: usd(sum), total_usd: usd(cost) };
}

function dimensionsAsked({ by, dimensions }: AuditOptions): [readonly string[], readonly Dimension[]][] {
  const others = ALWAYS_BY.filter((key) => !(by.length === 1 && by[0] === key));
  return [
    [by, dimensions],
    ...others.map((key): [string[], readonly Dimension[]] => [[key], dimensionsOf([key])]),
  ];
}

function groupsBy(
  data: Measured,
  by: readonly string[],
  dimensions: readonly Dimension[],
  selected: Selection | undefined,
) {
  const rollup = new Rollup(data, dimensions);
  for (let p = 0; p < data.forest.length; p++) {
    if (data.bill.isCall(p) && (selected === undefined || selected(p))) rollup.add(p);
  }
  const groups = rollup.groups();
  const sum = groups.reduce((cost, group) => cost + group.cost, 0n);
  const label = dimensions[0]!.absent;
  const absent = groups.find(({ labels }) => labels[0] === label) ?? emptyGroup([label]);
  return {
    check: ({ cost }: Group): AuditCheck => ({
      name: `rows by ${by.join(',')}`,
      ok: sum === cost,
      sum_usd: usd(sum),
      total_usd: usd(cost),
    }),
    view: (total: Group): AuditDimension => ({
      by,
      rows: groups.length,
      sum_usd: usd(sum),
      absent:
        dimensions.length > 1
          ? null
          : {
              label,
              calls: absent.sums.calls,
              cost_usd: costOfCalls(absent.cost, absent.sums.calls, absent.sums.unpriced_calls),
              share: shareOf(absent.cost, total.cost),
            },
    }),
  };
}

function residualView({ forest, bill }: Measured, found: readonly Residual[]): AuditResiduals {
  const add = (of: (residual: Residual) => number): number => found.reduce((sum, one) => sum + of(one), 0);
  const tokens = ({ input, output, totalOnly }: Residual): number => input + output + totalOnly;
  const worst = [...found].sort(
    (a, b) => compareAmounts(b.cost, a.cost) || tokens(b) - tokens(a) || a.position - b.position,
  );
  return {
    spans: found.length,
    input_tokens: add(({ input }) => input),
    output_tokens: add(({ output }) => output),
    total_only_tokens: add(({ totalOnly }) => totalOnly),
    cost_usd: usd(found.reduce((sum, { cost }) => sum + cost, 0n)),
    worst: worst.slice(0, MOST_LISTED).map((one) => ({
      ...auditSpan(forest, one.position),
      rule: bill.rule(one.position),
      input_tokens: one.input,
      output_tokens: one.output,
      total_only_tokens: one.totalOnly,
      cost_usd: usd(one.cost),
      calls_without_usage: one.gaps,
    })),
  };
}

/** What makes the total a lower bound although every call that was read has a price. */
function missingInput({ skipped, warnings }: InputSummary): readonly MissingInput[] {
  return [
    ...skipped
      .filter(({ reason }) => SKIP_REASONS[reason].damaged)
      .map(({ reason, count, first }) => ({ kind: reason, count, help: SKIP_REASONS[reason].help, first })),
    ...warnings
      .filter(({ kind }) => WARNINGS[kind].damaged)
      .map(({ kind, count, first }) => ({ kind, count, help: WARNINGS[kind].help, first })),
  ];
}

/** The balance sheet as a table. */
const BALANCE_COLUMNS: readonly Column[] = [
  { path: ['line'], name: 'line', label: 'line', show: 'text' },
  { path: ['spans'], name: 'spans', label: 'spans', show: 'count', droppable: 4 },
  { path: ['calls'], name: 'calls', label: 'calls', show: 'count' },
  { path: ['input_tokens'], name: 'input_tokens', label: 'in', show: 'count', droppable: 2 },
  { path: ['output_tokens'], name: 'output_tokens', label: 'out', show: 'count', droppable: 2 },
  { path: ['total_only_tokens'], name: 'total_only_tokens', label: 'in or out', show: 'count', droppable: 3 },
  { path: ['cost_usd'], name: 'cost_usd', label: 'cost', show: 'exact' },
  { path: ['help'], name: 'help', label: 'what it is', show: 'text', droppable: 9 },
];
