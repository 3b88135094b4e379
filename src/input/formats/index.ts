import type { Format } from '../format.ts';
import { appLog } from './app-log.ts';
import { braintrust } from './braintrust.ts';
import { chromeTrace } from './chrome-trace.ts';
import { claudeCodeSession } from './claude-code-session.ts';
import { codexRollout } from './codex-rollout.ts';
import { flat } from './flat.ts';
import { goStdouttrace } from './go-stdouttrace.ts';
import { jaeger } from './jaeger.ts';
import { jsConsole } from './js-console.ts';
import { langfuse } from './langfuse.ts';
import { langsmith } from './langsmith.ts';
import { mlflow } from './mlflow.ts';
import { openaiAgents } from './openai-agents.ts';
import { otlpJson } from './otlp-json.ts';
import { phoenix } from './phoenix.ts';
import { phpConsole } from './php-console.ts';
import { posthog } from './posthog.ts';
import { pythonConsole } from './python-console.ts';
import { readableSpan } from './readable-span.ts';
import { trail } from './trail.ts';
import { zipkin } from './zipkin.ts';

/** Every format that a parsed record can have, in the order of detection: the first that claims a record reads it. */
export const FORMATS: readonly Format[] = [
  otlpJson,
  claudeCodeSession,
  codexRollout,
  langfuse,
  langsmith,
  openaiAgents,
  mlflow,
  phoenix,
  trail,
  posthog,
  braintrust,
  jaeger,
  goStdouttrace,
  phpConsole,
  pythonConsole,
  readableSpan,
  jsConsole,
  zipkin,
  chromeTrace,
  flat,
  appLog,
];
