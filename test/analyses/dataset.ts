import type { Dataset } from '../../src/analyses/dataset.ts';
import {
  type AgentSpan,
  type Observed,
  type Pico,
  type Price,
  type PricedCall,
  SpanTable,
} from '../../src/model/index.ts';
import { assemble, attribute, bill } from '../../src/trace/index.ts';
import { agentSpan, type Sketch } from '../trace/table.ts';

/** A sketched span with what only a person looking at a tree cares about. */
export type Scene = Sketch & {
  readonly error?: { readonly type?: string; readonly message?: string };
  readonly attempt?: number;
  readonly observed?: Observed;
};

/** Assembled, attributed and priced by `PRICES`; no resource names anybody. */
export function datasetOf(scenes: readonly Scene[]): Dataset {
  const table = new SpanTable();
  for (const scene of scenes) table.push(agentSpanOf(scene));
  const forest = assemble(table);
  const nobody = { user: [], organization: [], workspace: [], session: [], workflow: [] };
  return { forest, attribution: attribute(forest, nobody), bill: bill(forest, PRICES, 'auto') };
}

function agentSpanOf({ error, attempt, observed, ...sketch }: Scene): AgentSpan {
  const span = agentSpan(sketch);
  return {
    ...span,
    attempt,
    ...(observed && { observed }),
    error: error === undefined ? undefined : { type: error.type, message: error.message },
  };
}

/** $3 and $15 a million tokens; models whose name begins with `free` are free, with `new` unknown. */
const PRICES = {
  priceOf: ({ model, usage }: PricedCall): Price => {
    const match = { layer: 'preset', row: `test/${model}`, kind: 'exact', assumptions: [] } as const;
    if (model?.startsWith('new')) return { status: 'unpriced', reason: 'unknown_model', hint: undefined };
    if (model?.startsWith('free')) return { status: 'free', match };
    const amount = usage.uncachedInput * 3_000_000 + usage.output * 15_000_000;
    return { status: 'computed', amount: amount as Pico, lines: [], match };
  },
};
