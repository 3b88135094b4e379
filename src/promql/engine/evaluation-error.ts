/** Why an expression has no answer, in Prometheus' words. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}
