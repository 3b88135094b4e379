import { FAILED, type Vocabulary } from '../../metrics/index.ts';
import { growth, quantile, share } from './expressions.ts';
import { labelValue, levels, type Preset, type PresetRule, percent, VALUE_IN_USD } from './preset.ts';

const preset = 'valuecanvas';
const AGENT = ['agent_id'];

/** Seven thresholds on quality, speed and cost. */
export const valuecanvas: Preset = {
  name: preset,
  help: 'seven thresholds: errors, hallucinations, confidence, response time, cost, cache, accuracy',
  groups: (say) => [
    {
      name: preset,
      why: [
        'A share is judged only where enough happened, so that one failure out of one call is no 100 %.',
        'A warning has no upper bound: a value that swings around the critical limit would begin both waits anew.',
        'An inhibit rule of Alertmanager hides the warning while the critical alert of the same name fires.',
      ],
      rules: [
        ...errorRate(say),
        ...hallucinations(say),
        ...lowConfidence(say),
        ...responseTime(say),
        ...cost(say),
        ...cacheHits(say),
        ...accuracy(say),
      ],
    },
  ],
};

const agentOf = (say: Vocabulary, name: string): string => labelValue(say.labels(name, ...AGENT)[0], 'any');

function errorRate(say: Vocabulary): readonly PresetRule[] {
  const name = 'agent_executions_total';
  const all = growth(say, name, AGENT, { over: '5m' });
  const failed = growth(say, name, AGENT, { where: { status: FAILED }, over: '5m' });
  return levels(
    { alert: 'AgentErrorRateHigh', for: '5m', preset },
    [
      ['warning', '0.05'],
      ['critical', '0.1'],
    ],
    (limit) => ({
      expr: `${share(failed, all, 5)} > ${limit}`,
      summary: `Agent ${agentOf(say, name)}: {{ $value | humanizePercentage }} of its runs failed in 5 minutes (limit ${percent(limit)})`,
    }),
  );
}

function hallucinations(say: Vocabulary): readonly PresetRule[] {
  const name = 'agent_evaluations_total';
  const where = { check: '="hallucination"' };
  const all = growth(say, name, AGENT, { where, over: '1h' });
  const failed = growth(say, name, AGENT, { where, part: 'fail', over: '1h' });
  return levels(
    { alert: 'HallucinationRateHigh', for: '5m', preset },
    [
      ['warning', '0.15'],
      ['critical', '0.25'],
    ],
    (limit) => ({
      expr: `${share(failed, all, 20)} > ${limit}`,
      summary: `Agent ${agentOf(say, name)}: {{ $value | humanizePercentage }} of the judged answers are hallucinations (limit ${percent(limit)})`,
    }),
  );
}

function lowConfidence(say: Vocabulary): readonly PresetRule[] {
  const name = 'agent_confidence';
  const all = growth(say, name, AGENT, { of: 'count', over: '1h' });
  const low = growth(say, name, AGENT, { of: 'bucket', where: { le: '="0.5"' }, over: '1h' });
  return levels(
    {
      alert: 'LowConfidenceRateHigh',
      why: 'An answer is of low confidence up to 0.5. The critical limit is our choice: the thresholds name one only.',
      for: '10m',
      preset,
    },
    [
      ['warning', '0.3'],
      ['critical', '0.5'],
    ],
    (limit) => ({
      expr: `${low}\n  / (${all} >= 20) > ${limit}`,
      summary: `Agent ${agentOf(say, name)}: {{ $value | humanizePercentage }} of the answers have a confidence of 0.5 or less (limit ${percent(limit)})`,
    }),
  );
}

function responseTime(say: Vocabulary): readonly PresetRule[] {
  const name = 'agent_execution_duration_seconds';
  const rule = (severity: string, q: number, limit: number): PresetRule => ({
    alert: 'AgentResponseSlow',
    expr: `${quantile(say, q, name, AGENT, '5m')} > ${limit}`,
    for: '5m',
    labels: { severity, preset, quantile: `p${q * 100}` },
    summary: `Agent ${agentOf(say, name)}: p${q * 100} of its runs is {{ $value | humanizeDuration }} (limit ${limit}s)`,
  });
  return [rule('warning', 0.95, 5), rule('critical', 0.99, 10)];
}

function cost(say: Vocabulary): readonly PresetRule[] {
  return levels(
    {
      alert: 'LLMCostHigh',
      why: 'increase over an hour is dollars per hour; rate would be dollars per second.',
      preset,
    },
    [
      ['warning', '10'],
      ['critical', '50'],
    ],
    (limit) => ({
      expr: `${growth(say, 'llm_cost_total', [], { over: '1h' })} > ${limit}`,
      summary: `Models cost ${VALUE_IN_USD} in the last hour (limit $${limit})`,
    }),
  );
}

function cacheHits(say: Vocabulary): readonly PresetRule[] {
  const name = 'llm_cache_requests_total';
  const hits = growth(say, name, [], { part: 'hit', over: '1h' });
  const misses = growth(say, name, [], { part: 'miss', over: '1h' });
  const all = `((${hits} or 0 * ${misses}) + (${misses} or 0 * ${hits}))`;
  return levels(
    {
      alert: 'CacheHitRateLow',
      why: "An application's own cache of answers. The critical limit is our choice.",
      for: '15m',
      preset,
    },
    [
      ['warning', '0.5'],
      ['critical', '0.25'],
    ],
    (limit) => ({
      expr: `(${hits} or 0 * ${misses})\n  / (${all} >= 20) < ${limit}`,
      summary: `{{ $value | humanizePercentage }} of the look-ups in the cache were hits (at least ${percent(limit)} are expected)`,
    }),
  );
}

function accuracy(say: Vocabulary): readonly PresetRule[] {
  const name = 'agent_predictions_total';
  const all = growth(say, name, AGENT, { over: '1h' });
  const right = growth(say, name, AGENT, { part: 'correct', over: '1h' });
  return levels(
    {
      alert: 'PredictionAccuracyLow',
      why: 'The critical limit is our choice.',
      for: '15m',
      preset,
    },
    [
      ['warning', '0.7'],
      ['critical', '0.5'],
    ],
    (limit) => ({
      expr: `${share(right, all, 20)} < ${limit}`,
      summary: `Agent ${agentOf(say, name)}: {{ $value | humanizePercentage }} of its predictions came true (at least ${percent(limit)} are expected)`,
    }),
  );
}
