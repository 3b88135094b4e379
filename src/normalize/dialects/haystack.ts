import type { CountKeys, Dialect } from '../dialect.ts';

/** Where the answer's meta stands: in a chat generator's first reply, beside a generator's texts, in an embedder's output. */
const REPLY = ['replies.0.meta', 'replies.0._meta', 'meta.0', 'meta'];
const USAGE = {
  input: inReply('usage.prompt_tokens', 'usage.input_tokens'),
  output: inReply('usage.completion_tokens', 'usage.output_tokens'),
  total: inReply('usage.total_tokens'),
  cacheRead: inReply('usage.prompt_tokens_details.cached_tokens', 'usage.cache_read_input_tokens'),
  cacheWrite: inReply('usage.cache_creation_input_tokens'),
  reasoning: inReply('usage.completion_tokens_details.reasoning_tokens'),
} as const satisfies CountKeys;

/** Anthropic's generators pass its own counts on, which leave the cache out of the input. */
const ANTHROPIC = {
  name: 'anthropic',
  has: inReply('usage.cache_read_input_tokens', 'usage.cache_creation_input_tokens'),
  cached: 'exclusive',
} as const;

/** Haystack's own tracing: usage and model only inside the replies, where content tracing is on. */
export const haystack: Dialect = {
  name: 'haystack',
  source: 'https://docs.haystack.deepset.ai/docs/tracing',
  detect: [{ scope: /^haystack/ }, { name: /^haystack\./ }, { keys: ['haystack.component.name'] }],
  kinds: [
    { strength: 'name', name: /^haystack\.(?:async_)?pipeline\.run$/, kind: 'workflow' },
    { strength: 'name', name: /^haystack\.agent\.run$/, kind: 'agent' },
    { strength: 'name', name: /^haystack\.(?:agent\.step\.llm|chat_generator\.run)$/, kind: 'llm' },
    { strength: 'name', name: /^haystack\.agent\.step\.tool$/, kind: 'tool' },
    { strength: 'name', name: /^haystack\.agent\.step$/, kind: 'step' },
    {
      strength: 'operation',
      key: 'haystack.component.type',
      patterns: [
        [/(?:Generator|LLM)$/, 'llm'],
        [/Embedder$/, 'embedding'],
        [/Retriever$/, 'retrieval'],
        [/Ranker$/, 'retrieval'],
        [/ToolInvoker$/, 'tool'],
        [/Agent$/, 'agent'],
        [/./, 'step'],
      ],
    },
  ],
  fields: {
    requestModel: [
      'gen_ai.request.model',
      ...modelIn('haystack.component.output'),
      ...modelIn('haystack.agent.step.llm.output'),
    ],
    workflow: [{ key: 'haystack.pipeline.metadata', path: 'name' }],
    agent: ['gen_ai.agent.name', { key: 'haystack.component.name', kinds: ['agent'] }],
    tool: ['haystack.tool.name', { key: 'haystack.component.name', kinds: ['tool'] }],
    node: ['haystack.component.name'],
  },
  usage: [
    {
      name: 'haystack',
      json: { key: 'haystack.component.output' },
      counts: USAGE,
      cached: 'inclusive',
      reasoning: 'inclusive',
      emitters: [ANTHROPIC],
    },
    {
      name: 'haystack-agent',
      json: { key: 'haystack.agent.step.llm.output' },
      counts: USAGE,
      cached: 'inclusive',
      reasoning: 'inclusive',
      emitters: [ANTHROPIC],
    },
  ],
  toolResult: { texts: ['haystack.agent.step.tool.output'] },
  toolArguments: ['haystack.agent.step.tool.input'],
  prompt: ['haystack.agent.step.llm.input'],
  content: [
    'haystack.component.input',
    'haystack.component.output',
    'haystack.pipeline.input_data',
    'haystack.pipeline.output_data',
    'haystack.agent.input',
    'haystack.agent.output',
    'haystack.agent.step.input',
    'haystack.agent.step.llm_output',
    'haystack.agent.step.llm.input',
    'haystack.agent.step.llm.output',
    'haystack.agent.step.tool.input',
    'haystack.agent.step.tool.output',
  ],
  observations: { texts: { nodeType: ['haystack.component.type'] } },
};

function inReply(...paths: readonly string[]): readonly string[] {
  return REPLY.flatMap((meta) => paths.map((path) => `${meta}.${path}`));
}

function modelIn(key: string): readonly { readonly key: string; readonly path: string }[] {
  return REPLY.map((meta) => ({ key, path: `${meta}.model` }));
}
