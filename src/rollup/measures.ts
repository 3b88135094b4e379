import { FLAG } from '../model/index.ts';
import type { Measured } from './dimensions.ts';

export type Measure = {
  readonly help: string;
  readonly of: (data: Measured, position: number) => number;
};

/** What is summed over calls. The key is the JSON and CSV name. Tokens are as the telemetry reported them. */
export const MEASURES = {
  calls: { help: 'LLM and embedding calls', of: () => 1 },
  input_tokens: {
    help: 'Input tokens as reported: with or without cached ones, as the dialect has it',
    of: ({ forest }, p) => forest.table.usageOf(forest.row[p]!, 'reportedInput'),
  },
  output_tokens: {
    help: 'Output tokens as reported',
    of: ({ forest }, p) => forest.table.usageOf(forest.row[p]!, 'reportedOutput'),
  },
  cache_read_tokens: {
    help: 'Input tokens read from a prompt cache',
    of: ({ forest }, p) => forest.table.usageOf(forest.row[p]!, 'cacheRead'),
  },
  cache_write_tokens: {
    help: 'Input tokens written to a prompt cache',
    of: ({ forest }, p) =>
      forest.table.usageOf(forest.row[p]!, 'cacheWrite5m') +
      forest.table.usageOf(forest.row[p]!, 'cacheWrite1h'),
  },
  reasoning_tokens: {
    help: 'Output tokens spent on reasoning',
    of: ({ forest }, p) => forest.table.usageOf(forest.row[p]!, 'reasoning'),
  },
  unpriced_calls: {
    help: 'Calls whose price is not known',
    of: ({ bill }, p) => (bill.status(p).startsWith('unpriced') ? 1 : 0),
  },
  errors: {
    help: 'Calls that failed',
    of: ({ forest }, p) => (forest.table.has(forest.row[p]!, FLAG.failed) ? 1 : 0),
  },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;
