/**
 * What telemetry calls the company that bills, and the id the price catalogue files it under.
 *
 * Sources of the spellings: OpenTelemetry `gen_ai.provider.name` and the older `gen_ai.system`
 * (https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/), OpenInference `llm.provider`,
 * LangSmith `ls_provider`, LiteLLM model prefixes, provider ids of the Vercel AI SDK (`openai.chat`: the part
 * before the first dot decides).
 */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['claude', 'anthropic_text'],
  arcee: ['arcee-ai', 'arcee_ai'],
  avian: [],
  aws: [
    'aws.bedrock',
    'aws_bedrock',
    'aws-bedrock',
    'bedrock',
    'bedrock_converse',
    'bedrock-converse',
    'amazon',
    'amazon-bedrock',
    'amazon_bedrock',
    'amazonbedrock',
  ],
  azure: [
    'azure.ai.openai',
    'azure.ai.inference',
    'az.ai.openai',
    'az.ai.inference',
    'azure_ai',
    'azure-ai',
    'azure_openai',
    'azure-openai',
    'azureopenai',
    'azure_text',
  ],
  baseten: [],
  cerebras: [],
  cloudflare: ['workers-ai', 'workersai', 'cloudflare-workers-ai'],
  cohere: ['cohere_chat', 'cohere-ai', 'cohereai'],
  cursor: [],
  deepseek: ['deepseek_ai', 'deepseek-ai', 'deepseekai'],
  doubleword: [],
  fireworks: ['fireworks_ai', 'fireworks-ai', 'fireworksai'],
  'github-copilot': ['github_copilot', 'copilot'],
  google: [
    'gcp',
    'gcp.gemini',
    'gcp.gen_ai',
    'gcp.vertex_ai',
    'gemini',
    'google_genai',
    'google-genai',
    'google_ai',
    'google-ai',
    'googleai',
    'google_ai_studio',
    'google-ai-studio',
    'google_generativeai',
    'google-gla',
    'google_vertexai',
    'google_vertex',
    'google-vertex',
    'google-vertexai',
    'vertex',
    'vertexai',
    'vertex_ai',
    'vertex-ai',
    'vertex_ai_beta',
  ],
  groq: ['groq_ai'],
  minimax: [],
  mistral: ['mistral_ai', 'mistral-ai', 'mistralai'],
  modal: [],
  moonshotai: ['moonshot', 'moonshot_ai', 'moonshot-ai', 'kimi'],
  novita: ['novita_ai', 'novita-ai'],
  openai: ['open_ai', 'open-ai', 'text-completion-openai', 'openai_responses'],
  openrouter: ['open_router', 'open-router'],
  ovhcloud: ['ovh'],
  perplexity: ['perplexity_ai', 'perplexity-ai', 'perplexityai', 'pplx'],
  together: ['together_ai', 'together-ai', 'togetherai'],
  voyageai: ['voyage', 'voyage_ai', 'voyage-ai'],
  'x-ai': ['x_ai', 'xai', 'x.ai', 'grok'],
  zai: ['z.ai', 'z_ai', 'z-ai'],
  zhipuai: ['zhipu', 'zhipu_ai', 'zhipu-ai', 'bigmodel'],
};

/** Routers, SDKs and placeholders: they name no biller, so the model's own name has to. */
const ROUTERS = new Set([
  '_other',
  'ai-gateway',
  'aigateway',
  'custom',
  'custom_openai',
  'default',
  'gateway',
  'helicone',
  'langchain',
  'litellm',
  'litellm_proxy',
  'llamaindex',
  'none',
  'openai-compatible',
  'openai_compatible',
  'openai_like',
  'other',
  'portkey',
  'proxy',
  'unknown',
  'vercel',
  'vercel_ai_gateway',
]);

/** Billers the catalogue does not list, most of them one's own machine: a vendor's list price is never theirs. */
const ELSEWHERE = new Set([
  'ai21',
  'anyscale',
  'databricks',
  'deepinfra',
  'friendli',
  'github',
  'hf',
  'hosted_vllm',
  'huggingface',
  'hyperbolic',
  'ibm.watsonx.ai',
  'lambda',
  'llama-cpp',
  'llama.cpp',
  'llamacpp',
  'llamafile',
  'lm_studio',
  'lmstudio',
  'local',
  'localai',
  'localhost',
  'mlx',
  'nebius',
  'nvidia',
  'nvidia_nim',
  'ollama',
  'ollama_chat',
  'replicate',
  'sagemaker',
  'sambanova',
  'sglang',
  'snowflake',
  'tgi',
  'triton',
  'vllm',
  'watsonx',
]);

/** Companies that sell models of their own under their own names: where a bare model name may be looked up. */
export const FIRST_PARTIES = [
  'anthropic',
  'openai',
  'google',
  'mistral',
  'deepseek',
  'x-ai',
  'cohere',
  'perplexity',
  'moonshotai',
  'minimax',
  'zai',
  'zhipuai',
  'voyageai',
  'arcee',
] as const;

/** OpenRouter passes these vendors' list prices through, and nobody else sells their models cheaper there. */
export const PASSED_THROUGH: ReadonlySet<string> = new Set([
  'anthropic',
  'openai',
  'google',
  'x-ai',
  'cohere',
]);

const IDS: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS).flatMap(([id, spellings]) =>
    [id, ...spellings].map((name) => [name, id] as const),
  ),
);

/**
 * Who bills. `id` is undefined when nobody is named. `open`: the name does not rule out another biller, because it
 * is absent, unheard of, or `openai`, whose SDK is the common client of every compatible API.
 */
export type Biller = { readonly id: string | undefined; readonly open: boolean };

export function billerOf(reported: string | undefined): Biller {
  const name = reported?.trim().toLowerCase() ?? '';
  if (name === '' || ROUTERS.has(name)) return { id: undefined, open: true };
  const known = knownBiller(name);
  if (known !== undefined) return { id: known, open: known === 'openai' };
  const family = name.slice(0, name.indexOf('.'));
  if (name.includes('.') && family !== '') {
    if (ROUTERS.has(family)) return { id: undefined, open: true };
    const id = knownBiller(family);
    if (id !== undefined) return { id, open: id === 'openai' };
  }
  return { id: name, open: true };
}

/** The biller a routing prefix of a model name stands for (`vertex_ai/…`), or undefined if it is none we know. */
export function knownBiller(name: string): string | undefined {
  const id = IDS.get(name) ?? (ELSEWHERE.has(name) || name.startsWith('huggingface_') ? name : undefined);
  return id;
}

/** Prefixes that route a request and name no biller. */
export const isRouter = (name: string): boolean => ROUTERS.has(name);
