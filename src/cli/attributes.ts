import type { Attributes } from '../model/index.ts';

/** Which attributes a person asked to see: by a glob on their keys, and whether they may hold what people and models said. */
export type AttributeChoice = {
  /** Undefined: none but the content, if that was asked for. */
  readonly glob: string | undefined;
  readonly content: boolean;
};

/** Keeps what was asked for; undefined when nothing was. */
export function attributeFilter({ glob, content }: AttributeChoice): ((key: string) => boolean) | undefined {
  if (glob === undefined && !content) return undefined;
  const named = glob === undefined ? () => false : globTest(glob);
  return (key) => (isContent(key) ? content : named(key));
}

/** Attributes of events as they may be shown: whole, or without what people and models said. */
export function withoutContent(attributes: Attributes): Attributes {
  return new Map([...attributes].filter(([key]) => !isContent(key)));
}

/** `*` stands for any characters, `?` for one. */
function globTest(glob: string): (key: string) => boolean {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  const pattern = new RegExp(`^${source}$`, 's');
  return (key) => pattern.test(key);
}

/**
 * Where prompts, completions, and the arguments and results of tools stand: these keys and everything below them.
 * OpenTelemetry GenAI, OpenInference, OpenLLMetry, Vercel AI SDK, Langfuse, MLflow, Genkit, Laminar, Braintrust,
 * Google ADK, Pydantic AI.
 */
const CONTENT: ReadonlySet<string> = new Set([
  'gen_ai.prompt',
  'gen_ai.completion',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.definitions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'llm.input_messages',
  'llm.output_messages',
  'llm.prompts',
  'llm.completions',
  'llm.prompt_template',
  'input.value',
  'output.value',
  'retrieval.documents',
  'tool.parameters',
  'traceloop.entity.input',
  'traceloop.entity.output',
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
  'langfuse.observation.input',
  'langfuse.observation.output',
  'langfuse.trace.input',
  'langfuse.trace.output',
  'mlflow.spanInputs',
  'mlflow.spanOutputs',
  'genkit:input',
  'genkit:output',
  'lmnr.span.input',
  'lmnr.span.output',
  'braintrust.input',
  'braintrust.output',
  'braintrust.input_json',
  'braintrust.output_json',
  'gcp.vertex.agent.llm_request',
  'gcp.vertex.agent.llm_response',
  'gcp.vertex.agent.tool_call_args',
  'gcp.vertex.agent.tool_response',
  'pydantic_ai.all_messages',
]);

/** Keys of message events and of SDKs that put no name in front; nothing below them is meant. */
const BARE_CONTENT: ReadonlySet<string> = new Set([
  'content',
  'message',
  'prompt',
  'completion',
  'user_prompt',
  'request_data',
  'response_data',
  'all_messages_events',
  'final_result',
  'tool_arguments',
  'tool_response',
  'response.model_output',
]);

const LONGEST = Math.max(...[...CONTENT].map((key) => key.length));

function isContent(key: string): boolean {
  if (BARE_CONTENT.has(key) || CONTENT.has(key)) return true;
  for (let dot = key.indexOf('.'); dot >= 0 && dot <= LONGEST; dot = key.indexOf('.', dot + 1)) {
    if (CONTENT.has(key.slice(0, dot))) return true;
  }
  return false;
}
