import type { InputSummary, Report } from '../model/index.ts';
import { contractKeys, FOREIGN, jsonText, PLAIN, quoted, type Shape } from './json-text.ts';
import { bodyOf } from './rows.ts';

/**
 * The answer as one JSON object. Every top-level key stands on its own line, and so does every element of a top-level
 * list, so that answers can be compared and searched line by line; everything below is compact, however deep it is.
 */
export function* renderJson(report: Report, input: InputSummary): Iterable<string> {
  yield '{\n  "schema_version": 1,\n  "input": ';
  yield* jsonText({
    ...input,
    sources: input.sources.map((one) => ({ ...one, format: one.format ?? null })),
  });
  for (const [key, value] of Object.entries(bodyOf(report))) {
    const shape = shapeOf(report, key);
    yield `,\n  ${quoted(key)}: `;
    if (Array.isArray(value) && typeof value[0] === 'object') yield* lines(value, shape);
    else yield* jsonText(value, shape);
  }
  yield '\n}\n';
}

function* lines(items: readonly unknown[], shape: Shape): Iterable<string> {
  let before = '[\n    ';
  for (const item of items) {
    yield before;
    yield* jsonText(item, shape);
    before = ',\n    ';
  }
  yield '\n  ]';
}

const SPAN_BELOW = new Map<string, Shape>();
const SPAN: Shape = {
  keys: contractKeys(`
    span_id parent_span_id name kind dialect status error start duration_ms self_ms critical_ms
    user workflow agent tool model provider input_tokens output_tokens cache_read_tokens cache_write_tokens
    reasoning_tokens cost_usd cost_status aggregate_only subtree_cost_usd attempt attributes events logs children`),
  below: SPAN_BELOW,
};
SPAN_BELOW.set('attributes', FOREIGN);
SPAN_BELOW.set('events', { below: new Map([['attributes', FOREIGN]]) });
SPAN_BELOW.set('children', SPAN);

/** A trace as the contract names and orders its keys; what else a view holds is for drawing. */
const TRACE: Shape = {
  keys: contractKeys(`
    trace_id root service workflow user session start duration_ms spans errors llm_calls tool_calls
    input_tokens output_tokens cost_usd unpriced_calls bottleneck summary roots critical_path
    async_tails detached skew`),
  below: new Map([['roots', SPAN]]),
};

const COST_ROW: Shape = {
  keys: contractKeys(`
    key calls input_tokens output_tokens cache_read_tokens cache_write_tokens reasoning_tokens
    cost_usd share unpriced_calls errors carried`),
};

/** What else a row holds is text for tables. */
const STATS_ROW: Shape = {
  keys: contractKeys(`
    key calls errors success_rate p50_ms p95_ms p99_ms retries retry_success_rate cache_hit_rate
    confidence_mean hallucination_rate prediction_accuracy targets runs error_types retried_calls
    ttft_p50_ms ttft_p95_ms output_tokens_per_second cached_input_share
    mean_absolute_error mean_percentage_error prediction_coverage steps_mean iterations_mean
    retrieval connectors memory guardrails`),
};

/** Rows of the `prices` commands; what else they hold is text for tables. */
const PRICE_ROWS: ReadonlyMap<string, Shape> = new Map([
  [
    'prices list rows',
    {
      keys: contractKeys(`
        model layer from until hours weekdays free usd_per_mtok usd_per_thousand above service_tiers sold_by`),
    },
  ],
  ['prices show rates', { keys: contractKeys('rate usd per above layer row note instead') }],
  ['prices import rows', { keys: contractKeys('model change rates') }],
  ['prices diff rows', { keys: contractKeys('model rate here there change') }],
  ['prices diff models', { keys: contractKeys('model calls here_usd there_usd change') }],
]);

const DIFF_STEP: Shape = {
  keys: contractKeys('path step step_was moved_from kind change changes cost_change_usd a b'),
};

/** A metric's labels are whatever they are. */
const QUERY_RESULT: Shape = {
  keys: contractKeys('metric value values'),
  below: new Map([['metric', FOREIGN]]),
};

/** Users choose the names of labels. */
const METRIC_ROW: Shape = { below: new Map([['labels', FOREIGN]]) };

/** How a top-level value of an answer is written. */
export function shapeOf({ command }: Report, key: string): Shape {
  if (key === 'traces') return TRACE;
  const prices = PRICE_ROWS.get(`${command} ${key}`);
  if (prices !== undefined) return prices;
  if (command === 'stats' && (key === 'rows' || key === 'total')) return STATS_ROW;
  if (command === 'trace diff' && key === 'steps') return DIFF_STEP;
  if (command === 'metrics' && key === 'rows') return METRIC_ROW;
  if (command === 'metrics query' && key === 'result') return QUERY_RESULT;
  return command === 'cost' && (key === 'rows' || key === 'total') ? COST_ROW : PLAIN;
}
