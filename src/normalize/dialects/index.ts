import type { Dialect } from '../dialect.ts';
import { anyAgent } from './any-agent.ts';
import { claudeCode } from './claude-code.ts';
import { claudePlatform } from './claude-platform.ts';
import { codex } from './codex.ts';
import { filagent } from './filagent.ts';
import { geminiCli } from './gemini-cli.ts';
import { genkit } from './genkit.ts';
import { genxai } from './genxai.ts';
import { googleAdk } from './google-adk.ts';
import { langfuse } from './langfuse.ts';
import { langsmith } from './langsmith.ts';
import { litellm } from './litellm.ts';
import { logfire } from './logfire.ts';
import { mastra } from './mastra.ts';
import { n8n } from './n8n.ts';
import { openaiAgents } from './openai-agents.ts';
import { opencell } from './opencell.ts';
import { openinference } from './openinference.ts';
import { openlit } from './openlit.ts';
import { openllmetry } from './openllmetry.ts';
import { opentelemetry } from './opentelemetry.ts';
import { otelGenAi } from './otel-genai.ts';
import { pydanticAi } from './pydantic-ai.ts';
import { sos } from './sos.ts';
import { strands } from './strands.ts';
import { valuecanvas } from './valuecanvas.ts';
import { vercel } from './vercel.ts';

/**
 * Every dialect, in the order in which they are recognised and, after the recognised one, believed: products that name
 * themselves, then instrumentations, then in-house systems by what only they write, then the conventions all of them share.
 */
export const DIALECTS: readonly Dialect[] = [
  opentelemetry,
  claudeCode,
  claudePlatform,
  vercel,
  openinference,
  langfuse,
  openllmetry,
  langsmith,
  openaiAgents,
  pydanticAi,
  logfire,
  googleAdk,
  genkit,
  mastra,
  strands,
  litellm,
  openlit,
  codex,
  geminiCli,
  anyAgent,
  n8n,
  sos,
  filagent,
  genxai,
  opencell,
  valuecanvas,
  otelGenAi,
];
