import type { Dialect } from '../dialect.ts';
import { agentcore } from './agentcore.ts';
import { agentops } from './agentops.ts';
import { anyAgent } from './any-agent.ts';
import { autogen } from './autogen.ts';
import { braintrust } from './braintrust.ts';
import { claudeCode } from './claude-code.ts';
import { claudeCodeSession } from './claude-code-session.ts';
import { claudePlatform } from './claude-platform.ts';
import { cloudflare } from './cloudflare.ts';
import { codex } from './codex.ts';
import { codexRollout } from './codex-rollout.ts';
import { copilot } from './copilot.ts';
import { crewai } from './crewai.ts';
import { dify } from './dify.ts';
import { filagent } from './filagent.ts';
import { geminiCli } from './gemini-cli.ts';
import { genkit } from './genkit.ts';
import { genxai } from './genxai.ts';
import { googleAdk } from './google-adk.ts';
import { haystack } from './haystack.ts';
import { helicone } from './helicone.ts';
import { kong } from './kong.ts';
import { laminar } from './laminar.ts';
import { langchain4j } from './langchain4j.ts';
import { langfuse } from './langfuse.ts';
import { langsmith } from './langsmith.ts';
import { langtrace } from './langtrace.ts';
import { langwatch } from './langwatch.ts';
import { litellm } from './litellm.ts';
import { llamaindex } from './llamaindex.ts';
import { logfire } from './logfire.ts';
import { mastra } from './mastra.ts';
import { mlflow } from './mlflow.ts';
import { msAgentFramework } from './ms-agent-framework.ts';
import { n8n } from './n8n.ts';
import { openaiAgents } from './openai-agents.ts';
import { opencell } from './opencell.ts';
import { opencode } from './opencode.ts';
import { openinference } from './openinference.ts';
import { openlit } from './openlit.ts';
import { openllmetry } from './openllmetry.ts';
import { opentelemetry } from './opentelemetry.ts';
import { otelGenAi } from './otel-genai.ts';
import { posthog } from './posthog.ts';
import { pydanticAi } from './pydantic-ai.ts';
import { semanticKernel } from './semantic-kernel.ts';
import { sos } from './sos.ts';
import { springAi } from './spring-ai.ts';
import { strands } from './strands.ts';
import { valuecanvas } from './valuecanvas.ts';
import { vercel } from './vercel.ts';
import { weave } from './weave.ts';

/**
 * Every dialect, in the order in which they are recognised and, after the recognised one, believed: products that name
 * themselves, then instrumentations, then in-house systems by what only they write, then the conventions all of them share.
 */
export const DIALECTS: readonly Dialect[] = [
  opentelemetry,
  claudeCode,
  claudeCodeSession,
  claudePlatform,
  vercel,
  openinference,
  langfuse,
  laminar,
  langwatch,
  agentops,
  langtrace,
  braintrust,
  weave,
  dify,
  helicone,
  openllmetry,
  langsmith,
  openaiAgents,
  mlflow,
  pydanticAi,
  logfire,
  googleAdk,
  genkit,
  mastra,
  strands,
  springAi,
  haystack,
  semanticKernel,
  autogen,
  llamaindex,
  langchain4j,
  crewai,
  litellm,
  openlit,
  codexRollout,
  codex,
  geminiCli,
  copilot,
  opencode,
  posthog,
  anyAgent,
  cloudflare,
  kong,
  n8n,
  msAgentFramework,
  agentcore,
  sos,
  filagent,
  genxai,
  opencell,
  valuecanvas,
  otelGenAi,
];
