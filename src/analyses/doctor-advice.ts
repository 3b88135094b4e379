/**
 * What to change, for whom. Entries of a topic are tried in order; one without a condition is for everybody that none
 * before it was for.
 */
export type Advice = {
  readonly topic: Topic;
  readonly for: string;
  readonly text: string;
  readonly code?: string;
  /** Where the setting or function is documented. */
  readonly source?: string;
  /** The dialect of the spans, their instrumentation library, the provider; all that are given must fit. */
  readonly dialects?: readonly string[];
  readonly scope?: RegExp;
  readonly providers?: readonly string[];
  readonly language?: 'python' | 'js';
};

export type Topic =
  | 'calls'
  | 'streaming'
  | 'usage'
  | 'counts'
  | 'failed'
  | 'model'
  | 'price'
  | 'damage'
  | 'format'
  | 'repeat'
  | 'circle'
  | 'parents'
  | 'user'
  | 'session'
  | 'workflow'
  | 'conflict'
  | 'cost'
  | 'cache'
  | 'lifetime'
  | 'sums'
  | 'sampling'
  | 'limits'
  | 'ends'
  | 'clocks'
  | 'times'
  | 'ids'
  | 'twice'
  | 'steps'
  | 'service'
  | 'errors'
  | 'durations'
  | 'vocabulary'
  | 'content';

const SEMCONV = 'https://github.com/open-telemetry/semantic-conventions-genai/tree/main/docs/gen-ai';
const AI_SDK = 'https://ai-sdk.dev/docs/ai-sdk-core/telemetry';
const AI_SDK_7 = 'https://ai-sdk.dev/v7/docs/ai-sdk-core/telemetry';
const AI_SDK_CONTEXT = 'https://ai-sdk.dev/docs/ai-sdk-core/runtime-and-tool-context';
const OPENINFERENCE_PYTHON = 'https://arize.com/docs/ax/observe/tracing/sessions-and-users';
const OPENINFERENCE_JS = 'https://arize-ai.github.io/openinference/js/packages/openinference-core/';
const TRACELOOP = 'https://www.traceloop.com/docs/openllmetry/tracing/association';
const TRACELOOP_WORKFLOW = 'https://www.traceloop.com/docs/openllmetry/tracing/annotations';
const LANGFUSE_USERS = 'https://langfuse.com/docs/observability/features/users';
const LANGFUSE_SESSIONS = 'https://langfuse.com/docs/observability/features/sessions';
const LANGSMITH = 'https://docs.langchain.com/langsmith/add-metadata-tags';
const STRANDS =
  'https://strandsagents.com/latest/documentation/docs/user-guide/observability-evaluation/traces/';
const CLAUDE_CODE = 'https://code.claude.com/docs/en/monitoring-usage';
const OPENAI_AGENTS = 'https://openai.github.io/openai-agents-python/tracing/';
const OTEL_SDK = 'https://opentelemetry.io/docs/languages/sdk-configuration/general/';
const OTEL_LIMITS =
  'https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#attribute-limits';
const OTEL_USER = 'https://opentelemetry.io/docs/specs/semconv/registry/attributes/user/';
const OTEL_SESSION = 'https://opentelemetry.io/docs/specs/semconv/registry/attributes/session/';

