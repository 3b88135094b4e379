/** What a rule does with a span's usage and cost. */
export type CallEffect = 'counted' | 'rollup' | 'duplicate' | 'none';

/**
 * The rules that decide whether a span is in the total; the keys are names in JSON.
 * `counted`: the span is in the total. `rollup`: it repeats what spans below it report. `duplicate`: another span stands
 * for the same call. `none`: it says nothing about money.
 */
export const CALL_RULES = {
  none: { effect: 'none', help: 'no LLM operation, and no usage or cost is reported' },
  call: { effect: 'counted', help: 'one LLM or embedding call' },
  aggregate_only: {
    effect: 'counted',
    help: 'usage or cost on a span that is no LLM call, and nothing below it reports any: counted once',
  },
  aggregate_increase: {
    effect: 'counted',
    help: 'running counters of an agent, and nothing below it reports usage: what they grew by since its previous run',
  },
  tool_price: { effect: 'counted', help: 'a tool or connector with a price for each call' },
  rollup_of_reports: {
    effect: 'rollup',
    help: 'no LLM call itself; spans below it report their own usage or cost',
  },
  rollup_sum: { effect: 'rollup', help: 'an LLM span whose usage is the sum of the calls below it' },
  rollup_declared: {
    effect: 'rollup',
    help: 'an LLM span whose counts are accumulated ones, as its dialect says; the calls below it report their own',
  },
  rollup_without_usage: {
    effect: 'rollup',
    help: 'an LLM span without usage around the calls that report it',
  },
  duplicate_response_id: {
    effect: 'duplicate',
    help: 'the same answer id at the same time as the span that is counted',
  },
  duplicate_overlap: {
    effect: 'duplicate',
    help: 'a second instrumentation or a log event beside the span that is counted: same model, usage and time',
  },
  duplicate_layer: {
    effect: 'duplicate',
    help: 'a second layer around or inside the span that is counted: same model and usage',
  },
  duplicate_without_usage: {
    effect: 'duplicate',
    help: 'an LLM span without usage inside the call that reports it: its client side',
  },
} as const satisfies Record<string, { readonly effect: CallEffect; readonly help: string }>;

/** Why a span is or is not in the total. */
export type CallRule = keyof typeof CALL_RULES;
