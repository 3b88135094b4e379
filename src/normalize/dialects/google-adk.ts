import type { Dialect } from '../dialect.ts';
import { GEN_AI_COUNTS } from './otel-genai.ts';

/** Google's Agent Development Kit. The answer's JSON text tells what older releases leave out: cache, thoughts, total. */
export const googleAdk: Dialect = {
  name: 'google-adk',
  source: 'https://github.com/google/adk-python/blob/main/src/google/adk/telemetry/tracing.py',
  detect: [
    { scope: /^gcp\.vertex\.agent$/ },
    {
      keys: [
        'gcp.vertex.agent.invocation_id',
        'gcp.vertex.agent.session_id',
        'gcp.vertex.agent.event_id',
        'gcp.vertex.agent.llm_request',
        'gcp.vertex.agent.llm_response',
      ],
    },
  ],
  kinds: [
    // The call itself where the GenAI SDK below it is not instrumented; otherwise the same call told twice.
    { strength: 'name', name: /^call_llm$/, kind: 'llm' },
    // Sums up tools that ran beside each other; each has a span of its own.
    { strength: 'declared', name: /^execute_tool \(merged tools\)$/, kind: 'step' },
    { strength: 'name', name: /^(?:invocation|agent_run)(?:\s|\[|$)/, kind: 'agent', own: true },
  ],
  fields: {
    responseModel: ['gen_ai.response.model', { key: 'gcp.vertex.agent.llm_response', path: 'model_version' }],
    session: ['gen_ai.conversation.id', 'gcp.vertex.agent.session_id'],
    agent: ['gen_ai.agent.name', { name: /^agent_run \[(.+)\]$/s, kinds: ['agent'], own: true }],
  },
  usage: [
    {
      name: 'google-adk',
      own: true,
      counts: GEN_AI_COUNTS,
      details: [
        {
          key: 'gcp.vertex.agent.llm_response',
          counts: {
            total: ['usage_metadata.total_token_count'],
            cacheRead: ['usage_metadata.cached_content_token_count'],
            reasoning: ['usage_metadata.thoughts_token_count'],
          },
        },
      ],
      cached: 'inclusive',
      reasoning: 'exclusive',
      totals: 'provider',
    },
  ],
  toolResult: { texts: ['gcp.vertex.agent.tool_response'] },
  toolArguments: ['gcp.vertex.agent.tool_call_args'],
  prompt: ['gcp.vertex.agent.llm_request'],
  content: [
    'gcp.vertex.agent.llm_request',
    'gcp.vertex.agent.llm_response',
    'gcp.vertex.agent.tool_call_args',
    'gcp.vertex.agent.tool_response',
  ],
};