export const ADVICE: readonly Advice[] = [
  {
    topic: 'calls',
    for: 'Vercel AI SDK 7',
    text: 'Register the OpenTelemetry integration once, at start.',
    code: "registerTelemetry(new OpenTelemetry()); // from 'ai' and '@ai-sdk/otel'",
    source: AI_SDK_7,
    language: 'js',
  },
  {
    topic: 'calls',
    for: 'Vercel AI SDK 4 to 6',
    text: 'Switch telemetry on for every call.',
    code: 'experimental_telemetry: { isEnabled: true }',
    source: AI_SDK,
    language: 'js',
  },
  {
    topic: 'calls',
    for: 'Python',
    text: 'Instrument the client of the model, for instance OpenAI with OpenInference.',
    code: 'OpenAIInstrumentor().instrument()  # openinference.instrumentation.openai',
    source: 'https://github.com/Arize-ai/openinference',
    language: 'python',
  },
  {
    topic: 'calls',
    for: 'any program',
    text: 'Record each call of a model as a span of its own, with model and token counts.',
    code: 'gen_ai.operation.name = "chat", gen_ai.request.model, gen_ai.usage.input_tokens, gen_ai.usage.output_tokens',
    source: SEMCONV,
  },
  {
    topic: 'streaming',
    for: 'OpenAI, Python',
    text: 'Ask for the usage, which comes with the last chunk, and read the stream to its end.',
    code: 'client.chat.completions.create(..., stream=True, stream_options={"include_usage": True})',
    source: 'https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options',
    providers: ['openai', 'azure.ai.openai', 'azure.ai.inference'],
    language: 'python',
  },
  {
    topic: 'streaming',
    for: 'OpenAI, JavaScript',
    text: 'Ask for the usage, which comes with the last chunk, and read the stream to its end.',
    code: 'client.chat.completions.create({ …, stream: true, stream_options: { include_usage: true } })',
    source: 'https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options',
    providers: ['openai', 'azure.ai.openai', 'azure.ai.inference'],
    language: 'js',
  },
  {
    topic: 'streaming',
    for: 'LangChain',
    text: 'Ask the model for usage while it streams.',
    code: 'ChatOpenAI(..., stream_usage=True)',
    source: 'https://reference.langchain.com/python/integrations/langchain_openai/',
    scope: /langchain|langgraph/i,
    language: 'python',
  },
  {
    topic: 'streaming',
    for: 'any program',
    text: 'End the span after the last chunk, when the usage is known, and write the counts on it.',
    code: 'gen_ai.usage.input_tokens, gen_ai.usage.output_tokens',
    source: SEMCONV,
  },
  {
    topic: 'usage',
    for: 'OpenAI, Python',
    text: 'An answer that comes whole tells its usage, so this one was streamed: ask for the usage.',
    code: 'client.chat.completions.create(..., stream=True, stream_options={"include_usage": True})',
    source: 'https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options',
    providers: ['openai', 'azure.ai.openai', 'azure.ai.inference'],
    language: 'python',
  },
  {
    topic: 'usage',
    for: 'OpenAI, JavaScript',
    text: 'An answer that comes whole tells its usage, so this one was streamed: ask for the usage.',
    code: 'client.chat.completions.create({ …, stream: true, stream_options: { include_usage: true } })',
    source: 'https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options',
    providers: ['openai', 'azure.ai.openai', 'azure.ai.inference'],
    language: 'js',
  },
  {
    topic: 'usage',
    for: 'in-house spans llm.generate',
    text: 'Write the counts that the provider answers with; lengths in characters are no tokens.',
    code: 'span.set_attribute("gen_ai.usage.input_tokens", usage.prompt_tokens)',
    source: SEMCONV,
    dialects: ['sos', 'genxai', 'opencell', 'valuecanvas', 'filagent'],
  },
  {
    topic: 'usage',
    for: 'any program',
    text: 'Write the counts of the answer on the span of the call, before it ends.',
    code: 'gen_ai.usage.input_tokens, gen_ai.usage.output_tokens, gen_ai.usage.cache_read.input_tokens',
    source: SEMCONV,
  },
  {
    topic: 'counts',
    for: 'any program',
    text: 'Write the counts as the provider answers with them: whole numbers, input and output apart.',
    code: 'gen_ai.usage.input_tokens, gen_ai.usage.output_tokens',
    source: SEMCONV,
  },
  {
    topic: 'failed',
    for: 'any program',
    text: 'Where the error or the part of a stream that came tells usage, write it on the span before it ends.',
    code: 'gen_ai.usage.input_tokens, gen_ai.usage.output_tokens',
    source: SEMCONV,
  },
  {
    topic: 'model',
    for: 'any program',
    text: 'Write the name of the model as the provider knows it.',
    code: 'gen_ai.request.model, gen_ai.response.model, gen_ai.provider.name',
    source: SEMCONV,
  },
  {
    topic: 'damage',
    for: 'whoever writes the file',
    text: 'Copy it when it is closed, and shut the exporter down before the process ends. In mixed logs, keep one record a line.',
  },
  {
    topic: 'format',
    for: 'whoever exports',
    text: 'Export OTLP as JSON lines (the file exporter of the OpenTelemetry collector); docs/input.md lists what is read.',
    source:
      'https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/fileexporter',
  },
  {
    topic: 'repeat',
    for: 'any program',
    text: 'Do not change a span after it has ended, and do not use an id twice; drop spans that only say that another began.',
  },
  {
    topic: 'circle',
    for: 'whoever makes the ids',
    text: 'Leave ids and parents to the SDK: start a span inside the context of its parent.',
    source: 'https://opentelemetry.io/docs/concepts/context-propagation/',
  },
  {
    topic: 'parents',
    for: 'Langfuse, Python',
    text: 'Send what is left before the process ends.',
    code: 'get_client().flush()',
    source: 'https://langfuse.com/docs/observability/sdk/overview',
    dialects: ['langfuse'],
    language: 'python',
  },
  {
    topic: 'parents',
    for: 'OpenTelemetry, Python',
    text: 'The root ends last: flush when the process does. Name all files of a run, and sample by parent.',
    code: 'provider.force_flush(); provider.shutdown()',
    source: 'https://opentelemetry-python.readthedocs.io/en/stable/sdk/trace.html',
    language: 'python',
  },
  {
    topic: 'parents',
    for: 'OpenTelemetry, JavaScript',
    text: 'The root ends last: flush when the process does. Name all files of a run, and sample by parent.',
    code: 'await sdk.shutdown(); // before the process exits',
    source: 'https://opentelemetry.io/docs/languages/js/instrumentation/',
    language: 'js',
  },
  {
    topic: 'parents',
    for: 'any program',
    text: 'Flush and shut the SDK down when the process ends, name all files of a run, and sample by parent.',
    code: 'OTEL_TRACES_SAMPLER=parentbased_always_on',
    source: OTEL_SDK,
  },
  {
    topic: 'user',
    for: 'Vercel AI SDK 7',
    text: 'Hand the user over as context, and let telemetry have it.',
    code: 'runtimeContext: { userId }, telemetry: { includeRuntimeContext: { userId: true } }',
    source: AI_SDK_CONTEXT,
    dialects: ['vercel'],
    scope: /^(?:gen_ai|@ai-sdk\/otel)$/,
  },
  {
    topic: 'user',
    for: 'Vercel AI SDK 4 to 6',
    text: 'Name the user in the metadata of every call.',
    code: 'experimental_telemetry: { isEnabled: true, metadata: { userId } }',
    source: AI_SDK,
    dialects: ['vercel'],
    scope: /^ai$/,
  },
  {
    topic: 'user',
    for: 'OpenInference, Python',
    text: 'Run the request inside.',
    code: 'with using_attributes(user_id=user_id, session_id=session_id): ...  # openinference.instrumentation',
    source: OPENINFERENCE_PYTHON,
    dialects: ['openinference'],
    language: 'python',
  },
  {
    topic: 'user',
    for: 'OpenInference, JavaScript',
    text: 'Run the request inside.',
    code: 'context.with(setUser(context.active(), { userId }), handleRequest) // @arizeai/openinference-core',
    source: OPENINFERENCE_JS,
    dialects: ['openinference'],
    language: 'js',
  },
  {
    topic: 'user',
    for: 'OpenLLMetry, Python',
    text: 'Say it when the request begins.',
    code: 'Traceloop.set_association_properties({"user_id": user_id})',
    source: TRACELOOP,
    dialects: ['openllmetry'],
    language: 'python',
  },
  {
    topic: 'user',
    for: 'OpenLLMetry, JavaScript',
    text: 'Run the request inside.',
    code: 'traceloop.withAssociationProperties({ userId }, handleRequest)',
    source: TRACELOOP,
    dialects: ['openllmetry'],
    language: 'js',
  },
  {
    topic: 'user',
    for: 'Langfuse, Python',
    text: 'Run the request inside, as early as you can.',
    code: 'with propagate_attributes(user_id=user_id, session_id=session_id): ...  # langfuse',
    source: LANGFUSE_USERS,
    dialects: ['langfuse'],
    language: 'python',
  },
  {
    topic: 'user',
    for: 'Langfuse, JavaScript',
    text: 'Run the request inside, as early as you can.',
    code: 'propagateAttributes({ userId, sessionId }, handleRequest) // @langfuse/tracing',
    source: LANGFUSE_USERS,
    dialects: ['langfuse'],
    language: 'js',
  },
  {
    topic: 'user',
    for: 'LangSmith, LangChain',
    text: 'Name the user in the metadata of the run.',
    code: 'chain.invoke(input, config={"metadata": {"user_id": user_id, "session_id": session_id}})',
    source: LANGSMITH,
    dialects: ['langsmith'],
  },
  {
    topic: 'user',
    for: 'Strands Agents',
    text: 'Name the user where the agent is made.',
    code: 'Agent(..., trace_attributes={"user.id": user_id, "session.id": session_id})',
    source: STRANDS,
    dialects: ['strands'],
  },
  {
    topic: 'user',
    for: 'Claude Code and other programs of one person',
    text: 'Name the person in the environment.',
    code: 'export OTEL_RESOURCE_ATTRIBUTES="user.id=$USER"',
    source: CLAUDE_CODE,
    dialects: ['claude-code', 'codex', 'gemini-cli'],
  },
  {
    topic: 'user',
    for: 'Claude Code',
    text: 'Session files name nobody; export the telemetry too, with the person in the environment.',
    code: 'export CLAUDE_CODE_ENABLE_TELEMETRY=1 OTEL_LOGS_EXPORTER=otlp OTEL_RESOURCE_ATTRIBUTES="user.id=$USER"',
    source: CLAUDE_CODE,
    dialects: ['claude-code-session'],
  },
  {
    topic: 'user',
    for: 'Codex',
    text: 'Rollout files name nobody; the log events of [otel] in ~/.codex/config.toml name the account.',
    source: 'https://github.com/openai/codex/blob/main/docs/config.md',
    dialects: ['codex-rollout'],
  },
  {
    topic: 'user',
    for: 'OpenAI Agents SDK',
    text: 'Name the user in the metadata of the trace.',
    code: 'with trace("support", metadata={"user_id": user_id}): ...  # withTrace(name, run, { metadata: { user_id } })',
    source: OPENAI_AGENTS,
    dialects: ['openai-agents'],
  },
  {
    topic: 'user',
    for: 'any program',
    text: 'Write it on the root span; what is below it inherits it.',
    code: 'span.set_attribute("user.id", user_id)',
    source: OTEL_USER,
  },
  {
    topic: 'session',
    for: 'Vercel AI SDK 7',
    text: 'Hand the session over as context, and let telemetry have it.',
    code: 'runtimeContext: { sessionId }, telemetry: { includeRuntimeContext: { sessionId: true } }',
    source: AI_SDK_CONTEXT,
    dialects: ['vercel'],
    scope: /^(?:gen_ai|@ai-sdk\/otel)$/,
  },
  {
    topic: 'session',
    for: 'Vercel AI SDK 4 to 6',
    text: 'Name the session in the metadata of every call.',
    code: 'experimental_telemetry: { isEnabled: true, metadata: { sessionId } }',
    source: AI_SDK,
    dialects: ['vercel'],
    scope: /^ai$/,
  },
  {
    topic: 'session',
    for: 'OpenInference, Python',
    text: 'Run the request inside.',
    code: 'with using_attributes(session_id=session_id): ...  # openinference.instrumentation',
    source: OPENINFERENCE_PYTHON,
    dialects: ['openinference'],
    language: 'python',
  },
  {
    topic: 'session',
    for: 'OpenInference, JavaScript',
    text: 'Run the request inside.',
    code: 'context.with(setSession(context.active(), { sessionId }), handleRequest) // @arizeai/openinference-core',
    source: OPENINFERENCE_JS,
    dialects: ['openinference'],
    language: 'js',
  },
  {
    topic: 'session',
    for: 'OpenLLMetry, Python',
    text: 'Say it when the request begins.',
    code: 'Traceloop.set_association_properties({"session_id": session_id})',
    source: TRACELOOP,
    dialects: ['openllmetry'],
    language: 'python',
  },
  {
    topic: 'session',
    for: 'OpenLLMetry, JavaScript',
    text: 'Run the request inside.',
    code: 'traceloop.withAssociationProperties({ sessionId }, handleRequest)',
    source: TRACELOOP,
    dialects: ['openllmetry'],
    language: 'js',
  },
  {
    topic: 'session',
    for: 'Langfuse, Python',
    text: 'Run the request inside, as early as you can.',
    code: 'with propagate_attributes(session_id=session_id): ...  # langfuse',
    source: LANGFUSE_SESSIONS,
    dialects: ['langfuse'],
    language: 'python',
  },
  {
    topic: 'session',
    for: 'Langfuse, JavaScript',
    text: 'Run the request inside, as early as you can.',
    code: 'propagateAttributes({ sessionId }, handleRequest) // @langfuse/tracing',
    source: LANGFUSE_SESSIONS,
    dialects: ['langfuse'],
    language: 'js',
  },
  {
    topic: 'session',
    for: 'Strands Agents',
    text: 'Name the session where the agent is made.',
    code: 'Agent(..., trace_attributes={"session.id": session_id})',
    source: STRANDS,
    dialects: ['strands'],
  },
  {
    topic: 'session',
    for: 'OpenAI Agents SDK',
    text: 'Give the traces of one session a group.',
    code: 'with trace("support", group_id=session_id): ...  # withTrace(name, run, { groupId })',
    source: OPENAI_AGENTS,
    dialects: ['openai-agents'],
  },
  {
    topic: 'session',
    for: 'any program',
    text: 'Write it on the root span; what is below it inherits it.',
    code: 'span.set_attribute("session.id", session_id)',
    source: OTEL_SESSION,
  },
  {
    topic: 'workflow',
    for: 'Vercel AI SDK',
    text: 'Give the function an id.',
    code: "experimental_telemetry: { isEnabled: true, functionId: 'support-chat' }",
    source: AI_SDK,
    dialects: ['vercel'],
    scope: /^ai$/,
  },
  {
    topic: 'workflow',
    for: 'OpenLLMetry, Python',
    text: 'Name the function that a run begins with.',
    code: '@workflow(name="support_chat")  # traceloop.sdk.decorators',
    source: TRACELOOP_WORKFLOW,
    dialects: ['openllmetry'],
    language: 'python',
  },
  {
    topic: 'workflow',
    for: 'OpenLLMetry, JavaScript',
    text: 'Run it inside.',
    code: "traceloop.withWorkflow({ name: 'support_chat' }, handleRequest)",
    source: TRACELOOP_WORKFLOW,
    dialects: ['openllmetry'],
    language: 'js',
  },
  {
    topic: 'workflow',
    for: 'any program',
    text: 'Write its name on the root span; what is below it inherits it.',
    code: 'span.set_attribute("gen_ai.workflow.name", "support_chat")',
    source: SEMCONV,
  },
  {
    topic: 'conflict',
    for: 'you',
    text: 'See one of them line by line, then say which counts: your prices under prices.models, or --cost-mode computed.',
    code: 'agentobs explain --pick costliest FILE',
  },
  {
    topic: 'cost',
    for: 'any program',
    text: 'Write costs as US dollars, not negative, and leave them out where none is known.',
    code: 'gen_ai.usage.cost',
  },
  {
    topic: 'cache',
    for: 'you',
    text: 'A recorded cost that fits one of the two readings decides; without one, compare a call with the bill. Both amounts:',
    code: 'agentobs explain --pick costliest FILE',
  },
  {
    topic: 'lifetime',
    for: 'Anthropic and Bedrock',
    text: 'Write the two parts that the answer tells apart.',
    code: 'gen_ai.usage.cache_creation.5m_input_tokens, gen_ai.usage.cache_creation.1h_input_tokens',
    source: 'https://docs.claude.com/en/docs/build-with-claude/prompt-caching',
  },
  {
    topic: 'sums',
    for: 'Claude Agent SDK',
    text: 'Let the CLI that it starts report its own calls.',
    code: 'CLAUDE_CODE_ENABLE_TELEMETRY=1 CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1 OTEL_TRACES_EXPORTER=otlp',
    source: CLAUDE_CODE,
    scope: /claude/i,
  },
  {
    topic: 'sums',
    for: 'Pydantic AI',
    text: 'Instrument the agents, so that every request to a model is a span.',
    code: 'Agent.instrument_all()',
    source: 'https://ai.pydantic.dev/logfire/',
    dialects: ['pydantic-ai', 'logfire'],
  },
  {
    topic: 'sums',
    for: 'any program',
    text: 'Instrument the client of the model too, and keep its spans: a sampler or filter may drop them.',
    source: SEMCONV,
  },
  {
    topic: 'sampling',
    for: 'OpenTelemetry SDK and collector',
    text: 'Keep all traces of agents; thin out only where nobody counts money.',
    code: 'OTEL_TRACES_SAMPLER=parentbased_always_on',
    source: OTEL_SDK,
  },
  {
    topic: 'limits',
    for: 'OpenTelemetry SDK',
    text: 'Raise the limit: messages that are written as attributes one by one use it up.',
    code: 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=1024',
    source: OTEL_LIMITS,
  },
  {
    topic: 'ends',
    for: 'any program',
    text: 'End spans whatever happens, and flush before the process is killed.',
    code: 'try { … } finally { span.end() }',
    source: 'https://opentelemetry.io/docs/languages/js/instrumentation/',
  },
  {
    topic: 'clocks',
    for: 'whoever runs the hosts',
    text: 'Keep the clocks together: chrony or systemd-timesyncd on every host, none frozen in containers.',
  },
  {
    topic: 'times',
    for: 'whoever writes the times',
    text: 'Write nanoseconds since 1970 as a text in OTLP/JSON: as a number it loses digits, and seconds or milliseconds are another time.',
    code: '"startTimeUnixNano": "1770199923000000000"',
    source: 'https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding',
  },
  {
    topic: 'ids',
    for: 'whoever makes the ids',
    text: 'Write trace ids as 32 and span ids as 16 hex digits; leave them to the SDK.',
    source: 'https://opentelemetry.io/docs/specs/otel/trace/api/#spancontext',
  },
  {
    topic: 'twice',
    for: 'JavaScript',
    text: 'Switch one of the two instrumentations off.',
    code: 'OTEL_NODE_DISABLED_INSTRUMENTATIONS=openai',
    source: 'https://opentelemetry.io/docs/zero-code/js/configuration/',
    language: 'js',
  },
  {
    topic: 'twice',
    for: 'Python',
    text: 'Switch one of the two instrumentations off.',
    code: 'OTEL_PYTHON_DISABLED_INSTRUMENTATIONS=openai_v2',
    source: 'https://opentelemetry.io/docs/zero-code/python/configuration/',
    language: 'python',
  },
  {
    topic: 'twice',
    for: 'any program',
    text: 'Switch one of the two instrumentations off; other tools add both up.',
  },
  {
    topic: 'steps',
    for: 'any program',
    text: 'Wrap what the agent and its tools do into spans.',
    code: 'gen_ai.operation.name = "invoke_agent" with gen_ai.agent.name, "execute_tool" with gen_ai.tool.name',
    source: SEMCONV,
  },
  {
    topic: 'service',
    for: 'OpenTelemetry SDK',
    text: 'Name it in the environment.',
    code: 'OTEL_SERVICE_NAME=support-bot',
    source: OTEL_SDK,
  },
  {
    topic: 'errors',
    for: 'Python',
    text: 'Record the exception; its type is what errors are counted by.',
    code: 'span.record_exception(error); span.set_attribute("error.type", type(error).__name__)',
    source: 'https://opentelemetry.io/docs/languages/python/instrumentation/',
    language: 'python',
  },
  {
    topic: 'errors',
    for: 'JavaScript',
    text: 'Record the exception; its type is what errors are counted by.',
    code: "span.recordException(error); span.setAttribute('error.type', error.name)",
    source: 'https://opentelemetry.io/docs/languages/js/instrumentation/',
    language: 'js',
  },
  {
    topic: 'errors',
    for: 'any program',
    text: 'Write the type of the error on the span that failed.',
    code: 'error.type',
    source: 'https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/',
  },
  {
    topic: 'durations',
    for: 'any program',
    text: 'Start the span before the work and end it after; a span that is made afterwards needs both times.',
    code: 'tracer.start_span(name, start_time=began); span.end(end_time=ended)',
  },
  {
    topic: 'vocabulary',
    for: 'any program',
    text: 'Use the GenAI conventions; docs/input.md lists what else is understood.',
    code: 'gen_ai.operation.name, gen_ai.agent.name, gen_ai.tool.name',
    source: SEMCONV,
  },
  {
    topic: 'content',
    for: 'Vercel AI SDK 7',
    text: 'To leave it out:',
    code: 'telemetry: { recordInputs: false, recordOutputs: false }',
    source: AI_SDK_7,
    dialects: ['vercel'],
    scope: /^(?:gen_ai|@ai-sdk\/otel)$/,
  },
  {
    topic: 'content',
    for: 'Vercel AI SDK 4 to 6',
    text: 'To leave it out:',
    code: 'experimental_telemetry: { recordInputs: false, recordOutputs: false }',
    source: AI_SDK,
    dialects: ['vercel'],
    scope: /^ai$/,
  },
  {
    topic: 'content',
    for: 'OpenInference',
    text: 'To leave it out:',
    code: 'OPENINFERENCE_HIDE_INPUTS=true OPENINFERENCE_HIDE_OUTPUTS=true',
    source: 'https://github.com/Arize-ai/openinference/blob/main/spec/configuration.md',
    dialects: ['openinference'],
  },
  {
    topic: 'content',
    for: 'OpenLLMetry',
    text: 'To leave it out:',
    code: 'TRACELOOP_TRACE_CONTENT=false',
    source: 'https://www.traceloop.com/docs/openllmetry/privacy/traces',
    dialects: ['openllmetry'],
  },
  {
    topic: 'content',
    for: 'Pydantic AI',
    text: 'To leave it out:',
    code: 'InstrumentationSettings(include_content=False)',
    source: 'https://ai.pydantic.dev/logfire/',
    dialects: ['pydantic-ai', 'logfire'],
  },
  {
    topic: 'content',
    for: 'OpenTelemetry',
    text: 'To leave it out:',
    code: 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=false',
    source: SEMCONV,
  },
];
