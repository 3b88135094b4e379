import type { Dialect } from '../dialect.ts';

const CACHE_WRITES = ['set', 'put', 'write', 'delete', 'del', 'clear', 'invalidate'];

/** Identity, HTTP, database, RPC and messaging keys that any instrumentation may write. Claims no span. */
export const opentelemetry: Dialect = {
  name: 'opentelemetry',
  source: 'https://opentelemetry.io/docs/specs/semconv/registry/attributes/',
  kinds: [
    {
      strength: 'presence',
      key: 'db.system',
      values: {
        pinecone: 'retrieval',
        chroma: 'retrieval',
        qdrant: 'retrieval',
        weaviate: 'retrieval',
        milvus: 'retrieval',
        lancedb: 'retrieval',
        marqo: 'retrieval',
        pgvector: 'retrieval',
        opensearch: 'retrieval',
        elasticsearch: 'retrieval',
      },
    },
    {
      strength: 'presence',
      key: 'db.system.name',
      values: {
        pinecone: 'retrieval',
        chroma: 'retrieval',
        qdrant: 'retrieval',
        weaviate: 'retrieval',
        milvus: 'retrieval',
        lancedb: 'retrieval',
        marqo: 'retrieval',
        pgvector: 'retrieval',
        opensearch: 'retrieval',
        elasticsearch: 'retrieval',
      },
    },
    { strength: 'presence', anyKey: ['memory.operation', 'memory.operation_type'], kind: 'memory' },
    { strength: 'presence', anyKey: ['guardrail.name'], kind: 'guardrail' },
    {
      strength: 'transport',
      anyKey: ['http.request.method', 'http.method', 'url.full', 'http.url', 'http.route'],
      kind: 'http',
    },
    { strength: 'transport', name: /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(?: |$)/, kind: 'http' },
    {
      strength: 'transport',
      anyKey: ['db.system', 'db.system.name', 'rpc.system', 'rpc.system.name', 'messaging.system'],
      kind: 'connector',
    },
  ],
  fields: {
    user: ['user.id', 'enduser.id', 'enduser.pseudo.id'],
    userFallback: ['user.email', 'user.hash'],
    organization: ['organization.id', 'tenant.id'],
    workspace: ['workspace.id'],
    session: ['session.id'],
    workflow: ['workflow.name'],
    workflowId: ['workflow.id'],
    connector: [
      { key: 'db.system.name', kinds: ['connector'] },
      { key: 'db.system', kinds: ['connector'] },
      { key: 'messaging.system', kinds: ['connector'] },
      { key: 'rpc.service', kinds: ['connector'] },
      { key: 'rpc.system', kinds: ['connector'] },
    ],
    errorType: [
      'error.type',
      'exception.type',
      { key: 'http.response.status_code', when: { key: 'http.response.status_code', atLeast: 400 } },
      { key: 'http.status_code', when: { key: 'http.status_code', atLeast: 400 } },
    ],
    errorMessage: ['error.message', 'exception.message'],
  },
  attempt: [
    { key: 'http.request.resend_count', from: 0 },
    { key: 'retry_count', from: 0 },
    { key: 'retry.count', from: 0 },
  ],
  failure: [{ key: 'error.type', weak: true }],
  observations: {
    numbers: {
      // A cache that is written to is not looked into.
      cacheHit: [
        { key: 'cache.hit', unless: { key: 'cache.operation', is: CACHE_WRITES } },
        { key: 'cache.result', words: { hit: 1, miss: 0 } },
        { key: 'cache.status', words: { hit: 1, miss: 0 } },
        { key: 'cache_hit', unless: { key: 'cache.operation', is: CACHE_WRITES } },
      ],
      cacheHits: ['cache.hits'],
      cacheMisses: ['cache.misses'],
      sourcesFound: ['retrieval.document_count', 'retrieval.documents.count', 'retrieval.num_results'],
      memoryBytes: [{ key: 'memory.size_bytes', kinds: ['memory'] }],
    },
    texts: {
      vectorStore: [
        { key: 'db.system.name', kinds: ['retrieval'] },
        { key: 'db.system', kinds: ['retrieval'] },
      ],
      connectorAction: [
        { key: 'db.operation.name', kinds: ['connector'] },
        { key: 'db.operation', kinds: ['connector'] },
        { key: 'rpc.method', kinds: ['connector'] },
        { key: 'messaging.operation.name', kinds: ['connector'] },
        { key: 'messaging.operation', kinds: ['connector'] },
      ],
      memoryOperation: [
        { key: 'memory.operation', kinds: ['memory'] },
        { key: 'memory.operation_type', kinds: ['memory'] },
      ],
      memoryType: [
        { key: 'memory.type', kinds: ['memory'] },
        { key: 'memory.memory_type', kinds: ['memory'] },
      ],
      guardrail: ['guardrail.name'],
      guardrailOutcome: [
        'guardrail.outcome',
        'guardrail.status',
        'guardrail.action',
        'guardrail.result',
        {
          key: 'guardrail.triggered',
          when: { key: 'guardrail.triggered', is: ['true'] },
          means: 'triggered',
        },
        { key: 'guardrail.triggered', when: { key: 'guardrail.triggered', is: ['false'] }, means: 'passed' },
      ],
    },
  },
};
