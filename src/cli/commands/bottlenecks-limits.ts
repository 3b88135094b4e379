import { type Bottlenecks, type StepLimit, type StepVerdict, UserError } from '../../model/index.ts';
import { holds, type Limit, type LimitNames, parseLimit } from '../expressions.ts';

/** What `--fail-on` can limit of the step that decides most; the first unit is that of a bare number. */
const STEP_LIMITS = {
  critical: ['nanos', 'share'],
  critical_share: ['share'],
  removable: ['nanos', 'share'],
  p50: ['nanos'],
  p95: ['nanos'],
  slow_runs: ['count'],
} as const satisfies LimitNames;
type StepMeasure = keyof typeof STEP_LIMITS;

/** Reads `--fail-on` where waste is not asked for. */
export function parseStepLimit(text: string): Limit<StepMeasure> {
  if (/^\s*waste/.test(text)) {
    throw new UserError(`--fail-on '${text}': waste is not looked for`, { hint: 'Ask for it with --waste.' });
  }
  return parseLimit('--fail-on', text, STEP_LIMITS);
}

/** Times are those of a run on average; `holds` is null where the data cannot tell. */
export function limited(limit: Limit<StepMeasure>, { verdict }: Bottlenecks): StepLimit {
  const value = verdict === null ? undefined : measured(limit, verdict);
  const told = (number: number): number => (limit.unit === 'nanos' ? number / 1e9 : number);
  return {
    expression: limit.text,
    step: verdict?.step ?? null,
    holds: value === undefined ? null : holds(limit, value),
    value: value === undefined ? null : told(value),
    limit: told(limit.value),
    unit: limit.unit === 'share' || limit.unit === 'count' ? limit.unit : 'seconds',
  };
}

function measured({ name, unit }: Limit<StepMeasure>, verdict: StepVerdict): number | undefined {
  const { per_run: each, slow, run_ms: run } = verdict;
  switch (name) {
    case 'p50':
      return verdict.p50_ms.nanos;
    case 'p95':
      return verdict.p95_ms.nanos;
    case 'slow_runs':
      return verdict.compared_traces === 0 ? undefined : slow?.rule === 'history' ? slow.traces : 0;
    case 'removable':
      return unit === 'share' ? each.removable_ms.nanos! / run.nanos! : each.removable_ms.nanos;
    default:
      return unit === 'share' ? verdict.critical_share : each.critical_ms.nanos;
  }
}
