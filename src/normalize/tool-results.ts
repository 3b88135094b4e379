import type { Span } from '../model/index.ts';
import { textOf } from './text.ts';

/** Where products tell how large a tool's result was: Claude Code, Gemini CLI, Codex, GenXAI. */
const SIZES = [
  'result_tokens',
  'tool_result_size_bytes',
  'content_length',
  'output_length',
  'tool.result_size',
] as const;

/** Where the result itself stands; its length stands for its size. */
const TEXTS = [
  'gen_ai.tool.call.result',
  'ai.toolCall.result',
  'ai.toolCall.output',
  'output.value',
  'traceloop.entity.output',
  'genkit:output',
  'langfuse.observation.output',
  'mlflow.spanOutputs',
  'lmnr.span.output',
  'gcp.vertex.agent.tool_response',
  'tool_response',
  'output',
] as const;

/** The attributes that `toolResultSize` looks at. */
export const TOOL_RESULT_KEYS: readonly string[] = [...SIZES, ...TEXTS];

/** How large the result of a tool was, in whatever unit it is told; undefined where it is not. */
export function toolResultSize({ attributes }: Span): number | undefined {
  for (const key of SIZES) {
    const size = Number(textOf(attributes.get(key)) ?? Number.NaN);
    if (size >= 0 && size <= Number.MAX_SAFE_INTEGER) return size;
  }
  for (const key of TEXTS) {
    const value = attributes.get(key);
    if (typeof value === 'string') return value.length;
  }
  return undefined;
}
