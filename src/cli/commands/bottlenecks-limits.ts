import { type Bottlenecks, type StepLimit, type StepRow, UserError } from '../../model/index.ts';
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
export function limited(limit: Limit<StepMeasure>, { rows, total, verdict }: Bottlenecks): StepLimit {
  const top = rows.find(({ step, kind }) => step === verdict?.step && kind === verdict.kind);
  const value = top === undefined ? undefined : measured(limit, top, total);
  const told = (number: number): number => (limit.unit === 'nanos' ? number / 1e9 : number);
  return {
    expression: limit.text,
    step: top?.step ?? null,
    holds: value === undefined ? null : holds(limit, value),
    value: value === undefined ? null : told(value),
    limit: told(limit.value),
    unit: limit.unit === 'share' || limit.unit === 'count' ? limit.unit : 'seconds',
  };
}

function measured(
  { name, unit }: Limit<StepMeasure>,
  top: StepRow,
  total: Bottlenecks['total'],
): number | undefined {
  switch (name) {
    case 'p50':
      return top.p50_ms.nanos;
    case 'p95':
      return top.p95_ms.nanos;
    case 'slow_runs':
      return top.compared_traces === 0 ? undefined : top.slow?.rule === 'history' ? top.slow.traces : 0;
    case 'removable':
      return unit === 'share'
        ? (top.removable_ms.nanos ?? 0) / (total.duration_ms.nanos ?? 1)
        : top.per_run.removable_ms.nanos;
    default:
      return unit === 'share' ? top.critical_share : top.per_run.critical_ms.nanos;
  }
}
