import { flag, list, real, text, whole } from './attributes.js';
import { dollars } from './models.js';

// How SDKs name the same things. A vocabulary turns what happened into names and attributes of spans:
// `agent`, `llm` and `tool` return `{ name, attributes }`. The user is known at the root of a run only. `provider`: the only
// one that is called.

const messages = (role, content) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
const optional = (value, attribute) => (value === undefined ? [] : [attribute(value)]);

/** OpenTelemetry's GenAI conventions with the cost written into every call, as gateways do. */
export const genAi = {
  scope: { name: 'agent-runtime', version: '2.4.0' },
  agent: ({ agent, id, depth, goal, user }) => ({
    name: `invoke_agent ${agent}`,
    attributes: [
      text('gen_ai.operation.name', 'invoke_agent'),
      text('gen_ai.agent.name', agent),
      text('gen_ai.agent.id', id),
      text('agent.framework', 'in-house'),
      text('agent.goal', goal),
      whole('agent.depth', depth),
      ...optional(user, (value) => text('user.id', value)),
    ],
  }),
  llm: ({ provider, model, input, cached, output, pico, id, prompt, answer, detailed }) => ({
    name: `chat ${model}`,
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.provider.name', provider),
      text('gen_ai.request.model', model),
      text('gen_ai.response.model', model),
      text('gen_ai.response.id', `resp_${id}`),
      real('gen_ai.request.temperature', '0.2'),
      whole('gen_ai.request.max_tokens', 4096),
      list('gen_ai.response.finish_reasons', ['stop']),
      ...optional(prompt, (value) => text('gen_ai.input.messages', messages('user', value))),
      whole('gen_ai.usage.input_tokens', input),
      whole('gen_ai.usage.output_tokens', output),
      ...optional(cached || undefined, (value) => whole('gen_ai.usage.cache_read.input_tokens', value)),
      real('gen_ai.usage.cost', dollars(pico)),
      ...optional(answer, (value) => text('gen_ai.output.messages', messages('assistant', value))),
      ...(detailed ? wire(provider) : []),
    ],
  }),
  tool: ({ tool, id, description, args, result, failure }) => ({
    name: `execute_tool ${tool}`,
    attributes: [
      text('gen_ai.operation.name', 'execute_tool'),
      text('gen_ai.tool.name', tool),
      text('gen_ai.tool.call.id', `call_${id}`),
      text('gen_ai.tool.type', 'function'),
      text('gen_ai.tool.description', description),
      text('code.function.name', tool),
      ...optional(args, (query) => text('gen_ai.tool.call.arguments', JSON.stringify({ query }))),
      ...optional(result, (value) => text('gen_ai.tool.call.result', value)),
      ...optional(failure, () => text('error.type', 'ToolError')),
    ],
  }),
};

const wire = (provider) => [
  text('server.address', `api.${provider}.com`),
  whole('server.port', 443),
  text('http.request.method', 'POST'),
  whole('http.response.status_code', 200),
  text('url.path', '/v1/messages'),
  text('user_agent.original', 'agent-runtime/2.4'),
  real('gen_ai.request.top_p', '0.95'),
  flag('gen_ai.request.stream', true),
  text('network.protocol.version', '1.1'),
];

/** The same conventions without a cost: calls are priced. */
const genAiPriced = {
  ...genAi,
  llm: (call) => {
    const { name, attributes } = genAi.llm(call);
    return { name, attributes: attributes.filter(([key]) => key !== 'gen_ai.usage.cost') };
  },
};

/** OpenInference (https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md). */
const openInference = {
  scope: { name: 'openinference.instrumentation.langchain', version: '0.1.33' },
  agent: ({ agent, goal, user }) => ({
    name: agent,
    attributes: [
      text('openinference.span.kind', 'AGENT'),
      text('agent.name', agent),
      text('input.value', goal),
      text('input.mime_type', 'text/plain'),
      ...optional(user, (value) => text('user.id', value)),
    ],
  }),
  llm: ({ provider, model, input, cached, output, prompt, answer }) => ({
    name: 'ChatModel',
    attributes: [
      text('openinference.span.kind', 'LLM'),
      text('llm.provider', provider),
      text('llm.system', provider),
      text('llm.model_name', model),
      text('llm.invocation_parameters', '{"temperature":0.2,"max_tokens":4096}'),
      whole('llm.token_count.prompt', input),
      whole('llm.token_count.completion', output),
      whole('llm.token_count.total', input + output),
      ...optional(cached || undefined, (value) => whole('llm.token_count.prompt_details.cache_read', value)),
      ...optional(prompt, (value) => text('llm.input_messages.0.message.content', value)),
      ...optional(prompt, () => text('llm.input_messages.0.message.role', 'user')),
      ...optional(answer, (value) => text('llm.output_messages.0.message.content', value)),
      ...optional(answer, () => text('llm.output_messages.0.message.role', 'assistant')),
    ],
  }),
  tool: ({ tool, description, args, result }) => ({
    name: tool,
    attributes: [
      text('openinference.span.kind', 'TOOL'),
      text('tool.name', tool),
      text('tool.description', description),
      ...optional(args, (query) => text('input.value', JSON.stringify({ query }))),
      ...optional(result, (value) => text('output.value', value)),
    ],
  }),
};

