/**
 * Attributes by which frameworks for evaluation name the case that a run is about: it comes again in later runs.
 * opentelemetry.io/docs/specs/semconv/registry/attributes/test, langfuse.com/docs/evaluation/experiments and
 * docs.langchain.com/langsmith/trace-with-opentelemetry
 */
export const CASE_KEYS: readonly string[] = [
  'attr:test.case.name',
  'attr:langfuse.experiment.item.id',
  'attr:langsmith.reference_example_id',
];
