import { nearest, UserError } from '../model/index.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Metric, MetricLabel } from './metric.ts';

/** The catalogue under the names of a system. What a profile has no name for keeps its own. */
export type Profile = { readonly name: string; readonly help: string; readonly metrics: readonly Metric[] };

/** What is another in a profile than in the catalogue. */
type Changes = Partial<Omit<Metric, 'standsFor'>>;

const byName = new Map(CATALOGUE.map((metric) => [metric.name, metric]));

/** The metrics that stand for one of the catalogue, in its place. */
function renamed(changes: Readonly<Record<string, readonly Changes[]>>): readonly Metric[] {
  const unknown = Object.keys(changes).find((name) => !byName.has(name));
  if (unknown !== undefined) throw new TypeError(`no metric ${unknown} in the catalogue`);
  return CATALOGUE.flatMap((metric) => {
    if (!Object.hasOwn(changes, metric.name)) return [metric];
    return changes[metric.name]!.map((change) => {
      const { unit, buckets, ...rest } = { ...metric, ...change, standsFor: metric.name };
      return {
        ...rest,
        ...(unit !== undefined && rest.name.endsWith(`_${unit}`) && { unit }),
        ...(buckets !== undefined && rest.type === 'histogram' && { buckets }),
      };
    });
  });
}

/**
 * The same metrics with something before their names. Where all names of their profile begin with it, as those of `genxai`
 * do with `genxai_`, it is not written twice.
 */
export function prefixed(
  metrics: readonly Metric[],
  prefix: string,
  profile: readonly Metric[],
): readonly Metric[] {
  const has = ({ name }: Metric): boolean => name.startsWith(prefix);
  const isThere = profile.length > 0 && profile.every(has);
  return metrics.map((metric) =>
    isThere && has(metric) ? metric : { ...metric, name: prefix + metric.name },
  );
}

const WORKFLOW_NAME: readonly MetricLabel[] = [{ name: 'workflow_name', from: 'workflow' }];
const ONLY_MODEL: readonly MetricLabel[] = [{ name: 'model', from: 'model' }];
const STATUS: MetricLabel = { name: 'status', from: 'status' };

/**
 * Attributes of the metrics of OpenTelemetry's GenAI conventions, as Prometheus spells them.
 * https://github.com/open-telemetry/semantic-conventions/blob/main/docs/gen-ai/gen-ai-metrics.md
 */
