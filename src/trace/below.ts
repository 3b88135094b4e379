import { FLAG, type Forest, type SpanTable } from '../model/index.ts';
import { promptOf } from './reports.ts';

/** What counted spans report together. */
export class Sums {
  /** Spans that report usage or a cost. */
  reports = 0;
  /** Those of them that report what a model wrote: what an agent's own numbers can repeat. */
  answers = 0;
  /** Reports of calls that other spans stand for. */
  echoes = 0;
  /** Model calls that report nothing: a surplus of the parent may be theirs. */
  gaps = 0;
  prompt = 0;
  reportedInput = 0;
  output = 0;
  reportedOutput = 0;
  /** The output without its reasoning. */
  answer = 0;
  totalOnly = 0;
  /** Recorded picodollars, and how many reports name none. */
  recorded = 0;
  unrecorded = 0;

  /** Adds (or, with -1, takes away) what others add up to. */
  add(other: Readonly<Sums>, sign: 1 | -1 = 1): void {
    this.reports += sign * other.reports;
    this.answers += sign * other.answers;
    this.gaps += sign * other.gaps;
    this.echoes += sign * other.echoes;
    this.prompt += sign * other.prompt;
    this.reportedInput += sign * other.reportedInput;
    this.output += sign * other.output;
    this.reportedOutput += sign * other.reportedOutput;
    this.answer += sign * other.answer;
    this.totalOnly += sign * other.totalOnly;
    this.recorded += sign * other.recorded;
    this.unrecorded += sign * other.unrecorded;
  }

  /** Holds what one span reports, and nothing else. */
  hold(table: SpanTable, row: number): void {
    const call = table.calls.of(row);
    const { usage } = table.calls;
    const hasCost = table.calls.hasCost(call);
    this.reports = 1;
    this.prompt = promptOf(table, call);
    this.reportedInput = usage.reportedInput.get(call);
    this.output = usage.output.get(call);
    this.reportedOutput = usage.reportedOutput.get(call);
    this.answer = this.output - usage.reasoning.get(call);
    this.totalOnly = usage.totalOnly.get(call);
    this.recorded = hasCost ? table.calls.amountOf(call) : 0;
    this.unrecorded = hasCost ? 0 : 1;
    // An LLM call, or a sum that stands for some: embeddings write nothing.
    const kind = table.kindOf(row);
    this.answers = kind === 'llm' || this.output > 0 || (kind !== 'embedding' && this.totalOnly > 0) ? 1 : 0;
  }

  clear(): void {
    this.reports = 0;
    this.answers = 0;
    this.echoes = 0;
    this.gaps = 0;
    this.prompt = 0;
    this.reportedInput = 0;
    this.output = 0;
    this.reportedOutput = 0;
    this.answer = 0;
    this.totalOnly = 0;
    this.recorded = 0;
    this.unrecorded = 0;
  }
}

/** Tools, agents and workflows do work of their own; everything else may be a layer around one call. */
export function isLayer(forest: Forest, position: number): boolean {
  const kind = forest.table.kindOf(forest.row[position]!);
  return kind !== 'tool' && kind !== 'agent' && kind !== 'workflow';
}

/** A call has few layers; so many reports right below one span can be told apart. */
const MOST_REMEMBERED = 8;

const one = new Sums();

/** What counted spans below one span report: all of them, and those with no tool, agent or workflow between. */
export class Below {
  readonly all = new Sums();
  readonly near = new Sums();
  /** The first few near reports, and the first few near ones of calls that other spans stand for. */
  nearReports: number[] = [];
  nearEchoes: number[] = [];

  get isEmpty(): boolean {
    return this.all.reports === 0 && this.all.gaps === 0 && this.all.echoes === 0;
  }

  /** Takes over what is below a child. */
  add(other: Below, layer: boolean): void {
    this.all.add(other.all);
    if (!layer) return;
    this.near.add(other.near);
    for (const position of other.nearReports) remember(this.nearReports, position);
    for (const position of other.nearEchoes) remember(this.nearEchoes, position);
  }

  count(forest: Forest, position: number): void {
    one.hold(forest.table, forest.row[position]!);
    this.all.add(one);
    if (!isLayer(forest, position)) return;
    this.near.add(one);
    remember(this.nearReports, position);
  }

  /** Takes back a near report that turned out to be one more of another call. */
  discount(forest: Forest, position: number): void {
    one.hold(forest.table, forest.row[position]!);
    this.all.add(one, -1);
    this.near.add(one, -1);
    this.nearReports = this.nearReports.filter((report) => report !== position);
  }

  /** A streamed answer whose usage nobody asked for; failed calls and embeddings leave no surplus. */
  leaveGap({ table, row }: Forest, position: number): void {
    if (table.kindOf(row[position]!) !== 'llm' || table.has(row[position]!, FLAG.failed)) return;
    this.all.gaps++;
    this.near.gaps++;
  }

  /** Silent calls inside a call that reports are its client side. */
  settleGaps(): void {
    this.all.gaps -= this.near.gaps;
    this.near.gaps = 0;
  }

  echo(position: number): void {
    this.all.echoes++;
    this.near.echoes++;
    remember(this.nearEchoes, position);
  }

  clear(): void {
    this.all.clear();
    this.near.clear();
    if (this.nearReports.length > 0) this.nearReports = [];
    if (this.nearEchoes.length > 0) this.nearEchoes = [];
  }
}

function remember(positions: number[], position: number): void {
  if (positions.length < MOST_REMEMBERED) positions.push(position);
}
