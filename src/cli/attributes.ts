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
 * Prompts, completions, and the arguments and results of tools, as the conventions and SDKs spell them: OpenTelemetry GenAI
 * (attributes, and `content` of its message events), OpenInference, OpenLLMetry, Vercel AI SDK, Langfuse, MLflow, Genkit,
 * Laminar, Braintrust, Logfire, Pydantic AI, Google ADK, Claude Code.
 */
const CONTENT = new RegExp(
  [
    String.raw`^gen_ai\.(prompt|completion|input\.messages|output\.messages|system_instructions)(\.|$)`,
    String.raw`^gen_ai\.(tool\.(call\.(arguments|result)|definitions)|tool_definitions)$`,
    String.raw`^llm\.(input_messages|output_messages|prompts|completions|prompt_template)(\.|$)`,
    String.raw`^(input|output)\.value$`,
    String.raw`^tool\.(parameters|arguments|result|output)$`,
    String.raw`^retrieval\.documents(\.|$)`,
    String.raw`^ai\.(prompt|toolCall\.(args|result|input|output)|response\.(text|object|toolCalls|reasoning)|result)(\.|$)`,
    String.raw`^traceloop\.entity\.(input|output)$`,
    String.raw`^langfuse\.(observation|trace)\.(input|output)$`,
    String.raw`^mlflow\.span(Inputs|Outputs)$`,
    String.raw`^genkit:(input|output)$`,
    String.raw`^lmnr\.span\.(input|output)$`,
    String.raw`^braintrust\.(input|output)(_json)?$`,
    String.raw`^gcp\.vertex\.agent\.(llm_request|llm_response|tool_call_args|tool_response)$`,
    String.raw`^(request_data|response_data|all_messages_events|final_result|user_prompt|tool_arguments|tool_response)$`,
    String.raw`^pydantic_ai\.all_messages$`,
    String.raw`^response\.model_output$`,
    String.raw`^(content|message|prompt|completion)$`,
  ].join('|'),
);

const isContent = (key: string): boolean => CONTENT.test(key);
