import { FLAG, type Usage } from '../model/index.ts';
import type { Measured } from './dimensions.ts';

/** A sum of reported counts, or how many calls there are of which something is so. */
export type Measure = { readonly help: string } & (
  | { readonly tokens: readonly (keyof Usage)[] }
  | { readonly holds: (data: Measured) => (position: number) => boolean }
);

/**
 * What is summed over calls. The key is the JSON and CSV name. Tokens are as the telemetry reported them; those that a tool
 * with a price reports are paid for by its price.
 */
export const MEASURES = {
  calls: { help: 'Calls that are billed: LLM, embedding, and tools with a price', holds: () => () => true },
  input_tokens: {
    help: 'Input tokens as reported: with or without cached ones, as the dialect has it',
    tokens: ['reportedInput'],
  },
  output_tokens: {
    help: 'Output tokens as reported',
    tokens: ['reportedOutput'],
  },
  cache_read_tokens: {
    help: 'Input tokens read from a prompt cache',
    tokens: ['cacheRead'],
  },
  cache_write_tokens: {
    help: 'Input tokens written to a prompt cache',
    tokens: ['cacheWrite5m', 'cacheWrite1h'],
  },
  reasoning_tokens: {
    help: 'Output tokens spent on reasoning',
    tokens: ['reasoning'],
  },
  unpriced_calls: {
    help: 'Calls whose price is not known',
    holds: ({ bill }) => bill.lacksPrice,
  },
  errors: {
    help: 'Calls that failed',
    holds:
      ({ forest: { table, row } }) =>
      (p) =>
        table.has(row[p]!, FLAG.failed),
  },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;
