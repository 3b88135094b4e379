/** Where settings and functions that several entries name are documented. */
export const SEMCONV = 'https://github.com/open-telemetry/semantic-conventions-genai/tree/main/docs/gen-ai';
export const AI_SDK = 'https://ai-sdk.dev/docs/ai-sdk-core/telemetry';
export const AI_SDK_7 = 'https://ai-sdk.dev/v7/docs/ai-sdk-core/telemetry';
export const AI_SDK_CONTEXT = 'https://ai-sdk.dev/docs/ai-sdk-core/runtime-and-tool-context';
export const OPENINFERENCE_PYTHON = 'https://arize.com/docs/ax/observe/tracing/sessions-and-users';
export const OPENINFERENCE_JS = 'https://arize-ai.github.io/openinference/js/packages/openinference-core/';
export const TRACELOOP = 'https://www.traceloop.com/docs/openllmetry/tracing/association';
export const TRACELOOP_WORKFLOW = 'https://www.traceloop.com/docs/openllmetry/tracing/annotations';
export const LANGFUSE_USERS = 'https://langfuse.com/docs/observability/features/users';
export const LANGFUSE_SESSIONS = 'https://langfuse.com/docs/observability/features/sessions';
export const LANGSMITH = 'https://docs.langchain.com/langsmith/add-metadata-tags';
export const STRANDS =
  'https://strandsagents.com/latest/documentation/docs/user-guide/observability-evaluation/traces/';
export const CLAUDE_CODE = 'https://code.claude.com/docs/en/monitoring-usage';
export const OPENAI_AGENTS = 'https://openai.github.io/openai-agents-python/tracing/';
export const OTEL_SDK = 'https://opentelemetry.io/docs/languages/sdk-configuration/general/';
export const OTEL_LIMITS =
  'https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#attribute-limits';
export const OTEL_USER = 'https://opentelemetry.io/docs/specs/semconv/registry/attributes/user/';
export const OTEL_SESSION = 'https://opentelemetry.io/docs/specs/semconv/registry/attributes/session/';
