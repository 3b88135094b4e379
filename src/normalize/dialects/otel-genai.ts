import type { AgentKind } from '../../model/index.ts';
import type { CountKeys, Dialect } from '../dialect.ts';
import { confidence, madeUp } from './judgements.ts';

/** Every spelling of the GenAI usage attributes seen in the wild: current, renamed, underscored, and as details. */
export const GEN_AI_COUNTS = {
  // Semantic Kernel put them below `gen_ai.response` before there was a convention.
  input: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'gen_ai.response.prompt_tokens'],
  output: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'gen_ai.response.completion_tokens',
  ],
  total: ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens', 'gen_ai.token.usage.total'],
  cacheRead: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.details.cache_read_tokens',
    'gen_ai.usage.details.cache_read_input_tokens',
    'gen_ai.usage.prompt_tokens_details.cache_read',
    'gen_ai.usage.prompt_tokens_details.cached_tokens',
    'gen_ai.usage.input_tokens_details.cached_tokens',
    'gen_ai.usage.input_tokens.cached',
    'gen_ai.usage.cached_tokens',
  ],
  cacheWrite: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.cache_write_input_tokens',
    'gen_ai.usage.details.cache_write_tokens',
    'gen_ai.usage.details.cache_creation_input_tokens',
    'gen_ai.usage.prompt_tokens_details.cache_write',
    'gen_ai.usage.input_tokens.cache_write',
  ],
  cacheWrite5m: [
    'gen_ai.usage.cache_creation.5m_input_tokens',
    'gen_ai.usage.cache_creation.input_tokens.ephemeral_5m',
    'gen_ai.usage.details.ephemeral_5m_input_tokens',
  ],
  cacheWrite1h: [
    'gen_ai.usage.cache_creation.1h_input_tokens',
    'gen_ai.usage.cache_creation.input_tokens.ephemeral_1h',
    'gen_ai.usage.details.ephemeral_1h_input_tokens',
  ],
  reasoning: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.details.reasoning_tokens',
    'gen_ai.usage.details.thoughts_tokens',
    'gen_ai.usage.completion_tokens_details.reasoning',
    'gen_ai.usage.experimental.reasoning_tokens',
    'gen_ai.usage.output_tokens.reasoning',
    'llm.usage.reasoning_tokens',
  ],
  audioInput: [
    'gen_ai.usage.audio.input_tokens',
    'gen_ai.usage.audio_input_tokens',
    'gen_ai.usage.details.input_audio_tokens',
    'gen_ai.usage.prompt_tokens_details.audio',
  ],
  audioOutput: [
    'gen_ai.usage.audio.output_tokens',
    'gen_ai.usage.audio_output_tokens',
    'gen_ai.usage.details.output_audio_tokens',
    'gen_ai.usage.completion_tokens_details.audio',
  ],
  webSearches: [
    'gen_ai.usage.server_tool_use.web_search_requests',
    'gen_ai.usage.details.web_search_requests',
    'gen_ai.usage.web_search_requests',
  ],
} as const satisfies CountKeys;

/** What a log record of a call holds at least. */
const TOLD_USAGE = [...GEN_AI_COUNTS.input, ...GEN_AI_COUNTS.output];
const TOLD_MODEL = ['gen_ai.request.model', 'gen_ai.response.model'];

