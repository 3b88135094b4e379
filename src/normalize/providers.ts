import { isBedrockId } from '../model/index.ts';
import { matches } from './patterns.ts';

/** Names of `gen_ai.provider.name` that stand for themselves. */
const CANONICAL = new Set([
  'openai',
  'azure.ai.openai',
  'azure.ai.inference',
  'anthropic',
  'aws.bedrock',
  'gcp.vertex_ai',
  'gcp.gemini',
  'gcp.gen_ai',
  'cohere',
  'mistral_ai',
  'groq',
  'deepseek',
  'perplexity',
  'x_ai',
  'ibm.watsonx.ai',
  'moonshot_ai',
  'together_ai',
  'fireworks',
  'ollama',
  'hugging_face',
  'openrouter',
  'replicate',
  'cerebras',
]);

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['az.ai.openai', 'azure.ai.openai'],
  ['azure_openai', 'azure.ai.openai'],
  ['azure-openai', 'azure.ai.openai'],
  ['azure', 'azure.ai.openai'],
  ['az.ai.inference', 'azure.ai.inference'],
  ['azure_ai', 'azure.ai.inference'],
  ['azure_ai_inference', 'azure.ai.inference'],
  ['vertex_ai', 'gcp.vertex_ai'],
  ['vertexai', 'gcp.vertex_ai'],
  ['vertex', 'gcp.vertex_ai'],
  ['google.vertex', 'gcp.vertex_ai'],
  ['google_vertexai', 'gcp.vertex_ai'],
  ['gemini', 'gcp.gemini'],
  ['google.generative-ai', 'gcp.gemini'],
  ['google_genai', 'gcp.gemini'],
  ['googleai', 'gcp.gemini'],
  ['google', 'gcp.gen_ai'],
  ['bedrock', 'aws.bedrock'],
  ['bedrock_converse', 'aws.bedrock'],
  ['aws', 'aws.bedrock'],
  ['amazon', 'aws.bedrock'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['amazon_bedrock', 'aws.bedrock'],
  ['aws_bedrock', 'aws.bedrock'],
  ['xai', 'x_ai'],
  ['mistral', 'mistral_ai'],
  ['mistralai', 'mistral_ai'],
  ['moonshot', 'moonshot_ai'],
  ['moonshotai', 'moonshot_ai'],
  ['together', 'together_ai'],
  ['togetherai', 'together_ai'],
  ['fireworks_ai', 'fireworks'],
  ['huggingface', 'hugging_face'],
  ['watsonx', 'ibm.watsonx.ai'],
]);

/** Frameworks and gateways that emitters write where the provider belongs. */
const NOT_A_PROVIDER = new Set([
  'gcp.vertex.agent',
  'strands-agents',
  'crewai',
  'autogen',
  'langchain',
  'langgraph',
  'microsoft.agent_framework',
  'agent_framework',
  'openai.agents',
  'openai_agents',
  'haystack',
  'llamaindex',
  'llama_index',
  'mastra',
  'pydantic-ai',
  'pydantic_ai',
  'semantic_kernel',
  'spring_ai',
  'koog',
  'dify',
  'portkey',
  'helicone',
  'litellm',
  'litellm_proxy',
  'gateway',
  'any-agent',
  '_other',
]);

/** API names that AI SDK providers append: `openai.chat`, `anthropic.messages`. */
const API = /\.(?:chat|responses|messages|completions?|embedding|image|speech|transcription|generative-ai)$/;

/** A provider's canonical name; a name nobody knows stays as reported; undefined for frameworks. */
export function canonicalProvider(reported: string): string | undefined {
  const name = reported.toLowerCase();
  if (NOT_A_PROVIDER.has(name)) return undefined;
  return knownProvider(name) ?? reported.replace(API, '');
}

function knownProvider(name: string): string | undefined {
  // Dify names its plugin: `langgenius/openai/openai`.
  const slash = name.lastIndexOf('/');
  if (slash >= 0) return knownProvider(name.slice(slash + 1));
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const head = name.slice(0, end);
    if (CANONICAL.has(head)) return head;
    const canonical = ALIASES.get(head);
    if (canonical !== undefined) return canonical;
  }
  return undefined;
}

/** Whose model a name is. Only names that one vendor uses; open models run anywhere. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^claude/, 'anthropic'],
  [/^(?:gpt-|chatgpt|o[1-9](?:$|-)|text-embedding-(?:3|ada)|davinci|whisper-|tts-|dall-e|ft:gpt)/, 'openai'],
  [/^(?:gemini|text-embedding-00|models\/gemini|publishers\/google\/)/, 'gcp.gen_ai'],
  [/^(?:mistral|codestral|magistral|ministral|pixtral|devstral)/, 'mistral_ai'],
  [/^(?:command|embed-(?:english|multilingual|v\d))/, 'cohere'],
  [/^deepseek/, 'deepseek'],
  [/^grok/, 'x_ai'],
  [/^(?:sonar|pplx-)/, 'perplexity'],
  [/^(?:moonshot|kimi)/, 'moonshot_ai'],
  [/^accounts\/fireworks\//, 'fireworks'],
];

/** The provider a model's name tells: from its route (`openai/gpt-4o`, Bedrock ids), else from its family. */
export function providerOfModel(model: string): string | undefined {
  const name = model.toLowerCase().replace(/^litellm_proxy\//, '');
  if (name.startsWith('arn:aws') || isBedrockId(name)) return 'aws.bedrock';
  const slash = name.indexOf('/');
  if (slash > 0) {
    const route = name.slice(0, slash);
    if (CANONICAL.has(route)) return route;
    const alias = ALIASES.get(route);
    if (alias !== undefined) return alias;
  }
  return FAMILIES.find(([pattern]) => matches(pattern, name))?.[1];
}
