import type { Dashboard } from './panel.ts';
import { active, duration, ofBoth, outcome, pace, spending, tokens } from './panels.ts';
import { growth, needing, orZero, query, share } from './queries.ts';

const AGENT = ['agent_id'];
const MODEL = ['provider', 'model'];
const TOOL = ['tool_name'];
const WORKFLOW = ['workflow_id'];

/** Every dashboard, in the order in which they are listed. */
export const DASHBOARDS: readonly Dashboard[] = [
  {
    name: 'overview',
    title: 'Agents: overview',
    help: 'How the agents do, on one page.',
    panels: (say) => [
      pace(say, 'Execution rate', 'agent_executions_total', AGENT, 'Runs of agents that end, per second.'),
      outcome(say, 'Success rate', 'agent_executions_total', [], 'succeeded'),
      duration(say, 'Duration p50, p95, p99', 'agent_execution_duration_seconds'),
      active(say),
      pace(say, 'Tool usage', 'tool_calls_total', TOOL, 'Calls of tools that end, per second.'),
      tokens(say),
      spending(say, 'Cost per hour'),
      pace(
        say,
        'Memory operations',
        'memory_operations_total',
        ['operation_type'],
        'Operations on memory that end, per second.',
      ),
      pace(
        say,
        'Workflows',
        'workflow_executions_total',
        WORKFLOW,
        'Runs of workflows that end, per second.',
      ),
      outcome(say, 'Error rate', 'agent_executions_total', AGENT, 'failed'),
    ],
  },
  {
    name: 'agent',
    title: 'Agents: runs and tools',
    help: 'Each agent, and the tools that agents use.',
    panels: (say) => [
      pace(say, 'Runs by agent', 'agent_executions_total', AGENT, 'Runs that end, per second.'),
      outcome(say, 'Error rate by agent', 'agent_executions_total', AGENT, 'failed'),
      duration(say, 'Duration by agent', 'agent_execution_duration_seconds', AGENT),
      active(say, AGENT),
      pace(say, 'Calls by tool', 'tool_calls_total', TOOL, 'Calls of tools that end, per second.'),
      duration(say, 'Duration by tool', 'tool_execution_duration_seconds', TOOL),
      duration(say, 'Duration by workflow', 'workflow_execution_duration_seconds', WORKFLOW),
      pace(
        say,
        'Nodes of workflows',
        'workflow_node_executions_total',
        ['node_id'],
        'Nodes and steps that end, per second.',
      ),
    ],
  },
  {
    name: 'llm',
    title: 'Agents: language models',
    help: 'Requests to models, how long they take, and what is cached.',
    panels: (say) => [
      pace(say, 'Requests by model', 'llm_requests_total', MODEL, 'Requests that end, per second.'),
      outcome(say, 'Error rate by model', 'llm_requests_total', MODEL, 'failed'),
      duration(say, 'Duration by model', 'llm_request_duration_seconds', MODEL),
      duration(say, 'Time to first token by model', 'llm_time_to_first_token_seconds', MODEL),
      tokens(say, MODEL),
      ofBoth(say, 'Cache hit rate', 'llm_cache_requests_total', ['hit', 'miss']),
    ],
  },
  {
    name: 'cost',
    title: 'Agents: cost',
    help: 'What is spent, on which model, and what a run comes to.',
    panels: (say) => [
      spending(say, 'Cost per hour'),
      spending(say, 'Cost per hour by model', MODEL),
      spending(say, 'Cost per day', [], '1d'),
      needing(say, ['llm_cost_total', 'agent_executions_total'], () => ({
        title: 'Cost per run',
        help: 'Cost of an hour over the runs that ended in it.',
        unit: 'currencyUSD',
        queries: [
          {
            expr: `${growth(say, 'llm_cost_total')} / (${growth(say, 'agent_executions_total')} > 0)`,
            legend: 'all',
          },
        ],
      })),
      tokens(say, MODEL),
      needing(say, ['llm_unpriced_calls_total'], () => ({
        title: 'Calls without a price',
        help: 'In an hour. They are not in the cost.',
        unit: 'short',
        queries: [
          query(
            say,
            'llm_unpriced_calls_total',
            MODEL,
            orZero(growth(say, 'llm_unpriced_calls_total', MODEL)),
            'all',
          ),
        ],
      })),
    ],
  },
  {
    name: 'reliability',
    title: 'Agents: reliability',
    help: 'What fails, what is tried again, and whether that helps.',
    panels: (say) => [
      outcome(say, 'Error rate by agent', 'agent_executions_total', AGENT, 'failed'),
      pace(
        say,
        'Errors of agents by type',
        'agent_errors_total',
        ['agent_id', 'error_type'],
        'Runs that fail, per second.',
      ),
      outcome(say, 'Error rate by tool', 'tool_calls_total', TOOL, 'failed'),
      pace(
        say,
        'Errors of tools by type',
        'tool_errors_total',
        ['tool_name', 'error_type'],
        'Calls that fail, per second.',
      ),
      pace(say, 'Retries', 'retry_attempts_total', TOOL, 'Attempts beyond the first, per second.'),
      pace(say, 'Rescued by a retry', 'retry_success_total', TOOL, 'Per second.'),
      outcome(say, 'Error rate by workflow', 'workflow_executions_total', WORKFLOW, 'failed'),
    ],
  },
  {
    name: 'prediction-accuracy',
    title: 'Agents: prediction accuracy',
    help: 'Whether answers are right, and how sure the agents were.',
    panels: (say) => [
      ofBoth(say, 'Accuracy', 'agent_predictions_total', ['correct', 'wrong']),
      ofBoth(say, 'Accuracy by agent', 'agent_predictions_total', ['correct', 'wrong'], AGENT),
      needing(say, ['agent_predictions_total'], () => ({
        title: 'Predictions with an outcome',
        help: 'In an hour.',
        unit: 'short',
        queries: [
          query(
            say,
            'agent_predictions_total',
            AGENT,
            orZero(growth(say, 'agent_predictions_total', AGENT)),
            'all',
          ),
        ],
      })),
      ofBoth(say, 'Hallucination rate by agent', 'agent_evaluations_total', ['fail', 'pass'], AGENT),
      needing(say, ['agent_confidence'], () => {
        const low = growth(say, 'agent_confidence', AGENT, { of: 'bucket', where: { le: '="0.5"' } });
        const all = growth(say, 'agent_confidence', AGENT, { of: 'count' });
        return {
          title: 'Answers of low confidence',
          help: 'The share with a confidence of 0.5 or less, over an hour.',
          unit: 'percentunit',
          queries: [query(say, 'agent_confidence', AGENT, share(low, all), 'all')],
        };
      }),
    ],
  },
];
