/** Where AWS serves a Bedrock model: what it puts in front of the model's id. */
const REGION = '(?:us|eu|apac|jp|au|ca|in|sa|me|af|us-gov|global)\\.';

const MODEL_ID = new RegExp(
  `^(?:${REGION})?(?:ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|nvidia|openai|qwen|stability|twelvelabs|writer)\\.[a-z]`,
);
const IN_REGION = new RegExp(`^${REGION}`);

/** Whether a name in lower case is an id of Amazon Bedrock: `anthropic.claude-…`, `us.meta.llama…`. */
export function isBedrockId(name: string): boolean {
  // Most names have no dot, and V8 takes a millisecond to compile the pattern.
  return name.includes('.') && MODEL_ID.test(name);
}

/** `us.anthropic.claude-…` without its region. */
export function withoutBedrockRegion(name: string): string {
  return name.replace(IN_REGION, '');
}
