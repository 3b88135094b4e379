import { clause, growth, quantile } from './expressions.ts';
import { labelValue, type Preset, VALUE_IN_USD } from './preset.ts';

const AGENT = ['agent_id'];

/** The three rules as they are published, names and all. */
export const genxaiAsWritten: Preset = {
  name: 'genxai-as-written',
  help: "GenXAI's three rules, unchanged, to compare with: none of them says what is meant",
  groups: () => [
    {
      name: 'genxai-as-written',
      why: [
        'The names are those of --profile genxai. Prometheus takes all three:',
        '`agentobs alerts lint` says what is wrong with each, and the preset genxai is what they mean.',
      ],
      rules: [
        {
          alert: 'HighErrorRate',
          expr: 'rate(genxai_agent_errors_total[5m]) > 0.1',
          for: '5m',
          labels: { severity: 'warning', preset: 'genxai-as-written' },
          summary: 'Agent {{ $labels.agent_id }}: {{ printf "%.2g" $value }} errors of one type per second',
        },
        {
          alert: 'SlowAgentExecution',
          expr: 'histogram_quantile(0.95, genxai_agent_execution_duration_seconds) > 30',
          for: '5m',
          labels: { severity: 'warning', preset: 'genxai-as-written' },
          summary: 'p95 of the runs is {{ $value | humanizeDuration }}',
        },
        {
          alert: 'HighLLMCost',
          expr: 'rate(genxai_llm_cost_total[1h]) > 10',
          labels: { severity: 'critical', preset: 'genxai-as-written' },
          summary: `Models cost \${{ $value | humanize }} per second`,
        },
      ],
    },
  ],
};

/** The three rules as they are meant. */
export const genxai: Preset = {
  name: 'genxai',
  help: "GenXAI's three rules, corrected: errors per second, slow runs, cost per hour",
  groups: (say) => {
    const errors = 'agent_errors_total';
    const duration = 'agent_execution_duration_seconds';
    const of = (name: string): string => labelValue(say.labels(name, ...AGENT)[0], 'any');
    return [
      {
        name: 'genxai',
        why: [],
        rules: [
          {
            alert: 'HighErrorRate',
            why: '0.1 errors per second, not 10 %: valuecanvas has the share. All types of errors of an agent together.',
            expr: `sum${clause(say, errors, AGENT)}(rate(${say.select(errors, { over: '5m' })})) > 0.1`,
            for: '5m',
            labels: { severity: 'warning', preset: 'genxai' },
            summary: `Agent ${of(errors)}: {{ printf "%.2g" $value }} errors per second (limit 0.1)`,
          },
          {
            alert: 'SlowAgentExecution',
            why: 'The series of a histogram end in _bucket, and without rate it would be the quantile since the process began.',
            expr: `${quantile(say, 0.95, duration, AGENT, '5m')} > 30`,
            for: '5m',
            labels: { severity: 'warning', preset: 'genxai' },
            summary: `Agent ${of(duration)}: p95 of its runs is {{ $value | humanizeDuration }} (limit 30s)`,
          },
          {
            alert: 'HighLLMCost',
            why: 'rate is dollars per second, of each model: 10 of them are $36,000 an hour.',
            expr: `${growth(say, 'llm_cost_total', [], { over: '1h' })} > 10`,
            labels: { severity: 'critical', preset: 'genxai' },
            summary: `Models cost ${VALUE_IN_USD} in the last hour (limit $10)`,
          },
        ],
      },
    ];
  },
};
