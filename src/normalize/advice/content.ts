import type { Advice } from '../../model/index.ts';
import { AI_SDK, AI_SDK_7, SEMCONV } from './sources.ts';

/** Prompts and answers that nobody should read. */
export const CONTENT: readonly Advice[] = [
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