const GEN_AI: readonly MetricLabel[] = [
  { name: 'gen_ai_operation_name', from: 'own_operation', absent: '' },
  { name: 'gen_ai_provider_name', from: 'provider', absent: '' },
  { name: 'gen_ai_request_model', from: 'request_model', absent: '' },
  { name: 'gen_ai_response_model', from: 'model', absent: '' },
];
const GEN_AI_ERROR: MetricLabel = { name: 'error_type', from: 'error', absent: '' };
/** The conventions' buckets for lengths of time in seconds, and for counts of tokens. */
const GEN_AI_SECONDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const GEN_AI_TOKENS = [
  ...[1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
];
const GEN_AI_FIRST_CHUNK = [
  ...[0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
];

export const PROFILES = {
  default: { help: 'the catalogue as it is', metrics: CATALOGUE },
  genxai: {
    help: 'the catalogue, every name with `genxai_` before it',
    metrics: CATALOGUE.map((metric) => ({
      ...metric,
      name: `genxai_${metric.name}`,
      standsFor: metric.name,
    })),
  },
  opencell: {
    help: 'names of OpenCell for tools, retries, workflows, tokens and cost',
    metrics: renamed({
      tool_calls_total: [{ name: 'tool_execution_total' }],
      tool_execution_duration_seconds: [{ labels: [{ name: 'tool_name', from: 'tool' }, STATUS] }],
      tool_errors_total: [{ name: 'tool_error_total' }],
      workflow_execution_duration_seconds: [
        { name: 'workflow_duration_seconds', labels: [...WORKFLOW_NAME, STATUS] },
      ],
      workflow_steps_total: [{ labels: WORKFLOW_NAME }],
      llm_tokens_total: [
        {
          name: 'llm_tokens_input_total',
          help: 'Input tokens of billed calls, as reported.',
          labels: ONLY_MODEL,
          value: 'input_tokens',
        },
        {
          name: 'llm_tokens_output_total',
          help: 'Output tokens of billed calls, as reported.',
          labels: ONLY_MODEL,
          value: 'output_tokens',
        },
      ],
      llm_cost_total: [{ name: 'llm_cost_usd_total', labels: ONLY_MODEL }],
    }),
  },
  valuecanvas: {
    help: 'names of ValueCanvas for the duration of requests and for cache hits and misses',
    metrics: renamed({
      llm_request_duration_seconds: [{ name: 'llm_request_duration' }],
      llm_cache_requests_total: [
        {
          name: 'cache_hits_total',
          help: "Hits of an application's own cache of answers.",
          value: 'cache_hits',
        },
        {
          name: 'cache_misses_total',
          help: "Misses of an application's own cache of answers.",
          value: 'cache_misses',
        },
      ],
    }),
  },
  none: { help: 'nothing but metrics of your own', metrics: [] },
  otel: {
    help: "names and buckets of OpenTelemetry's GenAI conventions where they have one, as Prometheus spells them",
    metrics: renamed({
      llm_request_duration_seconds: [
        {
          name: 'gen_ai_client_operation_duration_seconds',
          labels: [...GEN_AI, GEN_AI_ERROR],
          buckets: GEN_AI_SECONDS,
        },
      ],
      llm_time_to_first_token_seconds: [
        {
          name: 'gen_ai_client_operation_time_to_first_chunk_seconds',
          labels: GEN_AI,
          buckets: GEN_AI_FIRST_CHUNK,
        },
      ],
      llm_tokens_total: [
        {
          name: 'gen_ai_client_token_usage',
          help: 'Tokens of each billed call, cached and reasoning ones included.',
          type: 'histogram',
          labels: GEN_AI,
          buckets: GEN_AI_TOKENS,
          value: {
            label: 'gen_ai_token_type',
            of: [
              { as: 'input', value: 'prompt_tokens' },
              { as: 'output', value: 'answer_tokens' },
            ],
          },
        },
      ],
      agent_execution_duration_seconds: [
        {
          name: 'gen_ai_invoke_agent_duration_seconds',
          labels: [{ name: 'gen_ai_agent_name', from: 'agent', absent: '' }, GEN_AI_ERROR],
          buckets: GEN_AI_SECONDS,
        },
      ],
      tool_execution_duration_seconds: [
        {
          name: 'gen_ai_execute_tool_duration_seconds',
          labels: [{ name: 'gen_ai_tool_name', from: 'tool', absent: '' }, GEN_AI_ERROR],
          buckets: GEN_AI_SECONDS,
        },
      ],
      workflow_execution_duration_seconds: [
        {
          name: 'gen_ai_invoke_workflow_duration_seconds',
          labels: [{ name: 'gen_ai_workflow_name', from: 'workflow', absent: '' }, GEN_AI_ERROR],
          buckets: GEN_AI_SECONDS,
        },
      ],
    }),
  },
} as const satisfies Record<string, Omit<Profile, 'name'>>;

type ProfileName = keyof typeof PROFILES;

/** The profile of that name; an unknown one is an error that names the known ones. */
export function profileNamed(name: string): Profile {
  if (Object.hasOwn(PROFILES, name)) return { name, ...PROFILES[name as ProfileName] };
  const known = Object.keys(PROFILES);
  const meant = nearest(name, known);
  throw new UserError(`--profile '${name}': no such profile, and no such file`, {
    hint: `${meant === undefined ? '' : `Did you mean '${meant}'? `}Profiles: ${known.join(', ')}, or a YAML file.`,
  });
}
