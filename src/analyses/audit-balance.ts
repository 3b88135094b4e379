import {
  type BalanceLine,
  type BalanceName,
  type Bill,
  CALL_RULES,
  type CallRule,
  type Forest,
  isModelKind,
  type Selection,
  type SpanTable,
  type Usage,
  usd,
} from '../model/index.ts';

/** A sheet that leads from the sum of every reported number to the total; money is exact in all of it. */
export type Balance = { readonly lines: readonly BalanceLine[]; readonly sum: BalanceLine };

const HELP = {
  as_reported:
    'every span that reports usage or a cost or is an LLM call, at its recorded cost, else at list prices',
  resent: 'reports of a span that was reported before',
  not_billed: 'answers that a gateway had in its cache: what they would have cost',
  other_reports: 'calls whose cost or model another report of the same call knows',
  total: 'what is counted',
} as const;

/** Rules that take a span out of the sum. */
const REMOVING = (Object.keys(CALL_RULES) as CallRule[]).filter((rule) => {
  const { effect } = CALL_RULES[rule];
  return effect === 'rollup' || effect === 'duplicate';
});

/** In the order of the sheet. */
const LINES: readonly BalanceName[] = [
  'as_reported',
  'resent',
  ...REMOVING,
  'aggregate_increase',
  'not_billed',
  'other_reports',
  'tool_price',
];

/** Adds up what every span reports, and what each rule takes from it or adds to it. */
export function balance(forest: Forest, bill: Bill, selected: Selection | undefined): Balance {
  const { table } = forest;
  const sheet = new Sheet();
  for (let p = 0; p < forest.length; p++) {
    if (selected !== undefined && !selected(p)) continue;
    const row = forest.row[p]!;
    for (const other of forest.repeats.get(p) ?? []) {
      const report = reportOf(table, bill, other);
      sheet.add('as_reported', report);
      sheet.take('resent', report ?? NOTHING);
    }
    const report = reportOf(table, bill, row);
    sheet.add('as_reported', report);
    const rule = bill.rule(p);
    const { effect } = CALL_RULES[rule];
    if (effect === 'rollup' || effect === 'duplicate') sheet.take(rule, report ?? NOTHING);
    if (effect === 'counted') settle(sheet, forest, bill, p, report);
  }
  return sheet.balance();
}

/** From what a counted span reports to what is counted of it. */
function settle(
  sheet: Sheet,
  forest: Forest,
  bill: Bill,
  position: number,
  report: Amounts | undefined,
): void {
  const { table } = forest;
  const row = forest.row[position]!;
  const rule = bill.rule(position);
  const isTool = rule === 'tool_price';
  const counted: Amounts = {
    calls: 1,
    ...(isTool ? NO_TOKENS : tokensOf(table, row, undefined)),
    cost: BigInt(bill.cost(position)),
  };
  const change = difference(counted, report ?? NOTHING);
  if (isTool || rule === 'aggregate_increase') sheet.add(rule, change);
  else if (bill.status(position) === 'not_billed') sheet.add('not_billed', change);
  else if (change.cost !== 0n) sheet.add('other_reports', change);
}

type Amounts = {
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  readonly totalOnly: number;
  readonly cost: bigint;
};

const NO_TOKENS = { input: 0, output: 0, totalOnly: 0 };
const NOTHING: Amounts = { calls: 0, ...NO_TOKENS, cost: 0n };

/** What one report says; undefined for spans that say nothing about money. */
function reportOf(table: SpanTable, bill: Bill, row: number): Amounts | undefined {
  const reports = table.hasUsage(row) || table.recordedCostOf(row) !== undefined;
  if (!reports && !isModelKind(table.kindOf(row))) return undefined;
  return { calls: 1, ...tokensOf(table, row, table.counters.get(row)), cost: BigInt(bill.alone(row)) };
}

function tokensOf(table: SpanTable, row: number, counters: Usage | undefined): typeof NO_TOKENS {
  const of = (field: keyof Usage): number => counters?.[field] ?? table.usageOf(row, field);
  return { input: of('reportedInput'), output: of('reportedOutput'), totalOnly: of('totalOnly') };
}

function difference(a: Amounts, b: Amounts): Amounts {
  return {
    calls: a.calls - b.calls,
    input: a.input - b.input,
    output: a.output - b.output,
    totalOnly: a.totalOnly - b.totalOnly,
    cost: a.cost - b.cost,
  };
}

class Sheet {
  readonly #lines = new Map<
    BalanceName,
    { spans: number } & { -readonly [key in keyof Amounts]: Amounts[key] }
  >();

  add(line: BalanceName, amounts: Amounts | undefined): void {
    if (amounts === undefined) return;
    const known = this.#lines.get(line) ?? { spans: 0, ...NOTHING };
    this.#lines.set(line, {
      spans: known.spans + 1,
      calls: known.calls + amounts.calls,
      input: known.input + amounts.input,
      output: known.output + amounts.output,
      totalOnly: known.totalOnly + amounts.totalOnly,
      cost: known.cost + amounts.cost,
    });
  }

  take(line: BalanceName, amounts: Amounts): void {
    this.add(line, difference(NOTHING, amounts));
  }

  balance(): Balance {
    const lines = LINES.filter((name) => name === 'as_reported' || this.#lines.has(name)).map((name) =>
      this.#line(name),
    );
    return { lines, sum: sumOf(lines) };
  }

  #line(name: BalanceName): BalanceLine {
    const { spans, calls, input, output, totalOnly, cost } = this.#lines.get(name) ?? {
      spans: 0,
      ...NOTHING,
    };
    return {
      line: name,
      help: name in HELP ? HELP[name as keyof typeof HELP] : CALL_RULES[name as CallRule].help,
      spans,
      calls,
      input_tokens: input,
      output_tokens: output,
      total_only_tokens: totalOnly,
      cost_usd: usd(cost),
    };
  }
}

function sumOf(lines: readonly BalanceLine[]): BalanceLine {
  const add = (of: (line: BalanceLine) => number): number => lines.reduce((sum, line) => sum + of(line), 0);
  const calls = add((line) => line.calls);
  return {
    line: 'total',
    help: HELP.total,
    spans: calls,
    calls,
    input_tokens: add((line) => line.input_tokens),
    output_tokens: add((line) => line.output_tokens),
    total_only_tokens: add((line) => line.total_only_tokens),
    cost_usd: usd(lines.reduce((sum, { cost_usd }) => sum + cost_usd.pico!, 0n)),
  };
}