/** OpenLLMetry (https://github.com/traceloop/openllmetry/tree/main/packages/opentelemetry-semantic-conventions-ai). */
const openLlmetry = {
  scope: { name: 'opentelemetry.instrumentation.openai.v1', version: '0.40.1' },
  agent: ({ agent, depth, goal, user }) => ({
    name: `${agent}.${depth === 0 ? 'workflow' : 'agent'}`,
    attributes: [
      text('traceloop.span.kind', depth === 0 ? 'workflow' : 'agent'),
      text('traceloop.entity.name', agent),
      text('traceloop.entity.input', JSON.stringify({ inputs: { goal } })),
      ...optional(user, (value) => text('traceloop.association.properties.user_id', value)),
    ],
  }),
  llm: ({ provider, model, input, cached, output, prompt, answer }) => ({
    name: `${provider}.chat`,
    attributes: [
      text('llm.request.type', 'chat'),
      text('gen_ai.system', provider),
      text('gen_ai.request.model', model),
      text('gen_ai.response.model', model),
      real('gen_ai.request.temperature', '0.2'),
      flag('llm.is_streaming', false),
      whole('llm.usage.total_tokens', input + output),
      whole('gen_ai.usage.prompt_tokens', input),
      whole('gen_ai.usage.completion_tokens', output),
      ...optional(cached || undefined, (value) => whole('gen_ai.usage.cache_read_input_tokens', value)),
      text('gen_ai.prompt.0.role', 'user'),
      ...optional(prompt, (value) => text('gen_ai.prompt.0.content', value)),
      text('gen_ai.completion.0.role', 'assistant'),
      ...optional(answer, (value) => text('gen_ai.completion.0.content', value)),
    ],
  }),
  tool: ({ tool, args, result }) => ({
    name: `${tool}.tool`,
    attributes: [
      text('traceloop.span.kind', 'tool'),
      text('traceloop.entity.name', tool),
      ...optional(args, (query) => text('traceloop.entity.input', JSON.stringify({ query }))),
      ...optional(result, (value) => text('traceloop.entity.output', value)),
    ],
  }),
};

/** Vercel's AI SDK 5 (https://ai-sdk.dev/docs/ai-sdk-core/telemetry), whose operations repeat the usage of their steps. */
const vercel = {
  // With other providers, release 5 leaves cached tokens out of the input.
  provider: 'openai',
  scope: { name: 'ai', version: '5.0.0' },
  agent: ({ agent, goal, user, sums }) => ({
    name: 'ai.streamText',
    attributes: [
      text('ai.operationId', 'ai.streamText'),
      text('ai.telemetry.functionId', agent),
      text('ai.prompt', JSON.stringify({ prompt: goal })),
      whole('ai.usage.inputTokens', sums.input),
      whole('ai.usage.outputTokens', sums.output),
      whole('ai.usage.cachedInputTokens', sums.cached),
      ...optional(user, (value) => text('ai.telemetry.metadata.userId', value)),
    ],
  }),
  llm: ({ provider, model, input, cached, output, id, prompt, answer }) => ({
    name: 'ai.streamText.doStream',
    attributes: [
      text('ai.operationId', 'ai.streamText.doStream'),
      text('ai.model.provider', `${provider}.chat`),
      text('ai.model.id', model),
      text('ai.response.model', model),
      text('ai.response.id', `resp_${id}`),
      text('ai.response.finishReason', 'stop'),
      whole('ai.usage.inputTokens', input),
      whole('ai.usage.outputTokens', output),
      whole('ai.usage.cachedInputTokens', cached),
      text('gen_ai.system', `${provider}.chat`),
      ...optional(prompt, (value) => text('ai.prompt.messages', messages('user', value))),
      ...optional(answer, (value) => text('ai.response.text', value)),
    ],
  }),
  tool: ({ tool, id, args, result }) => ({
    name: 'ai.toolCall',
    attributes: [
      text('ai.operationId', 'ai.toolCall'),
      text('ai.toolCall.name', tool),
      text('ai.toolCall.id', `call_${id}`),
      ...optional(args, (query) => text('ai.toolCall.args', JSON.stringify({ query }))),
      ...optional(result, (value) => text('ai.toolCall.result', value)),
    ],
  }),
};

/** One of these for each run. */
export const DIALECT_MIX = [genAiPriced, openInference, openLlmetry, vercel];
