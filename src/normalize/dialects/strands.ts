import { type Dialect, FAILED } from '../dialect.ts';
import { GEN_AI_COUNTS } from './otel-genai.ts';

/** Strands Agents: GenAI keys with the numbers as the model provider gave them; Bedrock's leave the cache out. */
export const strands: Dialect = {
  name: 'strands',
  source: 'https://github.com/strands-agents/sdk-python/blob/main/src/strands/telemetry/tracer.py',
  detect: [
    { scope: /^strands/ },
    { value: { key: 'gen_ai.system', is: ['strands-agents'] } },
    { value: { key: 'gen_ai.provider.name', is: ['strands-agents'] } },
  ],
  kinds: [{ strength: 'name', name: /^execute_event_loop_cycle/, kind: 'step' }],
  usage: [
    {
      name: 'strands',
      own: true,
      counts: GEN_AI_COUNTS,
      cached: 'exclusive',
      reasoning: 'inclusive',
      emitters: [
        {
          name: 'openai-wire',
          model: /(?:^|[/.])(?:gpt|chatgpt|o\d|gemini|grok|deepseek)/i,
          cached: 'inclusive',
        },
      ],
    },
  ],
  failure: [
    { key: 'gen_ai.tool.status', is: FAILED },
    { key: 'tool.status', is: FAILED },
  ],
  observations: {
    numbers: {
      // The name of a metric in seconds, with milliseconds in it.
      timeToFirstToken: [
        { key: 'gen_ai.server.time_to_first_token', unit: 'ms', own: true },
        {
          key: 'gen_ai.server.time_to_first_token',
          unit: 'ms',
          when: { key: 'gen_ai.system', is: ['strands-agents'] },
        },
        {
          key: 'gen_ai.server.time_to_first_token',
          unit: 'ms',
          when: { key: 'gen_ai.provider.name', is: ['strands-agents'] },
        },
      ],
    },
    texts: { outcome: ['gen_ai.tool.status', 'tool.status'] },
  },
};
