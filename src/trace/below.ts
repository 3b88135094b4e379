import type { Forest, SpanTable } from '../model/index.ts';
import { promptTokens } from './reports.ts';

/** What counted spans report together. */
export class Sums {
  /** Spans that report usage or a cost, and the first few of them that were found. */
  reports = 0;
  some: number[] = [];
  /** Those of them that report what a model wrote: what an agent's own numbers can repeat. */
  answers = 0;
  /** Reports of calls that other spans stand for, and the first few of them. */
  echoes = 0;
  someEchoes: number[] = [];
  /** Model calls that report nothing: a surplus of the parent may be theirs. */
  gaps = 0;
  prompt = 0;
  reportedInput = 0;
  output = 0;
  totalOnly = 0;
  /** Recorded picodollars, and how many reports name none. */
  recorded = 0;
  unrecorded = 0;

  add(other: Sums): void {
    this.reports += other.reports;
    for (const position of other.some) remember(this.some, position);
    this.answers += other.answers;
    this.gaps += other.gaps;
    this.echoes += other.echoes;
    for (const position of other.someEchoes) remember(this.someEchoes, position);
    this.prompt += other.prompt;
    this.reportedInput += other.reportedInput;
    this.output += other.output;
    this.totalOnly += other.totalOnly;
    this.recorded += other.recorded;
    this.unrecorded += other.unrecorded;
  }

  count(forest: Forest, position: number, sign: 1 | -1 = 1): void {
    const { table } = forest;
    const row = forest.row[position]!;
    const recorded = table.recordedCostOf(row)?.amount;
    this.reports += sign;
    if (sign > 0) remember(this.some, position);
    else this.some = this.some.filter((one) => one !== position);
    if (answers(table, row)) this.answers += sign;
    this.prompt += sign * promptTokens(table, row);
    this.reportedInput += sign * table.usageOf(row, 'reportedInput');
    this.output += sign * table.usageOf(row, 'output');
    this.totalOnly += sign * table.usageOf(row, 'totalOnly');
    if (recorded === undefined) this.unrecorded += sign;
    else this.recorded += sign * recorded;
  }

  clear(): void {
    this.reports = 0;
    if (this.some.length > 0) this.some = [];
    this.echoes = 0;
    if (this.someEchoes.length > 0) this.someEchoes = [];
    this.answers = 0;
    this.gaps = 0;
    this.prompt = 0;
    this.reportedInput = 0;
    this.output = 0;
    this.totalOnly = 0;
    this.recorded = 0;
    this.unrecorded = 0;
  }
}

/** A call has few layers; so many reports right below one span can be told apart. */
const MOST_REMEMBERED = 8;

function remember(positions: number[], position: number): void {
  if (positions.length < MOST_REMEMBERED) positions.push(position);
}

/** An LLM call, or a sum that stands for some: embeddings write nothing. */
function answers(table: SpanTable, row: number): boolean {
  const kind = table.kindOf(row);
  if (kind === 'llm' || table.usageOf(row, 'output') > 0) return true;
  return kind !== 'embedding' && table.usageOf(row, 'totalOnly') > 0;
}

/** Tools, agents and workflows do work of their own; everything else may be a layer around one call. */
export function isLayer(forest: Forest, position: number): boolean {
  const kind = forest.table.kindOf(forest.row[position]!);
  return kind !== 'tool' && kind !== 'agent' && kind !== 'workflow';
}

/** What counted spans below one span report: all of them, and those with no tool, agent or workflow between. */
export class Below {
  readonly all = new Sums();
  readonly near = new Sums();

  get isEmpty(): boolean {
    return this.all.reports === 0 && this.all.gaps === 0 && this.all.echoes === 0;
  }

  /** Takes over what is below a child. */
  add(other: Below, layer: boolean): void {
    this.all.add(other.all);
    if (layer) this.near.add(other.near);
  }

  count(forest: Forest, position: number, sign: 1 | -1 = 1): void {
    this.all.count(forest, position, sign);
    if (isLayer(forest, position)) this.near.count(forest, position, sign);
  }

  gap(): void {
    this.all.gaps++;
    this.near.gaps++;
  }

  settleGaps(): void {
    this.all.gaps -= this.near.gaps;
    this.near.gaps = 0;
  }

  echo(position: number): void {
    for (const sums of [this.all, this.near]) {
      sums.echoes++;
      remember(sums.someEchoes, position);
    }
  }

  clear(): void {
    this.all.clear();
    this.near.clear();
  }
}
