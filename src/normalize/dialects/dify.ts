import { type Dialect, FAILED } from '../dialect.ts';

/** Dify: node spans with a kind of their own. `gen_ai.span.kind` is what Alibaba's instrumentations write too. */
export const dify: Dialect = {
  name: 'dify',
  source: 'https://github.com/langgenius/dify/tree/main/api/extensions/otel',
  detect: [
    { keys: ['dify.app_id', 'dify.tenant_id', 'dify.workflow_id'] },
    { value: { key: 'gen_ai.framework', is: ['dify'] } },
  ],
  kinds: [
    {
      strength: 'declared',
      when: { key: 'gen_ai.operation.name', is: ['workflow'] },
      key: 'gen_ai.span.kind',
      values: { chain: 'workflow' },
    },
    {
      strength: 'declared',
      key: 'gen_ai.span.kind',
      values: {
        workflow: 'workflow',
        chain: 'step',
        task: 'step',
        step: 'step',
        llm: 'llm',
        embedding: 'embedding',
        tool: 'tool',
        agent: 'agent',
        retriever: 'retrieval',
        reranker: 'retrieval',
      },
    },
  ],
  fields: {
    user: ['gen_ai.user.id'],
    organization: ['dify.tenant_id'],
    workspace: ['dify.app_id'],
    session: ['gen_ai.conversation.id', 'gen_ai.session.id', { key: 'conversation_id', own: true }],
    workflowId: ['dify.workflow_id'],
    tool: ['gen_ai.tool.name', { name: /^(.+)$/s, kinds: ['tool'], own: true }],
    node: [{ key: 'node.id', own: true }],
  },
  failure: [{ key: 'node.status', is: FAILED }],
  content: ['retrieval.query', 'retrieval.document'],
  observations: {
    numbers: { timeToFirstToken: [{ key: 'gen_ai.user.time_to_first_token', unit: 'ns' }] },
    texts: { outcome: [{ key: 'node.status', own: true }] },
  },
};
