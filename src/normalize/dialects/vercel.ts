import type { Dialect } from '../dialect.ts';
import { GEN_AI_COUNTS } from './otel-genai.ts';

/**
 * Vercel's AI SDK: `ai.*` keys in 4–6, GenAI conventions in 7 (scope `gen_ai`).
 * The root operation sums up its steps; the `.do*` child or the `chat` span is the call.
 */
export const vercel: Dialect = {
  name: 'vercel',
  source: 'https://ai-sdk.dev/docs/ai-sdk-core/telemetry',
  detect: [{ scope: /^(?:ai|gen_ai|@ai-sdk\/otel)$/ }, { keys: ['ai.operationId'] }],
  kinds: [
    {
      strength: 'declared',
      key: 'ai.operationId',
      values: {
        'ai.generatetext.dogenerate': 'llm',
        'ai.streamtext.dostream': 'llm',
        'ai.generateobject.dogenerate': 'llm',
        'ai.streamobject.dostream': 'llm',
        'ai.embed.doembed': 'embedding',
        'ai.embedmany.doembed': 'embedding',
        'ai.rerank.dorerank': 'retrieval',
        'ai.toolcall': 'tool',
        'ai.generatetext': 'agent',
        'ai.streamtext': 'agent',
        'ai.generateobject': 'agent',
        'ai.streamobject': 'agent',
        'ai.workflowagent.stream': 'agent',
        'ai.embed': 'step',
        'ai.embedmany': 'step',
        'ai.rerank': 'step',
      },
    },
    {
      strength: 'operation',
      key: 'gen_ai.operation.name',
      values: { 'ai.generatespeech': 'llm', 'ai.transcribe': 'llm', 'ai.streamtranscribe': 'llm' },
    },
    { strength: 'name', name: /^step \d+$/, kind: 'step', own: true },
    { strength: 'presence', anyKey: ['ai.toolCall.name'], kind: 'tool' },
    { strength: 'presence', anyKey: ['ai.usage.tokens'], kind: 'embedding' },
    {
      strength: 'presence',
      anyKey: ['ai.usage.outputTokens', 'ai.usage.completionTokens', 'ai.model.id'],
      kind: 'llm',
    },
  ],
  fields: {
    operation: ['gen_ai.operation.name', 'ai.operationId'],
    requestModel: ['gen_ai.request.model', 'ai.model.id'],
    responseModel: ['gen_ai.response.model', 'ai.response.model'],
    provider: ['gen_ai.provider.name', 'gen_ai.system', 'ai.model.provider'],
    serviceTier: [{ key: 'ai.response.providerMetadata', path: 'openai.serviceTier' }],
    user: [
      'ai.telemetry.metadata.userId',
      'ai.telemetry.metadata.user_id',
      'ai.settings.context.userId',
      'ai.settings.context.user.id',
    ],
    organization: ['ai.telemetry.metadata.organizationId', 'ai.settings.context.organizationId'],
    session: [
      'ai.telemetry.metadata.sessionId',
      'ai.telemetry.metadata.threadId',
      'ai.telemetry.metadata.chatId',
      'ai.settings.context.sessionId',
    ],
    workflow: ['ai.telemetry.functionId', { key: 'resource.name', own: true }],
    agent: ['gen_ai.agent.name', 'ai.telemetry.functionId'],
    tool: ['ai.toolCall.name'],
    responseId: ['gen_ai.response.id', 'ai.response.id'],
  },
  usage: [
    {
      name: 'vercel',
      own: true,
      counts: {
        input: [
          'ai.usage.inputTokens',
          'ai.usage.promptTokens',
          'ai.usage.tokens',
          'gen_ai.usage.input_tokens',
          'gen_ai.usage.prompt_tokens',
        ],
        output: [
          'ai.usage.outputTokens',
          'ai.usage.completionTokens',
          'gen_ai.usage.output_tokens',
          'gen_ai.usage.completion_tokens',
        ],
        total: ['ai.usage.totalTokens'],
        uncached: ['ai.usage.inputTokenDetails.noCacheTokens'],
        cacheRead: [
          'ai.usage.inputTokenDetails.cacheReadTokens',
          'ai.usage.cachedInputTokens',
          ...GEN_AI_COUNTS.cacheRead,
        ],
        cacheWrite: ['ai.usage.inputTokenDetails.cacheWriteTokens', ...GEN_AI_COUNTS.cacheWrite],
        reasoning: [
          'ai.usage.outputTokenDetails.reasoningTokens',
          'ai.usage.reasoningTokens',
          ...GEN_AI_COUNTS.reasoning,
        ],
      },
      details: [
        {
          key: 'ai.response.providerMetadata',
          counts: {
            uncached: ['anthropic.usage.input_tokens'],
            cacheRead: [
              'anthropic.usage.cache_read_input_tokens',
              'anthropic.cacheReadInputTokens',
              'openai.cachedPromptTokens',
              'bedrock.usage.cacheReadInputTokens',
            ],
            cacheWrite: [
              'anthropic.usage.cache_creation_input_tokens',
              'anthropic.cacheCreationInputTokens',
              'bedrock.usage.cacheWriteInputTokens',
            ],
            cacheWrite5m: ['anthropic.usage.cache_creation.ephemeral_5m_input_tokens'],
            cacheWrite1h: ['anthropic.usage.cache_creation.ephemeral_1h_input_tokens'],
            reasoning: ['openai.reasoningTokens'],
            webSearches: ['anthropic.usage.server_tool_use.web_search_requests'],
          },
        },
      ],
      cached: 'inclusive',
      reasoning: 'inclusive',
      emitters: [
        // From 6 on, the provider contract is total = noCache + cacheRead + cacheWrite.
        {
          name: 'v6',
          has: [
            'ai.usage.inputTokenDetails.noCacheTokens',
            'ai.usage.inputTokenDetails.cacheReadTokens',
            'ai.usage.inputTokenDetails.cacheWriteTokens',
          ],
          cached: 'inclusive',
          reasoning: 'inclusive',
        },
        { name: 'v7', scope: /^(?:gen_ai|@ai-sdk\/otel)$/, cached: 'inclusive', reasoning: 'inclusive' },
        { name: 'v5-anthropic', provider: /^(?:anthropic|aws\.bedrock)$/, cached: 'exclusive' },
        { name: 'v5-anthropic', model: /claude/i, cached: 'exclusive' },
        // Google's candidates leave the thoughts out; so do xAI's completion tokens.
        { name: 'v5-google', provider: /^gcp\./, cached: 'inclusive', reasoning: 'exclusive' },
        { name: 'v5-xai', provider: /^x_ai$/, cached: 'inclusive', reasoning: 'exclusive' },
      ],
    },
  ],
  cost: {
    totals: [
      { key: 'ai.response.providerMetadata', path: 'gateway.cost', billed: true },
      { key: 'ai.response.providerMetadata', path: 'openrouter.usage.cost', billed: true },
      // With one's own provider key OpenRouter charges nothing and names what the provider charges.
      {
        key: 'ai.response.providerMetadata',
        path: 'openrouter.usage.costDetails.upstreamInferenceCost',
        billed: true,
      },
    ],
  },
  toolResult: { texts: ['ai.toolCall.result', 'ai.toolCall.output'] },
  toolArguments: ['ai.toolCall.args', 'ai.toolCall.input'],
  prompt: ['ai.prompt.tools', 'ai.prompt.messages', 'ai.prompt'],
  content: [
    'ai.prompt',
    'ai.response.text',
    'ai.response.object',
    'ai.response.reasoning',
    'ai.response.toolCalls',
    'ai.result',
    'ai.toolCall.args',
    'ai.toolCall.input',
    'ai.toolCall.output',
    'ai.toolCall.result',
    'ai.value',
    'ai.values',
    'ai.embedding',
    'ai.embeddings',
  ],
  observations: {
    numbers: {
      timeToFirstToken: [
        { key: 'ai.response.msToFirstChunk', unit: 'ms' },
        { key: 'ai.stream.msToFirstChunk', unit: 'ms' },
        { event: 'ai.stream.firstChunk', key: 'ai.response.msToFirstChunk', unit: 'ms' },
        { event: 'ai.stream.firstChunk', as: 'moment' },
      ],
    },
    texts: { callId: ['ai.toolCall.id'] },
  },
};
