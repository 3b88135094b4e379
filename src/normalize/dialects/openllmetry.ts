import type { Dialect } from '../dialect.ts';
import { GEN_AI_COUNTS } from './otel-genai.ts';

/** Python packages of OpenLLMetry that instrument models; other `opentelemetry.instrumentation.*` scopes are not its own. */
const PYTHON_SCOPES =
  /^opentelemetry\.instrumentation\.(?:agno|alephalpha|anthropic|bedrock|chromadb|cohere|crewai|google_generativeai|groq|haystack|lancedb|langchain|llamaindex|marqo|mcp|milvus|mistralai|ollama|openai|openai_agents|pinecone|qdrant|replicate|sagemaker|together|transformers|vertexai|voyageai|watsonx|weaviate|writer)(?:\.|$)/;

/** OpenLLMetry and the Traceloop SDKs. */
export const openllmetry: Dialect = {
  name: 'openllmetry',
  source: 'https://github.com/traceloop/openllmetry/tree/main/packages/opentelemetry-semantic-conventions-ai',
  detect: [
    { scope: PYTHON_SCOPES },
    { scope: /^(?:@traceloop\/|traceloop\.tracer$)/ },
    { keys: ['traceloop.span.kind', 'llm.request.type', 'gen_ai.prompt.0.role'] },
  ],
  kinds: [
    {
      strength: 'declared',
      key: 'traceloop.span.kind',
      values: { workflow: 'workflow', task: 'step', agent: 'agent', tool: 'tool' },
    },
    {
      strength: 'operation',
      key: 'llm.request.type',
      values: {
        chat: 'llm',
        completion: 'llm',
        acompletion: 'llm',
        embedding: 'embedding',
        rerank: 'retrieval',
      },
    },
    // CrewAI stamps invoke_agent on crews and tasks alike, so the name is asked before the operation.
    { strength: 'declared', name: /^crewai\.workflow$/, kind: 'workflow' },
    {
      strength: 'name',
      name: /^(?:Crew(?:_[0-9a-f-]+)?\.kickoff|Crew Created$|Crew Execution$)/,
      kind: 'workflow',
    },
    { strength: 'name', name: /\.workflow$/, kind: 'workflow' },
    { strength: 'name', name: /\.agent$/, kind: 'agent' },
    { strength: 'name', name: /\.task$/, kind: 'step' },
    { strength: 'name', name: /\.tool$/, kind: 'tool' },
    { strength: 'presence', anyKey: ['pinecone.query.top_k'], kind: 'retrieval' },
  ],
  fields: {
    requestModel: ['gen_ai.request.model', 'llm.request.model'],
    responseModel: ['gen_ai.response.model', 'llm.response.model'],
    user: ['traceloop.association.properties.user_id', 'traceloop.association.properties.userId'],
    // The `user` parameter of the provider's API: the caller's customer.
    customer: ['gen_ai.user', 'llm.user'],
    organization: [
      'traceloop.association.properties.organization_id',
      'traceloop.association.properties.tenant_id',
    ],
    session: [
      'traceloop.association.properties.session_id',
      'traceloop.association.properties.sessionId',
      'traceloop.association.properties.conversation_id',
      'traceloop.association.properties.thread_id',
      'traceloop.association.properties.chat_id',
      'traceloop.association.properties.chatId',
    ],
    workflow: ['traceloop.workflow.name'],
    workflowId: ['crewai.crew.id'],
    agent: [
      { key: 'traceloop.entity.name', when: { key: 'traceloop.span.kind', is: ['agent'] } },
      'gen_ai.agent.name',
      'crewai.agent.role',
      'traceloop.association.properties.lc_agent_name',
    ],
    agentId: ['crewai.agent.id'],
    tool: [{ key: 'traceloop.entity.name', when: { key: 'traceloop.span.kind', is: ['tool'] } }],
    node: ['traceloop.association.properties.langgraph_node'],
  },
  usage: [
    {
      name: 'openllmetry',
      own: true,
      counts: GEN_AI_COUNTS,
      cached: 'inclusive',
      reasoning: 'inclusive',
      emitters: [
        // Copies Converse's numbers, which leave the cache out.
        { name: 'bedrock', scope: /^opentelemetry\.instrumentation\.bedrock/, cached: 'exclusive' },
        { name: 'anthropic', scope: /^opentelemetry\.instrumentation\.anthropic/, cached: 'inclusive' },
        // The JavaScript packages copy the wire's input_tokens and add up a total of their own (0.27.0, by running it).
        {
          name: 'js-anthropic',
          scope: /^@traceloop\/instrumentation-(?:anthropic|bedrock)$/,
          cached: 'exclusive',
        },
        {
          name: 'crewai',
          scope: /^opentelemetry\.instrumentation\.crewai/,
          kinds: ['agent', 'workflow', 'step'],
          aggregate: true,
          cumulative: true,
        },
      ],
    },
    {
      name: 'openllmetry-old',
      counts: {
        input: ['llm.usage.prompt_tokens'],
        output: ['llm.usage.completion_tokens'],
        total: ['llm.usage.total_tokens'],
      },
      cached: 'inclusive',
      reasoning: 'inclusive',
    },
  ],
  toolResult: { texts: ['traceloop.entity.output'] },
  toolArguments: ['traceloop.entity.input'],
  content: ['traceloop.entity.input', 'traceloop.entity.output', 'traceloop.prompt'],
  observations: {
    numbers: {
      timeToFirstToken: [
        { key: 'llm.chat_completions.streaming_time_to_first_token', unit: 's' },
        { event: 'gen_ai.content.completion.chunk', as: 'moment' },
      ],
      sourcesFound: ['db.vector.query.result_count'],
    },
  },
};
