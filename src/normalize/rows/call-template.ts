import { type AgentSpan, AUTHORITIES, FLAG, hash64, USAGE_FIELDS, type Usage } from '../../model/index.ts';
import { roomForDisjoint, ruleOf } from '../accounting.ts';
import { type CostOfRow, type CostRow, costOfRow, costRow } from './cost-row.ts';
import { type Heard, type PlaceOf, placeOfText } from './heard.ts';
import { type UsageRow, usageOfRow, usageRow } from './usage-row.ts';

/** What the spans of one pattern tell of a call of a model. */
export type CallTemplate = {
  /** Bits of `FLAG` that hold of all of them. */
  readonly flags: number;
  /** Undefined where all of them have `usage`, counted by `rule`. */
  readonly usageRow: UsageRow | undefined;
  readonly usage: Usage | undefined;
  readonly rule: string | undefined;
  /** Half a usage is worth telling. */
  readonly halves: boolean;
  /** A count or cost of nothing may be what is written before an answer comes: the span itself has to be looked at. */
  readonly failed: boolean;
  /** Undefined where all of them have `cost`: picodollars, NaN for none; `authority` is a place in `AUTHORITIES`. */
  readonly costRow: CostRow | undefined;
  readonly cost: number;
  readonly authority: number;
  readonly answer: Answer;
};

/** The hash of the answer's id: a value of the row, or of a text that is one, or the same on all spans (0, 0: none). */
type Answer = {
  readonly from: 'hash' | 'text' | 'same';
  readonly place: number;
  readonly high: number;
  readonly low: number;
};

/** Undefined where the spans tell nothing of a call; `'unknown'` where what they tell is not in their rows alone. */
export function callTemplate(
  agent: AgentSpan,
  heard: Heard,
  placeOf: PlaceOf,
): CallTemplate | 'unknown' | undefined {
  const { usage, recordedCost, responseId } = agent;
  if (usage === 'invalid') return 'unknown';
  const counted = usageRow(heard.usage, agent.kind, (key) => placeOf(key, 'count'));
  const costs = costRow(heard.costs, recordedCost, (key) => placeOf(key, 'amount'));
  if (counted === undefined || costs === undefined) return 'unknown';
  if (agent.failed && usage === undefined && counted !== 'same') return 'unknown';
  if (usage === undefined && recordedCost === undefined && responseId === undefined) return undefined;
  return {
    flags: flagsOf(agent, heard, counted === 'same', costs === 'same'),
    usageRow: counted === 'same' ? undefined : counted,
    usage,
    rule: agent.text.usageRule,
    halves: agent.kind === 'llm' && !agent.failed,
    failed: agent.failed,
    costRow: costs === 'same' ? undefined : costs,
    cost: recordedCost?.amount ?? Number.NaN,
    authority: recordedCost === undefined ? 0 : AUTHORITIES.indexOf(recordedCost.authority),
    answer: answerOf(responseId, heard, placeOf),
  };
}

function flagsOf(agent: AgentSpan, { usage }: Heard, sameUsage: boolean, sameCost: boolean): number {
  const aggregate = sameCost ? agent.aggregateUsage : usage?.chosen.aggregate === true;
  return (
    (aggregate ? FLAG.aggregateUsage : 0) |
    (agent.cumulativeUsage === true ? FLAG.cumulativeUsage : 0) |
    (sameUsage && agent.cacheTtlTold === true ? FLAG.cacheTtlTold : 0) |
    (sameUsage && agent.halfTold === true ? FLAG.halfTold : 0)
  );
}

function answerOf(id: string | undefined, heard: Heard, placeOf: PlaceOf): Answer {
  const key = heard.fields.get('responseId')?.key;
  const place = key === undefined ? undefined : placeOf(key, 'answer');
  if (place !== undefined) return { from: 'hash', place, high: 0, low: 0 };
  const text = placeOfText('responseId', heard, placeOf);
  if (text !== undefined) return { from: 'text', place: text, high: 0, low: 0 };
  const [high, low] = id === undefined ? [0, 0] : hash64(id);
  return { from: 'same', place: -1, high, low };
}

/** Whether a row, whose values begin at `at`, comes out as its span did: the tables may have learned what rows cannot tell. */
export function isRight(call: CallTemplate, agent: AgentSpan, values: Float64Array, at: number): boolean {
  const { usage, recordedCost } = agent;
  if (call.usageRow !== undefined && usage !== undefined && usage !== 'invalid') {
    const counted = usageOfRow(call.usageRow, values, at, roomForDisjoint());
    if (ruleOf(counted) !== agent.text.usageRule) return false;
    if (USAGE_FIELDS.some((field) => counted.usage[field] !== usage[field])) return false;
  }
  if (call.costRow === undefined) return true;
  const cost: CostOfRow = { amount: 0, authority: 0, aggregate: false };
  return (
    costOfRow(call.costRow, values, at, cost) &&
    cost.amount === recordedCost?.amount &&
    AUTHORITIES[cost.authority] === recordedCost.authority
  );
}
