/** Members of a span under which its attributes stand. */
export const PRUNED: ReadonlySet<string> = new Set(['attributes', 'tags']);

/** Members that many spans have in common, to the letter. */
export const REPEATED: ReadonlySet<string> = new Set([
  'resource',
  'instrumentationScope',
  'instrumentationLibrary',
  'instrumentation_scope',
  'instrumentation_info',
  'localEndpoint',
]);

/** Attributes that formats look at themselves. */
export const ALWAYS: ReadonlySet<string> = new Set([
  'error',
  'mlflow.spanType',
  'mlflow.traceRequestId',
  'otel.library.name',
  'otel.library.version',
  'otel.scope.name',
  'otel.scope.version',
  'otel.status_code',
  'otel.status_description',
  'peer.service',
  'span.kind',
]);
