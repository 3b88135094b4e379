import type { Dialect } from '../dialect.ts';
import { GEN_AI_COUNTS } from './otel-genai.ts';

/** Spring AI's observations. Micrometer turns low-cardinality values into text, `none` where there is none. */
export const springAi: Dialect = {
  name: 'spring-ai',
  source: 'https://docs.spring.io/spring-ai/reference/observability/index.html',
  detect: [
    { keys: ['spring.ai.kind', 'spring.ai.chat.client.conversation.id', 'spring.ai.tool.definition.name'] },
    { value: { key: 'gen_ai.system', is: ['spring_ai'] } },
    // Spring Boot's own tracer writes the spans of models, which carry GenAI keys alone.
    { scope: /^org\.springframework\b/, keys: ['gen_ai.operation.name', 'gen_ai.system'] },
  ],
  kinds: [
    {
      strength: 'declared',
      key: 'spring.ai.kind',
      values: { chat_client: 'agent', advisor: 'step', tool_call: 'tool', vector_store: 'retrieval' },
    },
  ],
  fields: {
    session: ['spring.ai.chat.client.conversation.id'],
    tool: ['spring.ai.tool.definition.name'],
    node: ['spring.ai.advisor.name'],
  },
  usage: [
    {
      name: 'spring-ai',
      own: true,
      counts: GEN_AI_COUNTS,
      cached: 'inclusive',
      reasoning: 'inclusive',
      // These models pass the API's input_tokens on, and add up a total of their own.
      emitters: [{ name: 'anthropic', provider: /^(?:anthropic|aws\.bedrock)$/, cached: 'exclusive' }],
    },
  ],
  toolResult: { texts: ['spring.ai.tool.call.result'] },
  toolArguments: ['spring.ai.tool.call.arguments'],
  content: ['spring.ai.tool.call.arguments', 'spring.ai.tool.call.result', 'spring.ai.chat.client.user.text'],
};
