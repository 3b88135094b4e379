import { type Condition, parseCondition } from '../rollup/index.ts';
import type { Metric, MetricLabel } from './metric.ts';

const label = (name: string, from: string): MetricLabel => ({ name, from });

const AGENT = label('agent_id', 'agent');
const TOOL = label('tool_name', 'tool');
const WORKFLOW = label('workflow_id', 'workflow');
const STATUS = label('status', 'status');
const ERROR = label('error_type', 'error');
const MODEL = [label('provider', 'provider'), label('model', 'model')];
const MEMORY = [label('operation_type', 'memory_operation'), label('memory_type', 'memory_type')];

const FAILED: readonly Condition[] = [parseCondition('status=error')];

const SECONDS = 'seconds';

/** Every metric there is without a profile, the families in the order in which they are exposed. */
export const CATALOGUE: readonly Metric[] = [
  {
    name: 'agent_executions_total',
    help: 'Runs of agents that are over.',
    type: 'counter',
    spans: 'agent',
    labels: [AGENT, STATUS],
    value: 'one',
  },
  {
    name: 'agent_errors_total',
    help: 'Runs of agents that failed, by the type of the error.',
    type: 'counter',
    spans: 'agent',
    where: FAILED,
    labels: [AGENT, ERROR],
    value: 'one',
  },
  {
    name: 'agent_execution_duration_seconds',
    help: 'How long runs of agents took.',
    type: 'histogram',
    unit: SECONDS,
    spans: 'agent',
    labels: [AGENT],
    value: 'duration',
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60],
  },
  {
    name: 'agent_active_executions',
    help: 'Runs of agents that have begun and are not over.',
    type: 'gauge',
    spans: 'agent',
    labels: [AGENT],
    value: 'running',
  },
  {
    name: 'agent_confidence',
    help: 'How sure agents were of their answers, from 0 to 1.',
    type: 'histogram',
    spans: 'any',
    labels: [AGENT],
    value: 'confidence',
    buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  },
  {
    name: 'agent_evaluations_total',
    help: 'Answers that a judge looked at, and whether they passed.',
    type: 'counter',
    spans: 'any',
    labels: [AGENT],
    fixed: [['check', 'hallucination']],
    value: {
      label: 'result',
      of: [
        { as: 'pass', value: 'hallucination_pass' },
        { as: 'fail', value: 'hallucination_fail' },
      ],
    },
  },
  {
    name: 'agent_predictions_total',
    help: 'Predictions whose outcome is known; one that was 90 % right counts 0.9 correct and 0.1 wrong.',
    type: 'counter',
    spans: 'any',
    labels: [AGENT],
    value: {
      label: 'result',
      of: [
        { as: 'correct', value: 'prediction_right' },
        { as: 'wrong', value: 'prediction_wrong' },
      ],
    },
  },
  {
    name: 'tool_calls_total',
    help: 'Calls of tools that are over.',
    type: 'counter',
    spans: 'tool',
    labels: [TOOL, STATUS],
    value: 'one',
  },
  {
    name: 'tool_execution_duration_seconds',
    help: 'How long calls of tools took.',
    type: 'histogram',
    unit: SECONDS,
    spans: 'tool',
    labels: [TOOL],
    value: 'duration',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  },
  {
    name: 'tool_errors_total',
    help: 'Calls of tools that failed, by the type of the error.',
    type: 'counter',
    spans: 'tool',
    where: FAILED,
    labels: [TOOL, ERROR],
    value: 'one',
  },
  {
    name: 'retry_attempts_total',
    help: 'Attempts beyond the first: 1 is the first retry.',
    type: 'counter',
    spans: 'any',
    labels: [TOOL, label('attempt', 'attempt')],
    value: 'retries',
  },
  {
    name: 'retry_success_total',
    help: 'Calls that succeeded after they were tried again.',
    type: 'counter',
    spans: 'any',
    labels: [TOOL],
    value: 'retry_success',
  },
  {
    name: 'llm_requests_total',
    help: 'Requests to language models that are over.',
    type: 'counter',
    spans: 'llm',
    labels: [...MODEL, STATUS],
    value: 'one',
  },
  {
    name: 'llm_tokens_total',
    help: 'Tokens of billed calls as reported. Input and output add up; the others are told once more, beside them.',
    type: 'counter',
    spans: 'call',
    labels: MODEL,
    value: {
      label: 'token_type',
      of: [
        { as: 'input', value: 'input_tokens' },
        { as: 'output', value: 'output_tokens' },
        { as: 'cache_read', value: 'cache_read_tokens' },
        { as: 'cache_write', value: 'cache_write_tokens' },
        { as: 'reasoning', value: 'reasoning_tokens' },
      ],
    },
  },
  {
    name: 'llm_cost_total',
    help: 'What billed calls cost, in USD; see llm_unpriced_calls_total for those whose price is not known.',
    type: 'counter',
    spans: 'call',
    labels: MODEL,
    value: 'cost',
  },
  {
    name: 'llm_unpriced_calls_total',
    help: 'Billed calls whose price is not known: they are not in the cost.',
    type: 'counter',
    spans: 'call',
    labels: MODEL,
    value: 'unpriced',
  },
  {
    name: 'llm_request_duration_seconds',
    help: 'How long requests to language models took.',
    type: 'histogram',
    unit: SECONDS,
    spans: 'llm',
    labels: MODEL,
    value: 'duration',
    buckets: [0.5, 1, 2, 5, 10, 30, 60],
  },
  {
    name: 'llm_time_to_first_token_seconds',
    help: 'How long language models took to begin with their answer.',
    type: 'histogram',
    unit: SECONDS,
    spans: 'llm',
    labels: MODEL,
    value: 'time_to_first_token',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  {
    name: 'llm_cache_requests_total',
    help: "Look-ups in an application's own cache of answers; a provider's prompt cache is not meant.",
    type: 'counter',
    spans: 'any',
    labels: MODEL,
    value: {
      label: 'result',
      of: [
        { as: 'hit', value: 'cache_hits' },
        { as: 'miss', value: 'cache_misses' },
      ],
    },
  },
  {
    name: 'memory_operations_total',
    help: 'Operations on memory that are over.',
    type: 'counter',
    spans: 'memory',
    labels: [...MEMORY, STATUS],
    value: 'one',
  },
  {
    name: 'memory_operation_duration_seconds',
    help: 'How long operations on memory took.',
    type: 'histogram',
    unit: SECONDS,
    spans: 'memory',
    labels: MEMORY,
    value: 'duration',
    buckets: [0.001, 0.01, 0.05, 0.1, 0.5, 1],
  },
  {
    name: 'memory_size_bytes',
    help: 'Size of the memory as it was told last.',
    type: 'gauge',
    unit: 'bytes',
    spans: 'any',
    labels: [label('memory_type', 'memory_type')],
    value: 'memory_bytes',
  },
  {
    name: 'workflow_executions_total',
    help: 'Runs of workflows that are over.',
    type: 'counter',
    spans: 'workflow',
    labels: [WORKFLOW, STATUS],
    value: 'one',
  },
  {
    name: 'workflow_execution_duration_seconds',
    help: 'How long runs of workflows took.',
    type: 'histogram',
    unit: SECONDS,
    spans: 'workflow',
    labels: [WORKFLOW],
    value: 'duration',
    buckets: [1, 5, 10, 30, 60, 300, 600],
  },
  {
    name: 'workflow_steps_total',
    help: 'Steps of workflows that are over: as told, otherwise the spans right below.',
    type: 'counter',
    spans: 'workflow',
    labels: [WORKFLOW],
    value: 'steps',
  },
  {
    name: 'workflow_node_executions_total',
    help: 'Nodes and steps of workflows that are over.',
    type: 'counter',
    spans: 'node',
    labels: [WORKFLOW, label('node_id', 'step_name'), STATUS],
    value: 'one',
  },
];
