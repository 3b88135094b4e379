import {
  type AgentKind,
  type AgentSpan,
  isModelKind,
  type Observed,
  type RecordedCost,
  type Span,
  type SpanEvidence,
  type Usage,
} from '../model/index.ts';
import { compileAttempts } from './attempts.ts';
import { compileCost } from './cost.ts';
import { byResource, compileDetection, UNCLAIMED } from './detect.ts';
import type { Field } from './dialect.ts';
import { DIALECTS } from './dialects/index.ts';
import { evidenceOf } from './explain.ts';
import { compileFailure, lastException, statedMessage } from './failure.ts';
import { compileFields } from './fields.ts';
import { compileKinds } from './kinds.ts';
import { byName } from './names.ts';
import { compileObservations } from './observations.ts';
import { canonicalProvider, providerOfModel } from './providers.ts';
import { RESOURCE_TEXT, resourceText } from './resource.ts';
import { Shapes } from './shapes.ts';
import { Keys, Slots } from './slots.ts';
import { compileStartReports } from './start-reports.ts';
import { tableIndex } from './table-index.ts';
import { type TableIndex, Tables } from './tables.ts';
import { compileUsage, isZero } from './usage.ts';
import type { Witness } from './witness.ts';

export type Normalizer = {
  /** The span in the house's vocabulary. Never throws, whatever the attributes hold. */
  readonly normalize: (span: Span, witness?: Witness) => AgentSpan;
  /** The same with everything that decided it. */
  readonly explain: (span: Span) => SpanEvidence;
  /** Every attribute key that any table mentions: what a reader has to keep. */
  readonly reads: ReadonlySet<string>;
  /** What the tables ask, and of what. */
  readonly asks: Pick<Keys, 'asked' | 'events' | 'ofResource'>;
};

export type NormalizerOptions = {
  /** What spans tell besides usage and money is read too. */
  readonly observations?: boolean | undefined;
  /** Of the dialects' tables without observations. */
  readonly index?: TableIndex | undefined;
};

/** One normalizer serves one reader: it works in buffers of its own. */
export function createNormalizer({
  observations = false,
  index = tableIndex(),
}: NormalizerOptions = {}): Normalizer {
  const keys = new Keys(index);
  const shapes = new Shapes();
  const tables = new Tables(DIALECTS, keys, shapes, index);
  const resolve = compileResolver(tables, keys, shapes, observations);
  const reported = compileStartReports(DIALECTS, keys, shapes);
  const slots = new Slots(keys.size, shapes);
  const fill = (span: Span): void => {
    slots.clear();
    for (const [key, value] of span.attributes) {
      const slot = keys.find(key);
      if (slot !== undefined) slots.set(slot, value);
    }
  };
  return {
    normalize: (span, witness) => {
      fill(span);
      return resolve(slots, reported(slots, span), witness);
    },
    explain: (span) => {
      fill(span);
      return evidenceOf((witness) => resolve(slots, reported(slots, span), witness));
    },
    reads: keys.all,
    asks: keys,
  };
}

/** What `createNormalizer` finds out about the tables when nobody tells it. */
export function indexTables(): TableIndex {
  const keys = new Keys();
  const shapes = new Shapes();
  const tables = new Tables(DIALECTS, keys, shapes, undefined);
  compileResolver(tables, keys, shapes, false);
  compileStartReports(DIALECTS, keys, shapes);
  return tables.index;
}

