import { type Dialect, FAILED } from '../dialect.ts';

/** n8n: workflow and node executions. The span names are those of SOS and GenXAI; the keys tell them apart. */
export const n8n: Dialect = {
  name: 'n8n',
  source: 'https://github.com/n8n-io/n8n/tree/master/packages/cli/src/modules/otel',
  detect: [{ keys: ['n8n.workflow.id', 'n8n.node.id', 'n8n.node.type', 'n8n.execution.id'] }],
  kinds: [
    { strength: 'declared', anyKey: ['n8n.node.type', 'n8n.node.id'], kind: 'step' },
    { strength: 'declared', anyKey: ['n8n.workflow.id'], kind: 'workflow' },
  ],
  fields: {
    workspace: ['n8n.project.id'],
    workflow: ['n8n.workflow.name'],
    workflowId: ['n8n.workflow.id'],
    node: ['n8n.node.id'],
    errorType: ['n8n.execution.error_type'],
  },
  attempt: [{ key: 'n8n.execution.is_retry', from: 0, flag: true }],
  failure: [{ key: 'n8n.execution.status', is: FAILED }],
  observations: {
    numbers: { steps: ['n8n.workflow.node_count'] },
    texts: { nodeType: ['n8n.node.type'], outcome: ['n8n.execution.status'] },
  },
};