/** What an operation's name says of a span: current, historical, and what single emitters add. */
export const GEN_AI_OPERATIONS = {
  chat: 'llm',
  text_completion: 'llm',
  completion: 'llm',
  generate_content: 'llm',
  generate: 'llm',
  response: 'llm',
  responses: 'llm',
  llm_call: 'llm',
  llm_request: 'llm',
  'chat.completions': 'llm',
  'chat.streaming_completions': 'llm',
  image: 'llm',
  image_generation: 'llm',
  speech_generation: 'llm',
  transcription: 'llm',
  decide: 'llm',
  // Polls for an answer that another span asked for; no usage by definition.
  fetch_response: 'other',
  embeddings: 'embedding',
  embedding: 'embedding',
  rerank: 'retrieval',
  retrieval: 'retrieval',
  retrieve: 'retrieval',
  vector_db_retrieve: 'retrieval',
  // Declares an agent, runs nothing.
  create_agent: 'step',
  invoke_agent: 'agent',
  agent_call: 'agent',
  invoke_swarm: 'agent',
  invoke_graph: 'workflow',
  invoke_workflow: 'workflow',
  workflow: 'workflow',
  agent_step: 'step',
  execute_event_loop_cycle: 'step',
  plan: 'step',
  execute_task: 'step',
  task: 'step',
  handoff: 'step',
  framework: 'step',
  schedule_tool_calls: 'step',
  user_prompt: 'step',
  system_prompt: 'step',
  execute_tool: 'tool',
  tool_call: 'tool',
  apply_guardrail: 'guardrail',
  guardrail: 'guardrail',
  evaluate: 'evaluator',
  evaluation: 'evaluator',
  search_memory: 'memory',
  create_memory: 'memory',
  update_memory: 'memory',
  upsert_memory: 'memory',
  delete_memory: 'memory',
  create_memory_store: 'memory',
  delete_memory_store: 'memory',
} as const satisfies Readonly<Record<string, AgentKind>>;

/** A judgement as a span of its own, and as an event of the span that it is about. */
const RESULT = {
  name: 'gen_ai.evaluation.name',
  score: 'gen_ai.evaluation.score.value',
  label: 'gen_ai.evaluation.score.label',
} as const;
const RESULT_EVENT = { ...RESULT, event: 'gen_ai.evaluation.result' } as const;

const CURRENCY = ['gen_ai.usage.cost.currency', 'gen_ai.usage.cost_currency'];

