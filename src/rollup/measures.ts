import { FLAG, isUnpriced, type NumberColumn, type Usage } from '../model/index.ts';
import type { Measured } from './dimensions.ts';

/** What measures are taken of: one call at a time. */
export type MeasuredCall = {
  /** Counts by entry. */
  readonly usage: Readonly<Record<keyof Usage, NumberColumn>>;
  /** Where the call's counts are; -1 where it has none of its own, or they are paid for by the price of a tool. */
  readonly entry: number;
  readonly isUnpriced: boolean;
  readonly failed: boolean;
};

export type Measure = {
  readonly help: string;
  readonly of: (call: MeasuredCall) => number;
};

/**
 * What is summed over calls. The key is the JSON and CSV name. Tokens are as the telemetry reported them; those that a tool
 * with a price reports are paid for by its price.
 */
export const MEASURES = {
  calls: { help: 'Calls that are billed: LLM, embedding, and tools with a price', of: () => 1 },
  input_tokens: {
    help: 'Input tokens as reported: with or without cached ones, as the dialect has it',
    of: tokens('reportedInput'),
  },
  output_tokens: {
    help: 'Output tokens as reported',
    of: tokens('reportedOutput'),
  },
  cache_read_tokens: {
    help: 'Input tokens read from a prompt cache',
    of: tokens('cacheRead'),
  },
  cache_write_tokens: {
    help: 'Input tokens written to a prompt cache',
    of: tokens('cacheWrite5m', 'cacheWrite1h'),
  },
  reasoning_tokens: {
    help: 'Output tokens spent on reasoning',
    of: tokens('reasoning'),
  },
  unpriced_calls: {
    help: 'Calls whose price is not known',
    of: (call) => (call.isUnpriced ? 1 : 0),
  },
  errors: {
    help: 'Calls that failed',
    of: (call) => (call.failed ? 1 : 0),
  },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;

function tokens(field: keyof Usage, other?: keyof Usage): Measure['of'] {
  return ({ usage, entry }) => {
    if (entry < 0) return 0;
    return usage[field].get(entry) + (other === undefined ? 0 : usage[other].get(entry));
  };
}

/** The call at a position, as measures see it. */
export function measuredCall({ forest, bill }: Measured, position: number): MeasuredCall {
  const { table } = forest;
  const row = forest.row[position]!;
  return {
    usage: table.calls.usage,
    entry: bill.rule(position) === 'tool_price' ? -1 : table.calls.of(row),
    isUnpriced: isUnpriced(bill.status(position)),
    failed: table.has(row, FLAG.failed),
  };
}
