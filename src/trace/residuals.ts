import { type Bill, FLAG, type Forest, type Selection } from '../model/index.ts';
import { isModelOperation, promptTokens, reportsMoney } from './reports.ts';

/** What a roll-up's own numbers say beyond the calls below it. Reported, never added: nobody can check what it is. */
export type Residual = {
  readonly position: number;
  readonly input: number;
  readonly output: number;
  /** Tokens of which only a sum is told. */
  readonly totalOnly: number;
  /** Picodollars of its recorded cost. */
  readonly cost: bigint;
  /** Model calls below it that report nothing: the surplus may be theirs. */
  readonly gaps: number;
};

/** What spans below one span report, and the residuals among them. */
class Frontier {
  prompt = 0;
  reportedInput = 0;
  output = 0;
  totalOnly = 0;
  residualCost = 0n;
  gaps = 0;

  add(other: Frontier): void {
    this.prompt += other.prompt;
    this.reportedInput += other.reportedInput;
    this.output += other.output;
    this.totalOnly += other.totalOnly;
    this.residualCost += other.residualCost;
    this.gaps += other.gaps;
  }

  clear(): void {
    this.prompt = 0;
    this.reportedInput = 0;
    this.output = 0;
    this.totalOnly = 0;
    this.residualCost = 0n;
    this.gaps = 0;
  }
}

/**
 * The residuals of all roll-ups that `among` selects. Each is beyond the calls and the residuals below it, so they can be
 * added up. Running counters have none: what they count may lie outside the trace.
 */
export function residuals(forest: Forest, bill: Bill, among?: Selection): readonly Residual[] {
  const { table } = forest;
  const found: Residual[] = [];
  const levels = [new Frontier()];
  for (let p = forest.length - 1; p >= 0; p--) {
    const depth = forest.depth[p]!;
    while (levels.length <= depth + 1) levels.push(new Frontier());
    const below = levels[depth + 1]!;
    const above = levels[depth]!;
    const row = forest.row[p]!;
    if (bill.status(p) === 'rollup' && reportsMoney(table, row) && !isCounter(forest, p)) {
      const residual = residualOf(forest, bill, p, below);
      if (residual !== undefined) {
        if (among === undefined || among(p)) found.push(residual);
        below.prompt += residual.input;
        below.reportedInput += residual.input;
        below.output += residual.output;
        below.totalOnly += residual.totalOnly;
        below.residualCost += residual.cost;
      }
    }
    above.add(below);
    below.clear();
    if (!bill.isCall(p) || bill.rule(p) === 'tool_price') continue;
    if (!reportsMoney(table, row)) above.gaps += isModelOperation(forest, p) ? 1 : 0;
    else {
      above.prompt += promptTokens(table, row);
      above.reportedInput += table.usageOf(row, 'reportedInput');
      above.output += table.usageOf(row, 'output');
      above.totalOnly += table.usageOf(row, 'totalOnly');
    }
  }
  return found.reverse();
}

function isCounter({ table, row }: Forest, position: number): boolean {
  return table.has(row[position]!, FLAG.cumulativeUsage);
}

function residualOf(forest: Forest, bill: Bill, position: number, below: Frontier): Residual | undefined {
  const { table } = forest;
  const row = forest.row[position]!;
  const totalOnly = table.usageOf(row, 'totalOnly');
  const spent = below.prompt + below.output + below.totalOnly;
  const residual: Residual = {
    position,
    // Cached tokens are inside the input of some reports and beside it in others: the reading that leaves less is meant.
    input: surplus(
      Math.min(
        promptTokens(table, row) - below.prompt,
        table.usageOf(row, 'reportedInput') - below.reportedInput,
      ),
    ),
    output: surplus(table.usageOf(row, 'output') - below.output),
    totalOnly: totalOnly === 0 ? 0 : surplus(totalOnly - spent),
    cost: costResidual(forest, bill, position, below.residualCost),
    gaps: below.gaps,
  };
  const nothing =
    residual.input === 0 && residual.output === 0 && residual.totalOnly === 0 && residual.cost === 0n;
  return nothing ? undefined : residual;
}

const surplus = (difference: number): number => Math.max(0, difference);

const MICRODOLLAR = 1_000_000n;

/** Costs are rounded where they are recorded: up to 1 % and a microdollar are no residual. */
function costResidual(forest: Forest, bill: Bill, position: number, known: bigint): bigint {
  const own = forest.table.recordedCostOf(forest.row[position]!);
  if (own === undefined) return 0n;
  const rest = BigInt(own.amount) - bill.subtree(position).cost - known;
  return rest > MICRODOLLAR && rest * 100n > BigInt(own.amount) ? rest : 0n;
}
