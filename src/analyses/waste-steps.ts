import {
  type AgentKind,
  CALL_ARGUMENTS,
  CALL_RESULT,
  FLAG,
  isModelKind,
  PROMPT_HASHES,
  stepOf,
} from '../model/index.ts';
import type { Dataset } from './dataset.ts';
import type { Timing } from './timing.ts';

/** One call of a tool, an agent or a model, as far as it can be compared with others. Times are on the trace's axis. */
export type Step = {
  readonly position: number;
  readonly model: boolean;
  readonly name: string;
  /** Hash of what it was given; undefined where that is not told. */
  readonly given: string | undefined;
  /** Hash of what it gave back, or how it failed; undefined where that is not told. */
  readonly gave: string | undefined;
  readonly failed: boolean;
  readonly attempt: number | undefined;
  readonly start: number;
  readonly end: number;
};

/** Calls that were made one by one by the same agent, tool or top-level span, in the order of their starts. */
export type Sequence = readonly Step[];

/** What an agent does in steps of its own choice. */
const ACTS: ReadonlySet<AgentKind> = new Set(['tool', 'retrieval', 'memory', 'connector', 'agent']);
/** What a framework does, and does again where it failed: only calls of one parent are compared. */
const PARTS: ReadonlySet<AgentKind> = new Set(['workflow', 'step', 'http']);

/** The sequences of a trace: of what agents do, and of what frameworks do below one span; outer ones come first. */
export function sequencesOf(
  { forest, bill }: Dataset,
  times: Timing,
  loopOf: (position: number) => number,
): { readonly acts: readonly Sequence[]; readonly parts: readonly Sequence[] } {
  const { table, row, parent } = forest;
  const acts = new Map<number, Step[]>();
  const parts = new Map<number, Step[]>();
  const names = new Map<number, string>();
  const nameOf = (profile: number): string => {
    const known = names.get(profile) ?? stepOf(table, profile);
    names.set(profile, known);
    return known;
  };
  for (let i = 0; i < times.length; i++) {
    const position = times.first + i;
    const above = parent[position]!;
    const [start, end] = [times.start[i]!, times.end[i]!];
    const at = row[position]!;
    const kind = table.kindOf(at);
    const model = isModelKind(kind) && bill.isCall(position);
    const isAct = model || (ACTS.has(kind) && (kind !== 'agent' || above >= 0));
    if (Number.isNaN(start) || !(isAct || (PARTS.has(kind) && above >= 0))) continue;
    const failed = table.has(at, FLAG.failed);
    const hash = (column: string): string | undefined => table.strings.text(table.extraIdOf(column, at));
    const error = failed ? table.errorOf(at) : undefined;
    const step: Step = {
      position,
      model,
      name: nameOf(table.profileOf(at)),
      given: hash(model ? PROMPT_HASHES : CALL_ARGUMENTS),
      gave: error === undefined ? hash(CALL_RESULT) : `failed ${error.type ?? ''} ${error.message ?? ''}`,
      failed,
      attempt: table.attemptOf(at),
      start,
      end,
    };
    const [lists, key] = isAct ? [acts, loopOf(position)] : [parts, above];
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [step]);
    else list.push(step);
  }
  return { acts: inOrder(acts, times), parts: inOrder(parts, times) };
}

function inOrder(lists: ReadonlyMap<number, Step[]>, { resolution }: Timing): readonly Sequence[] {
  return [...lists]
    .sort(([a], [b]) => a - b)
    .map(([, steps]) =>
      byRounds(
        steps.sort((a, b) => a.start - b.start || a.position - b.position),
        resolution,
      ),
    );
}

/**
 * Calls that ran beside each other begin in any order: within such a round they stand by what they are, so that two rounds
 * of the same calls read the same.
 */
function byRounds(steps: Step[], resolution: number): Sequence {
  const ordered: Step[] = [];
  for (let from = 0; from < steps.length; ) {
    let to = from + 1;
    let over = steps[from]!.end;
    while (to < steps.length && steps[to]!.start < over - resolution) over = Math.min(over, steps[to++]!.end);
    const round = steps.slice(from, to);
    for (const step of round.length === 1 ? round : round.sort(byContent)) ordered.push(step);
    from = to;
  }
  return ordered;
}

const textOrder = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);
const byContent = (a: Step, b: Step): number =>
  textOrder(a.name, b.name) ||
  textOrder(a.given, b.given) ||
  textOrder(a.gave, b.gave) ||
  a.start - b.start ||
  a.position - b.position;

/** Whether a call began when another one was over: it could know what that one gave. */
export const isAfter = (step: Step, before: Step, { resolution }: Timing): boolean =>
  step.start > before.start && step.start >= before.end - resolution;