/** OpenTelemetry's GenAI conventions in every version, and what their emitters add under the same prefix. */
export const otelGenAi: Dialect = {
  name: 'otel-genai',
  source: 'https://github.com/open-telemetry/semantic-conventions-genai/tree/main/docs/gen-ai',
  detect: [
    {
      keys: [
        'gen_ai.operation.name',
        'gen_ai.system',
        'gen_ai.provider.name',
        'gen_ai.request.model',
        'gen_ai.response.model',
        'gen_ai.agent.id',
        'gen_ai.tool.name',
        'gen_ai.usage.input_tokens',
        'gen_ai.usage.output_tokens',
        'gen_ai.data_source.id',
        'gen_ai.evaluation.name',
        'gen_ai.guardrail.name',
        'gen_ai.memory.store.id',
        'mcp.method.name',
      ],
    },
  ],
  kinds: [
    {
      strength: 'operation',
      key: 'gen_ai.operation.name',
      values: GEN_AI_OPERATIONS,
    },
    { strength: 'operation', key: 'mcp.method.name', values: { 'tools/call': 'tool' } },
    { strength: 'operation', anyKey: ['mcp.method.name'], kind: 'connector' },
    {
      strength: 'operation',
      anyKey: ['gen_ai.guardrail.name', 'gen_ai.guardrail.component.name', 'guardrail_name', 'guard.name'],
      kind: 'guardrail',
    },
    {
      strength: 'operation',
      anyKey: ['gen_ai.evaluation.name'],
      noKey: ['gen_ai.usage.input_tokens'],
      kind: 'evaluator',
    },
    { strength: 'operation', anyKey: ['gen_ai.memory.store.id', 'gen_ai.memory.type'], kind: 'memory' },
    { strength: 'name', name: /^gen_ai\.conversation$/, kind: 'agent' },
    { strength: 'name', name: /^invoke_agent(?: |$)/, kind: 'agent' },
    { strength: 'name', name: /^(?:execute_tool|running tool|tools\/call)(?: |$)/, kind: 'tool' },
    { strength: 'name', name: /^invoke_workflow(?: |$)/, kind: 'workflow' },
    { strength: 'name', name: /^(?:execute_guardrail|apply_guardrail)(?: |$)/, kind: 'guardrail' },
    {
      strength: 'presence',
      anyKey: ['gen_ai.tool.name', 'gen_ai.tool.call.id'],
      noKey: ['gen_ai.usage.input_tokens', 'gen_ai.request.model'],
      kind: 'tool',
    },
    { strength: 'presence', anyKey: ['gen_ai.embeddings.dimension.count'], kind: 'embedding' },
    {
      strength: 'presence',
      anyKey: ['gen_ai.data_source.id', 'gen_ai.retrieval.query.text', 'db.vector.query.top_k'],
      kind: 'retrieval',
    },
    {
      strength: 'presence',
      anyKey: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'],
      // Whoever sums up a run names the agent or the workflow instead of the model.
      noKey: ['agent.id', 'agent.name', 'gen_ai.agent.id', 'workflow.id', 'workflow.name'],
      kind: 'llm',
    },
    { strength: 'presence', anyKey: ['gen_ai.request.model', 'gen_ai.response.model'], kind: 'llm' },
    {
      strength: 'presence',
      anyKey: ['gen_ai.agent.name', 'gen_ai.agent.id'],
      // Traceloop's span processor writes the agent's name on everything inside the agent.
      noKey: [
        'traceloop.workflow.name',
        'http.request.method',
        'http.method',
        'url.full',
        'http.url',
        'db.system',
        'db.system.name',
        'rpc.system',
        'messaging.system',
      ],
      kind: 'agent',
    },
  ],
  fields: {
    operation: ['gen_ai.operation.name'],
    requestModel: ['gen_ai.request.model'],
    responseModel: ['gen_ai.response.model'],
    provider: ['gen_ai.provider.name', 'gen_ai.system'],
    serviceTier: [
      'openai.response.service_tier',
      'gen_ai.openai.response.service_tier',
      'gen_ai.response.service_tier',
      'anthropic.response.service_tier',
      'openai.request.service_tier',
      'gen_ai.openai.request.service_tier',
      'gen_ai.request.service_tier',
      'anthropic.request.service_tier',
    ],
    user: ['gen_ai.user.id'],
    session: ['gen_ai.conversation.id', 'mcp.session.id'],
    workflow: [
      'gen_ai.workflow.name',
      { name: /^invoke_workflow (.+)$/s, kinds: ['workflow'], notModel: true },
    ],
    workflowId: ['gen_ai.workflow.id'],
    agent: ['gen_ai.agent.name', { name: /^invoke_agent (.+)$/s, kinds: ['agent'], notModel: true }],
    agentId: ['gen_ai.agent.id'],
    tool: ['gen_ai.tool.name', { name: /^(?:execute_tool|tools\/call) (.+)$/s, kinds: ['tool'] }],
    connector: [{ key: 'mcp.server.name', kinds: ['connector'] }],
    responseId: ['gen_ai.response.id'],
  },
  attempt: [{ key: 'gen_ai.request.attempt', from: 1 }],
  usage: [
    {
      name: 'gen_ai',
      counts: GEN_AI_COUNTS,
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
  ],
  cost: {
    totals: [
      {
        key: 'gen_ai.usage.cost.amount',
        currency: CURRENCY,
        billed: { key: 'gen_ai.usage.cost.source', is: ['provider'] },
      },
      {
        key: 'gen_ai.usage.cost',
        currency: CURRENCY,
        billed: { key: 'gen_ai.usage.cost.source', is: ['provider'] },
      },
      { key: 'gen_ai.usage.total_cost', currency: CURRENCY },
      'gen_ai.usage.cost_usd',
      'llm.usage.total_cost',
    ],
    parts: [
      [
        { key: 'gen_ai.usage.input_cost', currency: CURRENCY },
        { key: 'gen_ai.usage.output_cost', currency: CURRENCY },
      ],
    ],
  },
  events: {
    groups: [{ keys: ['gen_ai.conversation.id'], span: 'gen_ai.conversation' }],
    rules: [
      {
        event: 'gen_ai.client.inference.operation.details',
        has: [TOLD_USAGE],
        span: 'gen_ai.client.inference',
        spanKeys: ['gen_ai.operation.name', 'gen_ai.request.model'],
        id: ['gen_ai.response.id'],
        failed: ['error.type'],
      },
      {
        event: 'gen_ai.client.operation.exception',
        has: [TOLD_MODEL],
        span: 'gen_ai.client.inference',
        spanKeys: ['gen_ai.operation.name', 'gen_ai.request.model'],
        failed: true,
        alone: true,
      },
      {
        has: [TOLD_USAGE, TOLD_MODEL],
        span: 'gen_ai.client.inference',
        spanKeys: ['gen_ai.operation.name', 'gen_ai.request.model'],
        id: ['gen_ai.response.id'],
        failed: ['error.type'],
        loose: true,
      },
    ],
  },
  toolResult: { texts: ['gen_ai.tool.call.result'] },
  toolArguments: ['gen_ai.tool.call.arguments', 'gen_ai.retrieval.query.text', 'gen_ai.memory.query.text'],
  prompt: ['gen_ai.system_instructions', 'gen_ai.tool.definitions', 'gen_ai.input.messages', 'gen_ai.prompt'],
  content: [
    'gen_ai.prompt',
    'gen_ai.completion',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.system_instructions',
    'gen_ai.tool.definitions',
    'gen_ai.tool.call.arguments',
    'gen_ai.tool.call.result',
    'gen_ai.retrieval.query.text',
    'gen_ai.retrieval.documents',
    'gen_ai.memory.query.text',
    'gen_ai.memory.records',
    // Of message events.
    'content',
    'message',
    'prompt',
    'completion',
  ],
  observations: {
    numbers: {
      confidence: [...confidence(RESULT), ...confidence(RESULT_EVENT), 'evaluation.score.confidence'],
      hallucination: [...madeUp(RESULT), ...madeUp(RESULT_EVENT), 'evaluation.score.hallucination'],
      timeToFirstToken: [
        { key: 'gen_ai.response.time_to_first_chunk', unit: 's' },
        // Names of metrics, written on spans.
        { key: 'gen_ai.client.operation.time_to_first_chunk', unit: 's' },
        { key: 'gen_ai.server.time_to_first_token', unit: 's' },
      ],
      sourcesFound: ['gen_ai.retrieval.document_count', { key: 'gen_ai.retrieval.documents', as: 'length' }],
      memoryRecords: ['gen_ai.memory.record.count', 'gen_ai.memory.operation.result_count'],
    },
    texts: {
      vectorStore: [{ key: 'gen_ai.data_source.id', kinds: ['retrieval'] }],
      connectorAction: [{ key: 'mcp.method.name', kinds: ['connector'] }],
      memoryOperation: ['gen_ai.memory.operation', { key: 'gen_ai.operation.name', kinds: ['memory'] }],
      memoryType: ['gen_ai.memory.type'],
      guardrail: [
        'gen_ai.guardrail.name',
        'gen_ai.guardrail.component.name',
        'guardrail_name',
        'guard.name',
        { name: /^(?:execute_guardrail|apply_guardrail) (.+)$/s, kinds: ['guardrail'] },
      ],
      guardrailOutcome: [
        'gen_ai.guardrail.result.type',
        'gen_ai.guardrail.status',
        'gen_ai.guardrail.action',
        'gen_ai.guardrail.result',
        'guard.verdict',
      ],
      callId: ['gen_ai.tool.call.id', 'gen_ai.tool.call_id'],
    },
  },
};