/** Everything the tables say about one span, from the slots its attributes filled; looks at no attribute itself. */
function compileResolver(
  tables: Tables,
  keys: Keys,
  shapes: Shapes,
  observations: boolean,
): (slots: Slots, span: Span, witness?: Witness) => AgentSpan {
  const detect = compileDetection(DIALECTS, keys, shapes);
  const planOf = compilePlans(tables, shapes, observations);
  const provider = byName(canonicalProvider);
  const modelProvider = byName(providerOfModel);
  for (const key of Object.values(RESOURCE_TEXT).flat()) keys.ofResource.add(key);
  const placeOf = byResource((resource) => ({
    service: resourceText(resource, RESOURCE_TEXT.service),
    environment: resourceText(resource, RESOURCE_TEXT.environment),
  }));

  return (slots, span, witness) => {
    const dialect = detect(slots, span, witness);
    const { kindOf, fieldOf, attemptOf, usageOf, costOf, failedOf, observedOf } = planOf(slots, dialect);
    const kind = kindOf(slots, span, witness);
    const failed = failedOf(slots, span, witness);
    const field = (name: Field): string | undefined => fieldOf(name, kind, slots, span, undefined, witness);

    const requestModel = field('requestModel');
    const model = field('responseModel') ?? requestModel;
    const place = placeOf(span.resource);
    const providerName =
      fieldOf('provider', kind, slots, span, provider, witness) ??
      (requestModel === undefined ? undefined : modelProvider(requestModel)) ??
      (model === undefined ? undefined : modelProvider(model));
    const caller = { kind, provider: providerName, model, scope: span.scope };
    const reported = usageOf(slots, caller, witness);
    const usage = known(reported?.usage, kind, failed);
    const found = costOf(slots, witness);
    const recordedCost = evidence(found.cost, usage, failed);

    const agent: AgentSpan = {
      span,
      kind,
      dialect: dialect === UNCLAIMED ? undefined : DIALECTS[dialect]!.name,
      failed,
      error: failed ? errorOf(span, field) : undefined,
      text: {
        user: field('user') ?? field('userFallback'),
        customer: field('customer'),
        organization: field('organization'),
        workspace: field('workspace'),
        session: field('session'),
        workflow: field('workflow') ?? field('workflowId'),
        agent: field('agent') ?? field('agentId'),
        tool: field('tool'),
        node: field('node'),
        connector: field('connector'),
        operation: field('operation'),
        model,
        requestModel,
        provider: providerName,
        serviceTier: field('serviceTier'),
        service: place.service?.text,
        environment: field('environment') ?? place.environment?.text,
        usageRule: usage === undefined || usage === 'invalid' ? undefined : reported?.rule,
      },
      usage,
      cacheTtlTold: reported?.cacheTtlTold === true ? true : undefined,
      // Who failed may well have written nothing.
      halfTold: reported?.halfTold === true && kind === 'llm' && !failed ? true : undefined,
      aggregateUsage:
        (usage !== undefined && reported?.aggregate === true) ||
        (recordedCost !== undefined && found.aggregate),
      cumulativeUsage: usage !== undefined && reported?.cumulative === true ? true : undefined,
      recordedCost,
      responseId: field('responseId'),
      attempt: attemptOf(slots, span, witness),
    };
    const observed = observedOf && withIds(observedOf(kind, slots, span, witness), field);
    if (observed === undefined && !found.invalid) return agent;
    return { ...agent, ...(observed && { observed }), ...(found.invalid && { warnings: ['invalid_cost'] }) };
  };
}

/** The tables as they apply to spans of one shape and dialect. */
type Plan = {
  readonly kindOf: ReturnType<ReturnType<typeof compileKinds>>;
  readonly fieldOf: ReturnType<ReturnType<typeof compileFields>>;
  readonly attemptOf: ReturnType<ReturnType<typeof compileAttempts>>;
  readonly usageOf: ReturnType<ReturnType<typeof compileUsage>>;
  readonly costOf: ReturnType<ReturnType<typeof compileCost>>;
  readonly failedOf: ReturnType<ReturnType<typeof compileFailure>>;
  readonly observedOf: ReturnType<ReturnType<typeof compileObservations>> | undefined;
};

function compilePlans(
  tables: Tables,
  shapes: Shapes,
  observations: boolean,
): (slots: Slots, dialect: number) => Plan {
  const kinds = compileKinds(tables);
  const fields = compileFields(tables);
  const attempts = compileAttempts(tables);
  const usage = compileUsage(tables);
  const cost = compileCost(tables);
  const failure = compileFailure(tables);
  // Last: an index knows nothing of them.
  const observed = observations ? compileObservations(tables) : undefined;
  const plansOf = shapes.remember((): (Plan | undefined)[] => []);

  return ({ shape }, dialect) => {
    const plans = plansOf(shape);
    const index = dialect - UNCLAIMED;
    const plan = plans[index];
    if (plan !== undefined) return plan;
    const made: Plan = {
      kindOf: kinds(dialect, shape),
      fieldOf: fields(dialect, shape),
      attemptOf: attempts(dialect, shape),
      usageOf: usage(dialect, shape),
      costOf: cost(dialect, shape),
      failedOf: failure(dialect, shape),
      observedOf: observed?.(dialect, shape),
    };
    plans[index] = made;
    return made;
  };
}

/** Ids stand in the tables' fields, where they speak for names that are missing. */
function withIds(
  observed: Observed | undefined,
  field: (name: Field) => string | undefined,
): Observed | undefined {
  const agentId = field('agentId');
  const workflowId = field('workflowId');
  if (agentId === undefined && workflowId === undefined) return observed;
  const ids = { ...(agentId !== undefined && { agentId }), ...(workflowId !== undefined && { workflowId }) };
  return { numbers: observed?.numbers ?? {}, texts: { ...observed?.texts, ...ids } };
}

/** Emitters that write 0 before the answer arrives leave it there when none does: unknown, not nothing. */
function known(
  usage: Usage | 'invalid' | undefined,
  kind: AgentKind,
  failed: boolean,
): Usage | 'invalid' | undefined {
  return failed && isModelKind(kind) && usage !== undefined && usage !== 'invalid' && isZero(usage)
    ? undefined
    : usage;
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
  return {
    type: field('errorType') ?? exception.type,
    message: field('errorMessage') ?? exception.message ?? statedMessage(span.statusMessage),
  };
}
