import type { AgentKind, AgentSpan, RecordedCost, Span, TextField, Usage } from '../model/index.ts';
import { compileAttempts } from './attempts.ts';
import { compileCost } from './cost.ts';
import { byResource, compileDetection, UNCLAIMED } from './detect.ts';
import type { Field } from './dialect.ts';
import { DIALECTS } from './dialects/index.ts';
import { compileFailure, lastException } from './failure.ts';
import { compileFields } from './fields.ts';
import { compileKinds } from './kinds.ts';
import { byName } from './names.ts';
import { canonicalProvider, providerOfModel } from './providers.ts';
import { RESOURCE_TEXT, resourceText } from './resource.ts';
import { Keys, Slots } from './slots.ts';
import { compileUsage, isZero } from './usage.ts';

export type Normalizer = {
  /** The span in the house's vocabulary. Never throws, whatever the attributes hold. */
  readonly normalize: (span: Span) => AgentSpan;
  /** Every attribute key that any table mentions: what a reader has to keep. */
  readonly reads: ReadonlySet<string>;
};

/** Compiles all dialects once. Not to be shared between threads; calls follow one another. */
export function createNormalizer(): Normalizer {
  const keys = new Keys();
  const resolve = compileResolver(keys);
  const slots = new Slots(keys.size);
  return {
    normalize: (span) => {
      slots.clear();
      for (const [key, value] of span.attributes) {
        const slot = keys.find(key);
        if (slot !== undefined) slots.set(slot, value);
      }
      return resolve(slots, span);
    },
    reads: keys.all,
  };
}

type Resolve = (slots: Slots, span: Span) => AgentSpan;

/** Everything the tables say about one span, from the slots its attributes filled. Looks at no attribute itself. */
function compileResolver(keys: Keys): Resolve {
  const detect = compileDetection(DIALECTS, keys);
  const kindOf = compileKinds(DIALECTS, keys);
  const fieldOf = compileFields(DIALECTS, keys);
  const attemptOf = compileAttempts(DIALECTS, keys);
  const usageOf = compileUsage(DIALECTS, keys);
  const costOf = compileCost(DIALECTS, keys);
  const failedOf = compileFailure(DIALECTS, keys);
  const provider = byName(canonicalProvider);
  const modelProvider = byName(providerOfModel);
  const serviceOf = byResource((resource) => resourceText(resource, RESOURCE_TEXT.service));
  const environmentOf = byResource((resource) => resourceText(resource, RESOURCE_TEXT.environment));

  return (slots, span) => {
    const dialect = detect(slots, span);
    const kind = kindOf(dialect, slots, span);
    const field = (name: Field): string | undefined => fieldOf(name, dialect, kind, slots, span);
    const failed = failedOf(dialect, slots, span);

    const requestModel = field('requestModel');
    const model = field('responseModel') ?? requestModel;
    const text: { [name in TextField]?: string } = {};
    const say = (name: TextField, value: string | undefined): void => {
      if (value !== undefined) text[name] = value;
    };
    say('model', model);
    say('requestModel', requestModel);
    const namedProvider = fieldOf('provider', dialect, kind, slots, span, provider);
    say(
      'provider',
      namedProvider ?? (model === undefined ? undefined : modelProvider(requestModel ?? model)),
    );
    say('operation', field('operation'));
    say('serviceTier', field('serviceTier'));
    say('user', field('user') ?? field('userFallback'));
    say('organization', field('organization'));
    say('workspace', field('workspace'));
    say('session', field('session'));
    say('workflow', field('workflow') ?? field('workflowId'));
    say('agent', field('agent') ?? field('agentId'));
    say('tool', field('tool'));
    say('node', field('node'));
    say('connector', field('connector'));
    say('service', serviceOf(span.resource));
    say('environment', field('environment') ?? environmentOf(span.resource));

    const reported = usageOf({ dialect, kind, provider: text.provider, model }, slots, span);
    const usage = known(reported?.usage, kind, failed);
    if (usage !== undefined && usage !== 'invalid') say('usageRule', reported?.rule);
    const found = costOf(dialect, slots);
    const cost = evidence(found.cost, usage, failed);
    return {
      span,
      kind,
      dialect: dialect === UNCLAIMED ? undefined : DIALECTS[dialect]!.name,
      failed,
      error: failed ? errorOf(span, field) : undefined,
      text,
      usage,
      aggregateUsage:
        (usage !== undefined && reported?.aggregate === true) || (cost !== undefined && found.aggregate),
      recordedCost: cost,
      responseId: field('responseId'),
      attempt: attemptOf(dialect, slots, span),
      ...(found.invalid ? { warnings: ['invalid_cost'] as const } : undefined),
    };
  };
}

/** Emitters that write 0 before the answer arrives leave it there when none does: unknown, not nothing. */
function known(
  usage: Usage | 'invalid' | undefined,
  kind: AgentKind,
  failed: boolean,
): Usage | 'invalid' | undefined {
  const call = kind === 'llm' || kind === 'embedding';
  return failed && call && usage !== undefined && usage !== 'invalid' && isZero(usage) ? undefined : usage;
}

/** A cost of 0 on a failed call without usage is a default too. */
function evidence(
  cost: RecordedCost | undefined,
  usage: Usage | 'invalid' | undefined,
  failed: boolean,
): RecordedCost | undefined {
  return failed && usage === undefined && cost?.amount === 0 ? undefined : cost;
}

function errorOf(span: Span, field: (name: Field) => string | undefined): AgentSpan['error'] {
  const exception = lastException(span);
  const stated = span.statusMessage?.trim();
  return {
    type: field('errorType') ?? exception.type,
    message: field('errorMessage') ?? exception.message ?? (stated === '' ? undefined : stated),
  };
}
