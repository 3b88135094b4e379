import { type Dialect, FAILED } from '../dialect.ts';
import { BARE } from './judgements.ts';

const JUDGED = [
  'agent.confidence',
  'agent.confidence.score',
  'agent.hallucination',
  'agent.hallucination_detected',
  'agent.success',
];
/** The event that tells a predicted value, on the span of the agent that predicts it. */
const PREDICTION = 'value.prediction_made';

/** ValueCanvas, in-house: judged agents (success, response time, confidence, hallucination); model calls as metrics only. */
export const valuecanvas: Dialect = {
  name: 'valuecanvas',
  source: 'in-house',
  detect: [{ resource: { key: 'service.name', is: /^value-?canvas/i } }, { keys: JUDGED }],
  kinds: [
    { strength: 'name', name: /^workflow\.\S/, kind: 'workflow', own: true },
    {
      strength: 'presence',
      anyKey: JUDGED,
      kind: 'agent',
    },
  ],
  attempt: [{ key: 'attempt', from: 1, own: true }],
  failure: [
    { key: 'agent.success', is: FAILED },
    { key: 'success', is: FAILED, own: true },
  ],
  observations: {
    numbers: {
      confidence: [
        'agent.confidence',
        'agent.confidence.score',
        'agent.confidence_score',
        ...BARE.confidence,
        'confidence_score',
        'prediction.confidence',
        { event: PREDICTION, key: 'prediction.confidence' },
      ],
      hallucination: [
        'agent.hallucination',
        'agent.hallucination.score',
        'agent.hallucination_score',
        'agent.hallucination_detected',
        'agent.hallucination.detected',
        ...BARE.hallucination,
        'hallucination_score',
        'hallucination_detected',
      ],
      predicted: [
        'prediction.value',
        'prediction.predicted',
        'prediction.predicted_value',
        { event: PREDICTION, key: 'prediction.value' },
        'value.predicted',
        'predicted_value',
        ...BARE.predicted,
      ],
      actual: [
        'prediction.actual',
        'prediction.actual_value',
        { event: PREDICTION, key: 'prediction.actual' },
        'value.actual',
        'actual_value',
        ...BARE.actual,
      ],
      predictionAccuracy: ['prediction.accuracy', 'agent.prediction.accuracy'],
      cacheHits: ['cache.hits.total'],
      cacheMisses: ['cache.misses.total'],
      steps: ['workflow.stage_count'],
    },
  },
};
