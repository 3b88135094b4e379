import { FAILED, type Vocabulary } from '../../metrics/index.ts';
import { clause, growth, quantile, share } from './expressions.ts';
import { labelValue, type Preset, type PresetRule, VALUE_IN_USD } from './preset.ts';

const DAILY_USD = 100;
const MODEL = ['provider', 'model'];

const labels = (severity: 'info' | 'warning' | 'critical') => ({ severity, preset: 'budgets' });

/** What may be spent, and what should be looked after. */
export const budgets: Preset = {
  name: 'budgets',
  help: 'money per day, hour and run; failing or slow models, tools and workflows; silence',
  groups: (say) => [
    {
      name: 'budgets',
      why: [`The budget is $${DAILY_USD} a day: put your own figure there.`],
      rules: [...money(say), ...calls(say)],
    },
    { name: 'upkeep', why: [], rules: [...workflows(say), ...presence(say)] },
  ],
};

function money(say: Vocabulary): readonly PresetRule[] {
  const spent = (over: string, by: readonly string[] = []) => growth(say, 'llm_cost_total', by, { over });
  const runs = growth(say, 'agent_executions_total', [], { over: '1h' });
  const usual = `sum${clause(say, 'llm_cost_total', ['model'])}(increase(${say.select('llm_cost_total', { over: '6h' })} offset 15m))`;
  const model = labelValue(say.labels('llm_cost_total', 'model')[0], 'any');
  return [
    {
      alert: 'DailyBudgetNearlySpent',
      expr: `${spent('1d')} > 0.8 * ${DAILY_USD}`,
      labels: labels('warning'),
      summary: `${VALUE_IN_USD} of the $${DAILY_USD} for a day are spent`,
    },
    {
      alert: 'DailyBudgetSpent',
      expr: `${spent('1d')} > ${DAILY_USD}`,
      labels: labels('critical'),
      summary: `${VALUE_IN_USD} were spent in a day, and $${DAILY_USD} are allowed`,
    },
    {
      alert: 'LLMCostSpike',
      why: 'A quarter of an hour against the usual quarter of the six hours before; less than $1 is no spike.',
      expr: `${spent('15m', ['model'])}\n  > 5 * (${usual} / 24 > 0)\n  and ${spent('15m', ['model'])} > 1`,
      labels: labels('warning'),
      summary: `Model ${model}: ${VALUE_IN_USD} in 15 minutes, over five times what is usual`,
    },
    {
      alert: 'CostPerRunHigh',
      expr: `${spent('1h')} / (${runs} >= 5) > 1`,
      labels: labels('warning'),
      summary: `A run costs ${VALUE_IN_USD} on average (limit $1)`,
    },
  ];
}

function calls(say: Vocabulary): readonly PresetRule[] {
  const failing = (name: string, by: readonly string[], least: number, limit: number): string => {
    const all = growth(say, name, by, { over: '5m' });
    const failed = growth(say, name, by, { where: { status: FAILED }, over: '5m' });
    return `${share(failed, all, least)} > ${limit}`;
  };
  const tokens = (part: string): string =>
    `sum${clause(say, 'llm_tokens_total', MODEL)}(rate(${say.select('llm_tokens_total', { part, over: '5m' })}))`;
  const named = (name: string, label: string): string => labelValue(say.labels(name, label)[0], 'any');
  return [
    {
      alert: 'TokenBurnHigh',
      why: 'Input and output are all tokens there are; cached and reasoning ones are among them.',
      expr: `(${tokens('input')} + ${tokens('output')}) * 60 > 200000`,
      for: '5m',
      labels: labels('warning'),
      summary: `Model ${named('llm_tokens_total', 'model')}: {{ $value | humanize }} tokens a minute (limit 200k)`,
    },
    {
      alert: 'LLMErrorRateHigh',
      expr: failing('llm_requests_total', MODEL, 5, 0.05),
      for: '5m',
      labels: labels('warning'),
      summary: `Model ${named('llm_requests_total', 'model')}: {{ $value | humanizePercentage }} of its requests failed (limit 5%)`,
    },
    {
      alert: 'LLMSlow',
      expr: `${quantile(say, 0.95, 'llm_request_duration_seconds', MODEL, '5m')} > 30`,
      for: '5m',
      labels: labels('warning'),
      summary: `Model ${named('llm_request_duration_seconds', 'model')}: p95 of its requests is {{ $value | humanizeDuration }} (limit 30s)`,
    },
    {
      alert: 'ToolErrorRateHigh',
      expr: failing('tool_calls_total', ['tool_name'], 5, 0.1),
      for: '5m',
      labels: labels('warning'),
      summary: `Tool ${named('tool_calls_total', 'tool_name')}: {{ $value | humanizePercentage }} of its calls failed (limit 10%)`,
    },
    {
      alert: 'ToolSlow',
      expr: `${quantile(say, 0.95, 'tool_execution_duration_seconds', ['tool_name'], '5m')} > 5`,
      for: '5m',
      labels: labels('warning'),
      summary: `Tool ${named('tool_execution_duration_seconds', 'tool_name')}: p95 of its calls is {{ $value | humanizeDuration }} (limit 5s)`,
    },
  ];
}

function workflows(say: Vocabulary): readonly PresetRule[] {
  const [runs, duration] = ['workflow_executions_total', 'workflow_execution_duration_seconds'];
  const by = ['workflow_id'];
  const all = growth(say, runs, by, { over: '1h' });
  const failed = growth(say, runs, by, { where: { status: FAILED }, over: '1h' });
  return [
    {
      alert: 'WorkflowErrorRateHigh',
      expr: `${share(failed, all, 5)} > 0.1`,
      labels: labels('critical'),
      summary: `Workflow ${labelValue(say.labels(runs, ...by)[0], 'any')}: {{ $value | humanizePercentage }} of its runs failed in an hour (limit 10%)`,
    },
    {
      alert: 'WorkflowSlow',
      expr: `${quantile(say, 0.95, duration, by, '15m')} > 300`,
      for: '5m',
      labels: labels('warning'),
      summary: `Workflow ${labelValue(say.labels(duration, ...by)[0], 'any')}: p95 of its runs is {{ $value | humanizeDuration }} (limit 5m)`,
    },
  ];
}

function presence(say: Vocabulary): readonly PresetRule[] {
  const [active, done] = ['agent_active_executions', 'agent_executions_total'];
  const agent = say.labels(active, 'agent_id')[0];
  return [
    {
      alert: 'AgentStuck',
      expr: `${say.select(active)} > 0\n  unless on (${agent ?? ''}) (${growth(say, done, ['agent_id'], { over: '30m' })} > 0)`,
      for: '30m',
      labels: labels('warning'),
      summary: `Agent ${labelValue(agent, 'any')}: {{ $value }} runs are open, and none ended in 30 minutes`,
    },
    {
      alert: 'NoAgentTelemetry',
      why: 'absent cannot tell which agent is silent: this is about all of them.',
      expr: `absent(${say.select(done)})`,
      for: '10m',
      labels: labels('info'),
      summary: 'No run of an agent is told of',
    },
  ];
}
