import type { Forest, SpanTable } from '../model/index.ts';
import { promptTokens } from './reports.ts';

/** What counted spans report together. */
export class Sums {
  /** Spans that report usage or a cost, and one of them. */
  reports = 0;
  any = -1;
  /** Those of them that report what a model wrote: what an agent's own numbers can repeat. */
  answers = 0;
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
    if (other.reports > 0) this.any = other.any;
    this.reports += other.reports;
    this.answers += other.answers;
    this.gaps += other.gaps;
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
    this.any = position;
    this.reports += sign;
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
    this.any = -1;
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
    return this.all.reports === 0 && this.all.gaps === 0;
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

  clear(): void {
    this.all.clear();
    this.near.clear();
  }
}
